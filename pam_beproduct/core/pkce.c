/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/pkce.h"

#include "core/digest.h"
#include "wire/base64url.h"

bool
bp_pkce_challenge(struct bp_text verifier, struct bp_buf *ret)
{
	unsigned char hash[BP_DIGEST];

	bp_digest(verifier, hash);
	return bp_base64url_encode((struct bp_text){ (const char *)hash,
	    sizeof(hash) }, ret);
}
