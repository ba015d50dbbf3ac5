/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * discover.h - the request DISCOVER: OpenID Connect Discovery 1.0, section 4.
 *
 * Runs in: the helper.  Trusts: the issuer that the module names.
 */
#ifndef BP_HELPER_REQUEST_DISCOVER_H
#define BP_HELPER_REQUEST_DISCOVER_H

#include "helper/say.h"

/*
 * Say PROVIDER.
 *
 * BP_WIRE_DISCOVERY_ISSUER    the document is about another issuer
 * BP_WIRE_DISCOVERY_ENDPOINT  an endpoint is missing, not https, or of
 *                             another origin; the detail names it
 * else                        as fetch.h and jwks.h have it
 */
BP_MUST_USE bool bp_discover(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

#endif
