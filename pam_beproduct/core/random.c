/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/random.h"

#include <sys/random.h>

#include <errno.h>
#include <string.h>

enum { MOST = 32 };

static bool
fetch(uint8_t *bytes, size_t n)
{
	ssize_t got;

	do
		got = getrandom(bytes, n, 0);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)n;	/* up to 256 bytes come whole */
}

bool
bp_random_hex(struct bp_buf *ret, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[MOST];
	char hex[2 * MOST];
	bool ok;

	if (n > MOST || !fetch(bytes, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	ok = bp_buf_add(ret, hex, 2 * n);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(hex, sizeof(hex));
	return ok;
}
