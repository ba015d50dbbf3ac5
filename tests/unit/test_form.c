/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/form.h"

#define NONE	{ NULL, 0 }

static const struct spelling {
	const char *name;
	struct bp_text value;
	const char *spelt;
} spellings[] = {
	{ "nothing",			NONE,			"" },
	{ "letters and digits",		BP_TEXT("aZ09"),	"aZ09" },
	{ "plain marks",		BP_TEXT("-._"),		"-._" },
	{ "a space is a plus",		BP_TEXT("a b"),		"a+b" },
	{ "a plus is no space",		BP_TEXT("a+b"),		"a%2Bb" },
	{ "a secret's worst",		BP_TEXT("+%:&=;?#/~*"),
	    "%2B%25%3A%26%3D%3B%3F%23%2F%7E%2A" },
	{ "a line's end",		BP_TEXT("\r\n"),	"%0D%0A" },
	{ "a NUL",			BP_TEXT("a\0b"),	"a%00b" },
	{ "bytes above ASCII",		BP_TEXT("\xc3\xbc\xff"), "%C3%BC%FF" },
	{ "an address",	BP_TEXT("http://localhost:8765/callback"),
	    "http%3A%2F%2Flocalhost%3A8765%2Fcallback" },
};

ROWS(spellings, is_spelt_and_read_back)
{
	const struct spelling *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf form = BP_BUF_INIT(256);
	BP_AUTO(bp_buf_done) struct bp_buf back = BP_BUF_INIT(256);
	struct bp_text name, value;

	assert_true(bp_form_add(&form, "n", row->value));
	assert_true(bp_text_cut(bp_buf_text(&form), '=', &name, &value));
	assert_true(bp_text_is(name, "n"));
	assert_true(bp_text_is(value, row->spelt));
	assert_true(bp_form_decode(value, &back));
	assert_true(bp_text_same(bp_buf_text(&back), row->value));
}

TEST(in_a_path_a_space_is_no_plus)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);

	(void)state;
	assert_true(bp_form_encode_percent(bp_text_of("a b+c/d?~"), &b));
	assert_true(bp_text_is(bp_buf_text(&b), "a%20b%2Bc%2Fd%3F%7E"));
}

static const struct reading {
	const char *name, *spelt;
	struct bp_text form, percent;	/* NULL: refused */
} readings[] = {
	{ "small digits",	"%2f%c3",	BP_TEXT("/\xc3"),
	    BP_TEXT("/\xc3") },
	{ "the first small digit", "%a0",	BP_TEXT("\xa0"),
	    BP_TEXT("\xa0") },
	{ "a plus",		"a+b",		BP_TEXT("a b"),
	    BP_TEXT("a+b") },
	{ "decoded once",	"%2525",	BP_TEXT("%25"),
	    BP_TEXT("%25") },
	{ "a decoded plus",	"%2B",		BP_TEXT("+"), BP_TEXT("+") },
	{ "a NUL that is spelt", "a%00",	BP_TEXT("a\0"),
	    BP_TEXT("a\0") },
	{ "cut behind %",	"ab%",		NONE, NONE },
	{ "cut behind a digit",	"ab%4",		NONE, NONE },
	{ "no digits",		"%zz",		NONE, NONE },
	{ "a second that is none", "%4g",	NONE, NONE },
	{ "a first that is none", "%g4",	NONE, NONE },
	{ "a sign",		"%-1",		NONE, NONE },
	{ "a prefix",		"%0x41",	NONE, NONE },
};

static void
reads(bool (*decode)(struct bp_text, struct bp_buf *), const char *spelt,
    struct bp_text wanted)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);

	assert_true(bp_buf_say(&b, "before"));
	assert_int_equal(decode(bp_text_of(spelt), &b), wanted.at != NULL);
	assert_int_equal(b.len, 6 + wanted.len);
	assert_memory_equal(b.data + 6, wanted.at != NULL ? wanted.at : "",
	    wanted.len);
}

ROWS(readings, is_read_or_refused)
{
	const struct reading *row = *state;

	reads(bp_form_decode, row->spelt, row->form);
	reads(bp_form_decode_percent, row->spelt, row->percent);
}

TEST(pairs_stand_behind_each_other)
{
	BP_AUTO(bp_buf_done) struct bp_buf form = BP_BUF_INIT(64);

	(void)state;
	assert_true(bp_form_add(&form, "a b", bp_text_of("1&b=2")));
	assert_true(bp_form_add(&form, "c", bp_text_of("")));
	assert_true(bp_text_is(bp_buf_text(&form), "a+b=1%26b%3D2&c="));
}

TEST(what_finds_no_room_leaves_nothing)
{
	BP_AUTO(bp_buf_done) struct bp_buf form = BP_BUF_INIT(8);
	BP_AUTO(bp_buf_done) struct bp_buf back = BP_BUF_INIT(2);

	(void)state;
	assert_true(bp_form_add(&form, "a", bp_text_of("1")));
	assert_false(bp_form_add(&form, "b", bp_text_of("++")));
	assert_true(bp_text_is(bp_buf_text(&form), "a=1"));
	assert_false(bp_form_decode(bp_text_of("abc"), &back));
	assert_int_equal(back.len, 0);
}

RUN(NULL, NULL)
