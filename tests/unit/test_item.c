/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/item.h"

typedef bool take(struct bp_text *from, struct bp_item *ret);

/* What comes out, `|` behind each; a fault ends it with `!`. */
static const struct row {
	const char *name, *text;
	take *take;
	const char *out;
} rows[] = {
	{ "no list", "", bp_item_next, "" },
	{ "a list of blanks", " \t", bp_item_next, "" },
	{ "one", "a", bp_item_next, "a|" },
	{ "blanks around", " a b ,\tc ", bp_item_next, "a b|c|" },
	{ "a comma in quotes", "\"a, b\" , c", bp_item_next, "a, b|c|" },
	{ "a quote in quotes", "\"a\"\"b\",\"\"\"\"", bp_item_next,
	    "a\"b|\"|" },
	{ "blanks in quotes", "\" a \"", bp_item_next, " a |" },
	{ "nothing in quotes", "\"\",a", bp_item_next, "|a|" },
	{ "an empty item", "a,,b", bp_item_next, "a|!" },
	{ "an empty first", ",a", bp_item_next, "!" },
	{ "a comma at the end", "a,", bp_item_next, "!" },
	{ "a comma, then blanks", "a, ", bp_item_next, "!" },
	{ "a comma behind quotes", "\"a\",", bp_item_next, "!" },
	{ "an open quote", "\"a, b", bp_item_next, "!" },
	{ "a quote alone", "\"", bp_item_next, "!" },
	{ "an open pair", "\"a\"\"", bp_item_next, "!" },
	{ "a stray quote", "a\"b", bp_item_next, "!" },
	{ "a quote at the end", "a\"", bp_item_next, "!" },
	{ "more behind quotes", "\"a\"b, c", bp_item_next, "!" },
	{ "no columns", "", bp_item_next_column, "" },
	{ "three columns", "a \t b  c", bp_item_next_column, "a|b|c|" },
	{ "a comma in a column", "a,b c", bp_item_next_column, "a,b|c|" },
	{ "a quoted column", "\"a b\"\t\"\"\"c\"", bp_item_next_column,
	    "a b|\"c|" },
	{ "an empty column", "a \"\" b", bp_item_next_column, "a||b|" },
	{ "a column's open quote", "a \"b", bp_item_next_column, "a|!" },
	{ "a column's stray quote", "a b\"c", bp_item_next_column, "a|!" },
	{ "a column that goes on", "\"a\"b", bp_item_next_column, "!" },
};

ROWS(rows, is_taken_apart)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(64);
	struct bp_text rest = bp_text_of(row->text), before = rest;
	struct bp_item item = { 0 };

	while (row->take(&rest, &item)) {
		assert_true(bp_item_copy(&item, &out));
		assert_true(bp_buf_say(&out, "|"));
		before = rest;
	}
	if (rest.len > 0) {
		/* a fault takes nothing off */
		assert_ptr_equal(rest.at, before.at);
		assert_int_equal(rest.len, before.len);
		assert_true(bp_buf_say(&out, "!"));
	}
	assert_true(bp_text_is(bp_buf_text(&out), row->out));
}

TEST(an_item_is_what_it_stands_for)
{
	struct bp_item bare = { BP_TEXT("a"), false },
	    quoted = { BP_TEXT("a\"\"b"), true };

	(void)state;
	assert_true(bp_item_is(&bare, bp_text_of("a")));
	assert_false(bp_item_is(&bare, bp_text_of("")));
	assert_false(bp_item_is(&bare, bp_text_of("aa")));
	assert_false(bp_item_is(&bare, bp_text_of("A")));
	assert_true(bp_item_is(&quoted, bp_text_of("a\"b")));
	assert_false(bp_item_is(&quoted, bp_text_of("a\"\"b")));
	assert_false(bp_item_is(&quoted, bp_text_of("a\"")));
}

TEST(a_copy_is_whole_or_none)
{
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(4);
	struct bp_item quoted = { BP_TEXT("a\"\"b"), true };

	(void)state;
	assert_true(bp_item_copy(&quoted, &out));
	assert_false(bp_item_copy(&quoted, &out));
	assert_true(bp_text_is(bp_buf_text(&out), "a\"b"));
}

TEST(what_is_quoted_stands_for_what_it_was)
{
	static const char *const texts[] = { "", "a", "a, b", "\"", "a\"b\"",
	    "/a/", "\\" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);
		struct bp_text rest;
		struct bp_item item;

		assert_true(bp_item_quote(bp_text_of(texts[i]), &b));
		rest = bp_buf_text(&b);
		assert_true(bp_item_next(&rest, &item));
		assert_true(item.quoted && rest.len == 0);
		assert_true(bp_item_is(&item, bp_text_of(texts[i])));
	}
}

TEST(a_quoted_item_is_whole_or_none)
{
	(void)state;
	for (size_t n = 0; n <= 7; n++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(n);

		assert_int_equal(bp_item_quote(bp_text_of("ab\"c"), &b),
		    n == 7);
		assert_int_equal(b.len, n == 7 ? 7 : 0);
	}
}

TEST(a_list_has_its_items_by_exact_bytes)
{
	struct bp_text list = BP_TEXT("one, \"two, three\", \"fo\"\"ur\"");

	(void)state;
	assert_true(bp_item_list_has(list, bp_text_of("one")));
	assert_true(bp_item_list_has(list, bp_text_of("two, three")));
	assert_true(bp_item_list_has(list, bp_text_of("fo\"ur")));
	assert_false(bp_item_list_has(list, bp_text_of("two")));
	assert_false(bp_item_list_has(list, bp_text_of("One")));
	assert_false(bp_item_list_has(list, bp_text_of("on")));
	assert_false(bp_item_list_has(list, bp_text_of("")));
	assert_false(bp_item_list_has(bp_text_of(""), bp_text_of("")));
}

RUN(NULL, NULL)
