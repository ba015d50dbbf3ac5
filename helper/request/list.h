/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - the request LIST: all users that the public API has of the company.
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record and
 * of what comes from the provider and the API nothing.
 */
#ifndef BP_HELPER_REQUEST_LIST_H
#define BP_HELPER_REQUEST_LIST_H

#include "helper/say.h"

/*
 * Say USERS: all of them, whole or not at all.
 *
 * BP_WIRE_CLAIMS_SECRET  what the API says repeats a secret
 * else                   as host_token.h and api.h have it
 */
BP_MUST_USE bool bp_list_users(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
