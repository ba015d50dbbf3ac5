/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.h - one of the provider's public keys (RFC 7517, RFC 7518 6.2 and 6.3):
 * what it is for, which it is, its numbers, whether they are sound; and how
 * libjwt is told of it.
 *
 * Runs in: the helper.  Trusts: nothing; keys come from the network, and in
 * the record from an earlier request.
 * Of use is kty RSA, for RS256: a modulus of 2048 to 8192 bits and odd, an
 * exponent odd, from 3, of at most 32 bits; one zero octet before the modulus
 * is dropped, as some libraries put it there.  And kty EC on P-256, for ES256:
 * two coordinates of 32 bytes, which are a point of the curve.  Neither with
 * use other than sig, key_ops without verify, another alg than its own,
 * base64url that is not strict, or a kid that cannot be one.  Private members,
 * x5c and x5t are not looked at.
 */
#ifndef BP_HELPER_KEY_H
#define BP_HELPER_KEY_H

#include "helper/json.h"
#include "helper/why.h"

/* Borrowed. */
struct bp_key {
	struct bp_text	 alg;		/* RS256 or ES256 */
	struct bp_text	 kid;		/* empty: it has none */
	struct bp_text	 a, b;		/* n and e, or x and y: base64url */
};

/* May T be a kid?  1 to 255 printable bytes. */
bool	bp_key_is_kid(struct bp_text t);

/* The key that JWK is, borrowed from it; false: it is of no use. */
BP_MUST_USE bool bp_key_read(const struct bp_json *jwk, struct bp_key *ret);

/*
 * Append KEY to LIST, content of BP_F_KEYS, where each number has one
 * spelling; on false LIST is of no use.
 */
BP_MUST_USE bool bp_key_add(struct bp_buf *list, const struct bp_key *key);

/* The next key of such a list; false at its end, and where it breaks off. */
BP_MUST_USE bool bp_key_next(struct bp_list *list, struct bp_key *ret);

/*
 * KEY as a PEM of a SubjectPublicKeyInfo, or as a JWK with its alg, appended
 * to RET.
 *
 * BP_WIRE_TOKEN_KEY      it is none that bp_key_read() would have given: a
 *                        record may hold such
 * BP_WIRE_HELPER_BROKEN  no memory, or no room in RET
 */
BP_MUST_USE bool bp_key_pem(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr);
BP_MUST_USE bool bp_key_jwk(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr);

#endif
