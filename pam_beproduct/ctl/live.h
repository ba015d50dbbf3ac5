/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * live.h - one sign-in on this terminal, by the module's own steps but
 * without PAM: nothing of it is kept.
 *
 * Runs in: beproductctl, as root.  Trusts: configuration and files; of the
 * line on standard input nothing.
 *
 * What explains the sign-in goes to standard error, so that standard output
 * can be kept.  The address names beproductctl, not the service that is asked
 * about: it is beproductctl that asks.
 */
#ifndef BP_CTL_LIVE_H
#define BP_CTL_LIVE_H

#include "core/answer.h"
#include "core/identity.h"
#include "ctl/options.h"
#include "attempt/dialogue.h"

enum { BP_LIVE_LINE_MAX = 2 * BP_LINE_MAX };	/* quotes and blanks around */

struct bp_live {
	const struct bp_setup	*setup;		/* borrowed */
	const char		*user;		/* borrowed; NULL: anyone */
	const char		*service;	/* borrowed; NULL: none */
	const struct bp_service	*section;	/* its, borrowed; NULL: none */
	bool			 for_host;	/* service_sign_in.h */
	struct bp_dialogue	 dialogue;
	struct bp_buf		 line;		/* the last one read */
	struct bp_msg		 claims;	/* borrows from DIALOGUE */
};
#define BP_LIVE_INIT	{ .dialogue = { BP_DIALOGUE_INIT }, \
	.line = BP_BUF_INIT(BP_LIVE_LINE_MAX) }
void	bp_live_done(struct bp_live *l);

/*
 * Sign in.  RET is borrowed until L is released; on false L's request knows
 * the detail.  What the service would renew it by is revoked at once; what the
 * host is to go on with is the caller's to end.
 *
 * As bp_request_prepare(), bp_request_provider(), bp_dialogue_begin() and
 * bp_dialogue_hold(), or BP_BROKE_OFF
 */
BP_MUST_USE bool bp_live_sign_in(struct bp_live *l, struct bp_identity *ret,
    enum bp_reason *reterr);

#endif
