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

#include "core/identity.h"
#include "ctl/options.h"
#include "request.h"

struct bp_live {
	const struct bp_setup	*setup;		/* borrowed */
	const char		*user;		/* borrowed; NULL: anyone */
	uint32_t		 deadline;	/* seconds; 0: none */
	struct bp_request	 request;
	struct bp_attempt	 attempt;
	struct bp_buf		 address;
	struct bp_msg		 claims;	/* borrows from REQUEST */
};
#define BP_LIVE_INIT	{ .request = BP_REQUEST_INIT, \
	.attempt = BP_ATTEMPT_INIT, .address = BP_BUF_INIT(BP_ADDRESS_MAX) }
void	bp_live_done(struct bp_live *l);

/*
 * Sign in.  RET is borrowed until L is released; on false L's request knows
 * the detail.
 *
 * As bp_request_provider() and bp_request_redeem(), or BP_HELPER_USER,
 * BP_RANDOM, BP_MEMORY, BP_BROKE_OFF, BP_DEADLINE, BP_TRIES
 */
BP_MUST_USE bool bp_live_sign_in(struct bp_live *l, struct bp_identity *ret,
    enum bp_reason *reterr);

#endif
