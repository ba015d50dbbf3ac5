/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/hear.h"
#include "support/messages.h"
#include "helper/serve.h"

static void
serve(const struct bp_msg *request, struct bp_buf *bytes, struct bp_msg *ret)
{
	const struct bp_listener to = listener(bytes);

	assert_true(bp_serve(request, &to));
	assert_true(read_framed(bp_buf_text(bytes), ret));
	assert_int_equal(ret->asked, request->type);
	assert_true(ret->given[BP_F_DETAIL]);
	assert_false(ret->given[BP_F_RECORD_STALE]);
}

static bool
is_request(unsigned type)
{
	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == type)
			return true;
	return false;
}

TEST(what_is_no_request_gets_no_answer)
{
	(void)state;
	for (unsigned type = 0; type <= BP_MSG_TYPES; type++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
		const struct bp_listener to = listener(&b);
		const struct bp_msg request = { .type = type, .asked = type };

		if (is_request(type))
			continue;
		assert_false(bp_serve(&request, &to));
		assert_int_equal(b.len, 0);
	}
}

/* All before anything is sent: nothing here knows a network. */
static const struct recorded {
	const char *name;
	enum bp_msg_type type;
} recorded[] = {
	{ "a redeem",	BP_MSG_REDEEM },
	{ "a renewal",	BP_MSG_RENEW },
	{ "a revocation", BP_MSG_REVOKE },
	{ "a look-up",	BP_MSG_LOOK_UP },
	{ "a list",	BP_MSG_LIST },
};

ROWS(recorded, ends_at_a_record_that_is_none)
{
	const struct recorded *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg request = { .type = row->type }, m;

	bp_msg_give(&request, BP_F_RECORD, bp_text_of("no record"));
	serve(&request, &b, &m);
	assert_int_equal(m.type, BP_MSG_FAILED);
	assert_int_equal(m.reason, BP_WIRE_RECORD_BAD);
}

static const struct issuer {
	const char *name, *issuer;
} issuers[] = {
	{ "no address",		"x" },
	{ "plain http",		"http://localhost/ids" },
	{ "a query",		"https://localhost/ids?x" },
	{ "a fragment",		"https://localhost/ids#x" },
	{ "a user",		"https://u@localhost/ids" },
	{ "a space",		"https://localhost/i ds" },
};

ROWS(issuers, is_no_issuer)
{
	const struct issuer *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg request = { .type = BP_MSG_DISCOVER }, m;

	bp_msg_give(&request, BP_F_ISSUER, bp_text_of(row->issuer));
	serve(&request, &b, &m);
	assert_int_equal(m.type, BP_MSG_FAILED);
	assert_int_equal(m.reason, BP_WIRE_HELPER_BROKEN);
	assert_true(bp_text_starts(m.field[BP_F_DETAIL], "the issuer is no"));
}

TEST(another_build_is_answered_in_ours)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_listener to = listener(&b);
	struct bp_msg m;

	(void)state;
	assert_true(bp_serve_foreign(&to));
	assert_true(read_framed(bp_buf_text(&b), &m));
	assert_int_equal(m.type, BP_MSG_FAILED);
	assert_int_equal(m.reason, BP_WIRE_HELPER_BROKEN);
}

RUN(NULL, NULL)
