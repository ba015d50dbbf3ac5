/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/pkce.h"

#include <sha2.h>

#include <string.h>

#include "wire/base64url.h"

bool
bp_pkce_challenge(struct bp_text verifier, struct bp_buf *ret)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)verifier.at, verifier.len);
	SHA256Final(hash, &ctx);
	explicit_bzero(&ctx, sizeof(ctx));	/* which holds the verifier */
	return bp_base64url_encode((struct bp_text){ (const char *)hash,
	    sizeof(hash) }, ret);
}
