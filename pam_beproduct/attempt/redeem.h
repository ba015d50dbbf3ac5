/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redeem.h - the request REDEEM: a pasted line for claims.
 *
 * Runs in: the module and beproductctl, as root; without PAM.
 */
#ifndef BP_ATTEMPT_REDEEM_H
#define BP_ATTEMPT_REDEEM_H

#include "attempt/request.h"
#include "core/authorize.h"

/*
 * Does M, a CLAIMS message, answer what the files in S (with the map) ask: of
 * this issuer, of this company where the public API is to say so, and each
 * claim that is wanted, and no other?
 */
bool	bp_redeem_answers(const struct bp_setup *s, const struct bp_msg *m);

/* Give the request M what the files in S ask of whoever signs in. */
void	bp_redeem_give_question(const struct bp_setup *s, struct bp_msg *m);

/*
 * REDEEM the line that the person pasted, once.  The request has its provider.
 *
 *   true             RET is a CLAIMS message that answers what was wanted;
 *                    it borrows from R until the next request
 *   *retry           on false: may the person paste again?
 *
 * As bp_request_ask(), and the reason of an UNUSABLE.
 */
BP_MUST_USE bool bp_request_redeem(struct bp_request *r,
    const struct bp_attempt *attempt, struct bp_text line, struct bp_msg *ret,
    bool *retry, enum bp_reason *reterr);

#endif
