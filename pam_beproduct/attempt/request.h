/*
 * request.h - the two requests of a sign-in, and the provider record.
 *
 * Runs in: the module and beproductctl, as root; without PAM.
 * Trusts: configuration and files; of the helper what launch.h and
 * provider.h let pass.
 */
#ifndef BP_ATTEMPT_REQUEST_H
#define BP_ATTEMPT_REQUEST_H

#include "core/authorize.h"
#include "core/provider.h"
#include "core/setup.h"
#include "attempt/launch.h"

/* What requests need and give; release with bp_request_done(). */
struct bp_request {
	const struct bp_setup	*setup;		/* borrowed */
	const char		*cache;		/* the record's folder */
	struct bp_launch	 how;		/* .deadline is set by each ask */
	int64_t			 deadline;	/* of the whole attempt; 0: none */
	struct bp_buf		 record;	/* the provider record's bytes */
	struct bp_provider	 provider;
	bool			 unkept;	/* the record found no place */
	struct bp_buf		 answer;	/* the CLAIMS message borrows from it */
	struct bp_buf		 detail;	/* of the last failure, for the log */
};
#define BP_REQUEST_INIT	{ .record = BP_BUF_INIT(BP_PROVIDER_HEAD + \
	BP_RECORD_MAX), .answer = BP_BUF_INIT(BP_MSG_MAX), \
	.detail = BP_BUF_INIT(512) }
void	bp_request_done(struct bp_request *r);

/*
 * Who asks what of whom: the installed helper, as its own user.
 *
 * BP_HELPER_USER  he does not exist, or is root or of root's group
 */
BP_MUST_USE bool bp_request_prepare(struct bp_request *r,
    const struct bp_setup *setup, enum bp_reason *reterr);

/* DETAIL in place of the last failure's; "" is none. */
void	bp_request_note(struct bp_request *r, struct bp_text detail);

/*
 * Have a provider record: the one that is kept, or else a DISCOVER's, which
 * is then kept.  A cache that cannot be written fails nothing, and sets
 * .unkept.
 *
 * As bp_launch_ask(), bp_provider_check(), and the reason of a FAILED.
 */
BP_MUST_USE bool bp_request_provider(struct bp_request *r,
    enum bp_reason *reterr);

/*
 * REDEEM the line that the person pasted, once.
 *
 *   true             RET is a CLAIMS message that answers what was wanted;
 *                    it borrows from R until the next request
 *   *retry           on false: may the person paste again?
 *
 * As bp_launch_ask(), and the reason of an UNUSABLE or FAILED.
 */
BP_MUST_USE bool bp_request_redeem(struct bp_request *r,
    const struct bp_attempt *attempt, struct bp_text line, struct bp_msg *ret,
    bool *retry, enum bp_reason *reterr);

#endif
