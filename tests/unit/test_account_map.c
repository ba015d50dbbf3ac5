/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/account_map.h"
#include "wire/list.h"

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)
#define X128(s)	X16(s s s s s s s s)
#define X256(s)	X16(X16(s))

static const struct refusal {
	const char *name;
	struct bp_text text;
	unsigned line;
	const char *what;
} refusals[] = {
	{ "two columns", BP_TEXT("# a\nsub x\n"), 2, "three columns" },
	{ "one column", BP_TEXT("sub"), 1, "three columns" },
	{ "four columns", BP_TEXT("sub x a b\n"), 1, "more than three" },
	{ "a comment behind a rule", BP_TEXT("sub x a # b\n"), 1,
	    "more than three" },
	{ "another mark of comments", BP_TEXT("; sub\n"), 1, "three columns" },
	{ "an indented rule", BP_TEXT(" sub x a\n"), 1, "continue" },
	{ "an indented comment", BP_TEXT("\t# sub a\n"), 1, "continue" },
	{ "a rule that goes on", BP_TEXT("sub x \\\na\n"), 1, "continue" },
	{ "a NUL", BP_TEXT("sub x\0y a\n"), 1, "control" },
	{ "a NUL in a comment", BP_TEXT("#\0\n"), 1, "control" },
	{ "a carriage return", BP_TEXT("sub x a\r\n"), 1, "CR LF" },
	{ "a byte-order mark", BP_TEXT("\xef\xbb\xbfsub x a\n"), 1,
	    "byte-order" },
	{ "not UTF-8", BP_TEXT("sub \xff a\n"), 1, "UTF-8" },
	{ "a tab in quotes", BP_TEXT("sub \"x\ty\" a\n"), 1,
	    "three columns" },
	{ "an open quote", BP_TEXT("sub \"x a\n"), 1, "three columns" },
	{ "a stray quote", BP_TEXT("sub x\"y a\n"), 1, "three columns" },
	{ "more behind a quote", BP_TEXT("sub \"x\"y a\n"), 1,
	    "three columns" },
	{ "a claim of no name", BP_TEXT("\"\" x a\n"), 1, "the claim" },
	{ "a claim of two words", BP_TEXT("\"a b\" x a\n"), 1, "the claim" },
	{ "a claim of 129 bytes", BP_TEXT(X128("a") "a x a\n"), 1,
	    "128 bytes" },
	{ "an empty identity", BP_TEXT("sub \"\" a\n"), 1, "is empty" },
	{ "an address without @", BP_TEXT("email alice a\n"), 1,
	    "no e-mail address" },
	{ "an address with two @", BP_TEXT("email a@b@c a\n"), 1,
	    "no e-mail address" },
	{ "an address without domain", BP_TEXT("email a@ a\n"), 1,
	    "no e-mail address" },
	{ "an address without name", BP_TEXT("email @b a\n"), 1,
	    "no e-mail address" },
	{ "an address beyond ASCII", BP_TEXT("email \xc3\xa4@b a\n"), 1,
	    "no e-mail address" },
	{ "a long address", BP_TEXT("email " X64("abcd") X64("a") "@b a\n"), 1,
	    "320 bytes" },

	{ "an expression with a blank", BP_TEXT("sub /a b/ c\n"), 1,
	    "more than three" },
	{ "an expression cut by a blank", BP_TEXT("sub /a b/\n"), 1,
	    "does not end in a /" },
	{ "an open expression", BP_TEXT("sub /a b\n"), 1, "does not end" },
	{ "a slash alone", BP_TEXT("sub / b\n"), 1, "does not end" },
	{ "flags behind an expression", BP_TEXT("sub /a/i b\n"), 1,
	    "does not end" },
	{ "an empty expression", BP_TEXT("sub // b\n"), 1,
	    "expression is empty" },
	{ "an open group", BP_TEXT("sub /(a/ b\n"), 1,
	    "( without )" },
	{ "an open bracket", BP_TEXT("sub /[a/ b\n"), 1,
	    "[ without ]" },
	{ "a back-reference", BP_TEXT("sub /(a*)*\\1/ b\n"), 1,
	    "back-reference" },
	{ "a long expression", BP_TEXT("sub /" X256("abcd") "e/ b\n"), 1,
	    "1024 bytes" },

	{ "repeats within repeats", BP_TEXT("sub /((a)*)*/ b\n"), 1,
	    "repeats within another" },
	{ "repeats behind repeats", BP_TEXT("sub /a{99}{99}/ b\n"), 1,
	    "in a row" },

	{ "a key by its comment", BP_TEXT("key alice@laptop a\n"), 1,
	    "no SSH key's fingerprint" },
	{ "a key by its bytes", BP_TEXT("key AAAAC3NzaC1lZDI1NTE5AAAAIOrLjKO"
	    "roG/AWkBIfkWXV8f28nmzgmDEv04rtO/37iZs a\n"), 1,
	    "no SSH key's fingerprint" },
	{ "a key by another hash", BP_TEXT("key MD5:16:27:ac:a5:76:28:2d:36:"
	    "63:1b:56:4d:eb:df:a6:48 a\n"), 1, "no SSH key's fingerprint" },
	{ "a key by a fingerprint that is cut", BP_TEXT("key SHA256:nwZPWL2ce"
	    "IRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkz a\n"), 1,
	    "no SSH key's fingerprint" },
	{ "a key by a certificate's", BP_TEXT("key cert-SHA256:nwZPWL2ceIRvC/"
	    "+lH3NhCtZhZMEzakEQKJ9ghMSzkzI a\n"), 1,
	    "no SSH key's fingerprint" },
	{ "a key by an expression", BP_TEXT("key /SHA256:nwZPWL2ceIRvC.+lH3Nh"
	    "CtZhZMEzakEQKJ9ghMSzkzI/ a\n"), 1, "no SSH key's fingerprint" },
	{ "a key by an expression of the right length", BP_TEXT("key /SHA256:"
	    "nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI/ a\n"), 1,
	    "no SSH key's fingerprint" },
	{ "a key for a group", BP_TEXT("key SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZM"
	    "EzakEQKJ9ghMSzkzI \\1\n"), 1, "no /expression/" },
	{ "an empty account", BP_TEXT("sub x \"\"\n"), 1, "the account is no" },
	{ "an account with a slash", BP_TEXT("sub x a/b\n"), 1,
	    "the account is no" },
	{ "an account with a colon", BP_TEXT("sub x a:b\n"), 1,
	    "the account is no" },
	{ "an account with a blank", BP_TEXT("sub x \"a b\"\n"), 1,
	    "the account is no" },
	{ "an account like an option", BP_TEXT("sub x -a\n"), 1,
	    "the account is no" },
	{ "a made account like an option", BP_TEXT("sub /(.*)/ -\\1\n"), 1,
	    "the account is no" },
	{ "an account of 256 bytes", BP_TEXT("sub x " X256("a") "\n"), 1,
	    "255 bytes" },
	{ "a group without expression", BP_TEXT("sub x \\1\n"), 1,
	    "no /expression/" },
	{ "a group of a quoted one", BP_TEXT("sub \"/(a)/\" \\1\n"), 1,
	    "no /expression/" },
	{ "group 0", BP_TEXT("sub /(a)/ \\0\n"), 1, "before 1 to 9" },
	{ "two backslashes", BP_TEXT("sub /(a)/ \\\\1\n"), 1,
	    "before 1 to 9" },
	{ "two backslashes and a letter", BP_TEXT("sub x D\\\\u\n"), 1,
	    "before 1 to 9" },
	{ "a backslash and a quote", BP_TEXT("sub /(a)/ \"a\\\"\n"), 1,
	    "before 1 to 9" },
	{ "a group that is not there", BP_TEXT("sub /(a)/ \\1\\2\n"), 1,
	    "expression lacks" },
	{ "a group of no expression", BP_TEXT("sub /a/ \\1\n"), 1,
	    "expression lacks" },
	{ "a good rule, then a bad", BP_TEXT("sub x a\n\n#\nsub y\n"), 4,
	    "three columns" },
};

ROWS(refusals, is_refused_at_its_line)
{
	const struct refusal *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(8192);
	struct bp_account_map e = { 0 }, map = { .rest = row->text };
	struct bp_map_rule rule = { .line = 77 };
	enum bp_map_step step;

	do {
		rule.line = 77;
		step = bp_account_map_next(&map, &rule);
	} while (step == BP_MAP_RULE);
	assert_int_equal(step, BP_MAP_BAD);
	assert_int_equal(rule.line, 77);
	assert_true(bp_list_start(&wanted));
	assert_false(bp_account_map_wanted(row->text, &wanted, &e));
	assert_int_equal(wanted.len, 4);
	assert_int_equal(e.line, row->line);
	assert_non_null(strstr(e.what, row->what));
}

TEST(rules_come_one_a_call_with_their_lines)
{
	struct bp_account_map map = { .rest =
	    BP_TEXT("#\tc\n\nsub x a\n \t\nemail /(.*)@b/ \\1\n#end") };
	struct bp_map_rule rule;

	(void)state;
	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_RULE);
	assert_int_equal(rule.line, 3);
	assert_true(bp_text_is(rule.claim, "sub") && !rule.is_regex);
	assert_true(bp_item_is(&rule.identity, bp_text_of("x")));
	assert_true(bp_item_is(&rule.account, bp_text_of("a")));
	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_RULE);
	assert_int_equal(rule.line, 5);
	assert_true(bp_text_is(rule.claim, "email") && rule.is_regex);
	assert_true(bp_text_is(rule.identity.raw, "(.*)@b"));
	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_END);
	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_END);
}

TEST(a_map_of_no_rules_is_a_map)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_account_map e = { .line = 77 };

	(void)state;
	assert_true(bp_list_start(&b));
	assert_true(bp_account_map_wanted(bp_text_of(""), &b, &e));
	assert_true(bp_account_map_wanted(bp_text_of("# a\n\n"), &b, &e));
	assert_int_equal(e.line, 77);
}

TEST(a_line_of_4097_bytes_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	char text[4098];
	struct bp_account_map e = { 0 };

	(void)state;
	assert_true(bp_list_start(&b));
	memset(text, ' ', sizeof(text));
	memcpy(text, "sub x a", 7);
	assert_true(bp_account_map_wanted((struct bp_text){ text, 4096 }, &b,
	    &e));
	assert_false(bp_account_map_wanted((struct bp_text){ text, 4097 }, &b,
	    &e));
	assert_string_equal(e.what, "longer than 4096 bytes");
}

TEST(wanted_claims_are_named_once)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_account_map e;
	struct bp_text list;

	(void)state;
	assert_true(bp_list_start(&b));
	assert_true(bp_list_add(&b, bp_text_of("role")));
	assert_true(bp_account_map_wanted(bp_text_of("sub x a\n"
	    "email a@b a\nupn x a\nupn y b\nrole x a\nUPN x a\nkey SHA256:"
	    "nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI a\n"), &b, &e));
	list = bp_buf_text(&b);
	assert_int_equal(bp_list_count(list), 3);
	assert_true(bp_list_has(list, bp_text_of("upn")));
	assert_true(bp_list_has(list, bp_text_of("UPN")));
	assert_false(bp_list_has(list, bp_text_of("sub")));
	assert_false(bp_list_has(list, bp_text_of("email")));
}

TEST(more_claims_than_can_be_sent_are_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	char text[33 * 16] = "";
	struct bp_account_map e;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 33; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "c%02d x a\n", i);
	assert_true(bp_list_start(&b));
	assert_false(bp_account_map_wanted((struct bp_text){ text, n }, &b,
	    &e));
	assert_int_equal(e.line, 33);
	assert_non_null(strstr(e.what, "more than 32 claims"));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 0);
	assert_int_equal(b.len, 4);
	n -= sizeof("c32 x a\n") - 1;
	assert_true(bp_account_map_wanted((struct bp_text){ text, n }, &b,
	    &e));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 32);
}

TEST(wanted_claims_go_into_a_list_that_was_begun)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_account_map e;

	(void)state;
	assert_false(bp_account_map_wanted(bp_text_of(""), &b, &e));
	assert_non_null(e.what);
}

RUN(NULL, NULL)
