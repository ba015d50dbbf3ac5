/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.h - the addresses that a provider record has: what discovery calls
 * them, and that they are of the issuer's own origin.
 *
 * Runs in: the helper that fetched them, and the module that loads them.
 * Trusts: the issuer, which root wrote.
 */
#ifndef BP_WIRE_ENDPOINT_H
#define BP_WIRE_ENDPOINT_H

#include "wire/msg.h"

enum { BP_ENDPOINTS = 6 };

/*
 * By the names of OpenID Connect Discovery 1.0, section 3, RFC 8414, section
 * 2, and RP-Initiated Logout 1.0, section 2.1.  What is not needed may be
 * missing.
 */
extern const struct bp_endpoint {
	const char	*name;
	enum bp_field	 field;
	bool		 is_needed;
} bp_endpoints[BP_ENDPOINTS];

/* Has M all that are needed, and each the origin of ISSUER (origin.h)? */
bool	bp_endpoints_are_of(const struct bp_msg *m, struct bp_text issuer);

#endif
