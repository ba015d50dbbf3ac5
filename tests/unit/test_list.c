/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/list.h"

#define T(literal)	BP_TEXT(literal)

/* What the bytes of a list must be, and how many items are read off it. */
static const struct content {
	const char *name;
	struct bp_text bytes;
	bool lawful;		/* of at most 2 printable items of 3 bytes */
	unsigned items;		/* that are yielded all the same */
} contents[] = {
	{ "of no items",	T("\0\0\0\0"),				true, 0 },
	{ "of an empty item",	T("\0\0\0\1" "\0\0\0\0"),		true, 1 },
	{ "of two items",	T("\0\0\0\2" "\0\0\0\1a" "\0\0\0\3bcd"), true, 2 },
	{ "no bytes at all",	{ NULL, 0 },				false, 0 },
	{ "half a count",	T("\0\0\0"),				false, 0 },
	{ "more than it says",	T("\0\0\0\0x"),				false, 0 },
	{ "an item left over",	T("\0\0\0\1" "\0\0\0\1a" "\0\0\0\1b"),	false, 1 },
	{ "fewer than it says",	T("\0\0\0\2" "\0\0\0\1a"),		false, 1 },
	{ "a count that is huge", T("\xff\xff\xff\xff" "\0\0\0\1a"),	false, 1 },
	{ "one of more than it may", T("\1\0\0\0"),			false, 0 },
	{ "three items",	T("\0\0\0\3" "\0\0\0\0\0\0\0\0\0\0\0\0"), false, 3 },
	{ "an item of 4 bytes",	T("\0\0\0\1" "\0\0\0\4abcd"),		false, 1 },
	{ "half a length",	T("\0\0\0\1" "\0\0\0"),			false, 0 },
	{ "an item that breaks off", T("\0\0\0\1" "\0\0\0\2a"),		false, 0 },
	{ "a length that is huge", T("\0\0\0\1" "\xff\xff\xff\xff" "a"), false, 0 },
	{ "a bad last item",	T("\0\0\0\2" "\0\0\0\1a" "\0\0\0\1\x1b"), false, 2 },
	{ "a bad first item",	T("\0\0\0\2" "\0\0\0\1\x1b" "\0\0\0\1a"), false, 2 },
};

ROWS(contents, is_a_whole_list_or_not)
{
	const struct content *row = *state;
	struct bp_list list = bp_list_of(row->bytes);
	struct bp_text item = { NULL, 77 };
	unsigned n = 0;

	assert_int_equal(bp_list_is_lawful(row->bytes, 2, 3,
	    bp_text_is_printable), row->lawful);
	while (bp_list_next(&list, &item))
		n++;
	assert_int_equal(n, row->items);
	if (n == 0)
		assert_int_equal(item.len, 77);
	assert_false(bp_list_next(&list, &item));
}

TEST(what_is_added_is_read_back_in_order)
{
	static const struct bp_text bytes = BP_TEXT("\0\0\0\3" "\0\0\0\1a"
	    "\0\0\0\0" "\0\0\0\2b\0"), nul = BP_TEXT("b\0");
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);
	struct bp_text t;

	(void)state;
	assert_true(bp_list_start(&b));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 0);
	assert_true(bp_list_add(&b, bp_text_of("a")) &&
	    bp_list_add(&b, (struct bp_text){ NULL, 0 }) &&
	    bp_list_add(&b, nul));
	t = bp_buf_text(&b);
	assert_true(bp_text_same(t, bytes));
	assert_int_equal(bp_list_count(t), 3);
	assert_true(bp_list_has(t, bp_text_of("a")));
	assert_true(bp_list_has(t, bp_text_of("")));
	assert_true(bp_list_has(t, nul));
	assert_false(bp_list_has(t, bp_text_of("b")));
	assert_false(bp_list_has(t, bp_text_of("A")));
	assert_false(bp_list_has(t, bp_text_of("aa")));
}

TEST(a_list_counts_past_one_byte)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(70000 * 4 + 4);

	(void)state;
	assert_true(bp_list_start(&b));
	for (unsigned i = 0; i < 70000; i++)
		assert_true(bp_list_add(&b, bp_text_of("")));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 70000);
	assert_true(bp_list_is_lawful(bp_buf_text(&b), 70000, 0,
	    bp_text_is_utf8));
	assert_false(bp_list_is_lawful(bp_buf_text(&b), 69999, 0,
	    bp_text_is_utf8));
}

TEST(what_finds_no_room_leaves_the_list_as_it_was)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(13);
	static const struct bp_text is = BP_TEXT("\0\0\0\1" "\0\0\0\5hello");

	(void)state;
	assert_true(bp_list_start(&b));
	assert_false(bp_list_add(&b, bp_text_of("hello!")));
	assert_int_equal(b.len, 4);
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 0);
	assert_true(bp_list_add(&b, bp_text_of("hello")));
	assert_false(bp_list_add(&b, bp_text_of("")));
	assert_true(bp_text_same(bp_buf_text(&b), is));
}

TEST(a_list_is_started_in_an_empty_buffer_and_only_then_added_to)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);

	(void)state;
	assert_false(bp_list_add(&b, bp_text_of("a")));
	assert_int_equal(b.len, 0);
	assert_true(bp_buf_say(&b, "abc"));
	assert_false(bp_list_add(&b, bp_text_of("a")));
	assert_false(bp_list_start(&b));
	assert_true(bp_text_is(bp_buf_text(&b), "abc"));
}

TEST(a_piece_is_taken_whole_or_not_at_all)
{
	static const struct bp_text piece = BP_TEXT("\0\0\0\2abc");
	struct bp_text rest = piece, ret = { NULL, 77 };

	(void)state;
	assert_false(bp_list_take_bytes(&rest, 8, &ret));
	assert_int_equal(ret.len, 77);
	assert_true(bp_list_take(&rest, &ret));
	assert_true(bp_text_is(ret, "ab") && bp_text_is(rest, "c"));
	assert_false(bp_list_take(&rest, &ret));
	assert_true(bp_text_is(ret, "ab") && bp_text_is(rest, "c"));
	rest = (struct bp_text){ piece.at, 5 };
	assert_false(bp_list_take(&rest, &ret));
	assert_true(rest.at == piece.at && rest.len == 5);
	assert_true(bp_list_take_bytes(&rest, 5, &ret));
	assert_int_equal(rest.len, 0);
	assert_true(bp_list_take_bytes(&rest, 0, &ret));
	assert_int_equal(ret.len, 0);
	assert_false(bp_list_take_bytes(&rest, 1, &ret));
}

/* The length is four bytes: what has more is refused before it is looked at. */
TEST(a_piece_of_4_gib_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8);

	(void)state;
	assert_false(bp_list_put(&b, (struct bp_text){ "",
	    (size_t)UINT32_MAX + 1 }));
	assert_int_equal(b.len, 0);
	assert_false(bp_list_put(&b, bp_text_of("hello")));
	assert_int_equal(b.len, 0);
	assert_true(bp_list_put(&b, bp_text_of("hell")));
}

RUN(NULL, NULL)
