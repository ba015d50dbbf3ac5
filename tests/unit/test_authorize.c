/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/authorize.h"

#define H32	"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"

static const struct labelled {
	const char *name;
	struct bp_text host, service, account;
	const char *label;
} labels[] = {
	{ "plain",	BP_TEXT("web1"), BP_TEXT("sshd"), BP_TEXT("alice"),
	    "web1_sshd_alice" },
	{ "a long host", BP_TEXT("web1.a.example"), BP_TEXT("sshd"),
	    BP_TEXT("alice"), "web1_sshd_alice" },
	{ "dots and dashes", BP_TEXT("web-1"), BP_TEXT("sudo-i"),
	    BP_TEXT("first.Last9"), "web-1_sudo-i_first.Last9" },
	{ "an underscore divides", BP_TEXT("w_1"), BP_TEXT("s_d"),
	    BP_TEXT("a_b"), "w-1_s-d_a-b" },
	{ "a tilde",	BP_TEXT("w~"), BP_TEXT("s~"), BP_TEXT("~a"),
	    "w-_s-_-a" },
	{ "another domain", BP_TEXT("w"), BP_TEXT("s"), BP_TEXT("a@b.c"),
	    "w_s_a-b.c" },
	{ "any language", BP_TEXT("\xc3\xb6"), BP_TEXT("s"),
	    BP_TEXT("J\xc3\xb6"), "--_s_J--" },
	{ "what does not print", BP_TEXT("a\0b"), BP_TEXT("\n"),
	    BP_TEXT("\x1b[m"), "a-b_-_--m" },
	{ "beside the letters", BP_TEXT("@[`{/:"), BP_TEXT("AZaz09"),
	    BP_TEXT("%&=+"), "------_AZaz09_----" },
	{ "nothing",	{ NULL, 0 }, { NULL, 0 }, { NULL, 0 }, "__" },
	{ "32 bytes",	BP_TEXT(H32), BP_TEXT(H32), BP_TEXT(H32),
	    H32 "_" H32 "_" H32 },
	{ "33 bytes",	BP_TEXT(H32 "x"), BP_TEXT(H32 "x"), BP_TEXT(H32 "x"),
	    H32 "_" H32 "_" H32 },
	{ "33 bytes before the dot", BP_TEXT(H32 "x.y"), BP_TEXT("s"),
	    BP_TEXT("a"), H32 "_s_a" },
};

static bool
is_hex(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (memchr("0123456789abcdef", t.at[i], 16) == NULL)
			return false;
	return true;
}

ROWS(labels, names_the_host_in_front_of_160_bits)
{
	const struct labelled *row = *state;
	BP_AUTO(bp_attempt_done) struct bp_attempt a = BP_ATTEMPT_INIT;
	enum bp_reason why = 77;
	struct bp_text rest;

	assert_true(bp_attempt_make(&a, row->host, row->service, row->account,
	    &why));
	assert_int_equal(why, 77);
	assert_true(bp_text_is(bp_buf_text(&a.label), row->label));
	assert_true(bp_text_starts(bp_buf_text(&a.state), row->label));
	rest = bp_text_after(bp_buf_text(&a.state), a.label.len);
	assert_true(bp_text_starts(rest, "_"));
	rest = bp_text_after(rest, 1);
	assert_true(rest.len == 40 && is_hex(rest));
	assert_true(a.nonce.len == 40 && is_hex(bp_buf_text(&a.nonce)));
	assert_false(bp_text_same(rest, bp_buf_text(&a.nonce)));
	assert_true(a.verifier.len == 64 && is_hex(bp_buf_text(&a.verifier)));
	assert_false(bp_text_same(
	    (struct bp_text){ (char *)a.verifier.data, 40 },
	    bp_buf_text(&a.nonce)));
}

TEST(no_two_attempts_share_a_secret)
{
	enum { TIMES = 100 };
	struct bp_attempt a[TIMES];
	enum bp_reason why;

	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		a[i] = (struct bp_attempt)BP_ATTEMPT_INIT;
		assert_true(bp_attempt_make(&a[i], bp_text_of("h"),
		    bp_text_of("s"), bp_text_of("a"), &why));
		for (size_t j = 0; j < i; j++) {
			assert_false(bp_text_same(bp_buf_text(&a[i].state),
			    bp_buf_text(&a[j].state)));
			assert_false(bp_text_same(bp_buf_text(&a[i].nonce),
			    bp_buf_text(&a[j].nonce)));
			assert_false(bp_text_same(bp_buf_text(&a[i].verifier),
			    bp_buf_text(&a[j].verifier)));
		}
	}
	for (size_t i = 0; i < TIMES; i++)
		bp_attempt_done(&a[i]);
}

TEST(what_is_done_with_is_empty_and_may_be_done_again)
{
	struct bp_attempt a = BP_ATTEMPT_INIT;
	enum bp_reason why;

	(void)state;
	bp_attempt_done(&a);
	assert_true(bp_attempt_make(&a, bp_text_of("h"), bp_text_of("s"),
	    bp_text_of("a"), &why));
	bp_attempt_done(&a);
	assert_true(a.label.data == NULL && a.state.data == NULL &&
	    a.nonce.data == NULL && a.verifier.data == NULL);
	bp_attempt_done(&a);
}

TEST(without_room_for_the_state_there_is_no_attempt)
{
	BP_AUTO(bp_attempt_done) struct bp_attempt a = BP_ATTEMPT_INIT;
	enum bp_reason why = 77;

	(void)state;
	a.state.max = 20;
	assert_false(bp_attempt_make(&a, bp_text_of("h"), bp_text_of("s"),
	    bp_text_of("a"), &why));
	assert_int_equal(why, BP_RANDOM);
}

#define STATE	"web1_sshd_alice_0123"
#define REST	"&response_type=code" \
	"&redirect_uri=https%3A%2F%2Fcopy-this-address.invalid%2F&nonce=4567"

static const struct address {
	const char *name, *endpoint, *client_id, *scopes, *is, *prompt, *acr;
	uint32_t max_age;
	enum bp_pkce pkce;
	bool is_again, renews;
} addresses[] = {
	{ "the defaults", "https://id.example/authorize", "pam",
	    "openid, profile, email, roles",
	    "https://id.example/authorize?state=" STATE "&client_id=pam" REST
	    "&scope=openid%20profile%20email%20roles", NULL, NULL, 0, 0,
	    false, false },
	{ "one scope", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&scope=openid", NULL, NULL, 0, 0, false, false },
	{ "quoted scopes", "https://id.example/a", "pam", "\"openid\",\"a,b\"",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&scope=openid%20a%2Cb", NULL, NULL, 0, 0, false, false },
	{ "an endpoint with a query", "https://id.example/a?b=c", "pam",
	    "openid", "https://id.example/a?b=c&state=" STATE
	    "&client_id=pam" REST "&scope=openid", NULL, NULL, 0, 0,
	    false, false },
	{ "a client of any letters", "https://id.example/a",
	    "a b&c=d+e%f/~_.-#\"", "openid", "https://id.example/a?state="
	    STATE "&client_id=a%20b%26c%3Dd%2Be%25f%2F~_.-%23%22" REST
	    "&scope=openid", NULL, NULL, 0, 0, false, false },
	{ "a prompt", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&prompt=select_account&scope=openid", "select_account",
	    NULL, 0, 0, false, false },
	{ "an age", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&max_age=2592000&scope=openid", NULL, NULL,
	    2592000, 0, false, false },
	{ "acr values", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&acr_values=urn%3Aa%20b&scope=openid", NULL,
	    "urn:a, \"b\"", 0, 0, false, false },
	{ "all of it", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&prompt=login&max_age=1&acr_values=a&scope=openid", "login",
	    "a", 1, 0, false, false },
	{ "a challenge", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&code_challenge_method=S256&code_challenge="
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&scope=openid",
	    NULL, NULL, 0, BP_PKCE_S256, false, false },
	{ "none where it is off", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&scope=openid", NULL, NULL, 0, BP_PKCE_OFF, false, false },
	{ "a sign-in anew", "https://id.example/a", "pam", "openid",
	    "https://id.example/a?state=" STATE "&client_id=pam" REST
	    "&prompt=login&max_age=60&scope=openid", "select_account", NULL,
	    60, 0, true, false },
	{ "one that is to be renewed", "https://id.example/a", "pam",
	    "openid", "https://id.example/a?state=" STATE "&client_id=pam"
	    REST "&scope=openid%20offline_access", NULL, NULL, 0, 0, false,
	    true },
	{ "one whose scopes have it already", "https://id.example/a", "pam",
	    "offline_access, openid", "https://id.example/a?state=" STATE
	    "&client_id=pam" REST "&scope=offline_access%20openid", NULL,
	    NULL, 0, 0, false, true },
};

static void
make_attempt(struct bp_attempt *a)
{
	assert_true(bp_buf_say(&a->state, STATE) &&
	    bp_buf_say(&a->nonce, "4567") && bp_buf_say(&a->verifier,
	    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
}

static struct bp_config
config(const char *client_id, const char *scopes)
{
	return (struct bp_config){ .client_id = bp_text_of(client_id),
	    .scopes = bp_text_of(scopes),
	    .redirect_uri = BP_TEXT("https://copy-this-address.invalid/"),
	    .role_source = BP_ROLES_CLAIMS };
}

ROWS(addresses, is_this_address_and_state_comes_first)
{
	const struct address *row = *state;
	BP_AUTO(bp_attempt_done) struct bp_attempt a = BP_ATTEMPT_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_ADDRESS_MAX);
	struct bp_config cfg = config(row->client_id, row->scopes);
	const struct bp_service section = { .max_age = row->max_age,
	    .prompt = bp_text_of(row->prompt != NULL ? row->prompt : "") };
	enum bp_reason why = 77;

	if (row->acr != NULL)
		cfg.acr_values = bp_text_of(row->acr);
	make_attempt(&a);
	a.is_again = row->is_again;
	a.renews = row->renews;
	cfg.pkce = row->pkce;
	assert_true(bp_authorize_address(&cfg, bp_text_of(row->endpoint),
	    &section, &a, &b, &why));
	assert_int_equal(why, 77);
	assert_true(bp_text_is(bp_buf_text(&b), row->is));
	assert_true(bp_text_is_visible(bp_buf_text(&b)));
}

TEST(an_address_that_finds_no_room_is_none)
{
	BP_AUTO(bp_attempt_done) struct bp_attempt a = BP_ATTEMPT_INIT;
	struct bp_config cfg = config("pam", "openid, roles");
	size_t len = strlen("https://id.example/a?state=" STATE
	    "&client_id=pam" REST "&scope=openid%20roles");

	(void)state;
	make_attempt(&a);
	for (size_t max = 0; max <= len; max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max);
		enum bp_reason why = 77;

		assert_int_equal(bp_authorize_address(&cfg,
		    bp_text_of("https://id.example/a"), NULL,
		    &a, &b, &why),
		    max == len);
		assert_int_equal(why, max == len ? 77 : BP_MEMORY);
	}
}

RUN(NULL, NULL)
