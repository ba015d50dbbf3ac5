/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/secret.h"

static const struct row {
	const char *name;
	struct bp_text file;
	const char *secret, *what;	/* one of them */
} rows[] = {
	{ "no line's end", BP_TEXT("s3cret"), "s3cret", NULL },
	{ "LF", BP_TEXT("s3cret\n"), "s3cret", NULL },
	{ "CR LF", BP_TEXT("s3cret\r\n"), "s3cret", NULL },
	{ "marks of forms and of headers", BP_TEXT("a+b%2F:&=\"#\n"),
	    "a+b%2F:&=\"#", NULL },
	{ "a blank inside", BP_TEXT("a b\n"), "a b", NULL },
	{ "no byte at all", { NULL, 0 }, NULL, "empty" },
	{ "a line's end alone", BP_TEXT("\n"), NULL, "empty" },
	{ "CR LF alone", BP_TEXT("\r\n"), NULL, "empty" },
	{ "an empty line before it", BP_TEXT("\ns\n"), NULL, "empty" },
	{ "a second line", BP_TEXT("s\nt\n"), NULL, "more than one line" },
	{ "a second line's end", BP_TEXT("s\n\n"), NULL, "more than one" },
	{ "a blank behind the line", BP_TEXT("s\n "), NULL, "more than one" },
	{ "a NUL behind the line", BP_TEXT("s\n\0"), NULL, "more than one" },
	{ "a blank in front", BP_TEXT(" s\n"), NULL, "blanks" },
	{ "a blank at the end", BP_TEXT("s \n"), NULL, "blanks" },
	{ "a tab at the end", BP_TEXT("s\t\n"), NULL, "blanks" },
	{ "blanks alone", BP_TEXT("  \n"), NULL, "blanks" },
	{ "a tab inside", BP_TEXT("s\tt\n"), NULL, "control" },
	{ "a NUL inside", BP_TEXT("s\0t\n"), NULL, "control" },
	{ "a CR without LF", BP_TEXT("s\r"), NULL, "control" },
	{ "two CR", BP_TEXT("s\r\r\n"), NULL, "control" },
	{ "not UTF-8", BP_TEXT("s\xff\n"), NULL, "UTF-8" },
	{ "a byte-order mark", BP_TEXT("\xef\xbb\xbfs\n"), NULL, "byte-order" },
};

ROWS(rows, is_a_secret_or_not)
{
	const struct row *row = *state;
	struct bp_text secret = BP_TEXT("untouched");
	const char *what = "untouched";

	assert_int_equal(bp_secret_of(row->file, &secret, &what),
	    row->secret != NULL);
	assert_true(bp_text_is(secret,
	    row->secret != NULL ? row->secret : "untouched"));
	assert_non_null(strstr(what,
	    row->secret != NULL ? "untouched" : row->what));
}

TEST(a_secret_of_1025_bytes_is_refused)
{
	char file[BP_SECRET_MAX + 2];
	struct bp_text secret;
	const char *what = "untouched";

	(void)state;
	memset(file, 's', sizeof(file));
	file[BP_SECRET_MAX] = '\n';
	assert_true(bp_secret_of((struct bp_text){ file, BP_SECRET_MAX + 1 },
	    &secret, &what));
	assert_int_equal(secret.len, BP_SECRET_MAX);
	file[BP_SECRET_MAX] = 's';
	assert_false(bp_secret_of((struct bp_text){ file, BP_SECRET_MAX + 1 },
	    &secret, &what));
	assert_non_null(strstr(what, "1024"));
}

RUN(NULL, NULL)
