/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/day.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 9999, MONTHS = 12 };
enum { YEAR_DIGITS = 4, TWO_DIGITS = 2 };

static bool
is_leap(uint32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t
days_of(uint32_t year, uint32_t month)
{
	static const uint32_t days[MONTHS] = { 31, 28, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Whole years before YEAR, since 1970. */
static uint32_t
days_before(uint32_t year)
{
	uint32_t n = year - 1, before = FIRST_YEAR - 1;

	return 365 * (year - FIRST_YEAR) + n / 4 - before / 4 -
	    (n / 100 - before / 100) + n / 400 - before / 400;
}

/* So many digits, and MARK behind them unless that is 0. */
static bool
take(struct bp_text *t, size_t digits, char mark, uint32_t *ret)
{
	size_t n = digits + (mark != 0);

	if (t->len < n || (mark != 0 && t->at[digits] != mark) ||
	    !bp_text_number((struct bp_text){ t->at, digits }, LAST_YEAR,
	    ret))
		return false;
	*t = bp_text_after(*t, n);
	return true;
}

bool
bp_day_read(struct bp_text t, int64_t *ret)
{
	uint32_t year, month, day, n;

	if (!take(&t, YEAR_DIGITS, '-', &year) ||
	    !take(&t, TWO_DIGITS, '-', &month) ||
	    !take(&t, TWO_DIGITS, 0, &day) || t.len > 0 ||
	    year < FIRST_YEAR || month < 1 || month > MONTHS ||
	    day < 1 || day > days_of(year, month))
		return false;
	n = days_before(year) + day - 1;
	for (uint32_t m = 1; m < month; m++)
		n += days_of(year, m);
	*ret = (int64_t)n * BP_DAY;
	return true;
}

static bool
put_two(struct bp_buf *b, uint32_t n)
{
	char lent[BP_DECIMAL_MAX];

	return (n >= 10 || bp_buf_say(b, "0")) &&
	    bp_buf_put(b, bp_text_decimal(n, lent));
}

bool
bp_day_put(int64_t now, struct bp_buf *ret)
{
	uint32_t n = now < 0 ? 0 : (uint32_t)(now / BP_DAY);
	uint32_t year = FIRST_YEAR + n / 366, month = 1;
	char lent[BP_DECIMAL_MAX];

	/* what the leap days of so many years came to */
	while (year < LAST_YEAR && days_before(year + 1) <= n)
		year++;
	n -= days_before(year);
	while (month < MONTHS && n >= days_of(year, month))
		n -= days_of(year, month++);
	return bp_buf_put(ret, bp_text_decimal(year, lent)) &&
	    bp_buf_say(ret, "-") && put_two(ret, month) &&
	    bp_buf_say(ret, "-") && put_two(ret, n + 1);
}
