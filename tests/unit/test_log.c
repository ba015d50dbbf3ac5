/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/log.h"

#define T(literal)	BP_TEXT(literal)

static const struct value {
	const char *name;
	struct bp_text value;
	const char *is;
} values[] = {
	{ "plain",		T("a@b"),	"a@b" },
	{ "empty",		{ NULL, 0 },	"" },
	{ "a space",		T("a b"),	"a b" },
	{ "a quote",		T("a\" reason=ADMITTED x=\""),
	    "a\\\" reason=ADMITTED x=\\\"" },
	{ "a backslash",	T("a\\"),	"a\\\\" },
	{ "a backslash and a quote", T("\\\""),	"\\\\\\\"" },
	{ "a line's end",	T("a\nsshd: ok"), "a\\x0asshd: ok" },
	{ "a carriage return",	T("\r"),	"\\x0d" },
	{ "a NUL",		T("a\0b"),	"a\\x00b" },
	{ "an escape",		T("\x1b[2J"),	"\\x1b[2J" },
	{ "a delete",		T("\x7f"),	"\\x7f" },
	{ "any language",	T("J\xc3\xb6rg"), "J\xc3\xb6rg" },
	{ "a C1 control",	T("\xc2\x9b"),	"\\xc2\\x9b" },
	{ "a mark that turns the line", T("\xe2\x80\xaex"),
	    "\\xe2\\x80\\xaex" },
	{ "a byte that is no UTF-8", T("\xff" "a"), "\\xffa" },
	{ "half a character",	T("\xe4\xb8"),	"\\xe4\\xb8" },
	{ "a percent sign",	T("%s%n"),	"%s%n" },
};

ROWS(values, is_escaped)
{
	const struct value *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf alone = BP_BUF_INIT(1000);
	char is[200];

	assert_true(bp_buf_say(&line, "refused"));
	bp_log_add(&line, "user", row->value);
	(void)snprintf(is, sizeof(is), "refused user=\"%s\"", row->is);
	assert_true(bp_text_is(bp_buf_text(&line), is));
	assert_true(bp_log_escape(&alone, row->value));
	assert_true(bp_text_is(bp_buf_text(&alone), row->is));
}

/* Of a value of bytes C, how many come out; with AT in front of them. */
static const struct cut {
	const char *name, *front;
	char c;
	size_t len, is;
} cuts[] = {
	{ "256 bytes",			"",	'x',	256,	256 },
	{ "257 bytes",			"",	'x',	257,	256 },
	{ "a value without end",	"",	'x',	100000,	256 },
	{ "256 of no UTF-8",		"",	'\xff',	257,	4 * 256 },
	{ "256 quotes",			"",	'"',	300,	2 * 256 },
	{ "a character just before",	"\xc3\xb6", 'x', 300,	256 },
};

ROWS(cuts, is_cut)
{
	const struct cut *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(200000);
	static char value[100000];

	memset(value, row->c, sizeof(value));
	memcpy(value, row->front, strlen(row->front));
	assert_true(bp_log_escape(&b, (struct bp_text){ value, row->len }));
	assert_int_equal(b.len, row->is);
}

TEST(no_character_is_cut_in_two)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(2000);
	char value[257];

	(void)state;
	memset(value, 'x', sizeof(value));
	memcpy(value + 255, "\xc3\xb6", 2);
	assert_true(bp_log_escape(&b, (struct bp_text){ value, 257 }));
	assert_int_equal(b.len, 255);
	assert_true(bp_text_is_printable(bp_buf_text(&b)));
	b.len = 0;
	memcpy(value + 254, "\xc3\xb6", 2);
	assert_true(bp_log_escape(&b, (struct bp_text){ value, 257 }));
	assert_int_equal(b.len, 256);
}

TEST(what_finds_no_room_is_left_out_whole)
{
	static const char pair[] = " user=\"a\\\"b\\x0a\"", word[] = " id=ab",
	    plain[] = " user=\"ab\"";

	(void)state;
	for (size_t max = 1; max <= sizeof(pair); max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max);
		bool all = max == sizeof(pair);

		assert_true(bp_buf_say(&b, "x"));
		bp_log_add(&b, "user", bp_text_of("a\"b\n"));
		assert_int_equal(b.len, all ? sizeof(pair) : 1);
	}
	for (size_t max = 1; max <= sizeof(plain); max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max);
		bool all = max == sizeof(plain);

		assert_true(bp_buf_say(&b, "x"));
		bp_log_add(&b, "user", bp_text_of("ab"));
		assert_int_equal(b.len, all ? sizeof(plain) : 1);
	}
	for (size_t max = 1; max <= sizeof(word); max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max);
		bool all = max == sizeof(word);

		assert_true(bp_buf_say(&b, "x"));
		bp_log_add_word(&b, "id", "ab");
		assert_int_equal(b.len, all ? sizeof(word) : 1);
	}
}

TEST(what_is_left_out_leaves_room_for_what_is_shorter)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(20);

	(void)state;
	bp_log_add_word(&b, "id", "ab");
	bp_log_add(&b, "user", bp_text_of("far too long for it"));
	bp_log_add(&b, "sub", bp_text_of("s"));
	assert_true(bp_text_is(bp_buf_text(&b), " id=ab sub=\"s\""));
}

TEST(a_value_that_finds_no_room_says_so)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_true(bp_log_escape(&b, bp_text_of("\n")));
	assert_false(bp_log_escape(&b, bp_text_of("a")));
}

RUN(NULL, NULL)
