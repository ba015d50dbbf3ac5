#include "attempt/account.h"
#include "ctl/check.h"
#include "wire/ascii.h"

#include <pwd.h>
#include <string.h>

/* For getpwnam(); longer names are no account's. */
static struct passwd *
look_up(const struct bp_item *item)
{
	char name[BP_ACCOUNT_MAX + 1];
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_text t;

	if (!bp_item_copy(item, &b))
		return NULL;
	t = bp_buf_text(&b);
	memcpy(name, t.at, t.len);
	name[t.len] = '\0';
	return getpwnam(name);
}

static struct bp_where
in_config(struct bp_check *c, struct bp_text section, const char *key)
{
	return (struct bp_where){ c->path, bp_check_line(
	    bp_buf_text(&c->setup.text), section, key),
	    key != NULL ? bp_text_of(key) : section };
}

static void
warn_tenant(struct bp_check *c)
{
	if (c->setup.cfg.tenant.kind == BP_TENANT_ANY)
		bp_finding_warn(&c->findings,
		    in_config(c, bp_text_of("provider"),
		    "tenant"),
		    "any: a person of every customer of BeProduct can sign in, "
		    "with any role and e-mail address that its administrator "
		    "typed, unless BeProduct has bound this client to your "
		    "company");
}

/* As in other INI files, where they would not be part of the value. */
static void
warn_quotes(struct bp_check *c)
{
	const struct { const char *key; struct bp_text value; } rows[] = {
		{ "client_id", c->setup.cfg.client_id },
		{ "tenant", c->setup.cfg.tenant.value },
		{ "role_claim", c->setup.cfg.role_claim },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].value.len > 0 && rows[i].value.at[0] == '"')
			bp_finding_warn(&c->findings,
			    in_config(c, bp_text_of("provider"),
			    rows[i].key), "the quotes are part of the value: "
			    "only items of lists stand in quotes");
}

static void
warn_local_accounts(struct bp_check *c)
{
	struct bp_text list = c->setup.cfg.local_accounts;
	struct bp_item item;

	while (bp_item_next(&list, &item))
		if (look_up(&item) == NULL)
			bp_finding_warn(&c->findings,
			    in_config(c, bp_text_of("accounts"),
			    "local_accounts"), "%.*s: this host has no such "
			    "account", (int)item.raw.len, item.raw.at);
}

/* [service:NAME] in the words of the file, in the caller's bytes. */
static struct bp_text
section_of(const struct bp_service *s, char lent[BP_SERVICE_NAME_MAX + 9])
{
	static const char kind[] = "service:";

	memcpy(lent, kind, sizeof(kind) - 1);
	memcpy(lent + sizeof(kind) - 1, s->name.at, s->name.len);
	return (struct bp_text){ lent, sizeof(kind) - 1 + s->name.len };
}

/*
 * Where the token response has no `scope`, as BeProduct's, what this host
 * asked for counts as granted (RFC 6749, 5.1).
 */
static void
warn_scope(struct bp_check *c, const struct bp_service *s,
    struct bp_text section)
{
	struct bp_text list = s->require_scope;
	struct bp_where where = in_config(c, section, "require_scope");
	struct bp_item item;
	bool asked = false;

	while (bp_item_next(&list, &item)) {
		if (bp_item_list_has(c->setup.cfg.scopes, item.raw))
			asked = true;
		else
			bp_finding_warn(&c->findings, where,
			    "%.*s is not asked for: it does "
			    "not stand in scopes", (int)item.raw.len,
			    item.raw.at);
	}
	if (asked)
		bp_finding_warn(&c->findings, where,
		    "cannot refuse anybody where the token "
		    "response names no scope, as BeProduct's: what this host "
		    "asks for counts as granted");
}

static void
warn_service(struct bp_check *c, const struct bp_service *s)
{
	char lent[BP_SERVICE_NAME_MAX + 9];
	struct bp_text section = section_of(s, lent);

	if (!bp_service_is_open(s))
		bp_finding_warn(&c->findings, in_config(c, section, NULL),
		    "names neither "
		    "require_role nor require_all_roles: it admits nobody");
	warn_scope(c, s, section);
}

/* Only where no group is part of it: then the account is known here. */
static void
warn_rule_account(struct bp_check *c, const struct bp_map_rule *rule)
{
	const struct bp_config *cfg = &c->setup.cfg;
	struct bp_text name = rule->account.raw;
	struct bp_where where = { c->map_path, rule->line, rule->claim };
	const struct passwd *pw;

	if (memchr(name.at, '\\', name.len) != NULL)
		return;
	pw = look_up(&rule->account);
	if (bp_item_list_has(cfg->local_accounts, name) || (pw != NULL &&
	    (pw->pw_uid < cfg->min_uid || pw->pw_uid == BP_UID_NOBODY)))
		bp_finding_warn(&c->findings, where,
		    "%.*s is local by local_accounts or "
		    "min_uid: no rule ever gives it", (int)name.len, name.at);
}

/* The domain that is compared has small letters alone. */
static bool
never_matches(const struct bp_map_rule *rule)
{
	struct bp_text local, domain;

	if (!rule->is_regex ||
	    !bp_text_cut(rule->identity.raw, '@', &local, &domain))
		return false;
	for (size_t i = 0; i < domain.len; i++)
		if (bp_ascii_is_capital(domain.at[i]))
			return true;
	return false;
}

static void
warn_email(struct bp_check *c, const struct bp_map_rule *rule)
{
	struct bp_where where = { c->map_path, rule->line, rule->claim };

	if (c->setup.cfg.tenant.kind == BP_TENANT_ANY)
		bp_finding_warn(&c->findings, where,
		    "under tenant = any the administrator "
		    "of any customer can make a person with this address; a "
		    "rule by sub is safe");
	if (never_matches(rule))
		bp_finding_warn(&c->findings, where,
		    "a capital letter behind the @: domains "
		    "are compared in small letters");
}

static void
warn_rule(struct bp_check *c, const struct bp_map_rule *rule)
{
	if (bp_text_is(rule->claim, "email"))
		warn_email(c, rule);
	else if (!bp_text_is(rule->claim, "sub"))
		bp_finding_warn(&c->findings,
		    (struct bp_where){ c->map_path, rule->line,
		    rule->claim }, "people may often set this claim "
		    "themselves: make sure that yours cannot");
	warn_rule_account(c, rule);
}

static void
warn_map(struct bp_check *c)
{
	struct bp_account_map map = { .rest = bp_buf_text(&c->setup.map) };
	struct bp_map_rule rule;
	unsigned rules = 0;

	for (; bp_account_map_next(&map, &rule) == BP_MAP_RULE; rules++)
		warn_rule(c, &rule);
	if (rules == 0)
		bp_finding_warn(&c->findings,
		    (struct bp_where){ .file = c->map_path },
		    "has no rule: nobody can sign in");
}

void
bp_check_meaning(struct bp_check *c)
{
	if (!c->has_cfg)
		return;
	warn_tenant(c);
	warn_quotes(c);
	warn_local_accounts(c);
	if (c->setup.cfg.services == 0)
		bp_finding_warn(&c->findings,
		    (struct bp_where){ .file = c->path },
		    "has no [service:] section: nobody can sign in");
	for (size_t i = 0; i < c->setup.cfg.services; i++)
		warn_service(c, &c->setup.cfg.service[i]);
	if (c->has_map)
		warn_map(c);
}
