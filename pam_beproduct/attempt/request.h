/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - what all requests of an attempt share: whom to ask, how long,
 * and what the log gets of how it went.
 *
 * Runs in: the module and beproductctl, as root; without PAM.
 * Trusts: configuration and files; of the helper what exchange.h lets pass.
 */
#ifndef BP_ATTEMPT_REQUEST_H
#define BP_ATTEMPT_REQUEST_H

#include "attempt/launch.h"
#include "core/provider.h"
#include "core/setup.h"

/* Who hears what comes before the last answer; M is good until he returns. */
typedef void bp_hear_answer(void *hearer, const struct bp_msg *m);

/* What requests need and give; release with bp_request_done(). */
struct bp_request {
	const struct bp_setup	*setup;		/* borrowed */
	struct bp_cache		 cache;
	struct bp_launch	 how;
	int64_t			 deadline;	/* of the whole attempt; 0: none */
	struct bp_buf		 record;	/* the provider record's bytes */
	struct bp_provider	 provider;
	struct bp_buf		 unkept;	/* why it has no place */
	bool			 unreaped;	/* a helper was left as a zombie */
	struct bp_buf		 answer;	/* the CLAIMS message borrows from it */
	struct bp_buf		 detail;	/* of the last failure, for the log */
	bp_hear_answer		*hear;		/* NULL: nobody */
	void			*hearer;
};
#define BP_REQUEST_INIT	{ .record = BP_BUF_INIT(BP_CACHE_HEAD + \
	BP_RECORD_MAX), .answer = BP_BUF_INIT(BP_MSG_MAX), \
	.detail = BP_BUF_INIT(2 * BP_DETAIL_MAX), \
	.unkept = BP_BUF_INIT(BP_DETAIL_MAX) }
void	bp_request_done(struct bp_request *r);

/*
 * Who asks what of whom: the installed helper, as its own user.  Whose rhost
 * stands in R counts as its caller where this process is root's.
 *
 * BP_HELPER_USER  he does not exist, or is root or of root's group
 */
BP_MUST_USE bool bp_request_prepare(struct bp_request *r,
    const struct bp_setup *setup, enum bp_reason *reterr);

/*
 * DETAIL in place of the last failure's, without what tells of the client's
 * secret: R is prepared.
 */
void	bp_request_note(struct bp_request *r, struct bp_text detail);

/* No detail; also of one that is not prepared yet. */
void	bp_request_note_none(struct bp_request *r);

/*
 * As bp_request_note(), of a failure that another attempt had so many SECONDS
 * ago.
 */
void	bp_request_note_remembered(struct bp_request *r, int64_t seconds,
	    struct bp_text detail);

/* Give M the provider and who this host's client is. */
void	bp_request_give_client(const struct bp_request *r, struct bp_msg *m);

/*
 * Take the turn of all who name NAME (core/slot.h), in the folder RUN of
 * OWNER's, for what one at a time may spend: waits as long as a request of
 * another's may take, and no longer than R's attempt has.  False: it was not
 * to be had.  RET is a descriptor, to be closed by the caller.
 */
BP_MUST_USE bool bp_request_turn(const struct bp_request *r, const char *run,
    uid_t owner, struct bp_text name, int *ret);

/*
 * Ask M, with what every request bears besides, and have its last answer: RET,
 * which borrows from BYTES.  FAILED comes back as its reason.  A record
 * that is said to be stale is forgotten.
 *
 * BP_DEADLINE  there is no time left for it
 * else         as bp_exchange_begin() and bp_exchange_next()
 */
BP_MUST_USE bool bp_request_ask(struct bp_request *r, struct bp_msg *m,
    struct bp_buf *bytes, struct bp_msg *ret, enum bp_reason *reterr);

#endif
