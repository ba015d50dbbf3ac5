/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/redeem.h"

#include <time.h>

#include "support/fake_http.h"
#include "support/fake_provider.h"
#include "support/hear.h"
#include "wire/claim.h"
#include "wire/list.h"

#define API	"https://api.example"
#define USERS(more)	"{\"email\":\"a@b\",\"active\":true" more "}"
#define USER	USERS(",\"id\":7,\"role\":[\"r\",\"s, t\"]")
#define ABOUT(sub)	"{\"sub\":\"" sub "\",\"email\":\"a@b\"}"
#define ALICE	ABOUT("alice")
#define MAIL(email)	"{\"sub\":\"alice\",\"email\":\"" email "\"}"
#define LINE	"code=x&state=s"
#define VERIFIER	"verifier-of-this-attempt-of-43-letters-abcd"
#define CODE	"4f8a0c1be2d3479586a7b8c9d0e1f234"
#define AT	"access-token-of-this-attempt"
#define REFUSED	",\"error\":\"invalid_grant\""
#define RT	"refresh-token-of-this-attempt"

/* What is not said is as it should be. */
static const struct row {
	const char *name, *line, *nonce, *userinfo, *userinfo_endpoint;
	const char *aud;		/* of the id_token */
	const char *signs;		/* members of it besides */
	const char *more;		/* members of the token response */
	const char *api;		/* its answer; NULL: not asked */
	bool has_no_id, has_no_roles;	/* of use, in the API's answer */
	unsigned recorded;
	const char *verifier;		/* NULL: none */
	bool is_stale, is_basic, wants_tokens;
	long status[4];			/* of token, keys, UserInfo, API */
	enum bp_wire_reason reason;	/* NONE: claims */
	const char *detail;		/* stands in it; NULL: any */
} rows[] = {
	{ .name = "a sign-in" },
	{ .name = "keys that have changed since", .recorded = OLD,
	    .is_stale = true },
	{ .name = "keys that have changed and are not to be had",
	    .recorded = OLD, .is_stale = true,
	    .reason = BP_WIRE_NO_CONNECTION },
	{ .name = "a token endpoint that is not found", .status = { 404 },
	    .is_stale = true, .reason = BP_WIRE_STATUS },
	{ .name = "a token endpoint that is gone", .status = { 410 },
	    .is_stale = true, .reason = BP_WIRE_STATUS },
	{ .name = "a token endpoint that is down", .status = { 503 },
	    .reason = BP_WIRE_STATUS },
	{ .name = "a UserInfo that is not found", .status = { 0, 0, 404 },
	    .is_stale = true, .reason = BP_WIRE_STATUS },
	{ .name = "a UserInfo that is gone", .status = { 0, 0, 410 },
	    .is_stale = true, .reason = BP_WIRE_STATUS },
	{ .name = "a UserInfo that refuses", .status = { 0, 0, 403 },
	    .reason = BP_WIRE_PROVIDER_REFUSED },
	{ .name = "newer keys that are not found", .recorded = OLD,
	    .status = { 0, 404 }, .is_stale = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "newer keys that are down", .recorded = OLD,
	    .status = { 0, 503 }, .reason = BP_WIRE_STATUS },
	{ .name = "a token endpoint that is not found, and speaks",
	    .status = { 404 }, .more = ",\"error\":\"invalid_grant\"",
	    .reason = BP_WIRE_CODE_REFUSED },
	{ .name = "another state", .line = "code=x&state=t",
	    .reason = BP_WIRE_STATE_WRONG },
	{ .name = "another nonce", .nonce = "m",
	    .reason = BP_WIRE_TOKEN_NONCE },
	{ .name = "UserInfo of another", .userinfo = ABOUT("alicf"),
	    .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "UserInfo of one who begins so",
	    .userinfo = ABOUT("alice2"), .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "UserInfo of nobody", .userinfo = "{}",
	    .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "UserInfo of null", .userinfo = "{\"sub\":null}",
	    .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "UserInfo as a JWT",
	    .userinfo = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
	    .reason = BP_WIRE_BODY, .detail = "UserInfo: a JWT, and no JSON" },
	{ .name = "UserInfo as a page", .userinfo = "<p>eyJ.e30.c2ln</p>",
	    .reason = BP_WIRE_BODY,
	    .detail = "UserInfo: no object at the top" },
	{ .name = "UserInfo elsewhere", .userinfo_endpoint = EVIL,
	    .reason = BP_WIRE_RECORD_BAD },

	/* tokens, for a ticket */
	{ .name = "all tokens are wanted", .wants_tokens = true,
	    .more = ",\"refresh_token\":\"" RT "\"" },
	{ .name = "a refresh token that is not wanted",
	    .more = ",\"refresh_token\":\"" RT "\"" },
	{ .name = "no refresh token", .wants_tokens = true },
	{ .name = "a refresh token that cannot be one", .wants_tokens = true,
	    .more = ",\"refresh_token\":\"r t\"" },
	{ .name = "a refresh token of null", .wants_tokens = true,
	    .more = ",\"refresh_token\":null" },

	/* the public API, which is asked last */
	{ .name = "a user of the company", .api = USER },
	{ .name = "a user without an id",
	    .api = USERS(",\"role\":[\"r\",\"s, t\"]"), .has_no_id = true,
	    .detail = "the user's id is no" },
	{ .name = "a user with a role of null",
	    .api = USERS(",\"id\":\"7\",\"role\":null"), .has_no_roles = true,
	    .detail = "the user's role is no string" },
	{ .name = "nobody of the company", .api = "[]",
	    .reason = BP_WIRE_API_NO_USER },
	{ .name = "a company of others", .api = USER,
	    .status = { 0, 0, 0, 403 }, .reason = BP_WIRE_API_FORBIDDEN },
	{ .name = "an API that is not found", .api = USER,
	    .status = { 0, 0, 0, 404 }, .reason = BP_WIRE_API_NO_USER },
	/* the record has nothing to do with it */
	{ .name = "an API that is gone", .api = USER,
	    .status = { 0, 0, 0, 410 }, .reason = BP_WIRE_STATUS },
	{ .name = "an API that is not to be had", .api = USER,
	    .aud = "c", .reason = BP_WIRE_NO_CONNECTION },
	{ .name = "a user of another name", .api = USER,
	    .userinfo = MAIL("A@b"), .reason = BP_WIRE_API_OTHER },
	{ .name = "no address to ask for", .api = USER,
	    .userinfo = "{\"sub\":\"alice\"}",
	    .reason = BP_WIRE_API_EMAIL },
	{ .name = "an address of null to ask for", .api = USER,
	    .userinfo = "{\"sub\":\"alice\",\"email\":null}",
	    .reason = BP_WIRE_API_EMAIL },
	{ .name = "two addresses to ask for", .api = USER,
	    .signs = ",\"email\":\"b@b\"", .reason = BP_WIRE_API_EMAIL,
	    .detail = "do not agree" },
	{ .name = "the same address twice", .api = USER,
	    .signs = ",\"email\":\"a@b\"" },
	{ .name = "the id_token's address alone", .api = USER,
	    .userinfo = "{\"sub\":\"alice\"}",
	    .signs = ",\"email\":\"a@b\"" },
	{ .name = "UserInfo of another is not asked about", .api = USER,
	    .userinfo = ABOUT("alicf"), .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "a token in the API's answer", .api = "{\"email\":\"" AT
	    "\",\"active\":true}", .reason = BP_WIRE_API_OTHER,
	    .detail = "is \"****************************\"" },

	/* what the provider, or the line, repeats */
	{ .name = "the secret for an audience", .aud = SECRET,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"********************\"" },
	{ .name = "the secret as it was sent for an audience", .aud = SPELT,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"************************\"" },
	{ .name = "the code for an audience", .line = "code=" CODE "&state=s",
	    .aud = "its " CODE, .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"its ********************************\"" },
	{ .name = "the access token for an audience", .aud = "at " AT,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"at ****************************\"" },
	{ .name = "the secret for an error",
	    .more = ",\"error\":\"no, " SECRET "\"",
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no, ********************\"" },
	{ .name = "a code that is refused", .more = REFUSED,
	    .reason = BP_WIRE_CODE_REFUSED,
	    .detail = "error \"invalid_grant\", status 200" },
	{ .name = "a code that is refused with its verifier",
	    .more = REFUSED, .verifier = VERIFIER,
	    .reason = BP_WIRE_CODE_REFUSED,
	    .detail = "status 200; a client registered without proof key is "
	    "refused so: pkce = off" },
	{ .name = "another error with a verifier", .verifier = VERIFIER,
	    .more = ",\"error\":\"invalid_client\"",
	    .reason = BP_WIRE_CLIENT_REFUSED, .detail = "status 200" },
	{ .name = "the verifier for an error", .verifier = VERIFIER,
	    .more = ",\"error\":\"no, " VERIFIER "\"",
	    .reason = BP_WIRE_PROVIDER_REFUSED, .detail =
	    "error \"no, *******************************************\"" },
	{ .name = "the header's credentials for an error", .is_basic = true,
	    .more = ",\"error\":\"no, " BASIC "\"",
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no, ************************************\"" },
	{ .name = "a refresh token for an error",
	    .more = ",\"refresh_token\":\"" RT "\",\"error\":\"" RT "\"",
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"*****************************\"" },
	{ .name = "the code for an error in the line",
	    .line = "code=" CODE "&error=no " CODE "&state=s",
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no ********************************\"" },
	{ .name = "the code for an issuer in the line",
	    .line = "code=" CODE "&iss=" CODE "&state=s",
	    .reason = BP_WIRE_CALLBACK_ISS,
	    .detail = "iss is \"********************************\"" },
	{ .name = "the secret in a claim", .userinfo = MAIL(SECRET),
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "a claim" },
	{ .name = "the secret as it was sent in a claim",
	    .userinfo = MAIL(SPELT), .reason = BP_WIRE_CLAIMS_SECRET },
	{ .name = "the code in a claim", .line = "code=" CODE "&state=s",
	    .userinfo = MAIL("a" CODE "@b"), .reason = BP_WIRE_CLAIMS_SECRET,
	    .detail = "a claim" },
	{ .name = "a token in a claim", .userinfo = MAIL(AT),
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "a claim" },
	{ .name = "the refresh token in a scope",
	    .more = ",\"refresh_token\":\"" RT "\",\"scope\":\"a " RT "\"",
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "a scope" },
	{ .name = "a token for the API's id", .api = USERS(",\"id\":\"" AT "\""),
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "API's id" },
	{ .name = "the secret for a role of the API's",
	    .api = USERS(",\"id\":1,\"role\":[\"r\",\"" SECRET "\"]"),
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "a role" },
	{ .name = "half a secret in a claim", .userinfo = MAIL("s3cret/of+") },
};

static const char *
or(const char *said, const char *usual)
{
	return said != NULL ? said : usual;
}

/* The token endpoint's answer, signed by OURS. */
static void
make_grant(const struct row *row, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(8192);
	char payload[512];

	(void)snprintf(payload, sizeof(payload), "{\"iss\":\"" ISSUER "\","
	    "\"aud\":\"%s\",\"sub\":\"alice\",\"nonce\":\"n\","
	    "\"iat\":%lld,\"exp\":%lld%s}", or(row->aud, "c"),
	    (long long)time(NULL), (long long)time(NULL) + 300,
	    or(row->signs, ""));
	put_signed(payload, &token);
	assert_true(bp_buf_say(ret, "{\"access_token\":\"" AT "\","
	    "\"token_type\":\"Bearer\",\"id_token\":\"") &&
	    bp_buf_put(ret, bp_buf_text(&token)) && bp_buf_say(ret, "\"") &&
	    bp_buf_say(ret, or(row->more, "")) &&
	    bp_buf_say(ret, "}") && bp_buf_add(ret, "", 1));
}

static void
make_request(const struct row *row, struct bp_text record,
    struct bp_text wanted, struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_REDEEM, .asked = BP_MSG_REDEEM };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of(SECRET));
	if (row->verifier != NULL)
		bp_msg_give(ret, BP_F_CODE_VERIFIER,
		    bp_text_of(row->verifier));
	if (row->is_basic)
		bp_msg_mark(ret, BP_F_CLIENT_BASIC);
	if (row->wants_tokens)
		bp_msg_mark(ret, BP_F_TOKENS_WANTED);
	bp_msg_give(ret, BP_F_REDIRECT_URI, bp_text_of("http://localhost/"));
	bp_msg_give(ret, BP_F_SCOPES, wanted);
	bp_msg_give(ret, BP_F_STATE, bp_text_of("s"));
	bp_msg_give(ret, BP_F_NONCE, bp_text_of(or(row->nonce, "n")));
	bp_msg_give(ret, BP_F_LINE, bp_text_of(or(row->line, LINE)));
	bp_msg_give(ret, BP_F_CLOCK_SKEW, bp_text_of("60"));
	bp_msg_give(ret, BP_F_SIGNING_ALGS, (struct bp_text)BP_TEXT(
	    "\0\0\0\1\0\0\0\5RS256"));
	bp_msg_give(ret, BP_F_WANTED, wanted);
	if (row->api != NULL) {
		bp_msg_give(ret, BP_F_API_URL, bp_text_of(API));
		bp_msg_give(ret, BP_F_COMPANY, bp_text_of("acme"));
	}
}

static void
says_nothing_secret(const struct row *row, const char *detail)
{
	static const char *const secrets[] = { SECRET, SPELT, BASIC, VERIFIER,
	    CODE, AT, RT };

	if (row->detail != NULL && strstr(detail, row->detail) == NULL)
		fail_msg("%s", detail);
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(detail, secrets[i]));
	/* of no other failure it is a cause */
	assert_int_equal(strstr(detail, "pkce") != NULL, row->verifier != NULL
	    && row->reason == BP_WIRE_CODE_REFUSED);
}

static void
assert_failure(const struct row *row, const struct bp_failure *failure)
{
	assert_int_equal(failure->why.reason, row->reason);
	assert_int_equal(failure->record_stale, row->is_stale);
	says_nothing_secret(row, failure->why.detail);
}

static void
make_pages(const struct row *row, const char *grant, const char *set)
{
	pages[0] = (struct page){ T, grant };
	pages[1] = (struct page){ row->reason == BP_WIRE_NO_CONNECTION &&
	    row->api == NULL ? EVIL : KEYS, set };
	pages[3] = (struct page){ row->reason == BP_WIRE_NO_CONNECTION
	    ? EVIL : strstr(or(row->userinfo, ""), "A@b") != NULL
	    ? API "/api/acme/Users/GetByEmail?email=A%40b"
	    : API "/api/acme/Users/GetByEmail?email=a%40b",
	    or(row->api, USER) };
	pages[2] = (struct page){ or(row->userinfo_endpoint, U),
	    or(row->userinfo, ALICE) };
	memset(asked, 0, sizeof(asked));
	memcpy(statuses, row->status, sizeof(row->status));
}

/* A code has one use, and none that is not ours is sent. */
static void
assert_asked(const struct row *row)
{
	assert_int_equal(asked[0], row->reason != BP_WIRE_RECORD_BAD &&
	    (row->line == NULL || row->reason == BP_WIRE_TOKEN_AUD ||
	    row->reason == BP_WIRE_CLAIMS_SECRET));
	assert_int_equal(asked[1], row->recorded == OLD &&
	    row->reason != BP_WIRE_NO_CONNECTION);
	assert_int_equal(asked[3], row->api != NULL &&
	    row->reason != BP_WIRE_NO_CONNECTION &&
	    row->reason != BP_WIRE_API_EMAIL &&
	    row->reason != BP_WIRE_USERINFO_SUB);
}

/* An id_token always is; a refresh token where one of use came. */
static void
assert_tokens(const struct row *row, const struct bp_msg *m, const char *grant)
{
	struct bp_text t = m->field[BP_F_ID_TOKEN];

	assert_int_equal(m->given[BP_F_ID_TOKEN], row->wants_tokens);
	assert_true(t.len == 0 ||
	    memmem(grant, strlen(grant), t.at, t.len) != NULL);
	assert_true(bp_text_is(m->field[BP_F_REFRESH_TOKEN],
	    row->wants_tokens && strstr(grant, RT) != NULL ? RT : ""));
}

/* What was asked is answered, and nothing else. */
static void
assert_user(const struct row *row, const struct bp_msg *m)
{
	struct bp_text roles = m->field[BP_F_API_ROLES];

	assert_true(bp_text_is(m->field[BP_F_COMPANY], row->api != NULL
	    ? "acme" : ""));
	assert_true(bp_text_is(m->field[BP_F_API_ID], row->api != NULL &&
	    !row->has_no_id ? "7" : ""));
	assert_int_equal(m->given[BP_F_API_ROLES], row->api != NULL &&
	    !row->has_no_roles);
	assert_true(roles.len == 0 || (bp_list_count(roles) == 2 &&
	    bp_list_has(roles, bp_text_of("r")) &&
	    bp_list_has(roles, bp_text_of("s, t"))));
	assert_int_equal(m->given[BP_F_DETAIL], row->has_no_id ||
	    row->has_no_roles);
	assert_true(!m->given[BP_F_DETAIL] || memmem(
	    m->field[BP_F_DETAIL].at, m->field[BP_F_DETAIL].len, row->detail,
	    strlen(row->detail)) != NULL);
}

ROWS(rows, gives_claims_or_a_reason)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf grant = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf set = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_listener to = listener(&b);
	struct bp_failure failure = { 0 };
	struct bp_msg request, m;

	make_grant(row, &grant);
	put_set(&set);
	put_record(row->recorded, or(row->userinfo_endpoint, U), NULL,
	    &record);
	(void)put_texts((const char *[]){ "email" }, 1, &wanted);
	make_pages(row, (const char *)grant.data, (const char *)set.data);
	make_request(row, bp_buf_text(&record), bp_buf_text(&wanted),
	    &request);
	if (bp_redeem(&request, &to, &failure) != (row->reason == 0))
		fail_msg("%s", failure.why.detail);
	assert_asked(row);
	if (row->reason != 0) {
		assert_int_equal(b.len, 0);
		assert_failure(row, &failure);
		return;
	}
	assert_true(read_framed(bp_buf_text(&b), &m));
	assert_int_equal(m.type, BP_MSG_CLAIMS);
	assert_true(bp_text_is(m.field[BP_F_SUB], "alice"));
	assert_user(row, &m);
	assert_int_equal(m.given[BP_F_RECORD_STALE], row->is_stale);
	assert_tokens(row, &m, (const char *)grant.data);
}

/* Half of it is a module that is wrong: nobody is let in by it. */
TEST(an_api_without_a_company_gives_no_claims)
{
	static const struct row row = { .api = USER };

	(void)state;
	for (unsigned half = 0; half < 2; half++) {
		BP_AUTO(bp_buf_done) struct bp_buf grant = BP_BUF_INIT(16384);
		BP_AUTO(bp_buf_done) struct bp_buf set = BP_BUF_INIT(4096);
		BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
		BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
		const struct bp_listener to = listener(&b);
		struct bp_failure failure = { 0 };
		struct bp_msg request;
		enum bp_field f = half == 0 ? BP_F_COMPANY : BP_F_API_URL;

		make_grant(&row, &grant);
		put_set(&set);
		put_record(OURS, U, NULL, &record);
		(void)put_texts((const char *[]){ "email" }, 1, &wanted);
		make_pages(&row, (const char *)grant.data,
		    (const char *)set.data);
		make_request(&row, bp_buf_text(&record),
		    bp_buf_text(&wanted), &request);
		request.given[f] = false;
		request.field[f] = bp_text_of("");
		assert_false(bp_redeem(&request, &to, &failure));
		assert_int_equal(failure.why.reason, BP_WIRE_HELPER_BROKEN);
		assert_int_equal(asked[3], 0);
	}
}

RUN(make_pairs, free_pairs)
