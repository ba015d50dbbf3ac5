/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/exchange.h"
#include "wire/list.h"

/* A request is sent whole and behind it an end: nothing more is asked. */
bool
bp_exchange_begin(struct bp_exchange *x, const struct bp_launch *how,
    const struct bp_msg *request, int64_t deadline, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf out =
	    BP_BUF_INIT(BP_LIST_NUMBER + BP_MSG_MAX);

	if (request->type != request->asked ||
	    !bp_msg_put_framed(request, &out))
		return bp_refuse(reterr, BP_HELPER_START);
	x->asked = x->last = request->type;
	x->deadline = deadline;
	if (!bp_launch_start(how, &x->child, reterr) ||
	    !bp_launch_say(&x->child, bp_buf_text(&out), deadline, reterr))
		return false;
	bp_launch_hush(&x->child);
	return true;
}

/* What breaks off inside an answer is none; what never began is an end. */
static bool
hear_size(struct bp_exchange *x, size_t *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf head = BP_BUF_INIT(BP_LIST_NUMBER);

	if (!bp_launch_hear(&x->child, BP_LIST_NUMBER, x->deadline, &head,
	    reterr)) {
		if (*reterr == BP_HELPER_ENDED && head.len > 0)
			*reterr = BP_HELPER_ANSWER;
		return false;
	}
	*ret = bp_list_number(head.data);
	return true;
}

/* What is too long finds no room, and not a byte of it is read. */
static bool
hear(struct bp_exchange *x, struct bp_buf *ret, enum bp_reason *reterr)
{
	size_t n;

	bp_buf_done(ret);
	ret->max = bp_msg_answer_max(x->asked, x->last);
	if (!hear_size(x, &n, reterr))
		return false;
	if (bp_launch_hear(&x->child, n, x->deadline, ret, reterr))
		return true;
	if (*reterr == BP_HELPER_ENDED)
		*reterr = BP_HELPER_ANSWER;
	return false;
}

bool
bp_exchange_next(struct bp_exchange *x, struct bp_buf *bytes,
    struct bp_msg *ret, bool *retends, enum bp_reason *reterr)
{
	struct bp_msg m;
	bool ends;

	if (!hear(x, bytes, reterr))
		return false;
	if (bp_msg_is_foreign(bp_buf_text(bytes)))
		return bp_refuse(reterr, BP_HELPER_BUILD);
	if (!bp_msg_read(bp_buf_text(bytes), &m) || m.asked != x->asked ||
	    !bp_msg_may_follow(x->asked, x->last, m.type, &ends))
		return bp_refuse(reterr, BP_HELPER_ANSWER);
	if (ends && !bp_launch_is_over(&x->child, x->deadline, reterr))
		return false;
	x->last = m.type;
	*ret = m;
	*retends = ends;
	return true;
}

bool
bp_exchange_end(struct bp_exchange *x)
{
	return bp_launch_end(&x->child, x->deadline);
}
