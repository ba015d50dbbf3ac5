/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/look_up.h"

#include "support/fake_http.h"
#include "support/fake_provider.h"
#include "support/hear.h"

#define API	"https://api.example"
#define BY_ID	API "/api/acme/Users/GetById/7"
#define BY_EMAIL API "/api/acme/Users/GetByEmail?email=a%40b"
#define AT	"access-token-of-this-host"
#define RT	"refresh-token/that+is:spent"
#define RT_SPELT "refresh-token%2Fthat%2Bis%3Aspent"
#define NEXT	"refresh-token-from-now-on"
#define MAY	"access-token-of-this-refresh"
#define GRANT(type, more)						\
	"{\"access_token\":\"" MAY "\",\"token_type\":\"" type "\"" more "}"
#define R(token)	",\"refresh_token\":\"" token "\""
#define E(error)	"{\"error\":\"" error "\"}"
#define USER(more)							\
	"{\"id\":\"7\",\"email\":\"a@B\",\"active\":true" more "}"
#define ROLES	",\"role\":[\"r\",\"s, t\"]"

enum { TOKENS, USERS, OTHERS, PAGES };

/* What is not said is as it should be; asked with a refresh token, by id. */
static const struct row {
	const char *name;
	bool has_access, has_no_refresh;	/* tokens in the request */
	bool has_both;
	bool by_email, by_nobody, by_both;
	bool is_basic;
	const char *grant, *api;	/* answers */
	long status[PAGES];
	const char *told;		/* the refresh token; NULL: no TOKEN */
	bool is_told_alone;		/* without an access token */
	bool is_unasked;		/* the API */
	bool is_stale;
	enum bp_wire_reason reason;	/* NONE: a user */
	const char *detail;		/* stands in it; NULL: any */
} rows[] = {
	{ .name = "by id with a refresh token", .told = NEXT },
	{ .name = "by e-mail with a refresh token", .by_email = true,
	    .told = NEXT },
	{ .name = "by id with an access token", .has_access = true },
	{ .name = "by e-mail with an access token", .has_access = true,
	    .by_email = true },
	{ .name = "by id where both are given", .by_both = true,
	    .told = NEXT },
	{ .name = "with the client in the header", .is_basic = true,
	    .told = NEXT },

	/* the one that counts from now on is told, whichever it is */
	{ .name = "the same token again", .grant = GRANT("bearer", R(RT)),
	    .told = RT },
	{ .name = "no new token", .grant = GRANT("Bearer", ""), .told = RT },
	{ .name = "a new token that cannot be one",
	    .grant = GRANT("Bearer", R("a b")), .told = RT },
	{ .name = "an id_token that is none",
	    .grant = GRANT("Bearer", R(NEXT) ",\"id_token\":null"),
	    .told = NEXT },

	/* which are no requests */
	{ .name = "both tokens", .has_both = true, .is_unasked = true,
	    .reason = BP_WIRE_HELPER_BROKEN,
	    .detail = "not one token" },
	{ .name = "no token", .has_no_refresh = true, .is_unasked = true,
	    .reason = BP_WIRE_HELPER_BROKEN, .detail = "not one token" },
	{ .name = "nobody to ask for", .by_nobody = true, .is_unasked = true,
	    .reason = BP_WIRE_HELPER_BROKEN, .detail = "nobody" },

	/* refresh tokens that bring nothing */
	{ .name = "a token that is refused", .status = { 400 },
	    .grant = E("invalid_grant"), .is_unasked = true,
	    .reason = BP_WIRE_RENEWAL_REFUSED,
	    .detail = "token endpoint: error \"invalid_grant\", status 400" },
	{ .name = "a client that is refused", .status = { 401 },
	    .grant = E("invalid_client"), .is_unasked = true,
	    .reason = BP_WIRE_CLIENT_REFUSED },
	{ .name = "down, whatever it says", .status = { 503 },
	    .grant = GRANT("Bearer", R(NEXT)), .is_unasked = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "an endpoint that is gone", .status = { 410 },
	    .grant = "", .is_unasked = true, .is_stale = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "a new token beside an error",
	    .grant = GRANT("Bearer", R(NEXT) ",\"error\":\"invalid_grant\""),
	    .is_unasked = true, .reason = BP_WIRE_RENEWAL_REFUSED },
	{ .name = "a new token alone", .grant = "{\"x\":1" R(NEXT) "}",
	    .told = NEXT, .is_told_alone = true, .is_unasked = true,
	    .reason = BP_WIRE_TOKEN_MISSING },
	{ .name = "a new token of another type",
	    .grant = GRANT("DPoP", R(NEXT)), .told = NEXT,
	    .is_told_alone = true, .is_unasked = true,
	    .reason = BP_WIRE_TOKEN_TYPE },
	{ .name = "no token of any use", .grant = "{}", .is_unasked = true,
	    .reason = BP_WIRE_TOKEN_MISSING },

	/* whatever the API says, the new token counts */
	{ .name = "nobody there", .api = "[]", .told = NEXT,
	    .reason = BP_WIRE_API_NO_USER, .detail = "of \"7\"" },
	{ .name = "nobody there by e-mail", .by_email = true, .api = "[]",
	    .told = NEXT, .reason = BP_WIRE_API_NO_USER,
	    .detail = "of \"a@b\"" },
	{ .name = "a token that the API does not take", .has_access = true,
	    .status = { 0, 401 }, .reason = BP_WIRE_API_TOKEN },
	{ .name = "a token that is not for the company",
	    .status = { 0, 403 }, .told = NEXT,
	    .reason = BP_WIRE_API_FORBIDDEN },
	{ .name = "an API that is gone", .status = { 0, 410 }, .told = NEXT,
	    .reason = BP_WIRE_STATUS },
	{ .name = "another user", .told = NEXT,
	    .api = "{\"id\":\"8\",\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_API_OTHER },
	{ .name = "a user with another address", .by_email = true,
	    .told = NEXT,
	    .api = "{\"id\":\"7\",\"email\":\"b@b\",\"active\":true}",
	    .reason = BP_WIRE_API_OTHER },
	{ .name = "a user without an id", .by_email = true, .told = NEXT,
	    .api = "{\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_BODY, .detail = "the user's id" },
	{ .name = "one who is no user any more", .told = NEXT,
	    .api = "{\"id\":\"7\",\"email\":\"a@b\",\"active\":false,"
	    "\"role\":null}", .reason = BP_WIRE_API_INACTIVE },
	{ .name = "a role of null", .told = NEXT,
	    .api = USER(",\"role\":null"), .reason = BP_WIRE_API_ROLE_TYPE,
	    .detail = "the user's role is no string" },
	{ .name = "a role that does not print", .told = NEXT,
	    .api = USER(",\"role\":\"\\u0007\""),
	    .reason = BP_WIRE_CLAIMS_LONG },

	/* what others repeat */
	{ .name = "the token that was sent for an error", .status = { 400 },
	    .grant = E("no " RT), .is_unasked = true,
	    .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no ***************************\"" },
	{ .name = "the token as it was sent for an error",
	    .status = { 400 }, .grant = E("no " RT_SPELT),
	    .is_unasked = true, .reason = BP_WIRE_PROVIDER_REFUSED,
	    .detail = "error \"no *********************************\"" },
	{ .name = "the secret for another user", .told = NEXT,
	    .api = "{\"id\":\"" SECRET "\",\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_API_OTHER,
	    .detail = "is \"********************\"" },
	{ .name = "the access token for another user", .told = NEXT,
	    .api = "{\"id\":\"" MAY "\",\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_API_OTHER,
	    .detail = "is \"****************************\"" },
	{ .name = "the access token that was given for another user",
	    .has_access = true,
	    .api = "{\"id\":\"" AT "\",\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_API_OTHER,
	    .detail = "is \"*************************\"" },
	{ .name = "the access token in an id", .by_email = true,
	    .told = NEXT,
	    .api = "{\"id\":\"" MAY "\",\"email\":\"a@b\",\"active\":true}",
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "API's id" },
	{ .name = "the access token that was given in a role",
	    .has_access = true, .api = USER(",\"role\":\"" AT "\""),
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "a role" },
	{ .name = "the new token in an address", .told = NEXT,
	    .api = "{\"id\":\"7\",\"email\":\"" NEXT "@b\",\"active\":true}",
	    .reason = BP_WIRE_CLAIMS_SECRET, .detail = "e-mail" },
};

static const char *
or(const char *said, const char *usual)
{
	return said != NULL ? said : usual;
}

static void
make_pages(const struct row *row)
{
	pages[TOKENS] = (struct page){ T, or(row->grant,
	    GRANT("Bearer", R(NEXT))) };
	pages[USERS] = (struct page){ row->by_email ? BY_EMAIL : BY_ID,
	    or(row->api, USER(ROLES)) };
	pages[OTHERS] = (struct page){ row->by_email ? BY_ID : BY_EMAIL, "" };
	memset(asked, 0, sizeof(asked));
	memset(has_bearer, 0, sizeof(has_bearer));
	memcpy(statuses, row->status, sizeof(row->status));
	posted.len = 0;
}

static void
make_request(const struct row *row, struct bp_text record,
    struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_LOOK_UP, .asked = BP_MSG_LOOK_UP };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of(SECRET));
	if (row->is_basic)
		bp_msg_mark(ret, BP_F_CLIENT_BASIC);
	if (row->has_both || (!row->has_access && !row->has_no_refresh))
		bp_msg_give(ret, BP_F_REFRESH_TOKEN, bp_text_of(RT));
	if (row->has_both || row->has_access)
		bp_msg_give(ret, BP_F_ACCESS_TOKEN, bp_text_of(AT));
	bp_msg_give(ret, BP_F_API_URL, bp_text_of(API));
	bp_msg_give(ret, BP_F_COMPANY, bp_text_of("acme"));
	if (!row->by_email && !row->by_nobody)
		bp_msg_give(ret, BP_F_API_ID, bp_text_of("7"));
	if (row->by_email || row->by_both)
		bp_msg_give(ret, BP_F_EMAIL, bp_text_of("a@b"));
}

/* TOKEN must be heard before the API is asked. */
struct ear {
	struct bp_buf	 said;
	bool		 is_late;
};

static void
listen_well(void *arg, struct bp_text framed)
{
	struct ear *ear = arg;

	ear->is_late = ear->said.len == 0 && asked[USERS] > 0;
	hear(&ear->said, framed);
}

/* A refresh token may have one use; the API is asked for this one alone. */
static void
assert_asked(const struct row *row, const struct bp_msg *request)
{
	bool is_sent = request->given[BP_F_REFRESH_TOKEN] &&
	    !request->given[BP_F_ACCESS_TOKEN] && !row->by_nobody;

	assert_int_equal(asked[TOKENS], is_sent);
	assert_int_equal(asked[USERS], !row->is_unasked);
	assert_int_equal(asked[OTHERS], 0);
	assert_int_equal(has_bearer[USERS], !row->is_unasked);
	if (!is_sent)
		return;
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

	if (row->told == NULL)
		return said;
	assert_true(bp_list_take(&said, &one) && bp_msg_read(one, &m));
	assert_int_equal(m.type, BP_MSG_TOKEN);
	assert_int_equal(m.asked, BP_MSG_LOOK_UP);
	assert_true(bp_text_is(m.field[BP_F_REFRESH_TOKEN], row->told));
	assert_int_equal(m.given[BP_F_ACCESS_TOKEN], !row->is_told_alone);
	assert_true(bp_text_is(m.field[BP_F_ACCESS_TOKEN],
	    row->is_told_alone ? "" : MAY));
	return said;
}

static void
assert_user(struct bp_text said)
{
	struct bp_msg m;

	assert_true(read_framed(said, &m));
	assert_int_equal(m.type, BP_MSG_USER);
	assert_int_equal(m.asked, BP_MSG_LOOK_UP);
	assert_true(bp_text_is(m.field[BP_F_API_ID], "7"));
	assert_true(bp_text_is(m.field[BP_F_EMAIL], "a@b"));
	assert_int_equal(bp_list_count(m.field[BP_F_API_ROLES]), 2);
	assert_true(bp_list_has(m.field[BP_F_API_ROLES],
	    bp_text_of("s, t")));
}

static void
assert_failure(const struct bp_failure *failure, const struct row *row)
{
	static const char *const secrets[] = { SECRET, SPELT, AT, RT,
	    RT_SPELT, NEXT, MAY };
	const char *detail = failure->why.detail;

	assert_int_equal(failure->why.reason, row->reason);
	assert_int_equal(failure->record_stale, row->is_stale);
	if (row->detail != NULL && strstr(detail, row->detail) == NULL)
		fail_msg("%s", detail);
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(detail, secrets[i]));
}

ROWS(rows, says_the_tokens_and_then_the_user)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	struct ear ear = { .said = BP_BUF_INIT(BP_MSG_MAX) };
	const struct bp_listener to = { listen_well, &ear };
	struct bp_failure failure = { 0 };
	struct bp_msg request;
	struct bp_text said;

	put_record(OURS, U, NULL, &record);
	make_pages(row);
	make_request(row, bp_buf_text(&record), &request);
	if (bp_look_up(&request, &to, &failure) != (row->reason == 0))
		fail_msg("%s", failure.why.detail);
	assert_asked(row, &request);
	assert_false(row->told != NULL && ear.is_late);
	said = take_token(bp_buf_text(&ear.said), row);
	if (row->reason == 0)
		assert_user(said);
	else {
		assert_int_equal(said.len, 0);
		assert_failure(&failure, row);
	}
	bp_buf_done(&ear.said);
}

/* Both of the longest in one message. */
TEST(the_longest_tokens_are_told)
{
	static const struct row usual = { .told = NEXT };
	static char grant[3 * BP_TOKEN_MAX], token[BP_TOKEN_MAX + 1];
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_listener to = listener(&said);
	struct bp_failure failure = { 0 };
	struct bp_msg request, m;
	struct bp_text all, one;

	(void)state;
	memset(token, 'x', BP_TOKEN_MAX);
	(void)snprintf(grant, sizeof(grant), "{\"access_token\":\"%s\","
	    "\"token_type\":\"Bearer\",\"refresh_token\":\"%s\"}", token,
	    token);
	put_record(OURS, U, NULL, &record);
	make_pages(&usual);
	pages[TOKENS].body = grant;
	make_request(&usual, bp_buf_text(&record), &request);
	assert_true(bp_look_up(&request, &to, &failure));
	all = bp_buf_text(&said);
	assert_true(bp_list_take(&all, &one) && bp_msg_read(one, &m));
	assert_int_equal(m.field[BP_F_ACCESS_TOKEN].len, BP_TOKEN_MAX);
	assert_int_equal(m.field[BP_F_REFRESH_TOKEN].len, BP_TOKEN_MAX);
	assert_user(all);
}

RUN(make_pairs, free_pairs)
