/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signature.h - what libjwt says of a token's signature.  The one file that
 * knows libjwt, and what differs between its versions: 1.10.2 to 2.x take a
 * PEM and any alg that the token names, 3.3.3 and later a JWK and one alg.
 *
 * Runs in: the helper.  Trusts: that the token is three strict parts, header
 * and payload strict JSON.  Nothing that libjwt reads out of a token is used:
 * what it says is yes or no.
 */
#ifndef BP_HELPER_SIGNATURE_H
#define BP_HELPER_SIGNATURE_H

#include "helper/key.h"

/*
 * Does KEY verify TOKEN under its own alg?  The times that stand in the token
 * make no difference.
 *
 * BP_WIRE_TOKEN_KEY        the key is not sound
 * BP_WIRE_TOKEN_SIGNATURE  no, or libjwt cannot read the token
 * BP_WIRE_HELPER_BROKEN    no memory
 */
BP_MUST_USE bool bp_signature_check(struct bp_text token,
    const struct bp_key *key, struct bp_why *reterr);

#endif
