/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.h - one of the provider's public keys (RFC 7517, RFC 7518 6.3): which
 * it is, its numbers, whether they are sound, and a PEM of it.
 *
 * Runs in: the helper.  Trusts: nothing; keys come from the network, and in
 * the record from an earlier request.
 * Of no use is another kty than RSA, use other than sig, key_ops without
 * verify, alg other than RS256, a modulus of less than 2048 or more than 8192
 * bits or even, an exponent even, below 3, or of more than 32 bits, leading
 * zeros, base64url that is not strict, a kid that cannot be one.  Private
 * members, x5c and x5t are not looked at.
 */
#ifndef BP_HELPER_KEY_H
#define BP_HELPER_KEY_H

#include "helper/json.h"
#include "helper/why.h"

/* Borrowed. */
struct bp_key {
	struct bp_text	 kid;		/* empty: it has none */
	struct bp_text	 n, e;		/* base64url, RFC 7518 6.3.1 */
};

/* May T be a kid?  1 to 255 printable bytes. */
bool	bp_key_is_kid(struct bp_text t);

/* The key that JWK is, borrowed from it; false: it is of no use. */
BP_MUST_USE bool bp_key_read(const struct bp_json *jwk, struct bp_key *ret);

/* Append KEY to LIST, content of BP_F_KEYS; on false LIST is of no use. */
BP_MUST_USE bool bp_key_add(struct bp_buf *list, const struct bp_key *key);

/* The next key of such a list; false at its end, and where it breaks off. */
BP_MUST_USE bool bp_key_next(struct bp_list *list, struct bp_key *ret);

/*
 * KEY as a PEM of a SubjectPublicKeyInfo, appended to RET.
 *
 * BP_WIRE_TOKEN_KEY      its numbers are none that bp_key_read() would have
 *                        taken: a record may hold them
 * BP_WIRE_HELPER_BROKEN  no memory, or no room in RET
 */
BP_MUST_USE bool bp_key_pem(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr);

#endif
