/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/authorize.h"
#include "core/host.h"
#include "ctl/check.h"
#include "ctl/people.h"
#include "wire/ascii.h"
#include "wire/list.h"

#include <string.h>

static struct bp_where
in_provider(const struct bp_check *c, const char *key)
{
	return bp_check_where(c, "provider", bp_text_of(""), key);
}

static void
warn_tenant(struct bp_check *c)
{
	if (c->setup.cfg.tenant.kind == BP_TENANT_ANY)
		bp_finding_warn(&c->findings, in_provider(c, "tenant"),
		    "any: a person of every customer of BeProduct can sign in, "
		    "with any role and e-mail address that its administrator "
		    "typed, unless BeProduct has bound this client to your "
		    "company");
}

/* The host in ADDRESS, http or https, which the parser let pass. */
static struct bp_text
host_in(struct bp_text address)
{
	struct bp_text host, rest;
	size_t n = 0;

	(void)bp_text_cut(address, ':', &rest, &host);
	host = bp_text_after(host, sizeof("//") - 1);
	if (bp_text_starts(host, "["))
		(void)bp_text_cut(host, ']', &host, &rest);
	else
		while (n < host.len && memchr("/:?", host.at[n], 3) == NULL)
			n++;
	return n > 0 ? (struct bp_text){ host.at, n } : host;
}

/* RFC 6761, 6.3: these names are the person's own machine. */
static bool
is_loopback(struct bp_text host)
{
	static const char name[] = ".localhost";
	size_t n = sizeof(name) - 1;

	return bp_text_is(host, "localhost") ||
	    bp_text_starts(host, "127.") || bp_text_is(host, "[::1") ||
	    (host.len > n && memcmp(host.at + host.len - n, name, n) == 0);
}

#define NOWHERE	"https://copy-this-address.invalid/, where nothing can listen"

static void
warn_company(struct bp_check *c)
{
	if (c->setup.cfg.company.len > 0 &&
	    !bp_config_asks_api(&c->setup.cfg))
		bp_finding_warn(&c->findings, bp_check_where(c, "api",
		    bp_text_of(""), "company"), "nothing asks the public API "
		    "about it: neither tenant nor role_source is api");
}

static void
warn_redirect(struct bp_check *c)
{
	struct bp_text address = c->setup.cfg.redirect_uri;
	struct bp_where where = in_provider(c, "redirect_uri");

	if (is_loopback(host_in(address)))
		bp_finding_warn(&c->findings, where, "any program on the "
		    "person's machine may listen there, and take the code of "
		    "a sign-in that somebody else began: register " NOWHERE);
	else if (bp_text_starts(address, "http:"))
		bp_finding_warn(&c->findings, where, "by http the code goes "
		    "over the network unencrypted: register " NOWHERE);
}

/* The default that depends, and what BeProduct's plain clients do not have. */
static void
warn_pkce(struct bp_check *c)
{
	struct bp_where where = in_provider(c, "pkce");
	bool ours = bp_text_is(c->setup.cfg.issuer, BP_CONFIG_ISSUER);

	if (where.line == 0 && !ours)
		bp_finding_warn(&c->findings, where, "not set: s256, for the "
		    "issuer is not BeProduct's; a client that is registered "
		    "without proof key needs pkce = off");
	else if (ours && c->setup.cfg.pkce == BP_PKCE_S256)
		bp_finding_warn(&c->findings, where, "s256: BeProduct refuses "
		    "every code from a client that is registered without "
		    "proof key");
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
			    in_provider(c, rows[i].key),
			    "the quotes are part of the value: only items of "
			    "lists stand in quotes");
}

/* The mark behind a blank, as other readers want it; 0: outside quotes none. */
static char
comment_in(struct bp_text value)
{
	bool quoted = false;

	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '"')
			quoted = !quoted;
		if (i > 0 && bp_ascii_is_blank(value.at[i - 1]) && !quoted &&
		    (value.at[i] == '#' || value.at[i] == ';'))
			return value.at[i];
	}
	return 0;
}

/* Also in a file that is refused, of which this may be the cause. */
static void
warn_comments(struct bp_check *c)
{
	struct bp_ini ini = { .rest = bp_buf_text(&c->setup.text) };
	char mark;

	while (bp_ini_next(&ini) == BP_INI_ITEM)
		if ((mark = comment_in(ini.value)) != 0)
			bp_finding_warn(&c->findings, (struct bp_where){
			    c->path, ini.line, ini.key }, "the %c and what "
			    "follows it are part of the value: a comment "
			    "stands on a line of its own", mark);
}

static void
warn_local_accounts(struct bp_check *c)
{
	struct bp_text list = c->setup.cfg.local_accounts;
	struct bp_where where = bp_check_where(c, "accounts", bp_text_of(""),
	    "local_accounts");
	char name[BP_ACCOUNT_MAX + 1];
	struct bp_account account;
	struct bp_item item;

	while (bp_item_next(&list, &item)) {
		account = bp_people_look_up(&item, name);
		if (!account.found && !account.failed)
			bp_finding_warn(&c->findings, where,
			    "%s: this host has no such account", name);
	}
}

/*
 * Where the token response has no `scope`, as BeProduct's, what this host
 * asked for counts as granted (RFC 6749, 5.1).
 */
static void
warn_scope(struct bp_check *c, const struct bp_service *s)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_SCOPES_MAX);
	struct bp_text list = s->require_scope;
	struct bp_where where = bp_check_where(c, "service", s->name,
	    "require_scope");
	struct bp_item item;
	bool asked = false;

	if (!bp_config_scopes(&c->setup.cfg,
	    bp_config_renews(&c->setup.cfg, s->name), &scopes))
		return;
	while (bp_item_next(&list, &item)) {
		if (bp_list_has(bp_buf_text(&scopes), item.raw))
			asked = true;
		else
			bp_finding_warn(&c->findings, where, "%.*s is not "
			    "asked for: it does not stand in scopes",
			    (int)item.raw.len, item.raw.at);
	}
	if (asked)
		bp_finding_warn(&c->findings, where, "cannot refuse anybody "
		    "where the token response names no scope, as BeProduct's: "
		    "what this host asks for counts as granted");
}

/* OIDC Core 3.1.2.1: acr_values is a wish, and no more than that. */
static void
warn_acr(struct bp_check *c, const struct bp_service *s)
{
	struct bp_text list = s->require_acr;
	struct bp_item item;

	while (bp_item_next(&list, &item))
		if (!bp_item_list_has(c->setup.cfg.acr_values, item.raw))
			bp_finding_warn(&c->findings, bp_check_where(c,
			    "service", s->name, "require_acr"), "%.*s is not "
			    "asked for: it does not stand in acr_values, and "
			    "only a provider that sends it unasked lets "
			    "anybody in by it", (int)item.raw.len,
			    item.raw.at);
}

static void
warn_acr_values(struct bp_check *c)
{
	for (size_t i = 0; i < c->setup.cfg.services; i++)
		if (c->setup.cfg.service[i].require_acr.len > 0)
			return;
	if (c->setup.cfg.acr_values.len > 0)
		bp_finding_warn(&c->findings, in_provider(c, "acr_values"),
		    "is a wish that a provider need not heed: require_acr of "
		    "a section refuses who signed in otherwise");
}

/* Who pastes at the last moment signed in at the first, perhaps. */
static void
warn_age(struct bp_check *c, const struct bp_service *s)
{
	uint32_t deadline = s->deadline != 0 ? s->deadline
	    : bp_host_of(s->name, BP_TTY_OTHER)->deadline;

	if (s->max_age != 0 && s->max_age < deadline)
		bp_finding_warn(&c->findings, bp_check_where(c, "service",
		    s->name, "max_age"), "is less than the deadline of %us: "
		    "who signs in at once and pastes late is refused",
		    deadline);
}

static void
warn_prompt(struct bp_check *c, const struct bp_service *s)
{
	if (s->max_age == 0 && bp_text_is(bp_config_prompt(&c->setup.cfg, s),
	    "login"))
		bp_finding_warn(&c->findings, s->prompt.len > 0
		    ? bp_check_where(c, "service", s->name, "prompt")
		    : in_provider(c, "prompt"), "login is asked for in the "
		    "address, where whoever opens it can leave it out: with "
		    "max_age in [service:%.*s] this host checks when the "
		    "person signed in", (int)s->name.len, s->name.at);
}

static void
warn_observe(struct bp_check *c, const struct bp_service *s)
{
	if (s->observe)
		bp_finding_warn(&c->findings, bp_check_where(c, "service",
		    s->name, "observe"), "yes: the account phase refuses "
		    "nobody there but who is locked out, and leaves all "
		    "others to the stack's next account module; the log says "
		    "whom it would refuse: observe=\"yes\"");
}

/* A state's label has 32 bytes of each, at most. */
#define LONG	"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

/* At an endpoint as BeProduct's: which one it is discovery alone says. */
static bool
has_address(const struct bp_config *cfg, const struct bp_service *s)
{
	BP_AUTO(bp_attempt_done) struct bp_attempt a = BP_ATTEMPT_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf endpoint =
	    BP_BUF_INIT(2 * BP_URL_MAX), b = BP_BUF_INIT(BP_ADDRESS_MAX);
	const struct bp_text name = bp_text_of(LONG);
	enum bp_reason why;

	a.renews = bp_config_renews(cfg, s->name);
	return bp_attempt_make(&a, name, name, name, &why) &&
	    bp_buf_put(&endpoint, cfg->issuer) &&
	    bp_buf_say(&endpoint, "/connect/authorize") &&
	    bp_authorize_address(cfg, bp_buf_text(&endpoint), s, &a, &b, &why);
}

/* Else the first person who wants to sign in learns of it. */
static void
check_address(struct bp_check *c, const struct bp_service *s)
{
	struct bp_config without = c->setup.cfg;
	bool is_acr;

	if (has_address(&c->setup.cfg, s))
		return;
	without.acr_values = bp_text_of("");
	is_acr = has_address(&without, s);
	bp_finding_error(&c->findings, in_provider(c, is_acr ? "acr_values"
	    : "scopes"), "the address of a sign-in would be longer than %u "
	    "bytes, and nobody can sign in: fewer, or shorter ones",
	    (unsigned)BP_ADDRESS_MAX);
}

static void
warn_service(struct bp_check *c, const struct bp_service *s)
{
	check_address(c, s);
	if (!bp_service_is_open(s))
		bp_finding_warn(&c->findings, bp_check_where(c, "service",
		    s->name, NULL), "names neither require_role nor "
		    "require_all_roles: it admits nobody");
	warn_scope(c, s);
	warn_acr(c, s);
	warn_age(c, s);
	warn_prompt(c, s);
	warn_observe(c, s);
}

void
bp_check_meaning(struct bp_check *c)
{
	warn_comments(c);
	if (!c->has_cfg)
		return;
	warn_tenant(c);
	warn_company(c);
	warn_redirect(c);
	warn_pkce(c);
	warn_quotes(c);
	warn_acr_values(c);
	warn_local_accounts(c);
	if (c->setup.cfg.services == 0)
		bp_finding_warn(&c->findings,
		    (struct bp_where){ .file = c->path },
		    "has no [service:] section: nobody can sign in");
	for (size_t i = 0; i < c->setup.cfg.services; i++)
		warn_service(c, &c->setup.cfg.service[i]);
}
