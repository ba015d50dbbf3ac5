/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "ctl/index.h"
#include "wire/text.h"

enum { MANY = 10000 };

static struct bp_text
spell(size_t n, char lent[16])
{
	(void)snprintf(lent, 16, "n%zu", n);
	return bp_text_of(lent);
}

TEST(each_is_found_among_many_by_its_text)
{
	struct bp_index x = { 0 };
	char lent[16];
	size_t at, n;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		assert_true(bp_index_add(&x, spell(i, lent), i));
	bp_index_sort(&x);
	for (size_t i = 0; i < MANY; i++) {
		at = bp_index_find(&x, spell(i, lent));
		assert_true(bp_index_next(&x, spell(i, lent), &at, &n));
		assert_int_equal(n, i);
		assert_false(bp_index_next(&x, spell(i, lent), &at, &n));
	}
	at = bp_index_find(&x, bp_text_of("other"));
	assert_false(bp_index_next(&x, bp_text_of("other"), &at, &n));
	bp_index_done(&x);
}

TEST(all_of_one_text_are_found_in_their_order)
{
	struct bp_index x = { 0 };
	size_t at, n = MANY;

	(void)state;
	for (size_t i = MANY; i-- > 0;)
		assert_true(bp_index_add(&x, bp_text_of(i % 2 == 0 ? "even"
		    : "odd"), i));
	bp_index_sort(&x);
	at = bp_index_find(&x, bp_text_of("odd"));
	for (size_t i = 1; i < MANY; i += 2) {
		assert_true(bp_index_next(&x, bp_text_of("odd"), &at, &n));
		assert_int_equal(n, i);
	}
	assert_false(bp_index_next(&x, bp_text_of("odd"), &at, &n));
	bp_index_done(&x);
}

TEST(in_an_empty_one_nothing_is_found)
{
	struct bp_index x = { 0 };
	size_t at, n = 7;

	(void)state;
	bp_index_sort(&x);
	at = bp_index_find(&x, bp_text_of(""));
	assert_false(bp_index_next(&x, bp_text_of(""), &at, &n));
	assert_int_equal(n, 7);
	bp_index_done(&x);
}

RUN(NULL, NULL)
