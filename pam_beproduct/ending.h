/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ending.h - refresh tokens that nobody will use any more: into the queue, and
 * from there to the provider, to be revoked.
 *
 * Runs in: the module.  Nothing comes of it for the person: what fails is
 * logged, never with the token.
 */
#ifndef BP_ENDING_H
#define BP_ENDING_H

#include "call.h"

/* The ticket T is about to be erased. */
void	bp_ending_ticket(struct bp_call *c, const struct bp_ticket *t);

/* CLAIMS came of a sign-in by CFG of which no ticket is kept. */
void	bp_ending_sign_in(struct bp_call *c, const struct bp_config *cfg,
	    const struct bp_msg *claims);

/*
 * Revoke what waits and came by the file CONFIG, within five seconds: not in
 * sudo or su, whose caller could stop it half-way.
 */
void	bp_ending_revoke(struct bp_call *c, struct bp_text config);

#endif
