/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.h - one request to a helper, and the answers that may come to it,
 * one after the other, as wire/message.def has them.
 *
 * Runs in: the module, as root inside sshd, sudo or login, and beproductctl.
 * Trusts: of the helper nothing but what the tables of the wire admit.
 */
#ifndef BP_ATTEMPT_EXCHANGE_H
#define BP_ATTEMPT_EXCHANGE_H

#include "attempt/launch.h"
#include "wire/msg.h"

/* Init with BP_EXCHANGE_INIT; end with bp_exchange_end(), also what failed. */
struct bp_exchange {
	struct bp_child	 child;
	enum bp_msg_type asked;
	enum bp_msg_type last;		/* what came last; first the request */
	int64_t		 deadline;	/* of all of it, bp_clock_ms() */
};
#define BP_EXCHANGE_INIT	{ .child = BP_CHILD_INIT }

/*
 * Start a helper, and ask it REQUEST.
 *
 * BP_HELPER_START  REQUEST is none, or not lawful; and as bp_launch_start()
 * else             as bp_launch_say()
 */
BP_MUST_USE bool bp_exchange_begin(struct bp_exchange *x,
    const struct bp_launch *how, const struct bp_msg *request,
    int64_t deadline, enum bp_reason *reterr);

/*
 * The next answer.
 *
 *   bytes    emptied first; gets the answer, and the ceiling that it may have
 *   ret      filled only on true; borrows from BYTES
 *   retends  filled only on true: is it the last one?  Then the helper has
 *            closed its end behind it
 *
 * BP_HELPER_ENDED   the end came in place of an answer
 * BP_HELPER_SILENT  the deadline has passed
 * BP_HELPER_LONG    it is longer than any that may come
 * BP_HELPER_BUILD   it is of another build
 * BP_HELPER_ANSWER  no whole message, or not one that may come; something
 *                   stands behind the last one
 *
 * A FAILED message is an answer too: the caller reads its reason.
 */
BP_MUST_USE bool bp_exchange_next(struct bp_exchange *x, struct bp_buf *bytes,
    struct bp_msg *ret, bool *retends, enum bp_reason *reterr);

/* The helper is ended, whatever it does; as bp_launch_end(). */
bool	bp_exchange_end(struct bp_exchange *x);

#endif
