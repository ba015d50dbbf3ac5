/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * discover.h - the provider record of an attempt: the one that is kept, or
 * else what the request DISCOVER brings.
 *
 * Runs in: the module and beproductctl, as root; without PAM.
 */
#ifndef BP_ATTEMPT_DISCOVER_H
#define BP_ATTEMPT_DISCOVER_H

#include "attempt/request.h"

/*
 * Have a provider record.  A new one is kept; a cache that cannot be written
 * fails nothing, and sets .unkept.  One attempt asks at a time, as far as no
 * caller can hold it up; that the provider cannot be reached is remembered for
 * BP_OUTAGE_GOOD seconds, with its reason.  Of a caller's own attempts one asks
 * at a time as well, and the others wait for it a moment.
 *
 * As bp_request_ask() and bp_provider_check()
 */
BP_MUST_USE bool bp_request_provider(struct bp_request *r,
    enum bp_reason *reterr);

/*
 * Ask anew, whatever is kept, and keep nothing of it: for who wants to know
 * whether the provider answers.  As bp_request_provider()
 */
BP_MUST_USE bool bp_request_discover(struct bp_request *r,
    enum bp_reason *reterr);

#endif
