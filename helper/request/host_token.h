/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_token.h - the token by which LOOK_UP and LIST ask the public API: the
 * host's own.
 *
 * Runs in: the helper.  Trusts: the module that asks, and nothing of what comes
 * from the provider.
 */
#ifndef BP_HELPER_REQUEST_HOST_TOKEN_H
#define BP_HELPER_REQUEST_HOST_TOKEN_H

#include "helper/request/sign_in.h"

/*
 * Open the handle of S, and get the access token that its request has, or one
 * that its refresh token brings (RFC 6749 6), which is sent at most once.  Of
 * that TOKEN goes out before anything else is looked at: with the access token
 * and the refresh token that counts from now on.  Where the provider's answer
 * is of no use, and brings another refresh token, TOKEN has that one alone:
 * the one that was sent may be spent.  RET is borrowed from S.
 *
 * BP_WIRE_HELPER_BROKEN    the request has not one of the two tokens
 * BP_WIRE_RENEWAL_REFUSED  invalid_grant
 * else                     as sign_in.h has it
 */
BP_MUST_USE bool bp_host_token_get(struct bp_sign_in *s,
    const struct bp_listener *to, struct bp_text *ret,
    struct bp_why *reterr);

#endif
