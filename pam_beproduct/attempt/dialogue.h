/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dialogue.h - the dialogue of a sign-in: an address, and up to three lines
 * from the person, each redeemed if its form is worth it.
 *
 * Runs in: the module and beproductctl, as root; without PAM.
 * Trusts: configuration and provider record; of a line nothing.
 */
#ifndef BP_ATTEMPT_DIALOGUE_H
#define BP_ATTEMPT_DIALOGUE_H

#include "attempt/discover.h"
#include "attempt/redeem.h"

enum { BP_HOST_SIZE = 256 };		/* bytes of the host's name, with NUL */

/*
 * Show EXPLAIN and the prompt (bp_words_ask), and have a line: RET is
 * borrowed, and must be good until the next is asked for.  Its reasons are
 * the dialogue's.
 */
typedef bool bp_ask_line(void *asker, struct bp_text explain,
    struct bp_text *ret, enum bp_reason *reterr);

/* Init with BP_DIALOGUE_INIT and a request; end with bp_dialogue_done(). */
struct bp_dialogue {
	struct bp_request	 request;
	const char		*service, *account;	/* borrowed: as shown */
	const struct bp_service	*section;	/* that judges; NULL: none */
	bool			 is_terminal;	/* the address stays in sight */
	bool			 is_deaf;	/* to Ctrl-C, as host.h has it */
	bool			 is_admin;	/* beproductctl's caller */
	size_t			 cut_at;	/* bytes of a line; 0: not known */
	bp_ask_line		*ask;
	void			*asker;
	char			 host[BP_HOST_SIZE];
	struct bp_attempt	 attempt;
	bool			 code_refused;	/* by the provider, once at least */
	struct bp_buf		 address;
};
#define BP_DIALOGUE_INIT	.request = BP_REQUEST_INIT, \
	.attempt = BP_ATTEMPT_INIT, .address = BP_BUF_INIT(BP_ADDRESS_MAX)
void	bp_dialogue_done(struct bp_dialogue *d);

/*
 * The attempt's secrets and its address; the request has its provider.
 *
 * As bp_attempt_make() and bp_authorize_address()
 */
BP_MUST_USE bool bp_dialogue_begin(struct bp_dialogue *d,
    enum bp_reason *reterr);

/*
 * Ask, and ask again after a line of no use: the third ends it.  RET borrows
 * from the request.  On false the request's detail says more.
 *
 *   BP_DEADLINE	passed while the person read
 *   BP_TRIES		the third line, too, was of no use; the detail names
 *			what the last one lacked, and what the helper said
 *
 * As D's ask and bp_request_redeem(), or BP_MEMORY
 */
BP_MUST_USE bool bp_dialogue_hold(struct bp_dialogue *d, struct bp_msg *ret,
    enum bp_reason *reterr);

#endif
