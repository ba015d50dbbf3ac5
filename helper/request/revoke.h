/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * revoke.h - the request REVOKE: a refresh token is to be of no use any more
 * (RFC 7009 2).
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record and
 * of what comes from the provider nothing.
 */
#ifndef BP_HELPER_REQUEST_REVOKE_H
#define BP_HELPER_REQUEST_REVOKE_H

#include "helper/say.h"

/*
 * Say REVOKED: the provider answered 200, whatever else.  So it does of a
 * token that was none (RFC 7009 2.2).
 *
 * BP_WIRE_NO_REVOCATION       the record has no endpoint for it
 * BP_WIRE_CLIENT_REFUSED      an error about this host's client
 * BP_WIRE_REVOCATION_REFUSED  any other error
 * BP_WIRE_STATUS              429 and 5xx, whatever they say, and any other
 *                             status than 200 without a string `error` in JSON
 * else                        as sign_in.h and http.h have it
 */
BP_MUST_USE bool bp_revoke(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
