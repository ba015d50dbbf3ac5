/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inquiry.h - what `sign-in` and `explain` have in common: the files, a
 * question, perhaps one sign-in, and how it ends without one.
 *
 * Runs in: beproductctl, as root.  Trusts: root's files, once they are vetted.
 */
#ifndef BP_CTL_INQUIRY_H
#define BP_CTL_INQUIRY_H

#include "ctl/live.h"
#include "ctl/question.h"

/* Init with BP_INQUIRY_INIT, release with bp_inquiry_done(). */
struct bp_inquiry {
	struct bp_setup	 setup;
	struct bp_question question;	/* borrows from SETUP */
	struct bp_live	 live;
};
#define BP_INQUIRY_INIT	{ .setup = BP_SETUP_INIT, .live = BP_LIVE_INIT }
void	bp_inquiry_done(struct bp_inquiry *q);

/*
 * Read the configuration, with the question that OPTIONS put.  On false
 * it has been said why, and RETSTATUS is what beproductctl exits with.
 */
BP_MUST_USE bool bp_inquiry_begin(struct bp_inquiry *q,
    const struct bp_options *options, int *retstatus);

/*
 * One sign-in, by the module's order: nobody is asked anything that cannot
 * help.  As bp_question_is_open(), bp_setup_read_rest(), bp_live_sign_in()
 */
BP_MUST_USE bool bp_inquiry_sign_in(struct bp_inquiry *q,
    struct bp_identity *ret, enum bp_reason *reterr);

/* Nobody signed in: say so, and give what beproductctl exits with. */
int	bp_inquiry_fail(const struct bp_inquiry *q, enum bp_reason why);

/* The same where a file was refused which is not why. */
int	bp_inquiry_end(const struct bp_inquiry *q, enum bp_reason why);

#endif
