/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/list.h"
#include "wire/person.h"

#include "support/fake_http.h"
#include "support/fake_provider.h"
#include "support/hear.h"

#define API	"https://api.example"
#define LISTED	API "/api/acme/Users/List"
#define AT	"access-token-of-this-host"
#define RT	"refresh-token-that-is-spent"
#define NEXT	"refresh-token-from-now-on"
#define MAY	"access-token-of-this-refresh"
#define GRANT	"{\"access_token\":\"" MAY "\",\"token_type\":\"Bearer\","\
	"\"refresh_token\":\"" NEXT "\"}"
#define TWO	"[{\"id\":\"7\",\"email\":\"a@B\",\"active\":true,"	\
	"\"role\":[\"r\",\"s, t\"]},{\"id\":8}]"

enum { TOKENS, USERS, PAGES };

/* What is not said is as it should be; asked with a refresh token. */
static const struct row {
	const char *name;
	bool has_access, has_both;
	const char *grant, *api;
	long status[PAGES];
	bool is_told, is_unasked;
	enum bp_wire_reason reason;	/* NONE: all users */
	const char *detail;
} rows[] = {
	{ .name = "by a refresh token", .is_told = true },
	{ .name = "by an access token", .has_access = true },
	{ .name = "both tokens for all", .has_both = true, .is_unasked = true,
	    .reason = BP_WIRE_HELPER_BROKEN, .detail = "not one token" },
	{ .name = "a token that is refused for all", .status = { 400 },
	    .grant = "{\"error\":\"invalid_grant\"}", .is_unasked = true,
	    .reason = BP_WIRE_RENEWAL_REFUSED },
	{ .name = "no token for all", .grant = "{}", .is_unasked = true,
	    .reason = BP_WIRE_TOKEN_MISSING },
	{ .name = "a list that is down behind its token",
	    .status = { 0, 503 }, .is_told = true,
	    .reason = BP_WIRE_STATUS },
	{ .name = "a list that is none", .api = "{}", .is_told = true,
	    .reason = BP_WIRE_BODY, .detail = "of \"all users\"" },
	{ .name = "the access token in a user's id", .is_told = true,
	    .api = "[{\"id\":\"" MAY "\"}]",
	    .reason = BP_WIRE_CLAIMS_SECRET,
	    .detail = "a user of the public API's" },
	{ .name = "the secret in a user's role", .has_access = true,
	    .api = "[{\"role\":\"" SECRET "\"}]",
	    .reason = BP_WIRE_CLAIMS_SECRET },
	{ .name = "the token that was given in a user's role",
	    .has_access = true, .api = "[{},{\"role\":[\"" AT "\"]}]",
	    .reason = BP_WIRE_CLAIMS_SECRET },
	{ .name = "a list that is gone", .has_access = true,
	    .status = { 0, 410 }, .reason = BP_WIRE_STATUS },
};

static void
make_pages(const struct row *row)
{
	pages[TOKENS] = (struct page){ T, row->grant != NULL ? row->grant
	    : GRANT };
	pages[USERS] = (struct page){ LISTED, row->api != NULL ? row->api
	    : TWO };
	memset(asked, 0, sizeof(asked));
	memset(has_bearer, 0, sizeof(has_bearer));
	memcpy(statuses, row->status, sizeof(row->status));
}

static void
make_request(const struct row *row, struct bp_text record,
    struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_LIST, .asked = BP_MSG_LIST };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of(SECRET));
	if (!row->has_access)
		bp_msg_give(ret, BP_F_REFRESH_TOKEN, bp_text_of(RT));
	if (row->has_both || row->has_access)
		bp_msg_give(ret, BP_F_ACCESS_TOKEN, bp_text_of(AT));
	bp_msg_give(ret, BP_F_API_URL, bp_text_of(API));
	bp_msg_give(ret, BP_F_COMPANY, bp_text_of("acme"));
}

/* Behind TOKEN, where that was said. */
static struct bp_text
take_token(struct bp_text said, const struct row *row)
{
	struct bp_text one;
	struct bp_msg m;

	if (!row->is_told)
		return said;
	assert_true(bp_list_take(&said, &one) && bp_msg_read(one, &m));
	assert_int_equal(m.type, BP_MSG_TOKEN);
	assert_int_equal(m.asked, BP_MSG_LIST);
	assert_true(bp_text_is(m.field[BP_F_REFRESH_TOKEN], NEXT));
	assert_true(bp_text_is(m.field[BP_F_ACCESS_TOKEN], MAY));
	return said;
}

static void
assert_users(struct bp_text said)
{
	struct bp_person p;
	struct bp_list list;
	struct bp_msg m;

	assert_true(read_framed(said, &m));
	assert_int_equal(m.type, BP_MSG_USERS);
	assert_int_equal(m.asked, BP_MSG_LIST);
	list = bp_list_of(m.field[BP_F_USERS]);
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_NEXT);
	assert_true(bp_text_is(p.id, "7") && bp_text_is(p.email, "a@b") &&
	    p.is_active && p.has_roles);
	assert_int_equal(p.role_count, 2);
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_NEXT);
	assert_true(bp_text_is(p.id, "8") && p.email.len == 0 &&
	    !p.is_active);
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_END);
}

static void
assert_failure(const struct bp_failure *failure, const struct row *row)
{
	static const char *const secrets[] = { SECRET, AT, RT, NEXT, MAY };
	const char *detail = failure->why.detail;

	assert_int_equal(failure->why.reason, row->reason);
	/* an API's address is none of the record's */
	assert_false(failure->record_stale);
	if (row->detail != NULL && strstr(detail, row->detail) == NULL)
		fail_msg("%s", detail);
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(detail, secrets[i]));
}

ROWS(rows, is_answered_with_the_tokens_and_then_all_users)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(2 * BP_MSG_MAX);
	const struct bp_listener to = listener(&said);
	struct bp_failure failure = { 0 };
	struct bp_msg request;
	struct bp_text last;

	put_record(OURS, U, NULL, &record);
	make_pages(row);
	make_request(row, bp_buf_text(&record), &request);
	if (bp_list_users(&request, &to, &failure) != (row->reason == 0))
		fail_msg("%s", failure.why.detail);
	assert_int_equal(asked[TOKENS], !row->has_access && !row->has_both);
	assert_int_equal(asked[USERS], !row->is_unasked);
	assert_int_equal(has_bearer[USERS], !row->is_unasked);
	last = take_token(bp_buf_text(&said), row);
	if (row->reason == 0)
		assert_users(last);
	else {
		assert_int_equal(last.len, 0);
		assert_failure(&failure, row);
	}
}

RUN(make_pairs, free_pairs)
