/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/name.h"

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)
#define X128(s)	X16(s s s s s s s s)

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
