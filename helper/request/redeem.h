/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redeem.h - the request REDEEM: from the pasted line to claims.  RFC 6749
 * 4.1.2 and 4.1.3, RFC 9207; the rest is sign_in.h's.
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record, of
 * the line and of what comes from the provider nothing.
 */
#ifndef BP_HELPER_REQUEST_REDEEM_H
#define BP_HELPER_REQUEST_REDEEM_H

#include "helper/say.h"

/*
 * Say CLAIMS.  The code is sent at most once, whatever
 * breaks.
 *
 * As callback.h and sign_in.h have it; of a code that is refused although it
 * came with a verifier the detail names the setting.
 */
BP_MUST_USE bool bp_redeem(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
