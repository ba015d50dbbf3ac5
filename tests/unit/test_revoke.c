/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/revoke.h"

#include "support/fake_http.h"
#include "support/fake_provider.h"
#include "support/hear.h"

#define V	ISSUER "/v"
#define RT	"refresh-token/of a session"
#define RT_SPELT "refresh-token%2Fof+a+session"
#define E(error)	"{\"error\":\"" error "\"}"

static const struct row {
	const char *name;
	long status;
	const char *body, *revocation;	/* NULL: the usual; "": none */
	bool is_basic, is_stale;
	enum bp_wire_reason reason;	/* NONE: it is revoked */
	const char *detail;
} rows[] = {
	{ .name = "a revocation", .body = "" },
	{ .name = "a revocation by the header", .body = "",
	    .is_basic = true },
	{ .name = "200 and a page", .body = "<html>" },
	{ .name = "200 and an error", .body = E("invalid_client") },
	{ .name = "no endpoint", .revocation = "",
	    .reason = BP_WIRE_NO_REVOCATION,
	    .detail = "no revocation_endpoint" },
	{ .name = "an endpoint elsewhere", .revocation = EVIL,
	    .reason = BP_WIRE_RECORD_BAD, .detail = "another origin" },
	{ .name = "a client that is refused", .status = 401,
	    .body = E("invalid_client"), .reason = BP_WIRE_CLIENT_REFUSED,
	    .detail = "revocation endpoint: error \"invalid_client\", "
	    "status 401" },
	{ .name = "a client that may not", .status = 400,
	    .body = E("unauthorized_client"),
	    .reason = BP_WIRE_CLIENT_REFUSED, .detail = "status 400" },
	{ .name = "a token of a kind that is not revoked", .status = 400,
	    .body = E("unsupported_token_type"),
	    .reason = BP_WIRE_REVOCATION_REFUSED,
	    .detail = "\"unsupported_token_type\"" },
	{ .name = "a request that makes no sense", .status = 400,
	    .body = E("invalid_request"),
	    .reason = BP_WIRE_REVOCATION_REFUSED,
	    .detail = "\"invalid_request\"" },
	{ .name = "a grant that is none", .status = 400,
	    .body = E("invalid_grant"),
	    .reason = BP_WIRE_REVOCATION_REFUSED, .detail = "status 400" },
	{ .name = "too many requests", .status = 429,
	    .body = E("invalid_request"), .reason = BP_WIRE_STATUS,
	    .detail = "revocation endpoint: status 429 at " V },
	{ .name = "not now", .status = 503, .body = E("invalid_client"),
	    .reason = BP_WIRE_STATUS, .detail = "status 503" },
	{ .name = "400 and no JSON", .status = 400, .body = "Bad Request",
	    .reason = BP_WIRE_STATUS, .detail = "status 400" },
	{ .name = "400 and no string", .status = 400,
	    .body = "{\"error\":1}", .reason = BP_WIRE_STATUS,
	    .detail = "status 400" },
	{ .name = "401 and nothing", .status = 401, .body = "",
	    .reason = BP_WIRE_STATUS, .detail = "status 401" },
	{ .name = "a redirect", .status = 302, .body = "",
	    .reason = BP_WIRE_STATUS, .detail = "status 302" },
	{ .name = "not there any more", .status = 404, .body = "",
	    .is_stale = true, .reason = BP_WIRE_STATUS,
	    .detail = "status 404" },
	{ .name = "not to be had", .is_stale = true,
	    .reason = BP_WIRE_NO_CONNECTION, .detail = "nothing at" },
	{ .name = "the token for an error", .status = 400,
	    .body = E("no " RT), .reason = BP_WIRE_REVOCATION_REFUSED,
	    .detail = "\"no **************************\"" },
	{ .name = "the token as it was sent for an error", .status = 400,
	    .body = E("no " RT_SPELT), .reason = BP_WIRE_REVOCATION_REFUSED,
	    .detail = "\"no ****************************\"" },
	{ .name = "the secret for an error", .status = 400,
	    .body = E("no " SECRET), .reason = BP_WIRE_REVOCATION_REFUSED,
	    .detail = "\"no ********************\"" },
};

static void
make_request(const struct row *row, struct bp_text record, struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_REVOKE, .asked = BP_MSG_REVOKE };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of(SECRET));
	if (row->is_basic)
		bp_msg_mark(ret, BP_F_CLIENT_BASIC);
	bp_msg_give(ret, BP_F_REFRESH_TOKEN, bp_text_of(RT));
}

/* Once, or, where nobody may be asked, never. */
static void
assert_asked(const struct row *row)
{
	bool is_sent = row->revocation == NULL &&
	    row->reason != BP_WIRE_NO_CONNECTION;

	assert_int_equal(asked[0], is_sent);
	if (!is_sent)
		return;
	assert_int_equal(is_basic, row->is_basic);
	assert_true(bp_text_is(bp_buf_text(&posted), row->is_basic
	    ? "token=" RT_SPELT "&token_type_hint=refresh_token"
	    : "token=" RT_SPELT "&token_type_hint=refresh_token"
	    "&client_id=c&client_secret=" SPELT));
}

static void
assert_failure(const struct bp_failure *failure, const struct row *row)
{
	static const char *const secrets[] = { SECRET, SPELT, RT, RT_SPELT };
	const char *detail = failure->why.detail;

	assert_int_equal(failure->why.reason, row->reason);
	assert_int_equal(failure->record_stale, row->is_stale);
	if (strstr(detail, row->detail) == NULL)
		fail_msg("%s", detail);
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(detail, secrets[i]));
}

ROWS(rows, is_revoked_or_not)
{
	const struct row *row = *state;
	const char *revocation = row->revocation == NULL ? V
	    : row->revocation[0] == '\0' ? NULL : row->revocation;
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_listener to = listener(&said);
	struct bp_failure failure = { 0 };
	struct bp_msg request, m;

	put_record(OURS, U, revocation, &record);
	make_request(row, bp_buf_text(&record), &request);
	pages[0] = row->body != NULL ? (struct page){ V, row->body }
	    : (struct page){ NULL, NULL };
	memset(asked, 0, sizeof(asked));
	statuses[0] = row->status;
	assert_int_equal(bp_revoke(&request, &to, &failure),
	    row->reason == 0);
	assert_asked(row);
	if (row->reason != 0) {
		assert_int_equal(said.len, 0);
		assert_failure(&failure, row);
		return;
	}
	assert_true(read_framed(bp_buf_text(&said), &m));
	assert_int_equal(m.type, BP_MSG_REVOKED);
	assert_int_equal(m.asked, BP_MSG_REVOKE);
}

RUN(make_pairs, free_pairs)
