/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/day.h"

#include <time.h>

static const struct good { const char *name; int64_t day; } goods[] = {
	{ "1970-01-01", 0 },		{ "1970-12-31", 364 },
	{ "1972-02-29", 789 },		{ "1972-03-01", 790 },
	{ "2000-02-29", 11016 },	{ "2026-11-30", 20787 },
	{ "2100-02-28", 47540 },	{ "2100-03-01", 47541 },
	{ "9999-12-31", 2932896 },
};

ROWS(goods, is_a_day_and_is_spelt_so)
{
	const struct good *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);
	int64_t got = -1;

	assert_true(bp_day_read(bp_text_of(row->name), &got));
	assert_int_equal(got, row->day * BP_DAY);
	assert_true(bp_day_put(got, &b) && bp_buf_say(&b, " ") &&
	    bp_day_put(got + BP_DAY - 1, &b));
	assert_memory_equal(bp_buf_text(&b).at, row->name, 10);
	assert_memory_equal(bp_buf_text(&b).at + 11, row->name, 10);
}

static const struct bad { const char *name; } bads[] = {
	{ "" }, { "2026" }, { "2026-11" }, { "2026-11-" }, { "2026-11-3" },
	{ "2026-11-30 " }, { " 2026-11-30" }, { "2026-11-30T00" },
	{ "2026-11-301" }, { "20261130" }, { "2026/11/30" }, { "2026-11/30" },
	{ "2026-1-30" }, { "+026-11-30" }, { "2026-+1-30" }, { "2026-00-30" },
	{ "2026-13-30" }, { "2026-11-00" }, { "2026-11-31" },
	{ "2026-02-29" }, { "2100-02-29" }, { "2000-02-30" },
	{ "1969-12-31" }, { "0000-01-01" }, { "10000-01-01" },
	{ "26-11-30" }, { "2026-xx-30" }, { "2026-01-32" },
};

ROWS(bads, is_no_day)
{
	const struct bad *row = *state;
	int64_t got = 42;

	assert_false(bp_day_read(bp_text_of(row->name), &got));
	assert_int_equal(got, 42);
}

TEST(a_day_that_is_cut_is_none)
{
	static const char day[] = "2026-11-30";
	int64_t got;

	(void)state;
	for (size_t n = 0; n < sizeof(day) - 1; n++)
		assert_false(bp_day_read((struct bp_text){ day, n }, &got));
}

/* Against libc, whose own the module is not to import. */
TEST(each_day_of_four_centuries_is_libc_s)
{
	(void)state;
	for (int64_t day = 0; day < 400 * 366; day++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);
		time_t t = (time_t)day * BP_DAY;
		struct tm tm;
		char is[64];
		int64_t got;

		assert_non_null(gmtime_r(&t, &tm));
		assert_true(strftime(is, sizeof(is), "%Y-%m-%d", &tm) > 0);
		assert_true(bp_day_put(t, &b));
		assert_true(bp_text_is(bp_buf_text(&b), is));
		assert_true(bp_day_read(bp_text_of(is), &got));
		assert_int_equal(got, t);
	}
}

RUN(NULL, NULL)
