/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much of a processor the largest decision takes: milliseconds, the least
 * of ten.  Nothing depends on them; tests/unit/test_policy.c has a bound.
 */
#include "bench/large.h"

#include <time.h>

static double
cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int
main(void)
{
	double read = 1e9, decided = 1e9;
	enum bp_reason why = BP_UNDECIDED;
	struct large l;
	bool ok = true;

	large_init(&l);
	for (int i = 0; i < 10 && ok; i++) {
		double began = cpu(), between;

		ok = large_read(&l);
		between = cpu();
		ok = ok && large_decide(&l, &why);
		read = between - began < read ? between - began : read;
		decided = cpu() - between < decided ? cpu() - between
		    : decided;
	}
	if (!ok)
		(void)printf("%s\n", bp_reason_row(why)->name);
	else
		(void)printf("%d rules of %zu KiB, claims of %zu KiB: reading "
		    "%.1f ms, deciding %.1f ms\n", LARGE_RULES,
		    l.map.len / 1024, l.table.len / 1024, read, decided);
	large_done(&l);
	return !ok;
}
