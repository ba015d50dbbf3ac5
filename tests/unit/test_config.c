/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/config.h"
#include "core/item.h"
#include "wire/list.h"

#define MINIMAL	"[provider]\nclient_id = b\ntenant = any\n"
#define P(line)	MINIMAL line "\n"			/* line 4 */
#define A(line)	MINIMAL "[accounts]\n" line "\n"	/* line 5 */
#define S(name)	"[service:" #name "]\n"
#define V(line)	MINIMAL S(sshd) line "\n"		/* line 5 */
#define T(value) "[provider]\nclient_id = b\ntenant = " value "\n"

#define X16(s)	s s s s s s s s s s s s s s s s
#define X256(s)	X16(X16(s))
#define X128(s)	X16(s s s s s s s s)
#define X127(s)	X16(s s s s s s s) s s s s s s s s s s s s s s s
#define X32(s)	X16(s) X16(s)

/* What a file must be refused for, and where the complaint must point. */
static const struct refusal {
	const char *name, *text;
	unsigned line;
	const char *key, *what;
} refusals[] = {
	{ "empty file", "", 0, "client_id", "is missing" },
	{ "no tenant", "[provider]\nclient_id = b\n", 0, "tenant",
	    "is missing; the provider serves every customer" },
	{ "no client", "[provider]\ntenant = any\n", 0, "client_id",
	    "is missing" },
	{ "no INI file", "x\n", 1, "", "expected key = value" },
	{ "no pair", P("x"), 4, "provider", "expected key = value" },
	{ "a fault of the reader", P("timeout = 1s\x01"), 4, "provider",
	    "control character" },
	{ "unknown key", P("issuers = x"), 4, "issuers", "unknown key" },
	{ "a later step's key", P("flow = device"), 4, "flow", "unknown key" },
	{ "a company that is not named", T("api"), 0, "company",
	    "is missing from [api], and tenant is api" },
	{ "a company that is not named, for roles",
	    P("[api]\nrole_source = both"), 0, "company",
	    "is missing from [api], whose role_source" },
	{ "roles of nowhere", P("[api]\nrole_source = none"), 5,
	    "role_source", "claims, api or both" },
	{ "too long a cache", P("[api]\ncache = 8d"), 5, "cache",
	    "0s to 604800s" },
	{ "too long a grace", P("[api]\ngrace = 8d"), 5, "grace",
	    "0s to 604800s" },
	{ "perhaps a pin", P("[accounts]\npin_subject = perhaps"), 5,
	    "pin_subject", "yes or no" },
	{ "an API by http", P("[api]\nbase_url = http://a"), 5, "base_url",
	    "https" },
	{ "an API with a query", P("[api]\nbase_url = https://a/?b"), 5,
	    "base_url", "query" },
	{ "an API of a user", P("[api]\nbase_url = https://b@a/"), 5,
	    "base_url", "user" },
	{ "a company with a slash", P("[api]\ncompany = a/b"), 5, "company",
	    "letters, digits" },
	{ "a company with a blank", P("[api]\ncompany = a b"), 5, "company",
	    "letters, digits" },
	{ "a company that is spelt", P("[api]\ncompany = a%2Fb"), 5,
	    "company", "letters, digits" },
	{ "a company with a query", P("[api]\ncompany = a?b"), 5, "company",
	    "letters, digits" },
	{ "a company of a dot", P("[api]\ncompany = ."), 5, "company",
	    "letters, digits" },
	{ "a company of two dots", P("[api]\ncompany = .."), 5, "company",
	    "letters, digits" },
	{ "a company beyond ASCII", P("[api]\ncompany = \xc3\xa4"), 5,
	    "company", "letters, digits" },
	{ "a long company", P("[api]\ncompany = " X128("a") "a"), 5,
	    "company", "at most 128" },
	{ "an empty company", P("[api]\ncompany ="), 5, "company",
	    "leave the key out" },
	{ "a capital API", T("API"), 3, "tenant", "not understood" },
	{ "more behind api", T("api acme"), 3, "tenant", "not understood" },
	{ "key of another section", A("issuer = https://a"), 5, "issuer",
	    "unknown key" },
	{ "key of a service elsewhere", P("require_role = a"), 4,
	    "require_role", "unknown key" },
	{ "key twice", P("client_id = b"), 4, "client_id", "given twice" },
	{ "key twice in a service", V("require_role = a\nrequire_role = a"), 6,
	    "require_role", "given twice" },
	{ "no value", P("timeout ="), 4, "timeout", "leave the key out" },
	{ "no value where one must be", "[provider]\nclient_id =\n", 2,
	    "client_id", "is missing" },
	{ "an empty tenant", T(""), 3, "tenant", "is missing; the provider" },
	{ "an empty role", V("require_role ="), 5, "require_role",
	    "leave the key out" },
	{ "unknown section", P("[x]"), 4, "x", "unknown section" },
	{ "a capital section", P("[Provider]"), 4, "Provider",
	    "unknown section" },
	{ "section twice", MINIMAL "[accounts]\n[provider]\n", 5, "provider",
	    "section given twice" },
	{ "service twice", MINIMAL S(a) S(b) S(a), 6, "service:a",
	    "section given twice" },
	{ "a service too many", X32("#\n") S(a) S(b) S(c) S(d) S(e) S(f) S(g)
	    S(h) S(i) S(j) S(k) S(l) S(m) S(n) S(o) S(p) S(q) S(r) S(s) S(t)
	    S(u) S(v) S(w) S(x) S(y) S(z) S(1) S(2) S(3) S(4) S(5) S(6) S(7),
	    65, "service:7", "more than 32" },
	{ "service of no name", S(), 1, "service:", "no name" },
	{ "not even a colon", "[service]\n", 1, "service", "unknown" },
	{ "service with a slash", S(a/b), 1, "service:a/b", "no name that" },
	{ "service with a blank", S(a b), 1, "service:a b", "no name that" },
	{ "service with a blank in front", "[service: a]\n", 1,
	    "service: a", "no name that" },
	{ "service in capitals", S(SSHD), 1, "service:SSHD", "capitals" },
	{ "service beyond ASCII", S(\xc3\xa4), 1, "service:\xc3\xa4",
	    "no name that" },
	{ "a long service", "[service:" X256("a") "]\n", 1,
	    "service:" X256("a"), "255 bytes" },

	{ "plain http", P("issuer = http://a.example"), 4, "issuer", "https" },
	{ "capital HTTPS", P("issuer = HTTPS://a.example"), 4, "issuer",
	    "https" },
	{ "no address", P("issuer = https:a.example"), 4, "issuer", "https" },
	{ "no host", P("issuer = https:///ids"), 4, "issuer", "https" },
	{ "a user", P("issuer = https://u@a.example"), 4, "issuer", "user" },
	{ "a query", P("issuer = https://a.example/?b"), 4, "issuer", "query" },
	{ "a fragment", P("issuer = https://a.example/#b"), 4, "issuer",
	    "fragment" },
	{ "a blank in an address", P("issuer = https://a.example/ b"), 4,
	    "issuer", "https" },
	{ "an address beyond ASCII", P("issuer = https://a.example/\xc3\xa4"),
	    4, "issuer", "https" },
	{ "a quoted address", P("issuer = \"https://a.example\""), 4, "issuer",
	    "https" },
	{ "a long address", P("issuer = https://a.example/" X256("ab")), 4,
	    "issuer", "512 bytes" },
	{ "a client beyond ASCII", "[provider]\nclient_id = \xc3\xa4\n", 2,
	    "client_id", "ASCII" },
	{ "a long client", "[provider]\nclient_id = " X256("a") "\n", 2,
	    "client_id", "255 bytes" },
	{ "a relative secret", P("client_secret_file = secret"), 4,
	    "client_secret_file", "absolute path" },
	{ "a long secret's path", P("client_secret_file = /" X256("abcd")), 4,
	    "client_secret_file", "1023 bytes" },
	{ "a relative store", P("ca_file = ./ca.pem"), 4, "ca_file",
	    "absolute path" },

	{ "another tenant", T("some"), 3, "tenant", "not understood" },
	{ "a capital tenant", T("Any"), 3, "tenant", "not understood" },
	{ "more behind any", T("any company"), 3, "tenant", "not understood" },
	{ "a claim of no kind", T("claimcompany=acme"), 3, "tenant",
	    "not understood" },
	{ "no claim", T("claim"), 3, "tenant", "not understood" },
	{ "a claim without =", T("claim company"), 3, "tenant",
	    "not understood" },
	{ "a claim without name", T("claim =acme"), 3, "tenant",
	    "not understood" },
	{ "a claim without value", T("claim company="), 3, "tenant",
	    "not understood" },
	{ "a blank before =", T("claim company =acme"), 3, "tenant",
	    "no blanks around the =" },
	{ "a blank behind =", T("claim company= acme"), 3, "tenant",
	    "no blanks around the =" },
	{ "a claim of two words", T("claim my company=acme"), 3, "tenant",
	    "not understood" },
	{ "a long claim", T("claim " X128("a") "a=b"), 3, "tenant",
	    "not understood" },

	{ "no openid", P("scopes = profile"), 4, "scopes", "openid" },
	{ "scopes by blanks", P("scopes = openid profile"), 4, "scopes",
	    "list of scopes" },
	{ "a scope twice", P("scopes = openid, a, \"a\""), 4, "scopes",
	    "none twice" },
	{ "a quote in a scope", P("scopes = openid, \"a\"\"b\""), 4, "scopes",
	    "6749" },
	{ "a backslash in a scope", P("scopes = openid, a\\b"), 4, "scopes",
	    "6749" },
	{ "a scope beyond ASCII", P("scopes = openid, \xc3\xa4"), 4, "scopes",
	    "6749" },
	{ "an empty scope", P("scopes = openid,, a"), 4, "scopes", "6749" },
	{ "a comma at the end", P("scopes = openid,"), 4, "scopes", "6749" },
	{ "a long scope", P("scopes = openid, " X256("a")), 4, "scopes",
	    "255 bytes" },

	{ "no URI", P("redirect_uri = localhost:8765/callback"), 4,
	    "redirect_uri", "http or https" },
	{ "no URI after a logout", P("post_logout_redirect_uri = x"), 4,
	    "post_logout_redirect_uri", "http or https" },
	{ "a fragment after a logout",
	    P("post_logout_redirect_uri = https://a/#b"), 4,
	    "post_logout_redirect_uri", "fragment" },
	{ "another scheme", P("redirect_uri = ftp://localhost/"), 4,
	    "redirect_uri", "http or https" },
	{ "a redirect to no host", P("redirect_uri = http:///callback"), 4,
	    "redirect_uri", "http or https" },
	{ "a redirect to a user", P("redirect_uri = http://a@localhost/"), 4,
	    "redirect_uri", "without user" },
	{ "a redirect to no port", P("redirect_uri = http://localhost:x/"), 4,
	    "redirect_uri", "http or https" },
	{ "a redirect's fragment", P("redirect_uri = http://localhost/#a"), 4,
	    "redirect_uri", "fragment" },
	{ "https with a fragment", P("redirect_uri = https://localhost/#a"),
	    4, "redirect_uri", "fragment" },
	{ "a redirect with a blank", P("redirect_uri = http://localhost/ a"),
	    4, "redirect_uri", "http or https" },
	{ "a long redirect", P("redirect_uri = http://a/" X256("ab")), 4,
	    "redirect_uri", "512 bytes" },

	{ "no unit", P("timeout = 3"), 4, "timeout", "1s to 60s" },
	{ "no number", P("timeout = s"), 4, "timeout", "1s to 60s" },
	{ "another unit", P("timeout = 3w"), 4, "timeout", "1s to 60s" },
	{ "a unit too many", P("timeout = 1m5"), 4, "timeout", "1s to 60s" },
	{ "two times", P("timeout = 1m5s"), 4, "timeout", "1s to 60s" },
	{ "a blank before the unit", P("timeout = 5 s"), 4, "timeout",
	    "1s to 60s" },
	{ "a negative time", P("timeout = -1s"), 4, "timeout", "1s to 60s" },
	{ "a fraction", P("timeout = 1.5s"), 4, "timeout", "1s to 60s" },
	{ "too long a time", P("timeout = 61s"), 4, "timeout", "1s to 60s" },
	{ "too short a time", P("timeout = 0m"), 4, "timeout", "1s to 60s" },
	{ "past 64 bits", P("timeout = 99999999999999999999d"), 4, "timeout",
	    "1s to 60s" },
	{ "an alg that is none", P("signing_algs = RS256, none"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "an alg of a shared secret", P("signing_algs = HS256"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "an alg in small letters", P("signing_algs = rs256"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "an alg twice", P("signing_algs = ES256, ES256"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "algs without a comma", P("signing_algs = RS256 ES256"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "a comma behind an alg", P("signing_algs = RS256,"), 4,
	    "signing_algs", "RS256, ES256, or both" },
	{ "too much skew", P("clock_skew = 301s"), 4, "clock_skew",
	    "0s to 300s" },
	{ "skew in hours", P("clock_skew = 1h"), 4, "clock_skew",
	    "0s to 300s" },
	{ "zero without a unit", P("clock_skew = 0"), 4, "clock_skew",
	    "0s to 300s" },
	{ "a claim with a blank", P("role_claim = my role"), 4, "role_claim",
	    "without blanks" },
	{ "a long role claim", P("role_claim = " X128("a") "a"), 4,
	    "role_claim", "128 bytes" },
	{ "true is not yes", P("require_email_verified = true"), 4,
	    "require_email_verified", "yes or no" },
	{ "Yes is not yes", P("require_email_verified = Yes"), 4,
	    "require_email_verified", "yes or no" },

	{ "an acr value of two words", P("acr_values = a b"), 4, "acr_values",
	    "without blank" },
	{ "an acr value with a quote", P("acr_values = \"a\"\"b\""), 4,
	    "acr_values", "quote" },
	{ "a long acr value", P("acr_values = " X256("a")), 4, "acr_values",
	    "255" },
	{ "an empty acr", V("require_acr = a,, b"), 5, "require_acr",
	    "must be a list" },
	{ "any acr", V("require_acr = *"), 5, "require_acr",
	    "must be a list" },
	{ "any amr", V("require_amr = *"), 5, "require_amr",
	    "must be a list" },
	{ "an open quote of amr", V("require_amr = \"a"), 5, "require_amr",
	    "must be a list" },
	{ "an age without a unit", V("max_age = 3600"), 5, "max_age",
	    "1s to 2592000s" },
	{ "no age", V("max_age = 0s"), 5, "max_age", "1s to 2592000s" },
	{ "too great an age", V("max_age = 31d"), 5, "max_age",
	    "1s to 2592000s" },
	{ "an age of the provider's", P("max_age = 1h"), 4, "max_age",
	    "unknown key" },
	{ "a prompt of no kind", P("prompt = none"), 4, "prompt",
	    "login, select_account or consent" },
	{ "two prompts", P("prompt = login consent"), 4, "prompt",
	    "login, select_account or consent" },
	{ "a proxy by https", P("proxy = https://p:1"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy of no scheme", P("proxy = p:1"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy of another scheme", P("proxy = socks5://p:1"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy without a port", P("proxy = http://p"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "one of IPv6 without a port", P("proxy = http://[::1]"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy of an empty port", P("proxy = http://p:"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy of no host", P("proxy = http://:1"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy past all ports", P("proxy = http://p:65536"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy with a path", P("proxy = http://p:1/"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy with a query", P("proxy = http://p:1?a"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy with a fragment", P("proxy = http://p:1#a"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "a proxy with a user", P("proxy = http://u:w@p:1"), 4, "proxy",
	    "without user" },
	{ "a proxy with a blank", P("proxy = http://p:1 x"), 4, "proxy",
	    "http://HOST:PORT" },
	{ "pkce of another kind", P("pkce = plain"), 4, "pkce",
	    "off or s256" },
	{ "pkce in capitals", P("pkce = S256"), 4, "pkce", "off or s256" },
	{ "another client_auth", P("client_auth = jwt"), 4, "client_auth",
	    "post or basic" },
	{ "a prompt in capitals", V("prompt = Login"), 5, "prompt",
	    "login, select_account or consent" },

	{ "a relative map", A("map = accounts.map"), 5, "map",
	    "absolute path" },
	{ "accounts by blanks", A("local_accounts = root alice"), 5,
	    "local_accounts", "list of accounts" },
	{ "every account", A("local_accounts = *"), 5, "local_accounts",
	    "list of accounts" },
	{ "an account with a colon", A("local_accounts = a:b"), 5,
	    "local_accounts", "list of accounts" },
	{ "a long account", A("local_accounts = " X256("a")), 5,
	    "local_accounts", "255 bytes" },
	{ "min_uid 0", A("min_uid = 0"), 5, "min_uid", "from 1" },
	{ "min_uid of no digits", A("min_uid = 1k"), 5, "min_uid", "number" },
	{ "a negative min_uid", A("min_uid = -1"), 5, "min_uid", "number" },
	{ "min_uid past all", A("min_uid = 4294967295"), 5, "min_uid",
	    "4294967294" },

	{ "open quote", V("require_role = a, \"b"), 5, "require_role",
	    "must be a list" },
	{ "a stray quote", V("require_role = a\"b"), 5, "require_role",
	    "must be a list" },
	{ "comma at the end", V("require_role = a,"), 5, "require_role",
	    "must be a list" },
	{ "a role of no name", V("require_role = a, \"\""), 5,
	    "require_role", "must be a list" },
	{ "any role among others", V("require_role = a, *"), 5,
	    "require_role", "* alone" },
	{ "any role first", V("require_role = *, a"), 5, "require_role",
	    "* alone" },
	{ "any role twice", V("require_role = *, *"), 5, "require_role",
	    "* alone" },
	{ "all of any role", V("require_all_roles = *"), 5,
	    "require_all_roles", "in quotes" },
	{ "all with any role", V("require_all_roles = a, *"), 5,
	    "require_all_roles", "in quotes" },
	{ "a long role", V("require_role = " X256("a")), 5, "require_role",
	    "255 bytes" },
	{ "a role too many", V("require_role = " X128("a,") "a"), 5,
	    "require_role", "128 items" },
	{ "a scope with a quote", V("require_scope = \"a\"\"\""), 5,
	    "require_scope", "6749" },
	{ "any scope", V("require_scope = *"), 5, "require_scope", "6749" },
	{ "a scope of two words", V("require_scope = a b"), 5,
	    "require_scope", "6749" },
	{ "too short a deadline", V("deadline = 9s"), 5, "deadline",
	    "10s to 600s" },
	{ "too long a deadline", V("deadline = 11m"), 5, "deadline",
	    "10s to 600s" },
	{ "a deadline in words", V("deadline = none"), 5, "deadline",
	    "auto or" },
	{ "too long a ticket", V("ticket = 8d"), 5, "ticket",
	    "0s to 604800s" },
	{ "a ticket without a unit", V("ticket = 8"), 5, "ticket",
	    "0s to 604800s" },
	{ "too long a recheck", V("recheck = 604801s"), 5, "recheck",
	    "0s to 604800s" },
	{ "perhaps observed", V("observe = perhaps"), 5, "observe",
	    "yes or no" },
	{ "a recheck in words", V("recheck = never"), 5, "recheck",
	    "0s to 604800s" },
};

ROWS(refusals, is_refused_with_line_and_key)
{
	const struct refusal *row = *state;
	struct bp_config cfg, before;
	struct bp_config_error e = { 0 };

	memset(&cfg, 7, sizeof(cfg));
	before = cfg;
	assert_false(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_non_null(strstr(e.what, row->what));
	assert_int_equal(e.line, row->line);
	assert_true(bp_text_is(e.key, row->key));
	/* and nothing was written */
	assert_memory_equal(&cfg, &before, sizeof(cfg));
}

static const struct good {
	const char *name, *text;
} good[] = {
	{ "an issuer with a slash at its end", P("issuer = https://a/ids/") },
	{ "an issuer of an odd port", P("issuer = https://[::1]:8443") },
	{ "an issuer of 512 bytes", P("issuer = https://abcdefgh" X16("a")
	    X16("b") X16("c") X16("d") X16("e") X16("f") X16("g")
	    X128("a") X256("b")) },
	{ "a client of 255 bytes", "[provider]\ntenant = any\nclient_id = "
	    X127("a") X128("a") "\n" },
	{ "a redirect with a query", P("redirect_uri = https://a/b?c=d") },
	{ "a redirect after a logout",
	    P("post_logout_redirect_uri = http://localhost:8765/out") },
	{ "a proxy", P("proxy = http://proxy.example:3128") },
	{ "a proxy of IPv6", P("proxy = http://[2001:db8::1]:3128") },
	{ "one alg", P("signing_algs = ES256") },
	{ "both algs", P("signing_algs = ES256, \"RS256\"") },
	{ "no skew", P("clock_skew = 0s") },
	{ "all skew", P("clock_skew = 5m") },
	{ "all time", P("timeout = 1m") },
	{ "128 scopes", V("require_scope = " X127("a,") "a") },
	{ "a role of 255 bytes", V("require_role = " X127("a") X128("b")) },
	{ "accounts of a directory", A("local_accounts = first.last, "
	    "u@d, D\\u") },
	{ "a claim of 128 bytes", P("role_claim = " X128("a")) },
	{ "32 services", MINIMAL S(a) S(b) S(c) S(d) S(e) S(f) S(g) S(h) S(i)
	    S(j) S(k) S(l) S(m) S(n) S(o) S(p) S(q) S(r) S(s) S(t) S(u) S(v)
	    S(w) S(x) S(y) S(z) S(1) S(2) S(3) S(4) S(5) S(6) },
	{ "an age of 30 days", V("max_age = 30d") },
	{ "acr values of any letters", P("acr_values = urn:a:b, https://c/#d")
	    },
	{ "an acr with a blank", V("require_acr = a b, \"c, d\"") },
	{ "a company of 128 bytes", P("[api]\ncompany = " X128("a")) },
	{ "a company of any letters", P("[api]\ncompany = a-B_0~.c") },
	{ "the company first", "[api]\ncompany = a\n" T("api") },
	{ "the provider last", S(sshd) MINIMAL },
};

ROWS(good, is_accepted)
{
	const struct good *row = *state;
	struct bp_config cfg;
	struct bp_config_error e = { .line = 77 };

	assert_true(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_int_equal(e.line, 77);
}

TEST(absent_settings_take_their_defaults)
{
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(MINIMAL S(sshd)), &cfg, &e));
	assert_true(bp_text_is(cfg.issuer, "https://id.winks.io/ids"));
	assert_true(bp_text_is(cfg.client_secret_file, BP_CONFIG_SECRET_FILE));
	assert_true(bp_text_is(cfg.scopes, "openid, profile, email, roles"));
	assert_true(bp_text_is(cfg.redirect_uri,
	    "https://copy-this-address.invalid/"));
	assert_int_equal(cfg.prompt.len, 0);
	assert_int_equal(cfg.client_auth, BP_CLIENT_POST);
	assert_int_equal(cfg.pkce, BP_PKCE_OFF);
	assert_true(bp_text_is(cfg.signing_algs, "RS256"));
	assert_int_equal(cfg.clock_skew, 60);
	assert_int_equal(cfg.ca_file.len, 0);
	assert_int_equal(cfg.timeout, 15);
	assert_int_equal(cfg.proxy.len, 0);
	assert_true(bp_text_is(cfg.role_claim, "role"));
	assert_true(cfg.require_email_verified);
	assert_true(bp_text_is(cfg.map, BP_CONFIG_MAP));
	assert_true(bp_text_is(cfg.local_accounts, "root"));
	assert_int_equal(cfg.min_uid, 1000);
	assert_int_equal(cfg.acr_values.len, 0);
	assert_true(bp_text_is(cfg.api_url,
	    "https://developers.beproduct.com"));
	assert_int_equal(cfg.company.len, 0);
	assert_int_equal(cfg.role_source, BP_ROLES_CLAIMS);
	assert_int_equal(cfg.cache, 300);
	assert_int_equal(cfg.grace, 0);
	assert_true(cfg.pin_subject);
}

/* They are kept as they stand: a file that says them must be lawful. */
TEST(each_default_may_be_said)
{
	struct bp_config said, unsaid;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(MINIMAL), &unsaid, &e));
	assert_true(bp_config_parse(bp_text_of(MINIMAL
	    "issuer = https://id.winks.io/ids\n"
	    "client_secret_file = " BP_CONFIG_SECRET_FILE "\n"
	    "scopes = openid, profile, email, roles\n"
	    "redirect_uri = https://copy-this-address.invalid/\n"
	    "signing_algs = RS256\nrole_claim = role\n"
	    "[api]\nbase_url = https://developers.beproduct.com\n"
	    "[accounts]\nmap = " BP_CONFIG_MAP "\n"
	    "local_accounts = root\n"), &said, &e));
	assert_true(bp_text_same(said.issuer, unsaid.issuer));
	assert_true(bp_text_same(said.client_secret_file,
	    unsaid.client_secret_file));
	assert_true(bp_text_same(said.scopes, unsaid.scopes));
	assert_true(bp_text_same(said.redirect_uri, unsaid.redirect_uri));
	assert_true(bp_text_same(said.signing_algs, unsaid.signing_algs));
	assert_true(bp_text_same(said.role_claim, unsaid.role_claim));
	assert_true(bp_text_same(said.api_url, unsaid.api_url));
	assert_true(bp_text_same(said.map, unsaid.map));
	assert_true(bp_text_same(said.local_accounts, unsaid.local_accounts));
}

TEST(absent_settings_of_a_service_demand_nothing)
{
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(MINIMAL S(sshd)), &cfg, &e));
	assert_int_equal(cfg.services, 1);
	assert_int_equal(cfg.service[0].require_role.len, 0);
	assert_int_equal(cfg.service[0].require_all_roles.len, 0);
	assert_int_equal(cfg.service[0].require_scope.len, 0);
	assert_int_equal(cfg.service[0].require_acr.len, 0);
	assert_int_equal(cfg.service[0].require_amr.len, 0);
	assert_int_equal(cfg.service[0].max_age, 0);
	assert_int_equal(cfg.service[0].deadline, 0);
	assert_int_equal(cfg.service[0].prompt.len, 0);
	assert_int_equal(cfg.service[0].ticket, 8 * 3600);
	assert_int_equal(cfg.service[0].recheck, 300);
	assert_false(cfg.service[0].observe);
}

/* All away from their defaults: a row with another's offset shows. */
static const char each[] = "[provider]\nissuer = https://a.example\n"
    "client_id = b c\nclient_secret_file = /c\n"
    "tenant = claim  company=A=c \"m e\n"
    "scopes = openid, d\nredirect_uri = http://e/\nclock_skew = 2m\n"
    "signing_algs = RS256, ES256\n"
    "ca_file = /f\ntimeout = 59s\nrole_claim = g\n"
    "require_email_verified = no\nclient_auth = basic\nproxy = http://p:1\n"
    "acr_values = o, p\n[api]\nbase_url = https://t.example/u\n"
    "company = v.w\nrole_source = both\ncache = 7m\ngrace = 3d\n"
    "[accounts]\nmap = /h\npin_subject = no\n"
    "local_accounts = root, i\nmin_uid = 4294967294\n"
    S(sshd) "require_role = j, \"k, l\"\n"
    S(su) "require_role = \"*\"\nrequire_all_roles = m, \"*\"\n"
    "require_scope = n\ndeadline = 10m\nrequire_acr = q\n"
    "require_amr = r, s\nmax_age = 2h\nticket = 7d\nrecheck = 0s\nobserve = yes\n"
    S(sudo) "require_role = *\ndeadline = auto\n";

TEST(each_setting_reaches_its_own_field)
{
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(each), &cfg, &e));
	assert_true(bp_text_is(cfg.issuer, "https://a.example"));
	assert_true(bp_text_is(cfg.client_id, "b c"));
	assert_true(bp_text_is(cfg.client_secret_file, "/c"));
	assert_int_equal(cfg.tenant.kind, BP_TENANT_CLAIM);
	assert_true(bp_text_is(cfg.tenant.name, "company"));
	assert_true(bp_text_is(cfg.tenant.value, "A=c \"m e"));
	assert_true(bp_text_is(cfg.scopes, "openid, d"));
	assert_true(bp_text_is(cfg.redirect_uri, "http://e/"));
	assert_int_equal(cfg.clock_skew, 120);
	assert_true(bp_text_is(cfg.signing_algs, "RS256, ES256"));
	assert_true(bp_text_is(cfg.ca_file, "/f"));
	assert_int_equal(cfg.timeout, 59);
	assert_true(bp_text_is(cfg.proxy, "http://p:1"));
	assert_true(bp_text_is(cfg.role_claim, "g"));
	assert_false(cfg.require_email_verified);
	assert_int_equal(cfg.client_auth, BP_CLIENT_BASIC);
	assert_true(bp_text_is(cfg.acr_values, "o, p"));
	assert_true(bp_text_is(cfg.api_url, "https://t.example/u"));
	assert_true(bp_text_is(cfg.company, "v.w"));
	assert_int_equal(cfg.role_source, BP_ROLES_BOTH);
	assert_int_equal(cfg.cache, 420);
	assert_int_equal(cfg.grace, 3 * 86400);
	assert_false(cfg.pin_subject);
	assert_true(bp_text_is(cfg.map, "/h"));
	assert_true(bp_text_is(cfg.local_accounts, "root, i"));
	assert_int_equal(cfg.min_uid, 4294967294);
	assert_int_equal(cfg.services, 3);
}

static const struct bp_service *
service_of(const struct bp_config *cfg, const char *name)
{
	return bp_config_service(cfg, bp_text_of(name));
}

TEST(each_service_has_its_own)
{
	const struct bp_service *sshd, *su, *sudo;
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(each), &cfg, &e));
	sshd = service_of(&cfg, "sshd");
	su = service_of(&cfg, "su");
	sudo = service_of(&cfg, "sudo");
	assert_true(sshd != NULL && su != NULL && sudo != NULL);
	assert_true(bp_item_list_has(sshd->require_role,
	    bp_text_of("k, l")));
	assert_int_equal(sshd->deadline, 0);
	assert_int_equal(sshd->require_scope.len, 0);
	assert_true(bp_item_list_has(su->require_all_roles, bp_text_of("m")));
	assert_true(bp_text_is(su->require_scope, "n"));
	assert_int_equal(su->deadline, 600);
	assert_true(bp_text_is(su->require_acr, "q"));
	assert_true(bp_text_is(su->require_amr, "r, s"));
	assert_int_equal(su->max_age, 7200);
	assert_int_equal(sudo->max_age, 0);
	assert_int_equal(su->ticket, 604800);
	assert_int_equal(su->recheck, 0);
	assert_true(su->observe);
	assert_int_equal(sudo->deadline, 0);
	assert_null(service_of(&cfg, "login"));
	assert_null(service_of(&cfg, "ssh"));
	assert_null(service_of(&cfg, ""));
}

TEST(any_role_is_the_bare_star_alone)
{
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(each), &cfg, &e));
	assert_true(bp_config_is_any_role(service_of(&cfg,
	    "sudo")->require_role));
	assert_false(bp_config_is_any_role(service_of(&cfg,
	    "su")->require_role));
	assert_false(bp_config_is_any_role(service_of(&cfg,
	    "sshd")->require_role));
	assert_false(bp_config_is_any_role(bp_text_of("")));
}

TEST(a_service_is_open_by_roles_alone)
{
	static const char text[] = MINIMAL S(a) "require_role = x\n"
	    S(b) "require_all_roles = x\n" S(c) "require_scope = x\n" S(d);
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(text), &cfg, &e));
	assert_true(bp_service_is_open(service_of(&cfg, "a")));
	assert_true(bp_service_is_open(service_of(&cfg, "b")));
	assert_false(bp_service_is_open(service_of(&cfg, "c")));
	assert_false(bp_service_is_open(service_of(&cfg, "d")));
	assert_false(bp_service_is_open(NULL));
}

TEST(login_shells_have_the_same_gate_unless_they_have_their_own)
{
	static const char text[] = MINIMAL S(su) "require_role = a\n"
	    S(sudo) "require_role = a\nrequire_scope = b\n" S(sudo-i);
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(text), &cfg, &e));
	assert_ptr_equal(service_of(&cfg, "su-l"), service_of(&cfg, "su"));
	/* counts whole: nothing is inherited */
	assert_false(bp_service_is_open(service_of(&cfg, "sudo-i")));
	assert_true(bp_service_is_open(service_of(&cfg, "sudo")));
	assert_true(bp_config_parse(bp_text_of(MINIMAL S(sudo)), &cfg, &e));
	assert_ptr_equal(service_of(&cfg, "sudo-i"), service_of(&cfg, "sudo"));
	assert_null(service_of(&cfg, "su-l"));
	assert_true(bp_config_parse(bp_text_of(MINIMAL S(sudo-i) S(su-l)),
	    &cfg, &e));
	assert_null(service_of(&cfg, "sudo"));
}

TEST(a_sections_prompt_wins_and_else_it_is_the_providers)
{
	static const char text[] = MINIMAL "prompt = select_account\n"
	    S(sshd) "prompt = login\n" S(sudo);
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(text), &cfg, &e));
	assert_true(bp_text_is(bp_config_prompt(&cfg, service_of(&cfg,
	    "sshd")), "login"));
	assert_true(bp_text_is(bp_config_prompt(&cfg, service_of(&cfg,
	    "sudo-i")), "select_account"));
	assert_true(bp_text_is(bp_config_prompt(&cfg, NULL),
	    "select_account"));
	assert_true(bp_config_parse(bp_text_of(MINIMAL S(sshd)
	    "prompt = consent\n"), &cfg, &e));
	assert_true(bp_text_is(bp_config_prompt(&cfg, service_of(&cfg,
	    "sshd")), "consent"));
	assert_int_equal(bp_config_prompt(&cfg, NULL).len, 0);
}

static const struct pkce {
	const char *name, *text;
	enum bp_pkce is;
} pkces[] = {
	{ "not set, at BeProduct", MINIMAL, BP_PKCE_OFF },
	{ "not set, at BeProduct by name",
	    P("issuer = https://id.winks.io/ids"), BP_PKCE_OFF },
	{ "not set, elsewhere", P("issuer = https://a"), BP_PKCE_S256 },
	{ "not set, at one that begins so",
	    P("issuer = https://id.winks.io/ids2"), BP_PKCE_S256 },
	{ "off, elsewhere", P("issuer = https://a\npkce = off"),
	    BP_PKCE_OFF },
	{ "off, before the issuer", P("pkce = off\nissuer = https://a"),
	    BP_PKCE_OFF },
	{ "s256, at BeProduct", P("pkce = s256"), BP_PKCE_S256 },
};

ROWS(pkces, is_as_set_or_else_as_the_issuer_has_it)
{
	const struct pkce *row = *state;
	struct bp_config cfg;
	struct bp_config_error e;

	assert_true(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_int_equal(cfg.pkce, row->is);
}

#define API(scopes)	"[provider]\nclient_id = b\ntenant = api\n" scopes \
	"[api]\ncompany = a\n"
static const struct asked {
	const char *name, *text, *scopes;	/* by blanks; NULL: too many */
} asked[] = {
	{ "scopes without the API", MINIMAL, "openid profile email roles" },
	{ "scopes with a company alone", MINIMAL "[api]\ncompany = a\n",
	    "openid profile email roles" },
	{ "scopes with the API", API(""),
	    "openid profile email roles BeProductPublicApi" },
	{ "scopes that have the API's", API("scopes = BeProductPublicApi, "
	    "\"openid\"\n"), "BeProductPublicApi openid" },
	{ "a scope too many with the API", API("scopes = openid, 01, 02, 03, "
	    "04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
	    "20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, "
	    "36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, "
	    "52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, "
	    "68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, "
	    "84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, "
	    "a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, "
	    "b6, b7, b8, b9, c0, c1, c2, c3, c4, c5, c6, c7\n"), NULL },
};

ROWS(asked, is_what_is_asked_for)
{
	const struct asked *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_SCOPES_MAX);
	struct bp_text rest = bp_text_of(row->scopes != NULL ? row->scopes
	    : ""), left, item;
	struct bp_config_error e;
	struct bp_config cfg;
	struct bp_list list;

	assert_true(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_int_equal(bp_config_scopes(&cfg, false, &b),
	    row->scopes != NULL);
	if (row->scopes == NULL)
		return;
	for (list = bp_list_of(bp_buf_text(&b)); bp_list_next(&list, &item);) {
		(void)bp_text_cut(rest, ' ', &left, &rest);
		assert_true(bp_text_same(item, left));
	}
	assert_int_equal(rest.len, 0);
}

#define SIGNS_IN	MINIMAL "[service:sshd]\nrequire_role = a\n"
#define SUDO	"[service:sudo]\nrequire_role = a\n"

/* Is a sign-in for sshd renewed? */
static const struct renewed {
	const char *name, *text;
	bool is;
} renewals[] = {
	{ "renewed: by the defaults", SIGNS_IN SUDO, true },
	{ "renewed: each time", SIGNS_IN SUDO "recheck = 0s\n", true },
	{ "not renewed: where sudo has no section", SIGNS_IN, false },
	{ "not renewed: where sudo is closed", SIGNS_IN
	    "[service:sudo]\nticket = 8h\n", false },
	{ "not renewed: where sudo has no ticket", SIGNS_IN SUDO
	    "ticket = 0s\n", false },
	{ "not renewed: where sshd has none", MINIMAL SUDO
	    "[service:sshd]\nrequire_role = a\nticket = 0s\n", false },
	{ "not renewed: where a check lasts as long", SIGNS_IN SUDO
	    "ticket = 1h\nrecheck = 1h\n", false },
	{ "not renewed: where sshd's lasts no longer", MINIMAL SUDO
	    "[service:sshd]\nrequire_role = a\nticket = 5m\n", false },
	{ "renewed: by sudo-i's own section", SIGNS_IN SUDO
	    "ticket = 0s\n[service:sudo-i]\nrequire_role = a\n", true },
	{ "not renewed: where sshd has no section", MINIMAL SUDO, false },
	{ "renewed: for its SSH key", SIGNS_IN "ticket = 8h\n", true },
	{ "not renewed: for its SSH key, where a check lasts as long",
	    SIGNS_IN "ticket = 5m\n", false },
};

ROWS(renewals, at_the_provider)
{
	const struct renewed *row = *state;
	struct bp_config_error e;
	struct bp_config cfg;

	assert_true(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_int_equal(bp_config_renews(&cfg, bp_text_of("sshd")), row->is);
}

static const struct of_key {
	const char *name, *text, *service;
	uint32_t is;
} of_keys[] = {
	{ "for a key: nothing by default", SIGNS_IN, "sshd", 0 },
	{ "for a key: what the section says", SIGNS_IN "ticket = 1h\n", "sshd",
	    3600 },
	{ "for a key: the default, if the section says it", SIGNS_IN
	    "ticket = 8h\n", "sshd", 28800 },
	{ "for a key: nothing, if it says so", SIGNS_IN "ticket = 0s\n",
	    "sshd", 0 },
	{ "for a key: what its own section says", MINIMAL
	    "[service:sudo]\nticket = 1h\n[service:sshd]\nrequire_role = a\n"
	    "[service:login]\nticket = 2h\n", "sshd", 0 },
	{ "for a key: no host that names none", SUDO "ticket = 1h\n" MINIMAL,
	    "sudo", 0 },
	{ "for a key: without a section", MINIMAL, "sshd", 0 },
};

ROWS(of_keys, a_ticket_lives_so_long)
{
	const struct of_key *row = *state;
	struct bp_config_error e;
	struct bp_config cfg;

	assert_true(bp_config_parse(bp_text_of(row->text), &cfg, &e));
	assert_int_equal(bp_config_key_ticket(&cfg, bp_text_of(row->service)),
	    row->is);
}

TEST(tenant_any_has_no_claim)
{
	struct bp_config cfg;
	struct bp_config_error e;

	(void)state;
	assert_true(bp_config_parse(bp_text_of(MINIMAL), &cfg, &e));
	assert_int_equal(cfg.tenant.kind, BP_TENANT_ANY);
	assert_int_equal(cfg.tenant.name.len, 0);
}

RUN(NULL, NULL)
