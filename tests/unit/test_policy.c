/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "bench/large.h"
#include "core/match.h"
#include "core/policy.h"

#include <time.h>

/* What a document says of a claim; of a string the values, NULL at the end. */
struct said {
	enum bp_document document;	/* 0: no more */
	const char *name;
	enum bp_claim_kind kind;
	const char *values[3];
};
#define T_(name, kind, ...)	\
	{ BP_DOC_ID_TOKEN, name, BP_CLAIM_##kind, { __VA_ARGS__ } }
#define U_(name, kind, ...)	\
	{ BP_DOC_USERINFO, name, BP_CLAIM_##kind, { __VA_ARGS__ } }

static struct bp_text
list(const char *const *values, size_t n, struct bp_buf *b)
{
	assert_true(bp_list_start(b));
	for (size_t i = 0; i < n && values[i] != NULL; i++)
		assert_true(bp_list_add(b, bp_text_of(values[i])));
	return bp_buf_text(b);
}

static struct bp_identity
identity(const struct said *said, size_t n, struct bp_buf *b)
{
	for (size_t i = 0; i < n && said[i].document != 0; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf v = BP_BUF_INIT(1000);
		struct bp_claim c = { bp_text_of(said[i].name),
		    said[i].document, said[i].kind,
		    list(said[i].values, COUNT(said[i].values), &v) };

		assert_true(bp_claim_add(b, &c));
	}
	return bp_identity_make(bp_text_of("4c9e-sub"),
	    (struct bp_text){ "\0\0\0", 4 }, bp_buf_text(b));
}
#define IDENTITY(row)	\
	BP_AUTO(bp_buf_done) struct bp_buf claims_ = BP_BUF_INIT(10000); \
	struct bp_identity who = identity((row)->said, COUNT((row)->said), \
	    &claims_)

#define PROVIDER	"[provider]\nclient_id = pam\ntenant = any\n"

/* The real parser: what it makes of a setting is what is decided by. */
static void
parse(const char *text, struct bp_config *ret)
{
	struct bp_config_error e;

	assert_true(bp_config_parse(bp_text_of(text), ret, &e));
}

static void
assert_said(bool ok, const enum bp_reason *got, int why)
{
	assert_int_equal(ok, why < 0);
	assert_int_equal(*got, why < 0 ? 77 : why);
}

static const struct tenant {
	const char *name;
	struct said said[2];
	int why;
} tenants[] = {
	{ "tenant in UserInfo", { U_("company", STRING, "acme") }, -1 },
	{ "tenant in the id_token", { T_("company", STRING, "acme") }, -1 },
	{ "tenant in both", { U_("company", STRING, "acme"),
	    T_("company", STRING, "acme") }, -1 },
	{ "tenant absent from the id_token", { U_("company", STRING, "acme"),
	    T_("company", ABSENT, NULL) }, -1 },
	{ "tenant in neither", { U_("company", ABSENT, NULL),
	    T_("company", ABSENT, NULL) }, BP_TENANT },
	{ "no row of the tenant", { U_("Company", STRING, "acme") },
	    BP_TENANT },
	{ "another in the id_token", { U_("company", STRING, "acme"),
	    T_("company", STRING, "evil") }, BP_TENANT },
	{ "another in UserInfo", { U_("company", STRING, "evil"),
	    T_("company", STRING, "acme") }, BP_TENANT },
	{ "another in both", { U_("company", STRING, "evil"),
	    T_("company", STRING, "evil") }, BP_TENANT },
	{ "null beside the tenant", { U_("company", STRING, "acme"),
	    T_("company", NULL, NULL) }, BP_TENANT },
	{ "null before the tenant", { U_("company", NULL, NULL),
	    T_("company", STRING, "acme") }, BP_TENANT },
	{ "a list of the tenant", { U_("company", STRINGS, "acme") },
	    BP_TENANT },
	{ "an object", { U_("company", OTHER, NULL) }, BP_TENANT },
	{ "true", { U_("company", TRUE, NULL) }, BP_TENANT },
	{ "a number", { U_("company", NUMBER, NULL) }, BP_TENANT },
	{ "a start of the tenant", { U_("company", STRING, "acm") },
	    BP_TENANT },
	{ "more than the tenant", { U_("company", STRING, "acme2") },
	    BP_TENANT },
	{ "the tenant in capitals", { U_("company", STRING, "ACME") },
	    BP_TENANT },
	{ "a blank behind the tenant", { U_("company", STRING, "acme ") },
	    BP_TENANT },
	{ "an empty one", { U_("company", STRING, "") }, BP_TENANT },
};

ROWS(tenants, is_of_the_tenant_or_not)
{
	const struct tenant *row = *state;
	IDENTITY(row);
	const struct bp_tenant claim = { BP_TENANT_CLAIM, BP_TEXT("company"),
	    BP_TEXT("acme") }, any = { .kind = BP_TENANT_ANY };
	enum bp_reason why = 77;

	assert_said(bp_policy_tenant(&claim, &who, &why), &why, row->why);
	why = 77;
	assert_said(bp_policy_tenant(&any, &who, &why), &why, -1);
}

static const struct tenant found[] = {
	{ "UserInfo's address", { U_("email", STRING, "a@b") }, -1 },
	{ "the id_token's address", { T_("email", STRING, "a@b") }, -1 },
	{ "the same in both", { U_("email", STRING, "a@b"),
	    T_("email", STRING, "a@b") }, -1 },
	{ "no address at all", { U_("company", STRING, "acme") },
	    BP_TENANT },
	{ "an empty address", { U_("email", STRING, "") }, BP_TENANT },
	{ "two addresses", { U_("email", STRING, "a@b"),
	    T_("email", STRING, "c@b") }, BP_TENANT },
	{ "an address of null", { U_("email", NULL, NULL),
	    T_("email", STRING, "a@b") }, BP_TENANT },
	{ "a list of addresses", { U_("email", STRINGS, "a@b") },
	    BP_TENANT },
};

ROWS(found, was_asked_about_or_not)
{
	const struct tenant *row = *state;
	IDENTITY(row);
	const struct bp_tenant api = { .kind = BP_TENANT_API };
	enum bp_reason why = 77;

	assert_said(bp_policy_tenant(&api, &who, &why), &why, row->why);
}

TEST(a_tenant_that_nobody_named_is_nobodys)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("company", STRING, "") };
	const struct bp_identity who = identity(said, 1, &b);

	(void)state;
	for (unsigned kind = 0; kind < 10; kind++) {
		const struct bp_tenant t = { kind, BP_TEXT("nothing"),
		    BP_TEXT("") };
		enum bp_reason why = 77;

		assert_said(bp_policy_tenant(&t, &who, &why), &why,
		    kind == BP_TENANT_ANY ? -1 : BP_TENANT);
	}
	for (unsigned kind = 0; kind < 10; kind++) {
		const struct bp_tenant t = { kind, BP_TEXT("company"),
		    BP_TEXT("") };
		enum bp_reason why = 77;

		assert_said(bp_policy_tenant(&t, &who, &why), &why,
		    kind == BP_TENANT_ANY || kind == BP_TENANT_CLAIM ? -1
		    : BP_TENANT);
	}
}

#define ROLE(...)	{ U_("role", STRINGS, __VA_ARGS__) }

static const struct service {
	const char *name;
	const char *section;		/* behind [service:sshd]; NULL: none */
	struct said said[3];
	const char *scopes[3];
	int why;
} services[] = {
	{ "no section", NULL, ROLE("a"), { "s" }, BP_SERVICE_CLOSED },
	{ "an empty section", "", ROLE("a"), { "s" }, BP_SERVICE_CLOSED },
	{ "a scope alone", "require_scope = s\n", ROLE("a"), { "s" },
	    BP_SERVICE_CLOSED },
	{ "a deadline alone", "deadline = 60s\n", ROLE("a"), { "s" },
	    BP_SERVICE_CLOSED },
	{ "no role", "require_role = a\n", ROLE(NULL), { NULL }, BP_ROLE },
	{ "no claim of roles", "require_role = a\n",
	    { U_("role", ABSENT, NULL) }, { NULL }, BP_ROLE },
	{ "no row of roles", "require_role = a\n", { { 0 } }, { NULL },
	    BP_ROLE },
	{ "the role", "require_role = a\n", ROLE("a"), { NULL }, -1 },
	{ "the role as a string", "require_role = a\n",
	    { U_("role", STRING, "a") }, { NULL }, -1 },
	{ "any one of two", "require_role = a, b\n", ROLE("b"), { NULL }, -1 },
	{ "one among others", "require_role = a, b\n", ROLE("x", "b", "y"),
	    { NULL }, -1 },
	{ "none of two", "require_role = a, b\n", ROLE("c", "ab"), { NULL },
	    BP_ROLE },
	{ "a start of the role", "require_role = admin\n", ROLE("adm"),
	    { NULL }, BP_ROLE },
	{ "more than the role", "require_role = admin\n", ROLE("admins"),
	    { NULL }, BP_ROLE },
	{ "another case", "require_role = admin\n", ROLE("Admin"), { NULL },
	    BP_ROLE },
	{ "a blank behind it", "require_role = admin\n", ROLE("admin "),
	    { NULL }, BP_ROLE },
	{ "an empty role", "require_role = admin\n", ROLE(""), { NULL },
	    BP_ROLE },
	{ "the setting as a role", "require_role = a, b\n", ROLE("a, b"),
	    { NULL }, BP_ROLE },
	{ "a string with commas", "require_role = a\n",
	    { U_("role", STRING, "a,b") }, { NULL }, BP_ROLE },
	{ "a quoted role with commas", "require_role = \"CN=a,DC=b\", c\n",
	    ROLE("CN=a,DC=b"), { NULL }, -1 },
	{ "half a quoted role", "require_role = \"CN=a,DC=b\"\n",
	    ROLE("CN=a", "DC=b"), { NULL }, BP_ROLE },
	{ "a role with its quotes", "require_role = \"a\"\n", ROLE("\"a\""),
	    { NULL }, BP_ROLE },
	{ "a role with a quote", "require_role = \"a\"\"b\"\n", ROLE("a\"b"),
	    { NULL }, -1 },
	{ "an object", "require_role = a\n", { U_("role", OTHER, NULL) },
	    { NULL }, BP_ROLE_TYPE },
	{ "null", "require_role = a\n", { U_("role", NULL, NULL) }, { NULL },
	    BP_ROLE_TYPE },
	{ "a number", "require_role = a\n", { U_("role", NUMBER, NULL) },
	    { NULL }, BP_ROLE_TYPE },
	{ "UserInfo's where both have roles", "require_role = a\n",
	    { U_("role", STRING, "b"), T_("role", STRING, "a") }, { NULL },
	    BP_ROLE },
	{ "UserInfo's empty list", "require_role = a\n",
	    { U_("role", STRINGS, NULL), T_("role", STRING, "a") }, { NULL },
	    BP_ROLE },
	{ "roles are never merged", "require_all_roles = a, b\n",
	    { U_("role", STRING, "b"), T_("role", STRING, "a") }, { NULL },
	    BP_ALL_ROLES },
	{ "the id_token's where UserInfo has none", "require_role = a\n",
	    { U_("role", ABSENT, NULL), T_("role", STRING, "a") }, { NULL },
	    -1 },
	{ "a star and no role", "require_role = *\n", ROLE(NULL), { NULL },
	    -1 },
	{ "a star and no claim", "require_role = *\n", { { 0 } }, { NULL },
	    -1 },
	{ "a star and an object", "require_role = *\n",
	    { U_("role", OTHER, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "a star and null", "require_role = *\n",
	    { U_("role", NULL, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "a quoted star", "require_role = \"*\"\n", ROLE("a"), { NULL },
	    BP_ROLE },
	{ "a quoted star and that role", "require_role = \"*\"\n", ROLE("*"),
	    { NULL }, -1 },
	{ "a role that is a star", "require_role = a\n", ROLE("*"), { NULL },
	    BP_ROLE },
	{ "all of two", "require_all_roles = a, b\n", ROLE("b", "a"),
	    { NULL }, -1 },
	{ "all of two and more", "require_all_roles = a, b\n",
	    ROLE("b", "c", "a"), { NULL }, -1 },
	{ "the first of two", "require_all_roles = a, b\n", ROLE("a"),
	    { NULL }, BP_ALL_ROLES },
	{ "the last of two", "require_all_roles = a, b\n", ROLE("b"),
	    { NULL }, BP_ALL_ROLES },
	{ "all of one and no role", "require_all_roles = a\n", ROLE(NULL),
	    { NULL }, BP_ALL_ROLES },
	{ "a quoted one of all", "require_all_roles = \"a,b\", c\n",
	    ROLE("c", "a,b"), { NULL }, -1 },
	{ "any and all", "require_role = a\nrequire_all_roles = b\n",
	    ROLE("a", "b"), { NULL }, -1 },
	{ "any but not all", "require_role = a\nrequire_all_roles = b\n",
	    ROLE("a"), { NULL }, BP_ALL_ROLES },
	{ "all but not any", "require_role = a\nrequire_all_roles = b\n",
	    ROLE("b"), { NULL }, BP_ROLE },
	{ "a star but not all", "require_role = *\nrequire_all_roles = b\n",
	    ROLE("a"), { NULL }, BP_ALL_ROLES },
	{ "the scope", "require_role = *\nrequire_scope = s, t\n", ROLE("a"),
	    { "openid", "t" }, -1 },
	{ "no scope", "require_role = *\nrequire_scope = s, t\n", ROLE("a"),
	    { NULL }, BP_SCOPE },
	{ "another scope", "require_role = *\nrequire_scope = s\n", ROLE("a"),
	    { "S", "ss" }, BP_SCOPE },
	{ "two scopes in one", "require_role = *\nrequire_scope = s\n",
	    ROLE("a"), { "s t" }, BP_SCOPE },
	{ "the scope without the role",
	    "require_role = a\nrequire_scope = s\n", ROLE("b"), { "s" },
	    BP_ROLE },
	{ "the scope without all roles",
	    "require_all_roles = a\nrequire_scope = s\n", ROLE("b"), { "s" },
	    BP_ALL_ROLES },
	{ "all roles without the scope",
	    "require_all_roles = a\nrequire_scope = s\n", ROLE("a"), { "t" },
	    BP_SCOPE },
	{ "a role that is the scope",
	    "require_role = *\nrequire_scope = s\n", ROLE("s"), { "t" },
	    BP_SCOPE },
#define ACR(settings)	"require_role = *\nrequire_acr = " settings "\n"
#define AMR(settings)	"require_role = *\nrequire_amr = " settings "\n"
	{ "an acr alone", "require_acr = a\n", { T_("acr", STRING, "a") },
	    { NULL }, BP_SERVICE_CLOSED },
	{ "the acr", ACR("a"), { T_("acr", STRING, "a") }, { NULL }, -1 },
	{ "any one of two acr", ACR("a, b"), { T_("acr", STRING, "b") },
	    { NULL }, -1 },
	{ "no acr", ACR("a"), { T_("acr", ABSENT, NULL) }, { NULL }, BP_ACR },
	{ "no row of acr", ACR("a"), { { 0 } }, { NULL }, BP_ACR },
	{ "another acr", ACR("a, b"), { T_("acr", STRING, "ab") }, { NULL },
	    BP_ACR },
	{ "an acr in capitals", ACR("a"), { T_("acr", STRING, "A") },
	    { NULL }, BP_ACR },
	{ "an empty acr", ACR("a"), { T_("acr", STRING, "") }, { NULL },
	    BP_ACR },
	{ "UserInfo's acr", ACR("a"), { U_("acr", STRING, "a") }, { NULL },
	    BP_ACR },
	{ "UserInfo's acr beside another", ACR("a"),
	    { U_("acr", STRING, "a"), T_("acr", STRING, "0") }, { NULL },
	    BP_ACR },
	{ "UserInfo's acr is no matter", ACR("a"),
	    { U_("acr", STRING, "0"), T_("acr", STRING, "a") }, { NULL },
	    -1 },
	{ "a list for an acr", ACR("a"), { T_("acr", STRINGS, "a") },
	    { NULL }, BP_ACR_TYPE },
	{ "a number for an acr", ACR("\"0\""), { T_("acr", NUMBER, "0") },
	    { NULL }, BP_ACR_TYPE },
	{ "null for an acr", ACR("a"), { T_("acr", NULL, NULL) }, { NULL },
	    BP_ACR_TYPE },
	{ "an odd acr where none is wanted", "require_role = *\n",
	    { T_("acr", OTHER, NULL), T_("amr", STRING, "x") }, { NULL }, -1 },
	{ "the amr", AMR("pwd"), { T_("amr", STRINGS, "pwd") }, { NULL },
	    -1 },
	{ "every amr", AMR("pwd, otp"), { T_("amr", STRINGS, "otp", "pwd") },
	    { NULL }, -1 },
	{ "one amr of two", AMR("pwd, otp"), { T_("amr", STRINGS, "otp") },
	    { NULL }, BP_AMR },
	{ "no amr", AMR("pwd"), { T_("amr", ABSENT, NULL) }, { NULL },
	    BP_AMR },
	{ "no row of amr", AMR("pwd"), { { 0 } }, { NULL }, BP_AMR },
	{ "an empty list of amr", AMR("pwd"), { T_("amr", STRINGS, NULL) },
	    { NULL }, BP_AMR },
	{ "UserInfo's amr", AMR("pwd"), { U_("amr", STRINGS, "pwd") },
	    { NULL }, BP_AMR },
	{ "amr is never merged", AMR("pwd, otp"),
	    { U_("amr", STRINGS, "pwd"), T_("amr", STRINGS, "otp") },
	    { NULL }, BP_AMR },
	{ "a string for amr", AMR("pwd"), { T_("amr", STRING, "pwd") },
	    { NULL }, BP_AMR_TYPE },
	{ "an object for amr", AMR("pwd"), { T_("amr", OTHER, NULL) },
	    { NULL }, BP_AMR_TYPE },
	{ "null for amr", AMR("pwd"), { T_("amr", NULL, NULL) }, { NULL },
	    BP_AMR_TYPE },
	{ "the acr without the amr", ACR("a") "require_amr = pwd\n",
	    { T_("acr", STRING, "a"), T_("amr", STRINGS, "otp") }, { NULL },
	    BP_AMR },
	{ "the amr without the acr", ACR("a") "require_amr = pwd\n",
	    { T_("acr", STRING, "b"), T_("amr", STRINGS, "pwd") }, { NULL },
	    BP_ACR },
	{ "acr and amr without the role",
	    "require_role = a\nrequire_acr = a\nrequire_amr = a\n",
	    { U_("role", STRING, "b"), T_("acr", STRING, "a"),
	    T_("amr", STRINGS, "a") }, { NULL }, BP_ROLE },
};

/* max_age = 1000s, clock_skew = 60s, and now it is 5000. */
static const struct aged {
	const char *name;
	struct said said[2];
	int why;
} ages[] = {
#define AGED(digits)	{ T_("auth_time", NUMBER, digits) }
	{ "signed in now", AGED("5000"), -1 },
	{ "signed in max_age ago", AGED("4000"), -1 },
	{ "max_age and the skew ago", AGED("3940"), -1 },
	{ "a second more", AGED("3939"), BP_AUTH_TIME_PAST },
	{ "in 1970", AGED("0"), BP_AUTH_TIME_PAST },
	{ "ahead by the skew", AGED("5060"), -1 },
	{ "ahead by a second more", AGED("5061"), BP_AUTH_TIME_AHEAD },
	{ "ahead by all", AGED("999999999999999"), BP_AUTH_TIME_AHEAD },
	{ "no auth_time", { T_("auth_time", ABSENT, NULL) }, BP_AUTH_TIME },
	{ "no row of auth_time", { { 0 } }, BP_AUTH_TIME },
	{ "a number that is no time", { T_("auth_time", NUMBER, NULL) },
	    BP_AUTH_TIME },
	{ "a string for auth_time", { T_("auth_time", STRING, "5000") },
	    BP_AUTH_TIME },
	{ "null for auth_time", { T_("auth_time", NULL, NULL) },
	    BP_AUTH_TIME },
	{ "UserInfo's auth_time", { U_("auth_time", NUMBER, "5000") },
	    BP_AUTH_TIME },
	{ "UserInfo's auth_time beside an old one",
	    { U_("auth_time", NUMBER, "5000"), T_("auth_time", NUMBER, "1") },
	    BP_AUTH_TIME_PAST },
};

ROWS(ages, is_a_sign_in_of_now_or_none)
{
	const struct aged *row = *state;
	IDENTITY(row);
	struct bp_config cfg;
	enum bp_reason why = 77;

	parse(PROVIDER "[service:sudo]\nrequire_role = *\nmax_age = 1000s\n"
	    "[service:sshd]\nrequire_role = *\n", &cfg);
	assert_said(bp_policy_age(&cfg, bp_config_service(&cfg,
	    bp_text_of("sudo-i")), &who, 5000, &why), &why, row->why);
	why = 77;
	assert_said(bp_policy_age(&cfg, bp_config_service(&cfg,
	    bp_text_of("sshd")), &who, 5000, &why), &why, -1);
	assert_said(bp_policy_age(&cfg, NULL, &who, 5000, &why), &why, -1);
}

ROWS(services, admits_or_names_the_demand)
{
	const struct service *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(1000);
	IDENTITY(row);
	struct bp_config cfg;
	enum bp_reason why = 77;
	char text[1000];

	(void)snprintf(text, sizeof(text), PROVIDER "%s%s",
	    row->section != NULL ? "[service:sshd]\n" : "",
	    row->section != NULL ? row->section : "");
	parse(text, &cfg);
	who.scopes = list(row->scopes, COUNT(row->scopes), &scopes);
	assert_said(bp_policy_service(&cfg, bp_config_service(&cfg,
	    bp_text_of("sshd")), &who, &why), &why, row->why);
}

/* Roles of the claims and of the public API (NULL: it has none of use). */
static const struct sourced {
	const char *name;
	const char *source, *section;
	struct said said[1];
	const char *api;
	int why;
} sourced[] = {
	{ "roles of: claims, and the API has none", "claims",
	    "require_role = a\n", ROLE("a"), "", -1 },
	{ "roles of: claims, and the API is odd", "claims",
	    "require_role = a\n", ROLE("a"), NULL, -1 },
	{ "roles of: claims, and the API's do not count", "claims",
	    "require_role = a\n", ROLE("b"), "a", BP_ROLE },
	{ "roles of: the API", "api", "require_role = a\n", ROLE("b"), "a",
	    -1 },
	{ "roles of: the API, and the claims' do not count", "api",
	    "require_role = a\n", ROLE("a"), "b", BP_ROLE },
	{ "roles of: the API, and odd claims are no matter", "api",
	    "require_role = a\n", { U_("role", OTHER, NULL) }, "a", -1 },
	{ "roles of: the API, which has none", "api", "require_role = a\n",
	    ROLE("a"), "", BP_ROLE },
	{ "roles of: the API, which has none of use", "api",
	    "require_role = a\n", ROLE("a"), NULL, BP_API_ROLE_TYPE },
	{ "roles of: the API, which has none of use, for any", "api",
	    "require_role = *\n", ROLE("a"), NULL, BP_API_ROLE_TYPE },
	{ "roles of: the API, for any", "api", "require_role = *\n",
	    ROLE(NULL), "", -1 },
	{ "roles of: the API, all of two", "api",
	    "require_all_roles = a, b\n", ROLE("a", "b"), "a",
	    BP_ALL_ROLES },
	{ "roles of: both", "both", "require_role = a, b\n", ROLE("b"), "a",
	    -1 },
	{ "roles of: both, and the API's is not", "both",
	    "require_role = a\n", ROLE("a"), "b", BP_ROLE },
	{ "roles of: both, and the claims' is not", "both",
	    "require_role = a\n", ROLE("b"), "a", BP_ROLE },
	{ "roles of: both are never merged", "both",
	    "require_all_roles = a, b\n", ROLE("a"), "b", BP_ALL_ROLES },
	{ "roles of: both, and the claims are odd", "both",
	    "require_role = a\n", { U_("role", OTHER, NULL) }, "a",
	    BP_ROLE_TYPE },
	{ "roles of: both, and the API has none of use", "both",
	    "require_role = a\n", ROLE("a"), NULL, BP_API_ROLE_TYPE },
};

ROWS(sourced, count_as_role_source_has_it)
{
	const struct sourced *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf roles = BP_BUF_INIT(1000);
	IDENTITY(row);
	struct bp_config cfg;
	enum bp_reason why = 77;
	char text[1000];

	(void)snprintf(text, sizeof(text), PROVIDER "[api]\ncompany = c\n"
	    "role_source = %s\n[service:sshd]\n%s", row->source,
	    row->section);
	parse(text, &cfg);
	who.has_api_roles = row->api != NULL;
	who.api_roles = list(&row->api, row->api != NULL && *row->api != '\0',
	    &roles);
	assert_said(bp_policy_service(&cfg, bp_config_service(&cfg,
	    bp_text_of("sshd")), &who, &why), &why, row->why);
}

/* Whom the company's own list names needs no claim of it; others do. */
TEST(who_was_looked_up_is_of_the_company)
{
	struct bp_identity who = bp_identity_make(bp_text_of("s"),
	    bp_text_of(""), bp_text_of(""));
	struct bp_config cfg;
	enum bp_reason why = 77;

	(void)state;
	parse("[provider]\nclient_id = c\ntenant = claim company=acme\n",
	    &cfg);
	assert_said(bp_policy_tenant(&cfg.tenant, &who, &why), &why,
	    BP_TENANT);
	who.is_looked_up = true;
	why = 77;
	assert_said(bp_policy_tenant(&cfg.tenant, &who, &why), &why, -1);
}

/* A sign-in alone has these: a key login must not go past them. */
static const char *const of_sign_ins[] = {
	"require_acr = a\n", "require_amr = a\n", "require_scope = a\n",
};

TEST(what_only_a_sign_in_shows_is_not_shown_by_a_look_up)
{
	static const int whys[] = { BP_ACR, BP_AMR, BP_SCOPE };
	struct bp_identity who = bp_identity_make(bp_text_of("s"),
	    (struct bp_text)BP_TEXT("\0\0\0\0"), bp_text_of(""));
	struct bp_config cfg;
	enum bp_reason why;
	char text[1000];

	(void)state;
	who.is_looked_up = who.has_api_roles = true;
	who.api_roles = (struct bp_text)BP_TEXT("\0\0\0\0");
	for (size_t i = 0; i < COUNT(of_sign_ins); i++) {
		(void)snprintf(text, sizeof(text), PROVIDER "[api]\n"
		    "company = c\nrole_source = api\n[service:sshd]\n"
		    "require_role = *\n%s", of_sign_ins[i]);
		parse(text, &cfg);
		why = 77;
		assert_said(bp_policy_service(&cfg, bp_config_service(&cfg,
		    bp_text_of("sshd")), &who, &why), &why, whys[i]);
	}
	parse(PROVIDER "[service:sshd]\nrequire_role = *\nmax_age = 1h\n",
	    &cfg);
	why = 77;
	assert_said(bp_policy_age(&cfg, bp_config_service(&cfg,
	    bp_text_of("sshd")), &who, 5000, &why), &why, BP_AUTH_TIME);
}

TEST(roles_are_looked_for_in_the_claim_that_is_configured)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("role", STRING, "a"),
	    U_("groups", STRING, "b") };
	const struct bp_identity who = identity(said, 2, &b);
	struct bp_config cfg;
	enum bp_reason why = 77;

	(void)state;
	parse(PROVIDER "role_claim = groups\n[service:a]\nrequire_role = a\n"
	    "[service:b]\nrequire_role = b\n", &cfg);
	assert_said(bp_policy_service(&cfg, bp_config_service(&cfg,
	    bp_text_of("b")), &who, &why), &why, -1);
	assert_said(bp_policy_service(&cfg, bp_config_service(&cfg,
	    bp_text_of("a")), &who, &why), &why, BP_ROLE);
}

/* What the log has of roles. */
static const struct shown {
	const char *name, *source, *section;
	bool all, of_api;
	const char *said[3], *api[3];
	const char *is;			/* NULL: there are none that count */
} shown[] = {
#define CLAIMED(name, section, all, is, ...)	\
	{ name, "claims", section, all, false, { __VA_ARGS__ }, { "z" }, is }
	CLAIMED("roles that the section names", "require_role = c, a", false,
	    "a, c", "a", "b", "c"),
	CLAIMED("roles that the section wants all of",
	    "require_all_roles = c, a", false, "a, c", "a", "b", "c"),
	CLAIMED("roles of either list",
	    "require_role = a\nrequire_all_roles = c", false, "a, c", "a",
	    "b", "c"),
	CLAIMED("roles of which none counts", "require_role = x", false, "",
	    "a", "b", "c"),
	CLAIMED("roles where none counted", "require_role = x", true,
	    "a, b, c", "a", "b", "c"),
	CLAIMED("roles where any counts", "require_role = *", false, "a, b",
	    "a", "b"),
	CLAIMED("no roles at all", "require_role = x", true, "", NULL),
	CLAIMED("a role with a comma", "require_role = x", true,
	    "\"a, b\", c", "a, b", "c"),
	CLAIMED("a role with a quote", "require_role = x", true,
	    "\"a\"\"b\"", "a\"b"),
	CLAIMED("an empty role", "require_role = x", true, "\"\", c", "",
	    "c"),
	{ "roles of the API alone", "api", "require_role = b", false, true,
	    { "a" }, { "a", "b" }, "b" },
	{ "claims beside the API's", "api", "require_role = a", false, false,
	    { "a" }, { "a" }, NULL },
	{ "the API's beside claims", "claims", "require_role = a", false,
	    true, { "a" }, { "a" }, NULL },
	{ "of both the claim's", "both", "require_role = a, b", false, false,
	    { "a" }, { "b" }, "a" },
	{ "of both the API's", "both", "require_role = a, b", false, true,
	    { "a" }, { "b" }, "b" },
	{ "the API's where it has none", "api", "require_role = a", false,
	    true, { "a" }, { NULL }, NULL },
};

ROWS(shown, of_roles_is_what_the_log_has)
{
	const struct shown *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf roles = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf is = BP_BUF_INIT(100);
	const struct said said = { BP_DOC_USERINFO, "role", BP_CLAIM_STRINGS,
	    { row->said[0], row->said[1], row->said[2] } };
	struct bp_identity who = identity(&said, 1, &b);
	struct bp_config cfg;
	char text[1000];
	bool ok;

	(void)snprintf(text, sizeof(text), PROVIDER "[api]\ncompany = c\n"
	    "role_source = %s\n[service:sshd]\n%s\n", row->source,
	    row->section);
	parse(text, &cfg);
	who.has_api_roles = row->api[0] != NULL;
	who.api_roles = list(row->api, COUNT(row->api), &roles);
	ok = bp_policy_roles(&cfg, bp_config_service(&cfg,
	    bp_text_of("sshd")), &who, row->of_api, row->all, &is);
	assert_int_equal(ok, row->is != NULL);
	assert_true(bp_text_is(bp_buf_text(&is), ok ? row->is : ""));
	assert_false(bp_policy_roles(&cfg, NULL, &who, row->of_api, true,
	    &is));
}

TEST(of_roles_what_finds_no_room_is_left_out_whole)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("role", STRINGS, "one", "two", "x") };
	const struct bp_identity who = identity(said, 1, &b);
	struct bp_config cfg;

	(void)state;
	parse(PROVIDER "[service:sshd]\nrequire_role = *\n", &cfg);
	for (size_t max = 3; max <= 11; max++) {
		BP_AUTO(bp_buf_done) struct bp_buf is = BP_BUF_INIT(max);

		assert_true(bp_policy_roles(&cfg, bp_config_service(&cfg,
		    bp_text_of("sshd")), &who, false, false, &is));
		assert_true(bp_text_is(bp_buf_text(&is), max < 8 ? "one"
		    : max < 11 ? "one, two" : "one, two, x"));
	}
}

static const struct detail {
	const char *name;
	struct said said[2];
	enum bp_reason reason;
	const char *detail;
} details[] = {
	{ "no claim of roles", { { 0 } }, BP_ROLE,
	    "role_claim = role: absent" },
	{ "no claim of all roles", { { 0 } }, BP_ALL_ROLES,
	    "role_claim = role: absent" },
	{ "an empty list of roles", { U_("role", STRINGS, NULL) }, BP_ROLE,
	    "role_claim = role: empty list" },
	{ "a number for roles", { U_("role", NUMBER, NULL) }, BP_ROLE_TYPE,
	    "role_claim = role: number" },
	{ "null for roles", { T_("role", NULL, NULL) }, BP_ROLE_TYPE,
	    "role_claim = role: null" },
	{ "a long role", { U_("role", STRING, "a") }, BP_ROLE_LONG,
	    "role_claim = role: string" },
	{ "another role", { U_("role", STRING, "a") }, BP_ROLE, "" },
	{ "some of all roles", { U_("role", STRINGS, "a", "b") }, BP_ALL_ROLES,
	    "" },
	{ "a reason without roles", { { 0 } }, BP_TENANT, "" },
	{ "a string for amr, said", { T_("amr", STRING, "pwd"),
	    U_("amr", STRINGS, "pwd") }, BP_AMR_TYPE, "id_token: amr: string" },
	{ "a list for acr, said", { T_("acr", STRINGS, "a") }, BP_ACR_TYPE,
	    "id_token: acr: list" },
	{ "no acr, said", { U_("acr", STRING, "a") }, BP_ACR,
	    "id_token: acr: absent" },
	{ "another acr, unsaid", { T_("acr", STRING, "a") }, BP_ACR, "" },
	{ "an empty amr, said", { T_("amr", STRINGS, NULL) }, BP_AMR,
	    "id_token: amr: empty list" },
	{ "no auth_time, said", { { 0 } }, BP_AUTH_TIME,
	    "id_token: auth_time: absent" },
	{ "an auth_time of no use, said", { T_("auth_time", NUMBER, NULL) },
	    BP_AUTH_TIME, "id_token: auth_time: number" },
	{ "an old auth_time, said", { T_("auth_time", NUMBER, "17") },
	    BP_AUTH_TIME_PAST, "id_token: auth_time: number 17" },
	{ "an auth_time ahead, said", { T_("auth_time", NUMBER, "17") },
	    BP_AUTH_TIME_AHEAD, "id_token: auth_time: number 17" },
};

ROWS(details, says_what_was_found_instead_of_roles)
{
	const struct detail *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf full = BP_BUF_INIT(10);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);
	IDENTITY(row);
	struct bp_config cfg;

	parse(PROVIDER, &cfg);
	bp_policy_detail(&cfg, &who, row->reason, &b);
	assert_true(bp_text_is(bp_buf_text(&b), row->detail));
	/* what finds no room is left out whole */
	bp_policy_detail(&cfg, &who, row->reason, &full);
	assert_int_equal(full.len, 0);
}

/* The parser lets none through; if one came, it would admit nobody. */
TEST(a_list_that_is_broken_admits_nobody)
{
	static const struct { struct bp_service service; int why; } broken[] = {
		{ { .require_role = BP_TEXT("\"b, a") }, BP_ROLE },
		{ { .require_all_roles = BP_TEXT("a, \"b") }, BP_ALL_ROLES },
		{ { .require_all_roles = BP_TEXT("a,, ") }, BP_ALL_ROLES },
		{ { .require_role = BP_TEXT("*"),
		    .require_scope = BP_TEXT("\"") }, BP_SCOPE },
	};
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("role", STRING, "a") };
	const struct bp_identity who = identity(said, 1, &b);
	struct bp_config cfg;

	(void)state;
	parse(PROVIDER, &cfg);
	for (size_t i = 0; i < COUNT(broken); i++) {
		enum bp_reason why = 77;

		assert_said(bp_policy_service(&cfg, &broken[i].service, &who,
		    &why), &why, broken[i].why);
	}
}

#define AT		"alice@x.example"
#define GOOD		{ U_("email", STRING, AT), \
			    U_("email_verified", TRUE, NULL) }
#define RULE		"email " AT " alice\n"
#define ENDED		"email " AT " alice until=1970-01-10\n"
#define LAST		"email " AT " alice until=1970-01-11\n"

/* The first second of 1970-01-11. */
enum { NOW = 10 * 86400 };

#define ANY		"email /^([a-z]+)@x\\.example$/ \\1\n"

#define FINGER	"SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"
#define OF_KEY	"key " FINGER " alice\n"

static const struct mapped {
	const char *name, *map;
	struct said said[4];
	const char *account;
	int why;
} maps[] = {
	{ "the address", RULE, GOOD, "alice", -1 },
	{ "no rule", "", GOOD, "alice", BP_NO_RULE },
	{ "comments alone", "# " RULE "\n", GOOD, "alice", BP_NO_RULE },
	{ "another account", RULE, GOOD, "bob", BP_NO_RULE },
	{ "an account that differs by case", RULE, GOOD, "Alice", BP_NO_RULE },
	{ "a rule that differs by case", "email " AT " Alice\n", GOOD,
	    "alice", BP_NO_RULE },
	{ "a start of the account", RULE, GOOD, "alic", BP_NO_RULE },
	{ "more than the account", RULE, GOOD, "alice2", BP_NO_RULE },
	{ "no account", RULE, GOOD, "", BP_NO_RULE },
	{ "another address", "email bob@x.example alice\n", GOOD, "alice",
	    BP_NO_RULE },
	{ "a domain in capitals", "email alice@X.Example alice\n",
	    { U_("email", STRING, "alice@x.EXAMPLE"),
	    U_("email_verified", TRUE, NULL) }, "alice", -1 },
	{ "a local part in capitals", RULE,
	    { U_("email", STRING, "Alice@x.example"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an address with two @", ANY,
	    { U_("email", STRING, "alice@x.example@x.example"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an address with two @ and a wide rule", "email /.*/ alice\n",
	    { U_("email", STRING, "a@b@c"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an address without @", "email /.*/ alice\n",
	    { U_("email", STRING, "alice"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an address above ASCII", "email /.*/ alice\n",
	    { U_("email", STRING, "\xc3\xb6@x.example"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an address with a line's end", "email /.*/ alice\n",
	    { U_("email", STRING, AT "\n"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "an empty address", "email /.*/ alice\n",
	    { U_("email", STRING, ""),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "no address", "email /.*/ alice\n",
	    { U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	/* verified or not */
	{ "verified by the string", RULE, { U_("email", STRING, AT),
	    U_("email_verified", STRING, "true") }, "alice", -1 },
	{ "unverified by false", RULE, { U_("email", STRING, AT),
	    U_("email_verified", FALSE, NULL) }, "alice",
	    BP_EMAIL_UNVERIFIED },
	{ "unverified by the string", RULE, { U_("email", STRING, AT),
	    U_("email_verified", STRING, "false") }, "alice",
	    BP_EMAIL_UNVERIFIED },
	{ "unverified by null", RULE, { U_("email", STRING, AT),
	    U_("email_verified", NULL, NULL) }, "alice",
	    BP_EMAIL_UNVERIFIED },
	{ "unverified by 1", RULE, { U_("email", STRING, AT),
	    U_("email_verified", NUMBER, NULL) }, "alice",
	    BP_EMAIL_UNVERIFIED },
	{ "unverified by silence", RULE, { U_("email", STRING, AT) },
	    "alice", BP_EMAIL_UNVERIFIED },
	{ "unverified and an expression", ANY, { U_("email", STRING, AT) },
	    "alice", BP_EMAIL_UNVERIFIED },
	{ "unverified and another account", RULE,
	    { U_("email", STRING, AT) }, "bob", BP_NO_RULE },
	{ "verified by the id_token of the same address", RULE,
	    { U_("email", STRING, AT), T_("email", STRING, AT),
	    T_("email_verified", TRUE, NULL) }, "alice", -1 },
	{ "verified by the id_token without address", RULE,
	    { U_("email", STRING, AT), T_("email_verified", TRUE, NULL) },
	    "alice", BP_EMAIL_UNVERIFIED },
	{ "verified in both but different", RULE,
	    { U_("email", STRING, AT), T_("email", STRING, "b@x.example"),
	    U_("email_verified", TRUE, NULL),
	    T_("email_verified", TRUE, NULL) }, "alice", BP_EMAIL_DIFFERS },
	{ "different, for another account", RULE,
	    { U_("email", STRING, AT), T_("email", STRING, "b@x.example") },
	    "bob", BP_NO_RULE },
	{ "different, and an expression of any address",
	    "email /.*/ alice\n", { U_("email", STRING, AT),
	    T_("email", STRING, "b@x.example") }, "alice",
	    BP_EMAIL_DIFFERS },
	{ "different in the domain's case", RULE,
	    { U_("email", STRING, AT),
	    T_("email", STRING, "alice@X.example"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_EMAIL_DIFFERS },
	{ "null in the id_token", RULE, { U_("email", STRING, AT),
	    T_("email", NULL, NULL), U_("email_verified", TRUE, NULL) },
	    "alice", BP_EMAIL_DIFFERS },
	/* by sub */
	{ "the sub", "sub 4c9e-sub deploy\n", GOOD, "deploy", -1 },
	{ "the sub of one unverified", "sub 4c9e-sub deploy\n",
	    { U_("email", STRING, AT) }, "deploy", -1 },
	{ "the sub of one whose addresses differ",
	    RULE "sub 4c9e-sub alice\n", { U_("email", STRING, AT),
	    T_("email", STRING, "b@x.example") }, "alice", -1 },
	{ "the sub before such a rule", "sub 4c9e-sub alice\n" RULE,
	    { U_("email", STRING, AT) }, "alice", -1 },
	{ "a start of the sub", "sub 4c9e deploy\n", GOOD, "deploy",
	    BP_NO_RULE },
	{ "a sub in capitals", "sub 4C9E-SUB deploy\n", GOOD, "deploy",
	    BP_NO_RULE },
	{ "the sub is the message's", "sub other deploy\n",
	    { U_("sub", STRING, "other") }, "deploy", BP_NO_RULE },
	{ "the sub by expression", "sub /([0-9a-f]+)-sub/ u\\1\n", GOOD,
	    "u4c9e", -1 },
	/* by expression */
	{ "an expression", ANY, GOOD, "alice", -1 },
	{ "an expression of another account", ANY, GOOD, "bob", BP_NO_RULE },
	{ "an expression that fits a part",
	    "email /alice@x/ alice\n", GOOD, "alice", BP_NO_RULE },
	{ "an expression of another domain",
	    "email /([a-z]+)@y\\.example/ \\1\n", GOOD, "alice", BP_NO_RULE },
	{ "an expression's fixed account", "email /.+@x\\.example/ shared\n",
	    GOOD, "shared", -1 },
	{ "an expression in quotes is none", "email \".+@x.example\" alice\n",
	    GOOD, "alice", BP_NO_RULE },
	{ "a group of nothing", "email /alice(x*)@x\\.example/ \\1\n", GOOD,
	    "", BP_NO_RULE },
	/* by other claims */
	{ "another claim", "upn alice alice\n",
	    { U_("upn", STRING, "alice") }, "alice", -1 },
	{ "another claim of the id_token", "upn alice alice\n",
	    { T_("upn", STRING, "alice") }, "alice", -1 },
	{ "UserInfo's before the id_token's", "upn alice alice\n",
	    { U_("upn", STRING, "bob"), T_("upn", STRING, "alice") },
	    "alice", BP_NO_RULE },
	{ "UserInfo's null before the id_token's", "upn alice alice\n",
	    { U_("upn", NULL, NULL), T_("upn", STRING, "alice") },
	    "alice", BP_NO_RULE },
	{ "a list in another claim", "upn alice alice\n",
	    { U_("upn", STRINGS, "alice") }, "alice", BP_NO_RULE },
	{ "another claim in capitals", "upn alice alice\n",
	    { U_("UPN", STRING, "alice") }, "alice", BP_NO_RULE },
	{ "another claim that does not print", "upn /.*/ alice\n",
	    { U_("upn", STRING, "a\x1b") }, "alice", BP_NO_RULE },
	{ "another claim is not verified", "upn " AT " alice\n",
	    { U_("upn", STRING, AT) }, "alice", -1 },
	{ "a claim of Email", "Email " AT " alice\n",
	    { U_("Email", STRING, AT) }, "alice", -1 },
	/* by a claim of the name that rules of keys have */
	{ "a key that a person says is hers", OF_KEY,
	    { U_("key", STRING, FINGER), T_("key", STRING, FINGER) }, "alice",
	    BP_NO_RULE },
	{ "a key, and the address", OF_KEY RULE, GOOD, "alice", -1 },
	{ "a key that is none, and the address", "key x alice\n" RULE, GOOD,
	    "alice", BP_MAP },
	/* two rules */
	{ "the second rule", "email bob@x.example bob\n" RULE, GOOD, "alice",
	    -1 },
	{ "two accounts of one", RULE "email " AT " deploy\n", GOOD, "deploy",
	    -1 },
	{ "two of one, and neither", RULE "email " AT " deploy\n", GOOD,
	    "root", BP_NO_RULE },
	{ "an unverified rule and then none",
	    RULE "sub other alice\n", { U_("email", STRING, AT) }, "alice",
	    BP_EMAIL_UNVERIFIED },
	/* a rule with an end */
	{ "a rule on its last day", LAST, GOOD, "alice", -1 },
	{ "a rule that has ended", ENDED, GOOD, "alice", BP_RULE_ENDED },
	{ "a rule that has ended, for another account", ENDED, GOOD, "bob",
	    BP_NO_RULE },
	{ "a rule that has ended, of another address", ENDED,
	    { U_("email", STRING, "bob@x.example"),
	    U_("email_verified", TRUE, NULL) }, "alice", BP_NO_RULE },
	{ "a rule that has ended, and none", ENDED "sub other alice\n", GOOD,
	    "alice", BP_RULE_ENDED },
	{ "a rule that has ended before one that stands", ENDED RULE, GOOD,
	    "alice", -1 },
	{ "a rule that has ended behind one that stands", RULE ENDED, GOOD,
	    "alice", -1 },
	{ "an unverified rule that has ended", ENDED,
	    { U_("email", STRING, AT) }, "alice", BP_RULE_ENDED },
	{ "a rule that has ended of who differs", ENDED,
	    { U_("email", STRING, AT), T_("email", STRING, "b@x.example") },
	    "alice", BP_NO_RULE },
	{ "an expression that has ended", "email /^([a-z]+)@x\\.example$/ "
	    "\\1 until=1970-01-01\n", GOOD, "alice", BP_RULE_ENDED },
	{ "a sub that has ended", "sub 4c9e-sub alice until=1970-01-01\n",
	    GOOD, "alice", BP_RULE_ENDED },
	{ "another claim that has ended",
	    "upn alice alice until=1970-01-01\n",
	    { U_("upn", STRING, "alice") }, "alice", BP_RULE_ENDED },
	{ "an end that is none", "sub 4c9e-sub alice until=1970-01-32\n",
	    GOOD, "alice", BP_MAP },
	/* a map that is broken */
	{ "a broken line behind the rule", RULE "email\n", GOOD, "alice",
	    BP_MAP },
	{ "a broken line in front", "x\n" RULE, GOOD, "alice", BP_MAP },
	{ "a broken expression", RULE "email /(/ x\n", GOOD, "alice",
	    BP_MAP },
	{ "a group that is not there", RULE "email /a/ \\1\n", GOOD, "alice",
	    BP_MAP },
};

ROWS(maps, gives_the_account_or_says_why_not)
{
	const struct mapped *row = *state;
	IDENTITY(row);
	struct bp_config cfg;
	enum bp_reason why = 77;
	unsigned line;

	parse(PROVIDER, &cfg);
	assert_said(bp_policy_map(&cfg, bp_text_of(row->map), &who,
	    bp_text_of(row->account), NOW, &line, &why), &why, row->why);
	/* who is not asked to be verified maps, and all else stays */
	parse(PROVIDER "require_email_verified = no\n", &cfg);
	why = 77;
	assert_said(bp_policy_map(&cfg, bp_text_of(row->map), &who,
	    bp_text_of(row->account), NOW, &line, &why), &why,
	    row->why == BP_EMAIL_UNVERIFIED ? -1 : row->why);
}

/* Which line it is that decides, where they are ordinary. */
static const struct line_of {
	const char *name, *map;
	bool verified;
	const char *account;
	unsigned line;
} line_of[] = {
	{ "of the first rule",	RULE, true, "alice", 1 },
	{ "behind a comment and a blank line", "# c\n\n" RULE, true, "alice",
	    3 },
	{ "of the first that gives", "sub other alice\n" RULE RULE, true,
	    "alice", 2 },
	{ "of none", RULE RULE, true, "bob", 0 },
	{ "of none in an empty map", "", true, "alice", 0 },
	{ "of what would if it were verified", "sub x y\n" RULE "sub x y\n",
	    false, "alice", 2 },
	{ "of what gives behind what would", RULE "sub 4c9e-sub alice\n",
	    false, "alice", 2 },
	{ "of what gives in front of what would", "sub 4c9e-sub alice\n" RULE,
	    false, "alice", 1 },
	{ "of what has ended", "sub x y\n" ENDED, true, "alice", 2 },
};

ROWS(line_of, names_the_line_that_decides)
{
	const struct line_of *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("email", STRING, AT),
	    U_("email_verified", TRUE, NULL) };
	const struct bp_identity who = identity(said, row->verified ? 2 : 1,
	    &b);
	struct bp_config cfg;
	enum bp_reason why;
	unsigned line = 77;

	parse(PROVIDER, &cfg);
	(void)!bp_policy_map(&cfg, bp_text_of(row->map), &who,
	    bp_text_of(row->account), NOW, &line, &why);
	assert_int_equal(line, row->line);
}

/* The steps and the whole are one: a map gives what one of its rules gives. */
ROWS(maps, a_map_gives_what_a_rule_of_it_gives)
{
	const struct mapped *row = *state;
	IDENTITY(row);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = bp_text_of(row->map) };
	struct bp_map_rule rule;
	enum bp_map_step step;
	struct bp_config cfg;
	unsigned given = 0;

	parse(PROVIDER, &cfg);
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(&cfg, &who, bp_text_of(row->account), NOW);
	while ((step = bp_account_map_next(&map, &rule)) == BP_MAP_RULE)
		given += bp_policy_rule(&m, &rule, &got) == BP_RULE_GIVES;
	assert_int_equal(step, row->why == BP_MAP ? BP_MAP_BAD : BP_MAP_END);
	assert_true(row->why == BP_MAP || (given > 0) == (row->why < 0));
}

static const struct ruled {
	const char *name, *rule;
	struct said said[4];
	enum bp_verdict is;
	const char *account;		/* that it gives, "" for none */
} rules[] = {
	{ "rule: it gives", RULE, GOOD, BP_RULE_GIVES, "alice" },
	{ "rule: by expression", ANY, GOOD, BP_RULE_GIVES, "alice" },
	{ "rule: another account", "email " AT " bob\n", GOOD,
	    BP_RULE_OTHER_ACCOUNT, "bob" },
	{ "rule: another by expression", "email /(a).*/ \\1x\n", GOOD,
	    BP_RULE_OTHER_ACCOUNT, "ax" },
	{ "rule: another by sub", "sub 4c9e-sub deploy\n", GOOD,
	    BP_RULE_OTHER_ACCOUNT, "deploy" },
	{ "rule: another by a claim", "upn a \"d\"\n",
	    { U_("upn", STRING, "a") }, BP_RULE_OTHER_ACCOUNT, "d" },
	{ "rule: another and unverified", "email " AT " bob\n",
	    { U_("email", STRING, AT) }, BP_RULE_OTHER_ACCOUNT, "bob" },
	{ "rule: another identity", "email bob@x.example alice\n", GOOD,
	    BP_RULE_OTHER_IDENTITY, "" },
	{ "rule: another sub", "sub x alice\n", GOOD,
	    BP_RULE_OTHER_IDENTITY, "" },
	{ "rule: an expression that fits a part", "email /alice/ alice\n",
	    GOOD, BP_RULE_OTHER_IDENTITY, "" },
	{ "rule: a group of nothing", "email /(x*)alice.*/ \\1\n", GOOD,
	    BP_RULE_OTHER_IDENTITY, "" },
	{ "rule: an account that cannot be", "email /(.*)@.*/ \\1\n",
	    { U_("email", STRING, "-a@x.example") }, BP_RULE_OTHER_IDENTITY,
	    "" },
	{ "rule: no claim", "upn a alice\n", GOOD, BP_RULE_NO_VALUE, "" },
	{ "rule: a list", "upn a alice\n", { U_("upn", STRINGS, "a") },
	    BP_RULE_NO_VALUE, "" },
	{ "rule: no address", RULE, { U_("upn", STRING, "a") },
	    BP_RULE_NO_VALUE, "" },
	{ "rule: two @", RULE, { U_("email", STRING, "a@b@c") },
	    BP_RULE_NO_VALUE, "" },
	{ "rule: unverified", RULE, { U_("email", STRING, AT) },
	    BP_RULE_UNVERIFIED, "alice" },
	{ "rule: the documents differ", RULE, { U_("email", STRING, AT),
	    T_("email", STRING, "b@x.example") }, BP_RULE_DIFFERS, "" },
	{ "rule: of a key", OF_KEY, { U_("key", STRING, FINGER) },
	    BP_RULE_OF_KEY, "" },
	{ "rule: they differ, for another", "email " AT " bob\n",
	    { U_("email", STRING, AT), T_("email", STRING, "b@x.example") },
	    BP_RULE_NO_VALUE, "" },
};

ROWS(rules, says_why)
{
	const struct ruled *row = *state;
	IDENTITY(row);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = bp_text_of(row->rule) };
	struct bp_map_rule rule;
	struct bp_config cfg;

	parse(PROVIDER, &cfg);
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(&cfg, &who, bp_text_of("alice"), NOW);
	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_RULE);
	assert_true(bp_buf_say(&got, "what was there before"));
	assert_int_equal(bp_policy_rule(&m, &rule, &got), row->is);
	assert_true(bp_text_is(bp_buf_text(&got), row->account));
}

static const struct keyed {
	const char *name, *map, *key, *account;
	int why;
} keyed[] = {
	{ "a key of the map", OF_KEY, FINGER, "alice", -1 },
	{ "a key of the map in quotes", "key \"" FINGER "\" \"alice\"\n",
	    FINGER, "alice", -1 },
	{ "a key of the second line", "# c\n" RULE OF_KEY, FINGER, "alice",
	    -1 },
	{ "a key of two accounts", OF_KEY "key " FINGER " bob\n", FINGER,
	    "bob", -1 },
	{ "a key of two accounts, the first", OF_KEY "key " FINGER " bob\n",
	    FINGER, "alice", -1 },
	{ "a key of another account", OF_KEY, FINGER, "bob", BP_NO_RULE },
	{ "a key of an account that begins so", OF_KEY, FINGER, "alic",
	    BP_NO_RULE },
	{ "another key", OF_KEY,
	    "SHA256:dYOx5c/KYvH0KU1UcmB3HZGBgCZaEXAe83vhX+ilwhs", "alice",
	    BP_NO_RULE },
	{ "a certificate with the key's hash", OF_KEY, "cert-" FINGER,
	    "alice", BP_NO_RULE },
	{ "a key on its rule's last day",
	    "key " FINGER " alice until=1970-01-12\n", FINGER, "alice", -1 },
	{ "a key whose rule has ended",
	    "key " FINGER " alice until=1970-01-11\n", FINGER, "alice",
	    BP_NO_RULE },
	{ "a key by a rule of sub", "sub " FINGER " alice\n", FINGER,
	    "alice", BP_NO_RULE },
	{ "a key by an expression of sub", "sub /.*/ alice\n", FINGER,
	    "alice", BP_NO_RULE },
	{ "a key by a map of none", "", FINGER, "alice", BP_NO_RULE },
	{ "a key, and then a broken line", OF_KEY "key x alice\n", FINGER,
	    "alice", BP_MAP },
};

ROWS(keyed, lets_a_key_in_or_not)
{
	const struct keyed *row = *state;
	enum bp_reason why = 77;
	unsigned line = 77;

	assert_said(bp_policy_key(bp_text_of(row->map), bp_text_of(row->key),
	    bp_text_of(row->account), 1000000, &line, &why), &why, row->why);
	assert_int_equal(line != 0, row->why < 0 || row->why == BP_MAP);
}

TEST(the_line_of_a_key_is_that_of_the_first_rule_that_gives)
{
	static const char map[] = RULE "key " FINGER " bob\n" OF_KEY OF_KEY;
	enum bp_reason why;
	unsigned line;

	(void)state;
	assert_true(bp_policy_key(bp_text_of(map), bp_text_of(FINGER),
	    bp_text_of("alice"), 1000000, &line, &why));
	assert_int_equal(line, 3);
}

TEST(a_demand_is_its_key_and_what_it_is_set_to)
{
	static const struct { const char *key, *set; enum bp_reason why; }
	    rows[BP_DEMANDS] = {
		{ "require_role", "r1, r2", BP_ROLE },
		{ "require_all_roles", "a", BP_ALL_ROLES },
		{ "require_scope", "s", BP_SCOPE },
		{ "require_acr", "c", BP_ACR },
		{ "require_amr", "m, n", BP_AMR },
	};
	const struct bp_identity who = bp_identity_make(bp_text_of("x"),
	    bp_text_of(""), bp_text_of(""));
	struct bp_config cfg;
	const struct bp_service *sshd, *su;

	(void)state;
	parse(PROVIDER "[service:sshd]\nrequire_role = r1, r2\n"
	    "require_all_roles = a\nrequire_scope = s\n"
	    "require_acr = c\nrequire_amr = m, n\n"
	    "[service:su]\nrequire_all_roles = a\n", &cfg);
	sshd = bp_config_service(&cfg, bp_text_of("sshd"));
	su = bp_config_service(&cfg, bp_text_of("su"));
	for (enum bp_demand i = 0; i < BP_DEMANDS; i++) {
		enum bp_reason why = 77;

		assert_string_equal(bp_policy_demand_key(i), rows[i].key);
		assert_true(bp_text_is(bp_policy_demand_of(sshd, i),
		    rows[i].set));
		assert_said(bp_policy_demand(&cfg, sshd, i, &who, &why), &why,
		    (int)rows[i].why);
		/* what is not demanded is met */
		why = 77;
		assert_said(bp_policy_demand(&cfg, su, i, &who, &why), &why,
		    i == BP_DEMAND_ALL_ROLES ? BP_ALL_ROLES : -1);
	}
}

static const struct decision {
	const char *name, *service, *account;
	struct said said[4];
	int why;
} decisions[] = {
#define ALL(company, role, verified)	{ U_("company", STRING, company), \
	U_("role", STRING, role), U_("email", STRING, AT), \
	U_("email_verified", verified, NULL) }
	{ "all three", "sshd", "alice", ALL("acme", "dev", TRUE), -1 },
	{ "another tenant", "sshd", "alice", ALL("evil", "dev", TRUE),
	    BP_TENANT },
	{ "another role", "sshd", "alice", ALL("acme", "x", TRUE), BP_ROLE },
	{ "an unverified address", "sshd", "alice", ALL("acme", "dev", FALSE),
	    BP_EMAIL_UNVERIFIED },
	{ "an account of nobody", "sshd", "bob", ALL("acme", "dev", TRUE),
	    BP_NO_RULE },
	{ "a service of no section", "login", "alice",
	    ALL("acme", "dev", TRUE), BP_SERVICE_CLOSED },
	{ "a service that begins so", "ssh", "alice",
	    ALL("acme", "dev", TRUE), BP_SERVICE_CLOSED },
	{ "sudo -i by sudo's section", "sudo-i", "alice",
	    ALL("acme", "ops", TRUE), -1 },
	{ "sudo -i without sudo's role", "sudo-i", "alice",
	    ALL("acme", "dev", TRUE), BP_ROLE },
	{ "the tenant before all else", "login", "bob",
	    ALL("evil", "x", FALSE), BP_TENANT },
	{ "the service before the map", "sshd", "bob",
	    ALL("acme", "x", FALSE), BP_ROLE },
	{ "an old sign-in before the tenant", "su-l", "bob",
	    { T_("auth_time", NUMBER, "3939"), U_("company", STRING, "evil") },
	    BP_AUTH_TIME_PAST },
	{ "no time of the sign-in before all", "su", "bob",
	    ALL("evil", "x", FALSE), BP_AUTH_TIME },
	{ "a new sign-in before the tenant", "su", "bob",
	    { T_("auth_time", NUMBER, "3940"), U_("company", STRING, "evil") },
	    BP_TENANT },
};

ROWS(decisions, is_decided)
{
	const struct decision *row = *state;
	IDENTITY(row);
	struct bp_config cfg;
	enum bp_reason why = 77;
	struct bp_basis basis = { 77, true };

	parse("[provider]\nclient_id = pam\ntenant = claim company=acme\n"
	    "[service:sshd]\nrequire_role = dev\n"
	    "[service:sudo]\nrequire_role = ops\n"
	    "[service:su]\nrequire_role = ops\nmax_age = 1000s\n", &cfg);
	assert_said(bp_policy_decide(&cfg, bp_text_of(row->service),
	    bp_text_of(RULE), &who, bp_text_of(row->account), 5000, &basis,
	    &why), &why, row->why);
	/* who is no colleague is not asked about roles, nor which rule */
	assert_int_equal(basis.has_roles, row->why != BP_TENANT &&
	    row->why != BP_AUTH_TIME && row->why != BP_AUTH_TIME_PAST);
	assert_int_equal(basis.line, row->why == -1 ||
	    row->why == BP_EMAIL_UNVERIFIED);
}

TEST(a_rule_gives_until_the_last_second_of_its_day)
{
	static const struct { int64_t now; int why; } bounds[] = {
		{ NOW - 1, -1 }, { NOW, -1 }, { NOW + 86399, -1 },
		{ NOW + 86400, BP_RULE_ENDED }, { INT64_MAX, BP_RULE_ENDED },
	};
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct said said[] = { U_("role", STRING, "dev"),
	    U_("email", STRING, AT), U_("email_verified", TRUE, NULL) };
	const struct bp_identity who = identity(said, 3, &b);
	struct bp_config cfg;

	(void)state;
	parse("[provider]\nclient_id = pam\ntenant = any\n"
	    "[service:sshd]\nrequire_role = dev\n", &cfg);
	for (size_t i = 0; i < COUNT(bounds); i++) {
		enum bp_reason why = 77;
		struct bp_basis basis;

		assert_said(bp_policy_decide(&cfg, bp_text_of("sshd"),
		    bp_text_of(LAST), &who, bp_text_of("alice"),
		    bounds[i].now, &basis, &why), &why, bounds[i].why);
	}
}

static const struct wanted {
	const char *name, *settings, *map, *is;	/* one name a line */
} wants[] = {
	{ "wanted always", "tenant = any\n", "",
	    "email\nemail_verified\nrole\n" },
	{ "wanted for the tenant", "tenant = claim company=a\n", "",
	    "email\nemail_verified\nrole\ncompany\n" },
	{ "wanted for roles", "tenant = any\nrole_claim = groups\n", "",
	    "email\nemail_verified\ngroups\n" },
	{ "wanted for rules", "tenant = any\n",
	    RULE "upn a b\nsub c d\nEmail e f\nupn g h\n",
	    "email\nemail_verified\nrole\nupn\nEmail\n" },
	{ "roles in the e-mail", "tenant = any\nrole_claim = email\n", RULE,
	    "email\nemail_verified\n" },
	{ "the tenant in the e-mail", "tenant = claim email=a\n", "",
	    "email\nemail_verified\nrole\n" },
	{ "the tenant in the roles", "tenant = claim role=a\n", "role a b\n",
	    "email\nemail_verified\nrole\n" },
	{ "a rule of the tenant's claim", "tenant = claim company=a\n",
	    "company a b\n", "email\nemail_verified\nrole\ncompany\n" },
	{ "roles in the sub", "tenant = any\nrole_claim = sub\n",
	    "sub a b\n", "email\nemail_verified\nsub\n" },
	{ "wanted of the sign-in", "tenant = any\n[service:a]\n"
	    "require_amr = pwd\n[service:b]\nrequire_acr = x\nmax_age = 1h\n"
	    "[service:c]\nrequire_amr = otp\n", "acr a b\n",
	    "email\nemail_verified\nrole\namr\nacr\nauth_time\n" },
	{ "wanted by a broken map", "tenant = any\n", "x\n", NULL },
};

ROWS(wants, is_asked_for_each_once)
{
	const struct wanted *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_account_map e;
	struct bp_config cfg;
	struct bp_list each;
	struct bp_text item, left, rest = bp_text_of(row->is != NULL
	    ? row->is : "");
	char text[1000];

	(void)snprintf(text, sizeof(text), "[provider]\nclient_id = pam\n%s",
	    row->settings);
	parse(text, &cfg);
	assert_int_equal(bp_policy_wanted(&cfg, bp_text_of(row->map), &b,
	    &e),
	    row->is != NULL);
	if (row->is == NULL)
		return;
	for (each = bp_list_of(bp_buf_text(&b)); bp_list_next(&each, &item);) {
		assert_true(bp_text_cut(rest, '\n', &left, &rest));
		assert_true(bp_text_same(item, left));
	}
	assert_int_equal(rest.len, 0);
}

TEST(thirty_two_claims_are_wanted_at_most)
{
	char map[4000];

	(void)state;
	for (unsigned extra = 28; extra <= 29; extra++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
		struct bp_account_map e;
	struct bp_config cfg;
		size_t len = 0;

		for (unsigned i = 0; i < extra; i++)
			len += (size_t)snprintf(map + len, sizeof(map) - len,
			    "c%u a b\n", i);
		parse("[provider]\nclient_id = pam\n"
		    "tenant = claim company=a\n", &cfg);
		assert_int_equal(bp_policy_wanted(&cfg, bp_text_of(map), &b,
		    &e),
		    extra == 28);
		if (extra == 28)
			assert_int_equal(bp_list_count(bp_buf_text(&b)), 32);
	}
}

TEST(what_is_wanted_begins_in_an_empty_buffer)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_account_map e;
	struct bp_config cfg;

	(void)state;
	parse(PROVIDER, &cfg);
	assert_true(bp_buf_say(&b, "xxxx"));
	assert_false(bp_policy_wanted(&cfg, bp_text_of(""), &b, &e));
	assert_true(bp_text_is(bp_buf_text(&b), "xxxx"));
}

/* Each of them is a second of work at the most; and it is told of. */
TEST(a_map_that_takes_too_many_steps_admits_nobody)
{
	static const char rule[] = "upn /(a*a*a*a*a*a*a*a*b|a)+c/ alice\n";
	enum { RULES = 40, LINE = sizeof(rule) - 1 };
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(10000);
	char upn[BP_MATCH_MAX + 1], map[RULES * LINE + sizeof(RULE)];
	const struct said said[] = { U_("upn", STRING, upn),
	    U_("email", STRING, AT), U_("email_verified", TRUE, NULL) };
	struct bp_identity who;
	struct bp_config cfg;
	enum bp_reason why;
	unsigned line;

	(void)state;
	memset(upn, 'a', sizeof(upn));
	upn[BP_MATCH_MAX] = '\0';
	who = identity(said, COUNT(said), &b);
	parse(PROVIDER, &cfg);
	for (unsigned n = 10; n <= RULES; n += RULES - 10) {
		for (unsigned i = 0; i < n; i++)
			memcpy(map + i * LINE, rule, LINE);
		(void)strcpy(map + (size_t)n * LINE, RULE);
		why = 77;
		/* the rule behind them gives it all the same */
		assert_said(bp_policy_map(&cfg, bp_text_of(map), &who,
		    bp_text_of("alice"), NOW, &line, &why), &why, n == RULES
		    ? BP_MAP_LONG : -1);
	}
}

/* 0.06 s on a machine of 2024; 28 s and more where each rule searches. */
TEST(ten_thousand_rules_and_the_largest_claims_take_no_long_time)
{
	struct timespec began, ended;
	enum bp_reason why = 77;
	struct large l;

	(void)state;
	large_init(&l);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	assert_true(large_read(&l));
	assert_said(large_decide(&l, &why), &why, -1);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	assert_true(ended.tv_sec - began.tv_sec < 4);
	large_done(&l);
}

RUN(NULL, NULL)
