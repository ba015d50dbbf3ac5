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
