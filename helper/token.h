/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token.h - a signed token (RFC 7515, compact): its form, its header, its
 * signature; and SHA-256's left half for at_hash.
 *
 * Runs in: the helper.  Trusts: the keys, as they came over TLS from the
 * issuer, and the module's list of algs; of the token nothing.
 */
#ifndef BP_HELPER_TOKEN_H
#define BP_HELPER_TOKEN_H

#include "helper/jwks.h"

/*
 * Verify TOKEN with the key of KEYS that its header names, and give the
 * decoded payload: the very bytes that were verified.
 *
 *   algs     content of BP_F_SIGNING_ALGS
 *   keys     content of BP_F_KEYS
 *   payload  an empty buffer; filled only on true
 *
 * BP_WIRE_TOKEN_FORM       too long; not three strict, non-empty base64url
 *                          parts; a header or payload that is no object in
 *                          strict JSON; a kid that is no string of 1 to 255
 *                          printable bytes; an integer of more than 64 bits
 *                          anywhere, which libjwt does not read; under ES256
 *                          a signature that has not 64 bytes
 * BP_WIRE_TOKEN_ALG        alg is none of ALGS; crit; typ other than JWT
 * BP_WIRE_TOKEN_KEY        as bp_jwks_choose(), or the key is not sound
 * BP_WIRE_TOKEN_SIGNATURE  the key that a kid names, or the only one, does
 *                          not verify it
 * BP_WIRE_HELPER_BROKEN    no memory, or no room in PAYLOAD
 */
BP_MUST_USE bool bp_token_verify(struct bp_text token, struct bp_text algs,
    struct bp_text keys, struct bp_buf *payload, struct bp_why *reterr);

/*
 * The at_hash of ACCESS_TOKEN (OIDC Core 3.1.3.6), base64url: 22 bytes,
 * appended to RET.  Every alg that we take hashes with SHA-256.
 */
BP_MUST_USE bool bp_token_half_hash(struct bp_text access_token,
    struct bp_buf *ret);

#endif
