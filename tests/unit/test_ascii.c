/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/ascii.h"

/* The bytes of each class, and of no other byte. */
static const struct class {
	const char	*name;
	bool		(*is)(char c);
	const char	*bytes;
} classes[] = {
	{ "blank", bp_ascii_is_blank, " \t" },
	{ "digit", bp_ascii_is_digit, "0123456789" },
	{ "capital", bp_ascii_is_capital, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
	{ "small", bp_ascii_is_small, "abcdefghijklmnopqrstuvwxyz" },
	{ "alnum", bp_ascii_is_alnum, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz" },
	{ "visible", bp_ascii_is_visible, "!\"#$%&'()*+,-./0123456789:;<=>?@"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" },
	{ "plain", bp_ascii_is_plain, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz" },
	{ "unreserved", bp_ascii_is_unreserved, "-._~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" },
};

ROWS(classes, has_these_bytes_and_no_other)
{
	const struct class *row = *state;

	for (unsigned c = 0; c < 256; c++)
		assert_int_equal(row->is((char)c), c != 0 &&
		    strchr(row->bytes, (int)c) != NULL);
}

TEST(a_hexadecimal_digit_has_its_value_in_either_case)
{
	static const char small[] = "0123456789abcdef";
	static const char capital[] = "0123456789ABCDEF";

	(void)state;
	for (unsigned c = 1; c < 256; c++) {
		const char *s = strchr(small, (int)c);
		const char *k = strchr(capital, (int)c);

		assert_int_equal(bp_ascii_hex((char)c), s != NULL ? s - small
		    : k != NULL ? k - capital : -1);
	}
	assert_int_equal(bp_ascii_hex('\0'), -1);
}

TEST(capitals_alone_become_small)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++)
		assert_int_equal((uint8_t)bp_ascii_small((char)c),
		    c >= 'A' && c <= 'Z' ? c + 32 : c);
}

RUN(NULL, NULL)
