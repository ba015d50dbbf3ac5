/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * challenge.h - why a provider refused a bearer token: the error in its
 * WWW-Authenticate (RFC 6750 3, RFC 9110 11.6.1).
 *
 * Runs in: the helper.  Trusts: nothing; the words are for the log alone.
 */
#ifndef BP_HELPER_CHALLENGE_H
#define BP_HELPER_CHALLENGE_H

#include "wire/text.h"

/*
 * The value of the first parameter `error` in CHALLENGES, a header's value or
 * several with commas between them; borrowed, and as it stands between its
 * quotes.  False where there is none, or an empty one.
 */
BP_MUST_USE bool bp_challenge_error(struct bp_text challenges,
    struct bp_text *ret);

#endif
