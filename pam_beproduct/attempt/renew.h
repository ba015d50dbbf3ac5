/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renew.h - the request RENEW: a refresh token for claims as they stand now.
 *
 * Runs in: the module, as root; without PAM.
 */
#ifndef BP_ATTEMPT_RENEW_H
#define BP_ATTEMPT_RENEW_H

#include "attempt/request.h"
#include "core/ticket.h"

/*
 * RENEW the sign-in that T remembers, once.  The request has its provider, and
 * whoever R's hear is hears of a new refresh token (TOKEN) before all else: T's
 * may be of no use from then on.
 *
 *   true  RET is a CLAIMS message about T's person that answers what the files
 *         ask now; it borrows from R until the next request
 *
 * BP_RENEWAL_REFUSED  the provider takes the token no more
 * else                as bp_request_ask()
 */
BP_MUST_USE bool bp_request_renew(struct bp_request *r,
    const struct bp_ticket *t, struct bp_msg *ret, enum bp_reason *reterr);

#endif
