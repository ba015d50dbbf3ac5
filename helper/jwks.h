/*
 * jwks.h - the provider's keys: from a JWK Set (RFC 7517) to the list that
 * travels, and from there to a PEM.
 *
 * Runs in: the helper.  Trusts: nothing; the set comes from the network.
 * A key of no use is passed over: another kty than RSA, use other than sig,
 * key_ops without verify, alg other than RS256, a modulus of less than 2048 or
 * more than 8192 bits or even, an exponent even, below 3, or of more than 32
 * bits, leading zeros, base64url that is not strict, a kid that is no string
 * of 1 to 255 printable bytes.  Private members, x5c and x5t are not looked
 * at.  More than 128 keys in the set, of use or not, refuse it.
 */
#ifndef BP_HELPER_JWKS_H
#define BP_HELPER_JWKS_H

#include "helper/json.h"
#include "helper/why.h"

/* One key of use; borrowed. */
struct bp_key {
	struct bp_text	 kid;		/* empty: it has none */
	struct bp_text	 n, e;		/* base64url, RFC 7518 6.3.1 */
};

/*
 * Append the keys of use in SET to RET, an empty buffer, as BP_F_KEYS has
 * them; on false RET stays empty.  BP_WIRE_BODY: SET is no JWK Set, or more
 * than 128 keys, or than RET has room for; BP_WIRE_NO_KEYS: no key is of use.
 */
BP_MUST_USE bool bp_jwks_read(const struct bp_json *set, struct bp_buf *ret,
    struct bp_why *reterr);

/*
 * The key in KEYS (content of BP_F_KEYS) for a token whose header has KID
 * (empty: has none): the one of this kid; without a kid the only key there
 * is.  BP_WIRE_TOKEN_KEY: there is none, or more than one.
 */
BP_MUST_USE bool bp_jwks_choose(struct bp_text keys, struct bp_text kid,
    struct bp_key *ret, struct bp_why *reterr);

/*
 * KEY as a PEM of a SubjectPublicKeyInfo, appended to RET.
 * BP_WIRE_TOKEN_KEY: its numbers are none that bp_jwks_read() would have taken.
 */
BP_MUST_USE bool bp_jwks_pem(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr);

#endif
