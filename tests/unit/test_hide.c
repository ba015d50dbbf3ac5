/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/hide.h"

#define SECRET	"s3cret/key+1 z%"
#define CODE	"4f8a0c1be2d3479586a7b8c9d0e1f234"

static const struct row {
	const char *name, *secret, *said, *hidden;
	bool held;		/* all of it */
} rows[] = {
	{ "as it stands", CODE, "error \"" CODE "\"",
	    "error \"********************************\"", true },
	{ "alone", CODE, CODE, "********************************", true },
	{ "twice", "abcdefgh", "abcdefgh-abcdefgh", "********-********", true },
	{ "its beginning", CODE, "is 4f8a0c1be2d3", "is ************", false },
	{ "its end", CODE, "8c9d0e1f234 is", "*********** is", false },
	{ "a part of eight bytes", CODE, "<d3479586>", "<********>", false },
	{ "a part of seven", CODE, "<d347958>", "<d347958>", false },
	{ "two parts with a byte between", CODE, "4f8a0c1b.e2d34795",
	    "********.********", false },
	{ "another of its kind", CODE, "5f8a0c1ce2d3469586b7b8c9d1e1f235",
	    "5f8a0c1ce2d3469586b7b8c9d1e1f235", false },
	{ "in another case", CODE, "4F8A0C1BE2D3", "4F8A0C1BE2D3", false },
	{ "spelt as a form has it", SECRET, "=s3cret%2Fkey%2B1+z%25&",
	    "=*********************&", true },
	{ "its beginning, spelt", SECRET, "s3cret%2Fkey", "************",
	    false },
	{ "spelt in small digits", SECRET, "s3cret%2fkey%2b1%20z%25",
	    "***********************", true },
	{ "spelt throughout", "12345678", "%31%32%33%34%35%36%37%38",
	    "************************", true },
	{ "spelt in part", SECRET, "s3cret/key%2b1 z%", "*****************",
	    true },
	{ "a plus that is one", SECRET, "[s3cret/key+1 z%]",
	    "[***************]", true },
	{ "a percent sign that is one", "ab%41cdefg", "ab%41cdefg",
	    "**********", true },
	{ "spelt twice", "12345678", "%2531%2532%2533%2534%2535%2536",
	    "%2531%2532%2533%2534%2535%2536", false },
	{ "a short one", "hush", "hush, hush", "****, ****", false },
	{ "half a short one", "hush", "hus", "hus", false },
	{ "no secret", "", "anything", "anything", false },
	{ "nothing said", CODE, "", "", false },
	{ "cut in its spelling", "abcdefg/", "abcdefg%2", "abcdefg%2", false },
	{ "in whole characters", "1234567\xc3\xbc", "\xc3\xb6" "1234567\xc3\xb6",
	    "\xc3\xb6*********", false },
	{ "not inside a character", "\xc3\xbc" "1234567", "\xc4\xbc" "1234567",
	    "\xc4\xbc" "1234567", false },
};

ROWS(rows, is_hidden)
{
	const struct row *row = *state;
	const struct bp_text secret = bp_text_of(row->secret);
	char said[64];

	(void)snprintf(said, sizeof(said), "%s", row->said);
	bp_hide(&secret, 1, said, strlen(said));
	assert_string_equal(said, row->hidden);
	assert_int_equal(bp_hide_is_held(bp_text_of(row->secret),
	    bp_text_of(row->said)), row->held);
}

/* However much of it stands there, and wherever: never eight bytes in a row. */
TEST(no_part_of_eight_bytes_is_left)
{
	static const struct bp_text code = BP_TEXT(CODE);

	(void)state;
	for (size_t from = 0; from < sizeof(CODE); from++)
		for (size_t len = 0; from + len < sizeof(CODE); len++) {
			char said[64];

			(void)snprintf(said, sizeof(said), "x%.*sx", (int)len,
			    &CODE[from]);
			bp_hide(&code, 1, said, strlen(said));
			assert_int_equal(strlen(said), len + 2);
			assert_int_equal(strspn(said + 1, "*"),
			    len < BP_HIDE_RUN ? 0 : len);
			assert_int_equal(said[0], 'x');
			assert_int_equal(said[len + 1], 'x');
		}
}

/* One by one, the first would leave seven bytes of the second. */
TEST(secrets_that_share_a_part_are_hidden_together)
{
	static const struct bp_text secrets[] = { BP_TEXT("1-of-this-attempt"),
		BP_TEXT("refresh-of-this-attempt") };
	char said[] = "no refresh-of-this-attempt";

	(void)state;
	bp_hide(secrets, COUNT(secrets), said, sizeof(said) - 1);
	assert_string_equal(said, "no ***********************");
}

TEST(what_is_no_text_is_no_fault)
{
	static const struct bp_text secrets[] = { { NULL, 0 },
		BP_TEXT("abcdefgh") };
	char said[] = "\xbc\xff" "abcdefgh\xbc\xff";

	(void)state;
	bp_hide(secrets, COUNT(secrets), said, sizeof(said) - 1);
	assert_string_equal(said, "\xbc\xff" "*********\xff");
	assert_false(bp_hide_is_held((struct bp_text){ NULL, 0 },
	    (struct bp_text){ NULL, 0 }));
}

RUN(NULL, NULL)
