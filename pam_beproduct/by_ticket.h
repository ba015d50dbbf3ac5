/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * by_ticket.h - admitted by a sign-in that is remembered, and remembered
 * after one.
 *
 * Runs in: the module, in authenticate and in the account phase.
 */
#ifndef BP_BY_TICKET_H
#define BP_BY_TICKET_H

#include "call.h"
#include "attempt/request.h"

/*
 * What PAM's environment calls a pending ticket, from sshd's authenticate to
 * its session phase.
 */
#define BP_TICKET_VARIABLE	"BEPRODUCT_TICKET"

/*
 * Does a ticket of this session admit C's account, by the files as they stand
 * now?  One that was not checked lately, or does not admit as it stands, is
 * renewed first, by R.  Then C's id is the sign-in's.  On false C's log says
 * what it lacks, and RETASK whether a sign-in by the person may help: not
 * where the provider could not be asked, this host is to blame, or the person
 * is locked out.
 *
 * The host's no_sign_in  there is none that serves
 * else                   as bp_setup_read_map(), bp_judge(), bp_judge_locks()
 *                        and bp_renewal_of()
 */
BP_MUST_USE bool bp_by_ticket(struct bp_call *c, struct bp_setup *s,
    struct bp_request *r, bool *retask, enum bp_reason *reterr);

/*
 * Remember who signed in.  What cannot be kept is logged, and changes nothing
 * for the person but that she is asked again.
 */
void	bp_by_ticket_keep(struct bp_call *c, const struct bp_setup *s,
	    struct bp_text nonce, const struct bp_msg *who);

/* The log's line about that: WHY, and ERROR where that one has an errno. */
void	bp_by_ticket_unkept(struct bp_call *c, enum bp_reason why, int error);

#endif
