/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/digest.h"

#include <sha2.h>

#include <string.h>

void
bp_digest(struct bp_text bytes, unsigned char ret[BP_DIGEST])
{
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)bytes.at, bytes.len);
	SHA256Final(ret, &ctx);
	explicit_bzero(&ctx, sizeof(ctx));	/* which may hold a secret */
}

void
bp_digest_hex(struct bp_text bytes, char ret[BP_DIGEST_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[BP_DIGEST];

	bp_digest(bytes, sum);
	for (size_t i = 0; i < BP_DIGEST; i++) {
		ret[2 * i] = digits[sum[i] >> 4];
		ret[2 * i + 1] = digits[sum[i] & 15];
	}
	ret[BP_DIGEST_HEX] = '\0';
}
