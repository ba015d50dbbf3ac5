/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/config.h"
#include "core/host.h"
#include "core/item.h"
#include "core/name.h"
#include "wire/ascii.h"
#include "wire/claim.h"
#include "wire/list.h"
#include "wire/origin.h"

#include <string.h>

struct setting;
typedef bool parser(struct bp_text value, const struct setting *s, void *ret);
typedef bool lawful(struct bp_text item);
static parser parse_issuer, parse_redirect, parse_client, parse_path,
    parse_tenant, parse_list, parse_set, parse_scopes, parse_roles,
    parse_yesno, parse_time, parse_deadline, parse_number, parse_claim,
    parse_prompt, parse_choice, parse_proxy, parse_company;
static lawful is_scope, is_role, is_alg;

/* With its colon, so that a section [service], of no name, stays unknown. */
static const char provider[] = "provider", api[] = "api",
    accounts[] = "accounts", service[] = "service:";

#define OF(field)	offsetof(struct bp_config, field)
#define OF_SERVICE(field)	offsetof(struct bp_service, field)
#define A_LIST		"must be a list: one, two, \"three, four\"; at most " \
			BP_SPELT(BP_LIST_MAX) " items of " \
			BP_SPELT(BP_ITEM_MAX) " bytes"
#define A_PATH		"must be an absolute path, at most " \
			BP_SPELT(BP_PATH_MAX) " bytes"
#define A_PROMPT	"must be login, select_account or consent"
#define OR_A_TIME(from, to)	"a time from " BP_SPELT(from) "s to " \
			BP_SPELT(to) "s"
#define A_TIME(from, to)	.least = (from), .most = (to), \
			.wanted = "must be " OR_A_TIME(from, to)
#define AN_ISSUER	"must be an https address without user, query and " \
			"fragment, at most " BP_SPELT(BP_URL_MAX) " bytes"
#define A_REDIRECT	"must be an http or https address without user and " \
			"fragment, at most " BP_SPELT(BP_URL_MAX) " bytes"
#define A_COMPANY	"your company's name in the addresses of BeProduct's " \
			"public API, letters, digits and - . _ ~, at most " \
			BP_SPELT(BP_COMPANY_MAX)
#define TENANT		"the provider serves every customer of BeProduct, " \
			"and without this a person of any other company " \
			"could sign in: write `claim NAME=VALUE` (a claim " \
			"that your company's people alone have, no blanks " \
			"around the =), or `api`, with company in [api] (its " \
			"users there alone), or `any` if BeProduct has bound " \
			"this client to your company"

static const char *const auths[] = { "post", "basic", NULL };
static const char *const sources[] = { "claims", "api", "both", NULL };
static const char *const pkces[] = { "off", "s256", NULL };

static const struct setting {
	const char	*section;
	const char	*key;
	size_t		 offset;
	parser		*parse;
	const char	*otherwise;	/* the default, as text; NULL: none */
	const char	*missing;	/* the complaint; NULL: not required */
	uint32_t	 least, most;	/* of times, in seconds, and numbers */
	const char	*const *choices;	/* numbered from 1 */
	lawful		*is;		/* of lists: each item */
	const char	*wanted;	/* the complaint about a bad value */
	size_t		 own;		/* where the file's goes as well; 0:
					   nowhere */
} settings[] = {
	{ provider, "issuer", OF(issuer), parse_issuer,
	    BP_CONFIG_ISSUER, .wanted = AN_ISSUER },
	{ provider, "client_id", OF(client_id), parse_client,
	    .missing = "is missing: the id under which BeProduct has "
	    "registered this client",
	    .wanted = "must be printable ASCII, at most "
	    BP_SPELT(BP_CLIENT_ID_MAX) " bytes" },
	{ provider, "client_secret_file", OF(client_secret_file), parse_path,
	    BP_CONFIG_SECRET_FILE, .wanted = A_PATH },
	{ provider, "client_auth", OF(client_auth), parse_choice, "post",
	    .choices = auths, .wanted = "must be post or basic" },
	{ provider, "pkce", OF(pkce), parse_choice, .choices = pkces,
	    .wanted = "must be off or s256" },
	{ provider, "tenant", OF(tenant), parse_tenant,
	    .missing = "is missing; " TENANT,
	    .wanted = "is not understood; " TENANT },
	{ provider, "scopes", OF(scopes), parse_scopes,
	    "openid, profile, email, roles", .is = is_scope,
	    .wanted = "must be a list of scopes (RFC 6749, 3.3), openid "
	    "among them, none twice, at most " BP_SPELT(BP_LIST_MAX) " of "
	    BP_SPELT(BP_ITEM_MAX) " bytes" },
	{ provider, "redirect_uri", OF(redirect_uri), parse_redirect,
	    "https://copy-this-address.invalid/", .wanted = A_REDIRECT },
	{ provider, "post_logout_redirect_uri", OF(post_logout_redirect_uri),
	    parse_redirect, .wanted = A_REDIRECT },
	{ provider, "signing_algs", OF(signing_algs), parse_set, "RS256",
	    .is = is_alg, .wanted = "must be RS256, ES256, or both with a "
	    "comma between them" },
	{ provider, "clock_skew", OF(clock_skew), parse_time, "60s",
	    A_TIME(0, BP_SKEW_MAX) },
	{ provider, "ca_file", OF(ca_file), parse_path, .wanted = A_PATH },
	{ provider, "timeout", OF(timeout), parse_time, "15s",
	    A_TIME(1, 60) },
	{ provider, "proxy", OF(proxy), parse_proxy, .wanted = "must be "
	    "http://HOST:PORT, without user and path" },
	{ provider, "role_claim", OF(role_claim), parse_claim, "role",
	    .wanted = "must be the name of a claim, without blanks, at most "
	    BP_SPELT(BP_CLAIM_NAME_MAX) " bytes" },
	{ provider, "require_email_verified", OF(require_email_verified),
	    parse_yesno, "yes", .wanted = "must be yes or no" },
	{ provider, "prompt", OF(prompt), parse_prompt, .wanted = A_PROMPT },
	{ provider, "acr_values", OF(acr_values), parse_list, .is = is_scope,
	    .wanted = "must be a list of values without blank, quote and "
	    "backslash, at most " BP_SPELT(BP_LIST_MAX) " of "
	    BP_SPELT(BP_ITEM_MAX) " bytes" },
	{ api, "base_url", OF(api_url), parse_issuer,
	    "https://developers.beproduct.com", .wanted = AN_ISSUER },
	{ api, "company", OF(company), parse_company,
	    .wanted = "must be " A_COMPANY },
	{ api, "role_source", OF(role_source), parse_choice, "claims",
	    .choices = sources, .wanted = "must be claims, api or both" },
	{ api, "cache", OF(cache), parse_time, "5m",
	    A_TIME(0, BP_ANSWER_LIFE_MAX) },
	{ api, "grace", OF(grace), parse_time, "0s",
	    A_TIME(0, BP_ANSWER_LIFE_MAX) },
	{ accounts, "map", OF(map), parse_path, BP_CONFIG_MAP,
	    .wanted = A_PATH },
	{ accounts, "local_accounts", OF(local_accounts), parse_list,
	    "root", .is = bp_name_is_account,
	    .wanted = "must be a list of accounts: one, two; at most "
	    BP_SPELT(BP_LIST_MAX) " names of " BP_SPELT(BP_ACCOUNT_MAX)
	    " bytes, without blanks, / and :" },
	{ accounts, "min_uid", OF(min_uid), parse_number, "1000",
	    .least = 1, .most = UINT32_MAX - 1,
	    .wanted = "must be a number from 1 to 4294967294" },
	{ accounts, "pin_subject", OF(pin_subject), parse_yesno, "yes",
	    .wanted = "must be yes or no" },
	{ service, "require_role", OF_SERVICE(require_role), parse_roles,
	    .is = is_role, .wanted = A_LIST "; or * alone, for any role (a "
	    "role of the name * stands in quotes)" },
	{ service, "require_all_roles", OF_SERVICE(require_all_roles),
	    parse_list, .is = is_role, .wanted = A_LIST "; a role of the "
	    "name * stands in quotes" },
	{ service, "require_scope", OF_SERVICE(require_scope), parse_list,
	    .is = is_scope, .wanted = "must be a list of scopes (RFC 6749, "
	    "3.3), at most " BP_SPELT(BP_LIST_MAX) " of " BP_SPELT(BP_ITEM_MAX)
	    " bytes" },
	{ service, "require_acr", OF_SERVICE(require_acr), parse_list,
	    .is = is_role, .wanted = A_LIST },
	{ service, "require_amr", OF_SERVICE(require_amr), parse_list,
	    .is = is_role, .wanted = A_LIST },
	{ service, "max_age", OF_SERVICE(max_age), parse_time,
	    A_TIME(1, BP_MAX_AGE_MAX) },
	{ service, "deadline", OF_SERVICE(deadline), parse_deadline, "auto",
	    .least = 10, .most = 600,
	    .wanted = "must be auto or " OR_A_TIME(10, 600) },
	{ service, "prompt", OF_SERVICE(prompt), parse_prompt,
	    .wanted = A_PROMPT },
	{ service, "ticket", OF_SERVICE(ticket), parse_time, "8h",
	    A_TIME(0, BP_TICKET_LIFE_MAX), .own = OF_SERVICE(own_ticket) },
	{ service, "recheck", OF_SERVICE(recheck), parse_time, "5m",
	    A_TIME(0, BP_TICKET_LIFE_MAX) },
	{ service, "observe", OF_SERVICE(observe), parse_yesno, "no",
	    .wanted = "must be yes or no" },
};
enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static bool
parse_text(struct bp_text value, size_t most, void *ret)
{
	if (value.len == 0 || value.len > most)
		return false;
	*(struct bp_text *)ret = value;
	return true;
}

static bool
parse_issuer(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_text path, query;

	(void)s;
	return bp_origin_is_https(value) &&
	    !bp_text_cut(value, '?', &path, &query) &&
	    parse_text(value, BP_URL_MAX, ret);
}

/* Of http the same form is asked as of https. */
static bool
is_http(struct bp_text value)
{
	char https[BP_URL_MAX + 2] = "https";
	struct bp_text rest = bp_text_after(value, sizeof("http") - 1);

	if (value.len > BP_URL_MAX || !bp_text_starts(value, "http://"))
		return false;
	memcpy(https + sizeof("https") - 1, rest.at, rest.len);
	return bp_origin_is_https((struct bp_text){ https,
	    sizeof("https") - 1 + rest.len });
}

static bool
parse_redirect(struct bp_text value, const struct setting *s, void *ret)
{
	(void)s;
	return (is_http(value) || bp_origin_is_https(value)) &&
	    parse_text(value, BP_URL_MAX, ret);
}

/* Proxies have no port that everybody means: it is to be said. */
static bool
parse_proxy(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_text rest = bp_text_after(value, sizeof("http://") - 1);
	struct bp_text left, port;

	(void)s;
	if (!is_http(value) || memchr(rest.at, '/', rest.len) != NULL ||
	    memchr(rest.at, '?', rest.len) != NULL)
		return false;
	if (bp_text_starts(rest, "["))
		(void)bp_text_cut(rest, ']', &left, &rest);
	return bp_text_cut(rest, ':', &left, &port) &&
	    parse_text(value, BP_URL_MAX, ret);
}

/* RFC 6749, A.1: VSCHAR, which the space is. */
static bool
parse_client(struct bp_text value, const struct setting *s, void *ret)
{
	(void)s;
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] != ' ' && !bp_ascii_is_visible(value.at[i]))
			return false;
	return parse_text(value, BP_CLIENT_ID_MAX, ret);
}

static bool
parse_path(struct bp_text value, const struct setting *s, void *ret)
{
	(void)s;
	return bp_text_starts(value, "/") && parse_text(value, BP_PATH_MAX,
	    ret);
}

static bool
parse_claim(struct bp_text value, const struct setting *s, void *ret)
{
	(void)s;
	return bp_name_is_claim(value) &&
	    parse_text(value, value.len, ret);
}

/* One segment of a path (RFC 3986 3.3), of which no dots lead elsewhere. */
static bool
parse_company(struct bp_text value, const struct setting *s, void *ret)
{
	size_t dots = 0;

	(void)s;
	for (size_t i = 0; i < value.len; i++) {
		if (!bp_ascii_is_unreserved(value.at[i]))
			return false;
		dots += value.at[i] == '.';
	}
	return dots < value.len && parse_text(value, BP_COMPANY_MAX, ret);
}

/* A blank after the = could be meant or not: it may not stand there. */
static bool
parse_tenant(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_tenant tenant = { .kind = BP_TENANT_ANY };
	struct bp_text pair = bp_text_trim(bp_text_after(value,
	    sizeof("claim") - 1));

	(void)s;
	if (bp_text_is(value, "api"))
		tenant.kind = BP_TENANT_API;
	else if (!bp_text_is(value, "any")) {
		tenant.kind = BP_TENANT_CLAIM;
		if (!bp_text_starts(value, "claim ") ||
		    !bp_text_cut(pair, '=', &tenant.name, &tenant.value) ||
		    !bp_name_is_claim(tenant.name) ||
		    tenant.value.len == 0 || tenant.value.at[0] == ' ')
			return false;
	}
	*(struct bp_tenant *)ret = tenant;
	return true;
}

static bool
parse_yesno(struct bp_text value, const struct setting *s, void *ret)
{
	bool yes = bp_text_is(value, "yes");

	(void)s;
	if (!yes && !bp_text_is(value, "no"))
		return false;
	*(bool *)ret = yes;
	return true;
}

static bool
parse_choice(struct bp_text value, const struct setting *s, void *ret)
{
	for (unsigned i = 0; s->choices[i] != NULL; i++)
		if (bp_text_is(value, s->choices[i])) {
			*(unsigned *)ret = i + 1;
			return true;
		}
	return false;
}

static bool
parse_number(struct bp_text value, const struct setting *s, void *ret)
{
	uint32_t n;

	if (!bp_text_number(value, s->most, &n) || n < s->least)
		return false;
	*(uint32_t *)ret = n;
	return true;
}

static bool
parse_time(struct bp_text value, const struct setting *s, void *ret)
{
	static const struct { char unit; uint32_t seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	struct bp_text digits, rest;
	uint32_t n;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (bp_text_cut(value, units[i].unit, &digits, &rest) &&
		    rest.len == 0 &&
		    bp_text_number(digits, s->most / units[i].seconds, &n) &&
		    n * units[i].seconds >= s->least) {
			*(uint32_t *)ret = n * units[i].seconds;
			return true;
		}
	return false;
}

static bool
parse_deadline(struct bp_text value, const struct setting *s, void *ret)
{
	if (!bp_text_is(value, "auto"))
		return parse_time(value, s, ret);
	*(uint32_t *)ret = 0;
	return true;
}

/* Without none: nobody could be asked, and the sign-in would fail. */
static bool
parse_prompt(struct bp_text value, const struct setting *s, void *ret)
{
	static const char *const words[] = { "login", "select_account",
	    "consent" };

	(void)s;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bp_text_is(value, words[i]))
			return parse_text(value, value.len, ret);
	return false;
}

/* scope-token of RFC 6749, 3.3. */
static bool
is_scope(struct bp_text item)
{
	return bp_text_is_visible(item) &&
	    memchr(item.at, '"', item.len) == NULL &&
	    memchr(item.at, '\\', item.len) == NULL;
}

/* What the helper can verify: helper/key.c. */
static bool
is_alg(struct bp_text item)
{
	return bp_text_is(item, "RS256") || bp_text_is(item, "ES256");
}

static bool
is_role(struct bp_text item)
{
	return item.len > 0;
}

static bool
parse_list(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_text rest = value;
	struct bp_item item;
	size_t n = 0;

	while (bp_item_next(&rest, &item))
		/* a bare * among roles may be meant to admit everybody */
		if (++n > BP_LIST_MAX || item.raw.len == 0 ||
		    item.raw.len > BP_ITEM_MAX || !s->is(item.raw) ||
		    (!item.quoted && bp_text_is(item.raw, "*")))
			return false;
	return rest.len == 0 && parse_text(value, value.len, ret);
}

static bool
parse_roles(struct bp_text value, const struct setting *s, void *ret)
{
	return bp_text_is(value, "*") ? parse_text(value, value.len, ret)
	    : parse_list(value, s, ret);
}

/* A list of which nothing stands twice. */
static bool
parse_set(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_text rest = value, list;
	struct bp_item item;

	if (!parse_list(value, s, &list))
		return false;
	while (bp_item_next(&rest, &item))
		if (bp_item_list_has(rest, item.raw))
			return false;
	*(struct bp_text *)ret = list;
	return true;
}

static bool
parse_scopes(struct bp_text value, const struct setting *s, void *ret)
{
	struct bp_text list;

	if (!parse_set(value, s, &list) ||
	    !bp_item_list_has(list, bp_text_of("openid")))
		return false;
	*(struct bp_text *)ret = list;
	return true;
}

static const struct bp_service *
find_service(const struct bp_config *cfg, struct bp_text name)
{
	for (size_t i = 0; i < cfg->services; i++)
		if (bp_text_same(cfg->service[i].name, name))
			return &cfg->service[i];
	return NULL;
}

const struct bp_service *
bp_config_service(const struct bp_config *cfg, struct bp_text name)
{
	const struct bp_service *found = find_service(cfg, name);
	const char *gate = bp_host_of(name, BP_TTY_OTHER)->gate;

	return found == NULL && gate != NULL
	    ? find_service(cfg, bp_text_of(gate)) : found;
}

uint32_t
bp_config_key_ticket(const struct bp_config *cfg, struct bp_text name)
{
	const struct bp_service *s = bp_config_service(cfg, name);

	return s != NULL && bp_host_of(name, BP_TTY_OTHER)->names_keys
	    ? s->own_ticket : 0;
}

/* As long as the shorter of both lives, and not until each is checked. */
static bool
outlives_recheck(const struct bp_service *user, const struct bp_service *of)
{
	return user->recheck < user->ticket && user->recheck < of->ticket;
}

bool
bp_config_renews(const struct bp_config *cfg, struct bp_text name)
{
	const struct bp_service *of = bp_config_service(cfg, name), *user;
	const struct bp_host *host;

	for (size_t i = 0; of != NULL && (host = bp_host_at(i)) != NULL; i++) {
		user = host->ticket != BP_TICKET_HERE ? NULL
		    : bp_config_service(cfg, bp_text_of(host->service));
		if (bp_service_is_open(user) && outlives_recheck(user, of))
			return true;
	}
	return of != NULL && of->recheck < bp_config_key_ticket(cfg, name);
}

static bool
add_scope(struct bp_buf *ret, bool is_asked, const char *scope)
{
	return !is_asked ||
	    bp_list_has(bp_buf_text(ret), bp_text_of(scope)) ||
	    bp_list_add(ret, bp_text_of(scope));
}

bool
bp_config_scopes(const struct bp_config *cfg, bool renews, struct bp_buf *ret)
{
	return bp_item_list_put(cfg->scopes, ret) &&
	    add_scope(ret, bp_config_asks_api(cfg),
	    "BeProductPublicApi") &&
	    add_scope(ret, renews, "offline_access") &&
	    bp_list_count(bp_buf_text(ret)) <= BP_LIST_MAX;
}

bool
bp_config_asks_api(const struct bp_config *cfg)
{
	return cfg->tenant.kind == BP_TENANT_API ||
	    cfg->role_source != BP_ROLES_CLAIMS;
}

struct bp_text
bp_config_prompt(const struct bp_config *cfg, const struct bp_service *svc)
{
	return svc != NULL && svc->prompt.len > 0 ? svc->prompt : cfg->prompt;
}

bool
bp_service_is_open(const struct bp_service *svc)
{
	return svc != NULL &&
	    (svc->require_role.len > 0 || svc->require_all_roles.len > 0);
}

bool
bp_config_is_any_role(struct bp_text require_role)
{
	return bp_text_is(require_role, "*");
}

/* A file on its way into a configuration. */
struct reading {
	struct bp_ini		 ini;
	struct bp_config	 cfg;
	struct bp_config_error	 error;
	const char		*section;	/* as in settings[] */
	void			*into;		/* where its offsets begin */
	bool			 entered[SETTINGS];	/* at its first row */
	bool			 seen[SETTINGS];
};

static bool
no(struct reading *r, const char *what)
{
	r->error = (struct bp_config_error){ r->ini.line, r->ini.key.len > 0
	    ? r->ini.key : r->ini.section, what };
	return false;
}

static bool
set(struct reading *r, const struct setting *s, struct bp_text value)
{
	return s->parse(value, s, (char *)r->into + s->offset) ||
	    no(r, s->wanted);
}

/*
 * Our own text, where it is kept as it stands: to look at it each time is a
 * tenth of what a ticket costs.
 */
static bool
set_default(struct reading *r, const struct setting *s)
{
	static parser *const kept[] = { parse_issuer, parse_redirect,
	    parse_path, parse_list, parse_set, parse_scopes, parse_claim };
	struct bp_text value = bp_text_of(s->otherwise);

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (s->parse == kept[i]) {
			memcpy((char *)r->into + s->offset, &value,
			    sizeof(value));
			return true;
		}
	return set(r, s, value);
}

/* From here on keys belong to SECTION, whose defaults INTO gets first. */
static bool
open_section(struct reading *r, const char *section, void *into)
{
	r->section = section;
	r->into = into;
	for (size_t i = 0; i < SETTINGS; i++) {
		if (settings[i].section != section)
			continue;
		r->seen[i] = false;
		if (settings[i].otherwise != NULL &&
		    !set_default(r, &settings[i]))
			return false;
	}
	return true;
}

/* libpam makes every name of a service small: capitals would match nothing. */
static bool
is_service_name(struct bp_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || bp_ascii_is_capital(name.at[i]))
			return false;
	return name.len <= BP_SERVICE_NAME_MAX && bp_text_is_visible(name);
}

static bool
enter_service(struct reading *r, struct bp_text name)
{
	if (name.len == 0)
		return no(r, "service of no name");
	if (!is_service_name(name))
		return no(r, "no name that a PAM service can have: visible "
		    "ASCII without / and capitals, at most "
		    BP_SPELT(BP_SERVICE_NAME_MAX) " bytes");
	if (find_service(&r->cfg, name) != NULL)
		return no(r, "section given twice");
	if (r->cfg.services == BP_SERVICES_MAX)
		return no(r, "more than " BP_SPELT(BP_SERVICES_MAX)
		    " services");
	r->cfg.service[r->cfg.services].name = name;
	return open_section(r, service, &r->cfg.service[r->cfg.services++]);
}

static bool
enter(struct reading *r)
{
	struct bp_text kind, name;
	size_t i = 0;

	if (bp_text_cut(r->ini.section, ':', &kind, &name) &&
	    bp_text_is(kind, "service"))
		return enter_service(r, name);
	while (i < SETTINGS && !bp_text_is(r->ini.section, settings[i].section))
		i++;
	if (i == SETTINGS || r->entered[i])
		return no(r, i == SETTINGS ? "unknown section"
		    : "section given twice");
	r->entered[i] = true;
	return open_section(r, settings[i].section, &r->cfg);
}

static bool
assign(struct reading *r)
{
	const struct setting *s;
	size_t i = 0;

	while (i < SETTINGS && (settings[i].section != r->section ||
	    !bp_text_is(r->ini.key, settings[i].key)))
		i++;
	if (i == SETTINGS || r->seen[i])
		return no(r, i == SETTINGS ? "unknown key" : "given twice");
	r->seen[i] = true;
	s = &settings[i];
	if (r->ini.value.len == 0)
		return no(r, s->missing != NULL ? s->missing
		    : "is empty: leave the key out instead");
	return set(r, s, r->ini.value) && (s->own == 0 ||
	    s->parse(r->ini.value, s, (char *)r->into + s->own));
}

static bool
lacks_company(struct reading *r)
{
	const struct bp_config *cfg = &r->cfg;

	if (!bp_config_asks_api(cfg) || cfg->company.len > 0)
		return false;
	r->error = (struct bp_config_error){ 0, bp_text_of("company"),
	    cfg->tenant.kind == BP_TENANT_API
	    ? "is missing from [api], and tenant is api: " A_COMPANY
	    : "is missing from [api], whose role_source is to be asked: "
	    A_COMPANY };
	return true;
}

static bool
is_complete(struct reading *r)
{
	size_t i = 0;

	while (i < SETTINGS && (settings[i].missing == NULL || r->seen[i]))
		i++;
	if (i < SETTINGS)
		r->error = (struct bp_config_error){ 0,
		    bp_text_of(settings[i].key), settings[i].missing };
	return i == SETTINGS && !lacks_company(r);
}

static bool
read_all(struct reading *r)
{
	enum bp_ini_step step;

	while ((step = bp_ini_next(&r->ini)) == BP_INI_ITEM)
		if (r->ini.key.len == 0 ? !enter(r) : !assign(r))
			return false;
	return step == BP_INI_END ? is_complete(r) : no(r, r->ini.what);
}

/*
 * BeProduct refuses each code that comes with a verifier from a client that is
 * registered for the plain code flow, whatever its discovery promises.
 */
static void
settle_pkce(struct bp_config *cfg)
{
	if (cfg->pkce == 0)
		cfg->pkce = bp_text_is(cfg->issuer, BP_CONFIG_ISSUER)
		    ? BP_PKCE_OFF : BP_PKCE_S256;
}

bool
bp_config_parse(struct bp_text text, struct bp_config *ret,
    struct bp_config_error *reterr)
{
	struct reading r = { .ini = { .rest = text } };
	bool ok = open_section(&r, provider, &r.cfg) &&
	    open_section(&r, api, &r.cfg) &&
	    open_section(&r, accounts, &r.cfg) && read_all(&r);

	settle_pkce(&r.cfg);
	if (ok)
		*ret = r.cfg;
	else
		*reterr = r.error;
	return ok;
}
