/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/name.h"

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
	assert_int_equal(bp_name_put_email(bp_text_of(row->address), &b),
	    row->small != NULL);
	assert_int_equal(bp_name_is_email(bp_text_of(row->address)),
	    row->small != NULL);
	assert_true(bp_text_is(bp_text_after(bp_buf_text(&b), 1),
	    row->small != NULL ? row->small : ""));
}

TEST(an_address_without_room_leaves_nothing_behind)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_false(bp_name_put_email(bp_text_of("al@ex"), &b));
	assert_int_equal(b.len, 0);
	assert_true(bp_name_put_email(bp_text_of("a@ex"), &b));
}

TEST(an_address_of_320_bytes_and_no_more)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(400);
	char text[BP_EMAIL_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1] = '@';
	assert_true(bp_name_put_email((struct bp_text){ text,
	    BP_EMAIL_MAX }, &b));
	b.len = 0;	/* or it would be refused for want of room */
	assert_false(bp_name_put_email((struct bp_text){ text,
	    BP_EMAIL_MAX + 1 }, &b));
}

static const struct account {
	const char *name, *account;
	bool ok;
} accounts[] = {
	{ "a plain account", "alice", true },
	{ "dots", "first.last", true },
	{ "a domain", "user@domain", true },
	{ "a backslash", "D\\user", true },
	{ "capitals", "Alice", true },
	{ "another language", "\xc3\xa4", true },
	{ "a hyphen inside", "a-b", true },
	{ "no account", "", false },
	{ "a leading hyphen", "-a", false },
	{ "a slash", "a/b", false },
	{ "a colon", "a:b", false },
	{ "a space", "a b", false },
	{ "a tab", "a\tb", false },
	{ "a newline", "a\nb", false },
	{ "an escape", "a\x1b", false },
	{ "a broken character", "a\xff", false },
};

ROWS(accounts, is_an_account_or_not)
{
	const struct account *row = *state;

	assert_int_equal(bp_name_is_account(bp_text_of(row->account)),
	    row->ok);
}

static const struct claim {
	const char *name, *claim;
	bool ok;
} claims[] = {
	{ "a claim", "preferred_username", true },
	{ "a claim with an address", "https://acme.example/roles", true },
	{ "a claim in another language", "r\xc3\xb4le", true },
	{ "a claim of 128 bytes", X128("a"), true },
	{ "a claim of 129 bytes", X128("a") "a", false },
	{ "no claim", "", false },
	{ "a claim with a space", "a b", false },
	{ "a claim with a tab", "a\tb", false },
	{ "a claim with an escape", "a\x1b", false },
	{ "a broken claim", "a\xff", false },
};

ROWS(claims, is_a_claim_or_not)
{
	const struct claim *row = *state;

	assert_int_equal(bp_name_is_claim(bp_text_of(row->claim)), row->ok);
}

TEST(an_account_of_255_bytes_and_no_more)
{
	char text[BP_ACCOUNT_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(bp_name_is_account((struct bp_text){ text,
	    BP_ACCOUNT_MAX }));
	assert_false(bp_name_is_account((struct bp_text){ text,
	    BP_ACCOUNT_MAX + 1 }));
}

RUN(NULL, NULL)
