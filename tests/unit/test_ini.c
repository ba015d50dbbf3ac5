/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/ini.h"

static const struct refusal {
	const char *name;
	struct bp_text text;
	unsigned line;
	const char *what;
} refusals[] = {
	{ "a NUL in a value", BP_TEXT("[a]\nb = c\0d\n"), 2, "control" },
	{ "a NUL in a comment", BP_TEXT("# a\0\n[a]\n"), 1, "control" },
	{ "an escape in a comment", BP_TEXT("# \x1b[2J\n"), 1, "control" },
	{ "a carriage return", BP_TEXT("[a]\r\nb = c\n"), 1, "CR LF" },
	{ "a carriage return alone", BP_TEXT("[a]\n\r\n"), 2, "CR LF" },
	{ "a carriage return in a comment", BP_TEXT("# a\r\n"), 1, "CR LF" },
	{ "a carriage return within", BP_TEXT("[a]\nb = c\rd\n"), 2,
	    "control" },
	{ "a byte-order mark", BP_TEXT("\xef\xbb\xbf[a]\n"), 1, "byte-order" },
	{ "a byte-order mark and carriage returns",
	    BP_TEXT("\xef\xbb\xbf[a]\r\n"), 1, "byte-order" },
	{ "text that turns around", BP_TEXT("[a]\nb = \xe2\x80\xae\n"), 2,
	    "control" },
	{ "a tab in a value", BP_TEXT("[a]\nb = c\td\n"), 2,
	    "tab in the value" },
	{ "a tab in a section", BP_TEXT("[a\tb]\n"), 1, "tab in the name" },
	{ "a tab in a key", BP_TEXT("[a]\nb\tc = d\n"), 2, "key = value" },
	{ "not UTF-8", BP_TEXT("\n\n# \xff\n"), 3, "UTF-8" },
	{ "an indented line", BP_TEXT("[a]\nb = c\n d = e\n"), 3, "a blank" },
	{ "a line indented by a tab", BP_TEXT("[a]\n\td = e\n"), 2,
	    "a blank" },
	{ "an indented section", BP_TEXT(" [a]\n"), 1, "a blank" },
	{ "an indented comment", BP_TEXT(" # a\n"), 1, "a blank" },
	{ "a backslash at the end", BP_TEXT("[a]\nb = c \\\nd\n"), 2,
	    "a backslash" },
	{ "a backslash, then a blank", BP_TEXT("[a]\nb = c \\ \nd\n"), 2,
	    "a backslash" },
	{ "a comment that goes on", BP_TEXT("# a \\\n[a]\n"), 1,
	    "a backslash" },
	{ "a key before sections", BP_TEXT("b = c\n[a]\n"), 1, "before" },
	{ "a colon", BP_TEXT("[a]\nb : c\n"), 2, "key = value" },
	{ "capitals", BP_TEXT("[a]\nB = c\n"), 2, "key = value" },
	{ "no key", BP_TEXT("[a]\n= c\n"), 2, "key = value" },
	{ "no pair", BP_TEXT("[a]\nb\n"), 2, "key = value" },
	{ "a section of no name", BP_TEXT("[]\n"), 1, "[section]" },
	{ "a section of blanks", BP_TEXT("[ \t]\n"), 1, "[section]" },
	{ "an open section", BP_TEXT("[a\n"), 1, "[section]" },
	{ "more behind a section", BP_TEXT("[a] # b\n"), 1, "[section]" },
	{ "a bracket too many", BP_TEXT("[a]]\n"), 1, "[section]" },
};

ROWS(refusals, is_refused_at_its_line)
{
	const struct refusal *row = *state;
	struct bp_ini ini = { .rest = row->text };
	enum bp_ini_step step;

	do
		step = bp_ini_next(&ini);
	while (step == BP_INI_ITEM);
	assert_int_equal(step, BP_INI_BAD);
	assert_int_equal(ini.line, row->line);
	assert_non_null(strstr(ini.what, row->what));
}

TEST(a_value_may_hold_marks_of_comments)
{
	struct bp_ini ini = { .rest =
	    BP_TEXT(";c\n\n[a:b]\nrole=a ; b # c=\"d\" ") };

	(void)state;
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_true(bp_text_is(ini.section, "a:b") && ini.key.len == 0);
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_true(bp_text_is(ini.key, "role"));
	assert_true(bp_text_is(ini.value, "a ; b # c=\"d\""));
	assert_int_equal(ini.line, 4);
	assert_int_equal(bp_ini_next(&ini), BP_INI_END);
}

TEST(spaces_and_tabs_around_names_and_values_do_not_count)
{
	struct bp_ini ini = { .rest =
	    BP_TEXT("#\tb = c\n \t\n[ a\t]\t\nb\t=\t c d \t\nc =\t\n") };

	(void)state;
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_true(bp_text_is(ini.section, "a") && ini.line == 3);
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_true(bp_text_is(ini.key, "b") && bp_text_is(ini.value, "c d"));
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_true(bp_text_is(ini.key, "c") && ini.value.len == 0);
	assert_int_equal(bp_ini_next(&ini), BP_INI_END);
}

TEST(a_line_of_4097_bytes_is_refused)
{
	char line[BP_INI_LINE_MAX + 1];
	struct bp_ini most = { .rest = { line, BP_INI_LINE_MAX } },
	    more = { .rest = { line, BP_INI_LINE_MAX + 1 } };

	(void)state;
	memset(line, '#', sizeof(line));
	assert_int_equal(bp_ini_next(&most), BP_INI_END);
	assert_int_equal(bp_ini_next(&more), BP_INI_BAD);
	assert_string_equal(more.what, "longer than 4096 bytes");
}

/* Readers that cut long lines made a live key of what stands behind. */
TEST(a_long_comment_that_ends_in_a_key_stays_a_comment)
{
	char text[1024] = "[a]\n#";
	struct bp_ini ini = { .rest = { text, 1023 } };

	(void)state;
	memset(text + 5, ' ', sizeof(text) - 5);
	memcpy(text + 1000, "require_role = *", 16);
	assert_int_equal(bp_ini_next(&ini), BP_INI_ITEM);
	assert_int_equal(bp_ini_next(&ini), BP_INI_END);
}

TEST(nothing_at_all_is_an_end)
{
	struct bp_ini ini = { .line = 0 };

	(void)state;
	assert_int_equal(bp_ini_next(&ini), BP_INI_END);
}

RUN(NULL, NULL)
