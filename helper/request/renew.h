/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renew.h - the request RENEW: from a refresh token to claims of now.  RFC
 * 6749 6, OIDC Core 12; the rest is sign_in.h's.
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record and
 * of what comes from the provider nothing.
 */
#ifndef BP_HELPER_REQUEST_RENEW_H
#define BP_HELPER_REQUEST_RENEW_H

#include "helper/say.h"

/*
 * Say CLAIMS, of the same person.  Where a new refresh token comes, TOKEN goes
 * out before it, and before anything else is looked at: with whatever is wrong
 * besides, the one that was sent may be spent.  It is sent at most once.
 *
 * As sign_in.h has it.
 */
BP_MUST_USE bool bp_renew(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
