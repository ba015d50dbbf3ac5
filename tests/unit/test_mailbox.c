/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/mailbox.h"

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)
#define X128(s)	X16(s s s s s s s s)

static const struct address {
	const char *name, *address, *small;	/* NULL: none */
} addresses[] = {
	{ "an address in small letters", "al@ex.com", "al@ex.com" },
	{ "a name keeps its capitals", "Al@EX.Com", "Al@ex.com" },
	{ "a blank in a name", "a l@ex", "a l@ex" },
	{ "no @", "al", NULL },
	{ "two @", "al@ex@com", NULL },
	{ "no name", "@ex", NULL },
	{ "no domain", "al@", NULL },
	{ "nothing at all", "", NULL },
	{ "a tab", "a\tl@ex", NULL },
	{ "a line's end", "al@ex\n", NULL },
	{ "beyond ASCII", "al@\xc3\xa4", NULL },
	{ "a long one", X64("abcd") X64("b") "@c", NULL },
};

ROWS(addresses, is_an_address_or_not)
{
	const struct address *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(400);

	assert_true(bp_buf_say(&b, ">"));
	assert_int_equal(bp_mailbox_put(bp_text_of(row->address), &b),
	    row->small != NULL);
	assert_int_equal(bp_mailbox_is_one(bp_text_of(row->address)),
	    row->small != NULL);
	assert_true(bp_text_is(bp_text_after(bp_buf_text(&b), 1),
	    row->small != NULL ? row->small : ""));
}

TEST(an_address_without_room_leaves_nothing_behind)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_false(bp_mailbox_put(bp_text_of("al@ex"), &b));
	assert_int_equal(b.len, 0);
	assert_true(bp_mailbox_put(bp_text_of("a@ex"), &b));
}

TEST(an_address_of_320_bytes_and_no_more)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(400);
	char text[BP_MAILBOX_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1] = '@';
	assert_true(bp_mailbox_put((struct bp_text){ text,
	    BP_MAILBOX_MAX }, &b));
	b.len = 0;	/* or it would be refused for want of room */
	assert_false(bp_mailbox_put((struct bp_text){ text,
	    BP_MAILBOX_MAX + 1 }, &b));
}

RUN(NULL, NULL)
