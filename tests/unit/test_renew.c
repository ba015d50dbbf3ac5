/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/renew.h"

#include <time.h>

#include "support/fake_http.h"
#include "support/fake_provider.h"
#include "support/hear.h"
#include "wire/claim.h"

#define API	"https://api.example"
#define USER	API "/api/acme/Users/GetByEmail?email=a%40b"
#define ALICE	"{\"sub\":\"alice\",\"email\":\"a@b\"}"
#define AT	"access-token-of-this-renewal"
#define RT	"refresh-token/that+is:spent"
#define RT_SPELT "refresh-token%2Fthat%2Bis%3Aspent"
#define NEXT	"refresh-token-from-now-on"
#define R(token)	",\"refresh_token\":\"" token "\""
#define E(error)	",\"error\":\"" error "\""
#define NONCE	",\"nonce\":\"n\""

enum { TOKENS, SET, USERINFO, USERS, PAGES };

/* What is not said is as it should be; a new token comes. */
static const struct row {
	const char *name;
	const char *more;		/* members of the token response */
	const char *type;		/* its token_type */
	bool has_no_access, has_no_id;	/* tokens */
	const char *sub, *nonce;	/* of the id_token */
	const char *aud;
	const char *userinfo;
	const char *api;		/* its answer; NULL: not asked */
	unsigned recorded;
	bool is_basic, wants_id_token, is_stale;
	long status[PAGES];
	bool is_silent;			/* no TOKEN comes */
	enum bp_wire_reason reason;	/* NONE: claims */
	const char *detail;		/* stands in it; NULL: any */
} rows[] = {
	{ .name = "a renewal" },
	{ .name = "a renewal by the header", .is_basic = true },
	{ .name = "the id_token is wanted", .wants_id_token = true },
	{ .name = "the same token again", .more = R(RT), .is_silent = true },
	{ .name = "no token", .more = "", .is_silent = true },
	{ .name = "a token of null", .more = ",\"refresh_token\":null",
	    .is_silent = true },
	{ .name = "an empty token", .more = R(""), .is_silent = true },
	{ .name = "a token with a blank", .more = R("a b"),
	    .is_silent = true },
	{ .name = "a token that does not print", .more = R("a\\u0007"),
	    .is_silent = true },

	/* whatever else is wrong, the new token counts */
	{ .name = "no access_token", .has_no_access = true,
	    .reason = BP_WIRE_TOKEN_MISSING },
	{ .name = "no id_token", .has_no_id = true,
	    .reason = BP_WIRE_TOKEN_MISSING },
	{ .name = "another token_type", .type = "DPoP",
	    .reason = BP_WIRE_TOKEN_TYPE },
	{ .name = "scopes in a list", .more = R(NEXT) ",\"scope\":[\"a\"]",
	    .reason = BP_WIRE_BODY },
	{ .name = "the id_token of another", .sub = "alicf",
	    .reason = BP_WIRE_TOKEN_SUB, .detail = "sub is another" },
	{ .name = "the id_token of one who begins so", .sub = "alice2",
	    .reason = BP_WIRE_TOKEN_SUB },
	{ .name = "the id_token of nobody", .sub = "",
	    .reason = BP_WIRE_TOKEN_SUB },
	{ .name = "an id_token for another", .aud = "d",
	    .reason = BP_WIRE_TOKEN_AUD },
	{ .name = "another nonce", .nonce = ",\"nonce\":\"m\"",
	    .reason = BP_WIRE_TOKEN_NONCE },
	{ .name = "a nonce of null", .nonce = ",\"nonce\":null",
	    .reason = BP_WIRE_TOKEN_NONCE },
	{ .name = "no nonce", .nonce = "" },
	{ .name = "UserInfo of another", .userinfo = "{\"sub\":\"alicf\"}",
	    .reason = BP_WIRE_USERINFO_SUB },
	{ .name = "a UserInfo that is down", .status = { 0, 0, 503 },
	    .reason = BP_WIRE_STATUS },
	{ .name = "a UserInfo that refuses", .status = { 0, 0, 401 },
	    .reason = BP_WIRE_PROVIDER_REFUSED },
	{ .name = "a UserInfo that is gone", .status = { 0, 0, 410 },
	    .reason = BP_WIRE_STATUS, .is_stale = true },
	{ .name = "keys that have changed since", .recorded = OLD,
	    .is_stale = true },
	{ .name = "a user of the company",
	    .api = "{\"id\":\"7\",\"email\":\"a@b\",\"active\":true}" },
	{ .name = "one who is no user any more",
	    .api = "{\"email\":\"a@b\",\"active\":false}",
	    .reason = BP_WIRE_API_INACTIVE },

	/* an answer that is none brings no token */
	{ .name = "a renewal that is refused", .status = { 400 },
	    .more = E("invalid_grant"), .is_silent = true,
	    .reason = BP_WIRE_RENEWAL_REFUSED,
	    .detail = "token endpoint: error \"invalid_grant\", status 400" },
	{ .name = "a renewal that is refused with 200, and a token",
	    .more = R(NEXT) E("invalid_grant"), .is_silent = true,
	    .reason = BP_WIRE_RENEWAL_REFUSED },
	{ .name = "a client that is refused", .status = { 401 },
	    .more = E("invalid_client"), .is_silent = true,
	    .reason = BP_WIRE_CLIENT_REFUSED },
	{ .name = "another error", .status = { 400 },
	    .more = E("invalid_request"), .is_silent = true,
	    .reason = BP_WIRE_PROVIDER_REFUSED },
	{ .name = "down, whatever it says", .status = { 503 },
	    .more = R(NEXT) E("invalid_grant"), .is_silent = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "201, and a token", .status = { 201 }, .is_silent = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "a token twice", .more = R(NEXT) R(NEXT),
	    .is_silent = true, .reason = BP_WIRE_BODY },
	{ .name = "an endpoint that is gone", .status = { 410 }, .more = "",
	    .is_silent = true, .is_stale = true, .reason = BP_WIRE_STATUS },

	/* what the provider repeats */
	{ .name = "the token that was sent for an error",
	    .more = E("no " RT), .is_silent = true,
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no ***************************\"" },
	{ .name = "the token as it was sent for an error",
	    .more = E("no " RT_SPELT), .is_silent = true,
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no *********************************\"" },
	{ .name = "the token that was sent for an audience", .aud = RT,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"***************************\"" },
	{ .name = "the new token for an audience", .aud = NEXT,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"*************************\"" },
	{ .name = "the token that was sent in a claim",
	    .userinfo = "{\"sub\":\"alice\",\"email\":\"" RT "\"}",
	    .reason = BP_WIRE_CLAIMS_SECRET },
	{ .name = "the new token in a claim",
	    .userinfo = "{\"sub\":\"alice\",\"email\":\"" NEXT "\"}",
	    .reason = BP_WIRE_CLAIMS_SECRET },
	{ .name = "the secret for an audience", .aud = SECRET,
	    .reason = BP_WIRE_TOKEN_AUD,
	    .detail = "another: \"********************\"" },
};

static const char *
or(const char *said, const char *usual)
{
	return said != NULL ? said : usual;
}

/* The token endpoint's answer, as a string. */
static void
make_grant(const struct row *row, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(8192);
	char payload[512];

	(void)snprintf(payload, sizeof(payload), "{\"iss\":\"" ISSUER "\","
	    "\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld%s}",
	    or(row->aud, "c"), or(row->sub, "alice"), (long long)time(NULL),
	    (long long)time(NULL) + 300, or(row->nonce, NONCE));
	put_signed(payload, &token);
	assert_true(bp_buf_say(ret, "{\"token_type\":\"") &&
	    bp_buf_say(ret, or(row->type, "Bearer")) &&
	    bp_buf_say(ret, row->has_no_access ? "\",\"a\":\""
	    : "\",\"access_token\":\"") && bp_buf_say(ret, AT) &&
	    bp_buf_say(ret, row->has_no_id ? "\",\"i\":\""
	    : "\",\"id_token\":\"") && bp_buf_put(ret, bp_buf_text(&token)) &&
	    bp_buf_say(ret, "\"") && bp_buf_say(ret, or(row->more, R(NEXT))) &&
	    bp_buf_say(ret, "}") && bp_buf_add(ret, "", 1));
}

static void
make_pages(const struct row *row, const char *grant, const char *set)
{
	pages[TOKENS] = (struct page){ T, grant };
	pages[SET] = (struct page){ KEYS, set };
	pages[USERINFO] = (struct page){ U, or(row->userinfo, ALICE) };
	pages[USERS] = (struct page){ USER, or(row->api, "") };
	memset(asked, 0, sizeof(asked));
	memcpy(statuses, row->status, sizeof(row->status));
}

static void
make_request(const struct row *row, struct bp_text record,
    struct bp_text wanted, struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_RENEW, .asked = BP_MSG_RENEW };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of(SECRET));
	if (row->is_basic)
		bp_msg_mark(ret, BP_F_CLIENT_BASIC);
	if (row->wants_id_token)
		bp_msg_mark(ret, BP_F_TOKENS_WANTED);
	bp_msg_give(ret, BP_F_SCOPES, wanted);
	bp_msg_give(ret, BP_F_NONCE, bp_text_of("n"));
	bp_msg_give(ret, BP_F_SUB, bp_text_of("alice"));
	bp_msg_give(ret, BP_F_REFRESH_TOKEN, bp_text_of(RT));
	bp_msg_give(ret, BP_F_CLOCK_SKEW, bp_text_of("60"));
	bp_msg_give(ret, BP_F_SIGNING_ALGS, (struct bp_text)BP_TEXT(
	    "\0\0\0\1\0\0\0\5RS256"));
	bp_msg_give(ret, BP_F_WANTED, wanted);
	if (row->api != NULL) {
		bp_msg_give(ret, BP_F_API_URL, bp_text_of(API));
		bp_msg_give(ret, BP_F_COMPANY, bp_text_of("acme"));
	}
}

/* The first answer must be heard before anything but the token is asked for. */
struct ear {
	struct bp_buf	 said;
	unsigned	 asked_before;	/* the first */
};

static void
listen_well(void *arg, struct bp_text framed)
{
	struct ear *ear = arg;

	if (ear->said.len == 0)
		ear->asked_before = asked[SET] + asked[USERINFO] +
		    asked[USERS];
	hear(&ear->said, framed);
}

/* It may have one use. */
static void
assert_asked(const struct row *row)
{
	assert_int_equal(asked[TOKENS], 1);
	assert_int_equal(is_basic, row->is_basic);
	assert_true(bp_text_is(bp_buf_text(&posted), row->is_basic
	    ? "grant_type=refresh_token&refresh_token=" RT_SPELT
	    : "grant_type=refresh_token&refresh_token=" RT_SPELT
	    "&client_id=c&client_secret=" SPELT));
}

static struct bp_text
take_token(struct bp_text said, const struct row *row)
{
	struct bp_text one;
	struct bp_msg m;

	if (row->is_silent)
		return said;
	assert_true(bp_list_take(&said, &one) && bp_msg_read(one, &m));
	assert_int_equal(m.type, BP_MSG_TOKEN);
	assert_int_equal(m.asked, BP_MSG_RENEW);
	assert_true(bp_text_is(m.field[BP_F_REFRESH_TOKEN], NEXT));
	return said;
}

static void
assert_claims(struct bp_text said, const struct row *row, const char *grant)
{
	struct bp_text t;
	struct bp_msg m;

	assert_true(read_framed(said, &m));
	assert_int_equal(m.type, BP_MSG_CLAIMS);
	assert_true(bp_text_is(m.field[BP_F_SUB], "alice"));
	assert_true(bp_text_is(m.field[BP_F_COMPANY], row->api != NULL
	    ? "acme" : ""));
	assert_true(bp_text_is(m.field[BP_F_API_ID], row->api != NULL ? "7"
	    : ""));
	assert_int_equal(m.given[BP_F_API_ROLES], row->api != NULL);
	assert_int_equal(m.given[BP_F_RECORD_STALE], row->is_stale);
	t = m.field[BP_F_ID_TOKEN];
	assert_int_equal(t.len > 0, row->wants_id_token);
	assert_true(t.len == 0 ||
	    memmem(grant, strlen(grant), t.at, t.len) != NULL);
	/* it has gone out already, if one came */
	assert_false(m.given[BP_F_REFRESH_TOKEN]);
}

static void
assert_failure(const struct bp_failure *failure, const struct row *row)
{
	static const char *const secrets[] = { SECRET, SPELT, AT, RT,
	    RT_SPELT, NEXT };
	const char *detail = failure->why.detail;

	assert_int_equal(failure->why.reason, row->reason);
	assert_int_equal(failure->record_stale, row->is_stale);
	if (row->detail != NULL && strstr(detail, row->detail) == NULL)
		fail_msg("%s", detail);
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(detail, secrets[i]));
}

ROWS(rows, says_the_token_first)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf grant = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf set = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	struct ear ear = { .said = BP_BUF_INIT(BP_MSG_MAX) };
	const struct bp_listener to = { listen_well, &ear };
	struct bp_failure failure = { 0 };
	struct bp_msg request;
	struct bp_text said;

	make_grant(row, &grant);
	put_set(&set);
	put_record(row->recorded, U, NULL, &record);
	(void)put_texts((const char *[]){ "email" }, 1, &wanted);
	make_pages(row, (const char *)grant.data, (const char *)set.data);
	make_request(row, bp_buf_text(&record), bp_buf_text(&wanted),
	    &request);
	if (bp_renew(&request, &to, &failure) != (row->reason == 0))
		fail_msg("%s", failure.why.detail);
	assert_asked(row);
	assert_true(row->is_silent || ear.asked_before == 0);
	said = take_token(bp_buf_text(&ear.said), row);
	if (row->reason == 0)
		assert_claims(said, row, (const char *)grant.data);
	else {
		assert_int_equal(said.len, 0);
		assert_failure(&failure, row);
	}
	bp_buf_done(&ear.said);
}

static const struct length {
	const char *name;
	size_t sent, next;
	bool is_told;
} lengths[] = {
	{ "the longest tokens", BP_TOKEN_MAX, BP_TOKEN_MAX, true },
	{ "a token that is too long to come back", 8, BP_TOKEN_MAX + 1,
	    false },
};

static void
put_long(const char *head, char c, size_t n, const char *tail,
    struct bp_buf *ret)
{
	assert_true(bp_buf_say(ret, head));
	for (size_t i = 0; i < n; i++)
		assert_true(bp_buf_add(ret, &c, 1));
	assert_true(bp_buf_say(ret, tail));
}

/* Each byte of it is spelt in three on its way. */
ROWS(lengths, is_sent_and_told)
{
	const struct length *row = *state;
	static const struct row usual = { .has_no_id = true };
	BP_AUTO(bp_buf_done) struct bp_buf grant = BP_BUF_INIT(128 * 1024);
	BP_AUTO(bp_buf_done) struct bp_buf sent = BP_BUF_INIT(BP_TOKEN_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_listener to = listener(&said);
	struct bp_failure failure = { 0 };
	struct bp_msg request;

	put_long("{\"refresh_token\":\"", 'x', row->next, "\"}", &grant);
	assert_true(bp_buf_add(&grant, "", 1));
	put_long("", '~', row->sent, "", &sent);
	put_record(OURS, U, NULL, &record);
	make_pages(&usual, (const char *)grant.data, "");
	make_request(&usual, bp_buf_text(&record),
	    put_texts((const char *[]){ "email" }, 1, &wanted), &request);
	bp_msg_give(&request, BP_F_REFRESH_TOKEN, bp_buf_text(&sent));
	assert_false(bp_renew(&request, &to, &failure));
	assert_int_equal(failure.why.reason, BP_WIRE_TOKEN_MISSING);
	assert_true(posted.len > 3 * row->sent);
	assert_int_equal(said.len > row->next, row->is_told);
}

RUN(make_pairs, free_pairs)
