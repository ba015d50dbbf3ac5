/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/random.h"

TEST(each_byte_is_two_hex_digits)
{
	(void)state;
	for (size_t n = 0; n <= 32; n++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(66);

		assert_true(bp_buf_add(&b, "x", 1));
		assert_true(bp_random_hex(&b, n));
		assert_int_equal(b.len, 1 + 2 * n);
		assert_int_equal(b.data[0], 'x');
		for (size_t i = 1; i < b.len; i++)
			assert_non_null(memchr("0123456789abcdef", b.data[i],
			    16));
	}
}

TEST(more_than_32_bytes_are_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);

	(void)state;
	assert_true(bp_buf_say(&b, "x"));
	assert_false(bp_random_hex(&b, 33));
	assert_false(bp_random_hex(&b, SIZE_MAX));
	assert_int_equal(b.len, 1);
}

TEST(what_finds_no_room_is_not_there_in_part)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(40);

	(void)state;
	assert_true(bp_buf_say(&b, "x"));
	assert_false(bp_random_hex(&b, 20));
	assert_int_equal(b.len, 1);
	assert_true(bp_random_hex(&b, 19));
}

/* Every digit in every place, and no two alike: 1000 times 160 bits. */
TEST(every_place_takes_every_digit_and_none_comes_twice)
{
	enum { TIMES = 1000, DIGITS = 40 };
	static char all[TIMES][DIGITS];
	unsigned seen[DIGITS] = { 0 };

	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(DIGITS);

		assert_true(bp_random_hex(&b, DIGITS / 2));
		memcpy(all[i], b.data, DIGITS);
		for (size_t p = 0; p < DIGITS; p++)
			seen[p] |= 1U << (all[i][p] <= '9' ? all[i][p] - '0'
			    : all[i][p] - 'a' + 10);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(memcmp(all[i], all[j], DIGITS),
			    0);
	}
	for (size_t p = 0; p < DIGITS; p++)
		assert_int_equal(seen[p], 0xffff);
}

RUN(NULL, NULL)
