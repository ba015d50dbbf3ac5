/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pkce.h - the challenge of a verifier, S256 (RFC 7636 4.2).
 *
 * Runs in: module and beproductctl.
 */
#ifndef BP_CORE_PKCE_H
#define BP_CORE_PKCE_H

#include "wire/text.h"

enum { BP_CHALLENGE_LEN = 43 };		/* of 256 bits in base64url */

/* Append the challenge of VERIFIER to RET; on false RET is as it was. */
BP_MUST_USE bool bp_pkce_challenge(struct bp_text verifier,
    struct bp_buf *ret);

#endif
