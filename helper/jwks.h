/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jwks.h - the provider's keys: from a JWK Set (RFC 7517) to the list that
 * travels, and which of them a token means.
 *
 * Runs in: the helper.  Trusts: nothing; the set comes from the network.
 * A key of no use (key.h) is passed over.  More than 128 keys in the set, of
 * use or not, refuse it.
 */
#ifndef BP_HELPER_JWKS_H
#define BP_HELPER_JWKS_H

#include "helper/key.h"

/*
 * Append the keys of use in SET to RET, an empty buffer, as BP_F_KEYS has
 * them; on false RET stays empty.  BP_WIRE_BODY: SET is no JWK Set, or more
 * than 128 keys, or than RET has room for; BP_WIRE_NO_KEYS: no key is of use.
 */
BP_MUST_USE bool bp_jwks_read(const struct bp_json *set, struct bp_buf *ret,
    struct bp_why *reterr);

/*
 * The key in KEYS (content of BP_F_KEYS) for a token whose header has ALG and
 * KID (empty: has none): of the keys for ALG the one of this kid; without a
 * kid the only one there is.  The same numbers again are the same key.
 * BP_WIRE_TOKEN_KEY: there is none, or more than one.
 */
BP_MUST_USE bool bp_jwks_choose(struct bp_text keys, struct bp_text alg,
    struct bp_text kid, struct bp_key *ret, struct bp_why *reterr);

#endif
