/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/why.h"
#include "wire/text.h"

static const struct word {
	const char *name, *said, *detail;
} words[] = {
	{ "nothing", "", "" },
	{ "plain words", "iss is another", "iss is another" },
	{ "any language", "J\xc3\xb6rg", "J\xc3\xb6rg" },
	{ "a percent sign", "%s%n", "%s%n" },
	{ "an escape", "a\x1b[2Jb", "a?[2Jb" },
	{ "a line's end", "a\nauth: admitted", "a?auth: admitted" },
	{ "a C1 control is one", "a\xc2\x9b" "b", "a?b" },
	{ "right to left is one", "a\xe2\x80\xae" "b", "a?b" },
	{ "not UTF-8", "a\xff\xc3(b", "a?" "?(b" },
};

ROWS(words, is_said_in_what_prints)
{
	const struct word *row = *state;
	struct bp_why why;

	assert_false(bp_why(&why, BP_WIRE_BODY, "%s", row->said));
	assert_string_equal(why.detail, row->detail);
	assert_int_equal(why.reason, BP_WIRE_BODY);
}

TEST(a_long_detail_is_cut_and_still_prints)
{
	char said[4 * BP_DETAIL_MAX];
	struct bp_why why;

	(void)state;
	for (size_t i = 0; i < sizeof(said); i++)
		said[i] = i % 2 == 0 ? '\xc3' : '\xb6';
	assert_false(bp_why(&why, BP_WIRE_BODY, "-%.*s", (int)sizeof(said),
	    said));
	assert_int_equal(strlen(why.detail), BP_DETAIL_MAX);
	assert_true(bp_text_is_printable(bp_text_of(why.detail)));
}

RUN(NULL, NULL)
