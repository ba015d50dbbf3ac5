/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/digest.h"

/* FIPS 180-4, and its examples. */
static const struct row {
	const char *name, *bytes, *hex;
} rows[] = {
	{ "of nothing", "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "of abc", "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "of two blocks",
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

ROWS(rows, has_this_digest)
{
	const struct row *row = *state;
	char hex[BP_DIGEST_HEX + 1];

	bp_digest_hex(bp_text_of(row->bytes), hex);
	assert_string_equal(hex, row->hex);
}

RUN(NULL, NULL)
