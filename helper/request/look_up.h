/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * look_up.h - the request LOOK_UP: what the public API says of somebody who is
 * not there.
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record and
 * of what comes from the provider and the API nothing.
 */
#ifndef BP_HELPER_REQUEST_LOOK_UP_H
#define BP_HELPER_REQUEST_LOOK_UP_H

#include "helper/say.h"

/*
 * Say USER: the active user of the company with this api_id or, where none is
 * given, this e-mail address.
 *
 * BP_WIRE_HELPER_BROKEN  asked for nobody
 * BP_WIRE_CLAIMS_SECRET  what the API says repeats a secret
 * else                   as host_token.h and api.h have it, the lacks of a
 *                        user among them
 */
BP_MUST_USE bool bp_look_up(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
