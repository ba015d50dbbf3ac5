/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "ctl/pam_diff.h"

#define TEN	"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
#define HEAD	"--- a\n+++ b\n"

/* As `diff -u` of GNU shows them, with one line's number always said. */
static const struct shown {
	const char *name, *before, *after, *shows;
} showns[] = {
	{ "a line in front", TEN, "x\n" TEN,
	    HEAD "@@ -1,3 +1,4 @@\n+x\n 1\n 2\n 3\n" },
	{ "a line at the end", TEN, TEN "x\n",
	    HEAD "@@ -8,3 +8,4 @@\n 8\n 9\n 10\n+x\n" },
	{ "a line in between", TEN, "1\n2\n3\n4\n5\nx\n6\n7\n8\n9\n10\n",
	    HEAD "@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+x\n 6\n 7\n 8\n" },
	{ "two that are near", TEN, "1\n2\nx\n3\n4\n5\n6\ny\n7\n8\n9\n10\n",
	    HEAD "@@ -1,9 +1,11 @@\n 1\n 2\n+x\n 3\n 4\n 5\n 6\n+y\n 7\n 8\n"
	    " 9\n" },
	{ "two that are far", TEN, "x\n" TEN "y\n",
	    HEAD "@@ -1,3 +1,4 @@\n+x\n 1\n 2\n 3\n"
	    "@@ -8,3 +9,4 @@\n 8\n 9\n 10\n+y\n" },
	{ "one taken out", "1\n2\n3\n4\n5\nx\n6\n7\n8\n9\n10\n", TEN,
	    HEAD "@@ -3,7 +3,6 @@\n 3\n 4\n 5\n-x\n 6\n 7\n 8\n" },
	{ "two taken out that are far", "x\n" TEN "y\n", TEN,
	    HEAD "@@ -1,4 +1,3 @@\n-x\n 1\n 2\n 3\n"
	    "@@ -9,4 +8,3 @@\n 8\n 9\n 10\n-y\n" },
	{ "one more of the same", "a\na\n", "a\na\na\n",
	    HEAD "@@ -1,2 +1,3 @@\n a\n a\n+a\n" },
	{ "all of it", "", "x\n", HEAD "@@ -0,0 +1,1 @@\n+x\n" },
	{ "what a terminal must not get", "\33[2J\t\r\n", "\33[2J\t\r\nx\n",
	    HEAD "@@ -1,1 +1,2 @@\n ?[2J\t?\n+x\n" },
	{ "both at once", "a\nb\n", "a\nc\n", NULL },
	{ "a line that became another beside a new one", "a\nb\n",
	    "a\nc\nd\n", NULL },
};

ROWS(showns, is_shown_as_a_diff)
{
	const struct shown *row = *state;
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	bool ok;

	assert_non_null(out);
	ok = bp_pam_diff(out, "a", "b", bp_text_of(row->before),
	    bp_text_of(row->after));
	assert_int_equal(fclose(out), 0);
	assert_int_equal(ok, row->shows != NULL);
	assert_string_equal(text, row->shows != NULL ? row->shows : "");
	free(text);
}

/* A file of many lines costs no more than they do. */
TEST(many_lines_are_shown_by_those_around_alone)
{
	static char before[60001], after[60004];
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	assert_non_null(out);
	for (size_t i = 0; i < 60000; i += 2)
		memcpy(before + i, "a\n", 2);
	(void)snprintf(after, sizeof(after), "%sx\n", before);
	assert_true(bp_pam_diff(out, "a", "b", bp_text_of(before),
	    bp_text_of(after)));
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, HEAD
	    "@@ -29998,3 +29998,4 @@\n a\n a\n a\n+x\n");
	free(text);
}

RUN(NULL, NULL)
