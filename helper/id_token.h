/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id_token.h - is this id_token for us, now, in answer to our request?
 * OIDC Core 3.1.3.7, each clause a row of a table.
 *
 * Runs in: the helper.  Trusts: that the payload was verified (token.h), but
 * none of its values.
 */
#ifndef BP_HELPER_ID_TOKEN_H
#define BP_HELPER_ID_TOKEN_H

#include "helper/json.h"
#include "helper/why.h"

struct bp_id_token_expect {
	struct bp_text	 issuer, client_id, nonce;
	struct bp_text	 access_token;	/* for at_hash, where it stands */
	bool		 is_renewal;	/* OIDC Core 12.2 */
	struct bp_text	 sub;		/* of a renewal: who signed in */
	uint32_t	 clock_skew;	/* seconds */
	int64_t		 now;		/* seconds since 1970 */
};

/*
 * Check PAYLOAD against EXPECT; on true RETSUB is its sub, borrowed from it.
 *
 * iss    a string, exactly the issuer
 * aud    the client id, or an array of strings that holds it; an array of
 *        several needs azp (RETERR's detail says so)
 * azp    where it stands: a string, exactly the client id
 * exp    required; a number (a fraction is allowed, RFC 7519 2) ahead of us,
 *        or past by less than the skew (RFC 7519 4.1.4: on it is too late)
 * iat    required; a number not more than the skew ahead
 * nbf    where it stands: a number not more than the skew ahead
 * nonce  required, but in a renewal; exactly ours, compared in constant time
 * sub    required; a string (never a number) of 1 to 255 printable bytes; in
 *        a renewal exactly who signed in
 * at_hash  where it stands: a string, that of the access token
 *
 * None of these numbers may be negative; null is no absence.  The reason is
 * the claim's own; BP_WIRE_HELPER_BROKEN: EXPECT lacks a text.
 */
BP_MUST_USE bool bp_id_token_check(const struct bp_json *payload,
    const struct bp_id_token_expect *expect, struct bp_text *retsub,
    struct bp_why *reterr);

#endif
