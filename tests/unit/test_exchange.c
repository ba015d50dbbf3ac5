/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/exchange.h"
#include "support/messages.h"
#include "wire/clock.h"
#include "wire/list.h"

#include <fcntl.h>

/* A helper that has said BYTES and, if it ENDS, has closed its end. */
static struct bp_exchange
exchange(enum bp_msg_type asked, const struct bp_buf *bytes, bool ends,
    int *retwriter)
{
	struct bp_exchange x = BP_EXCHANGE_INIT;
	int pair[2];

	assert_int_equal(pipe2(pair, O_CLOEXEC | O_NONBLOCK), 0);
	assert_true(fcntl(pair[1], F_SETPIPE_SZ, 1 << 20) > 0);
	assert_int_equal(write(pair[1], bytes->data, bytes->len),
	    (ssize_t)bytes->len);
	*retwriter = ends ? -1 : pair[1];
	if (ends)
		(void)close(pair[1]);
	x.child.sock = pair[0];
	x.asked = x.last = asked;
	x.deadline = bp_clock_ms() + (ends ? 20000 : 100);
	return x;
}

static void
close_both(struct bp_exchange *x, int writer)
{
	(void)close(x->child.sock);
	if (writer >= 0)
		(void)close(writer);
}

/* Whole answers, so many times; then of that KEEP bytes, CUT off or MORE. */
static const struct judged {
	const char		*name;
	enum bp_msg_type	 request, type;
	int			 times;
	size_t			 keep, cut, more;
	bool			 stays;	/* the helper keeps its end open */
	int			 why;	/* -1: it is accepted */
} judged[] = {
#define D	BP_MSG_DISCOVER
#define R	BP_MSG_REDEEM
	{ "claims", R, BP_MSG_CLAIMS, 1, 0, 0, 0, false, -1 },
	{ "a record", D, BP_MSG_PROVIDER, 1, 0, 0, 0, false, -1 },
	{ "unusable", R, BP_MSG_UNUSABLE, 1, 0, 0, 0, false, -1 },
	{ "failure of a DISCOVER is an answer", D, BP_MSG_FAILED, 1, 0, 0, 0,
	    false, -1 },
	{ "nothing", R, BP_MSG_CLAIMS, 0, 0, 0, 0, false, BP_HELPER_ENDED },
	{ "nothing, and no end", R, BP_MSG_CLAIMS, 0, 0, 0, 0, true,
	    BP_HELPER_SILENT },
	{ "a length alone", R, BP_MSG_CLAIMS, 1, 4, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "half a length", R, BP_MSG_CLAIMS, 1, 2, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "a length of 0", R, BP_MSG_CLAIMS, 0, 0, 0, 4, false,
	    BP_HELPER_ANSWER },
	{ "claims without their last byte", R, BP_MSG_CLAIMS, 1, 0, 1, 0,
	    false, BP_HELPER_ANSWER },
	{ "the same, and no end", R, BP_MSG_CLAIMS, 1, 0, 1, 0, true,
	    BP_HELPER_SILENT },
	{ "claims without an end", R, BP_MSG_CLAIMS, 1, 0, 0, 0, true,
	    BP_HELPER_SILENT },
	{ "two answers", R, BP_MSG_CLAIMS, 2, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "an answer and a byte", R, BP_MSG_CLAIMS, 1, 0, 0, 1, false,
	    BP_HELPER_ANSWER },
	{ "failure of another request", R, BP_MSG_FAILED, 1, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "claims to a DISCOVER", D, BP_MSG_CLAIMS, 1, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "unusable to a DISCOVER", D, BP_MSG_UNUSABLE, 1, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "a record to a REDEEM", R, BP_MSG_PROVIDER, 1, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
	{ "the request itself", R, BP_MSG_REDEEM, 1, 0, 0, 0, false,
	    BP_HELPER_ANSWER },
};

static void
put_answers(const struct judged *row, struct bp_buf *ret)
{
	static const uint8_t naught[8];
	struct bp_msg m = message(row->type);

	for (int i = 0; i < row->times; i++)
		assert_true(bp_msg_put_framed(&m, ret));
	if (row->keep > 0)
		ret->len = row->keep;
	ret->len -= row->cut;
	assert_true(bp_buf_add(ret, naught, row->more));
}

ROWS(judged, is_an_answer_or_not)
{
	const struct judged *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(4 * BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf heard = BP_BUF_INIT(1);
	struct bp_msg m = { .type = 77 };
	enum bp_reason why = 77;
	bool ends = false;
	int writer;
	struct bp_exchange x;

	put_answers(row, &said);
	x = exchange(row->request, &said, !row->stays, &writer);
	assert_int_equal(bp_exchange_next(&x, &heard, &m, &ends, &why),
	    row->why < 0);
	assert_int_equal(ends, row->why < 0);
	assert_int_equal(m.type, row->why < 0 ? row->type : 77);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	close_both(&x, writer);
}

/* An answer of another build, at whatever byte of its name. */
TEST(an_answer_of_another_build_is_named_as_such)
{
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(BP_MSG_CLAIMS);

	(void)state;
	assert_true(bp_msg_put_framed(&m, &said));
	for (size_t i = 0; i < BP_BUILD_SIZE; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf heard = BP_BUF_INIT(1);
		enum bp_reason why = 77;
		struct bp_exchange x;
		bool ends;
		int writer;

		said.data[BP_LIST_NUMBER + i] ^= 1;
		x = exchange(BP_MSG_REDEEM, &said, true, &writer);
		assert_false(bp_exchange_next(&x, &heard, &m, &ends, &why));
		assert_int_equal(why, BP_HELPER_BUILD);
		said.data[BP_LIST_NUMBER + i] ^= 1;
		close_both(&x, writer);
	}
}

/* By its length alone, before a byte of it is read. */
TEST(what_is_longer_than_any_answer_is_not_read)
{
	static const struct {
		enum bp_msg_type asked;
		uint32_t most;
	} rows[] = {
		{ BP_MSG_DISCOVER, 256 * 1024 },
		{ BP_MSG_REDEEM, 1024 * 1024 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(16);
		BP_AUTO(bp_buf_done) struct bp_buf heard = BP_BUF_INIT(1);
		enum bp_reason why = 77;
		struct bp_exchange x;
		struct bp_msg m;
		bool ends;
		int writer;

		assert_true(bp_list_start(&said));
		bp_list_set_number(said.data, rows[i / 2].most +
		    (uint32_t)(i % 2));
		x = exchange(rows[i / 2].asked, &said, true, &writer);
		assert_false(bp_exchange_next(&x, &heard, &m, &ends, &why));
		assert_int_equal(why, i % 2 == 0 ? BP_HELPER_ANSWER
		    : BP_HELPER_LONG);
		assert_int_equal(heard.len, 0);
		close_both(&x, writer);
	}
}

/* Neither is started for: there is no program of this name. */
TEST(what_is_no_lawful_request_is_not_asked)
{
	const struct bp_launch how = { .program = "/nonexistent", .uid = 1,
	    .gid = 1 };
	struct bp_msg request[] = { message(BP_MSG_CLAIMS),
	    message(BP_MSG_DISCOVER), message(BP_MSG_FAILED) };

	(void)state;
	request[1].given[BP_F_ISSUER] = false;
	for (size_t i = 0; i < COUNT(request); i++) {
		struct bp_exchange x = BP_EXCHANGE_INIT;
		enum bp_reason why = 77;

		assert_false(bp_exchange_begin(&x, &how, &request[i],
		    bp_clock_ms() + 1000, &why));
		assert_int_equal(why, BP_HELPER_START);
		assert_int_equal(x.child.pid, -1);
		assert_true(bp_exchange_end(&x));
	}
}

RUN(NULL, NULL)
