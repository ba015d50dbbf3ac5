/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";

static bool
is_digit(char c, uint32_t *ret)
{
	for (uint32_t i = 0; i < sizeof(alphabet) - 1; i++)
		if (alphabet[i] == c) {
			*ret = i;
			return true;
		}
	return false;
}

/* Six bits in a digit, eight in a byte; BITS are those not yet given. */
static bool
decode(struct bp_text t, struct bp_buf *ret)
{
	uint32_t bits = 0, digit;
	unsigned have = 0;

	for (size_t i = 0; i < t.len; i++) {
		uint8_t byte;

		if (!is_digit(t.at[i], &digit))
			return false;
		bits = bits << 6 | digit;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		byte = (uint8_t)(bits >> have);
		bits &= (1u << have) - 1;
		if (!bp_buf_add(ret, &byte, 1))
			return false;
	}
	/* six left over: a digit too many; any of them set: another spelling */
	return have < 6 && bits == 0;
}

bool
bp_base64url_decode(struct bp_text t, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool ok = decode(t, ret);

	if (!ok)
		ret->len = before;
	return ok;
}

static bool
encode(struct bp_text t, struct bp_buf *ret)
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < t.len; i++) {
		bits = (bits << 8 | (uint8_t)t.at[i]) & 0xfff;
		for (have += 8; have >= 6;) {
			have -= 6;
			if (!bp_buf_add(ret, &alphabet[bits >> have & 63], 1))
				return false;
		}
	}
	return have == 0 ||
	    bp_buf_add(ret, &alphabet[bits << (6 - have) & 63], 1);
}

bool
bp_base64url_encode(struct bp_text t, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool ok = encode(t, ret);

	if (!ok)
		ret->len = before;
	return ok;
}
