/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/map_rule.h"

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)
#define X128(s)	X16(s s s s s s s s)

/* Does RULE give IDENTITY exactly ACCOUNT? */
static bool
maps(const struct bp_map_rule *rule, struct bp_text identity,
    struct bp_text account)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	uint32_t left = 1000000;

	return bp_map_rule_gives(rule, identity, &left, &got) &&
	    bp_text_same(bp_buf_text(&got), account);
}

/* A rule, one identity, and what it maps to, or NULL. */
static const struct mapping {
	const char *name, *rule, *identity, *account;
} mappings[] = {
	{ "exact", "sub x a", "x", "a" },
	{ "another", "sub x a", "y", NULL },
	{ "a beginning", "sub x a", "xy", NULL },
	{ "nothing", "sub x a", "", NULL },
	{ "other letters", "sub x a", "X", NULL },
	{ "tabs and blanks", "sub\t x \ta \t", "x", "a" },
	{ "any language", "sub \xc3\xa4 a", "\xc3\xa4", "a" },
	{ "quotes around", "\"sub\" \"x y\" \"a\"", "x y", "a" },
	{ "quotes inside", "sub \"x\"\"y\" a", "x\"y", "a" },
	{ "quotes inside an account", "sub x \"a\"\"b\"", "x", "a\"b" },
	{ "a quoted expression is none", "sub \"/x/\" a", "/x/", "a" },
	{ "nor does it match", "sub \"/x/\" a", "x", NULL },
	{ "a directory's account", "sub x first.last@d", "x", "first.last@d" },
	{ "an odd account", "sub x $a+~_%,", "x", "$a+~_%," },

	{ "an address", "email Al@ex.com a", "Al@ex.com", "a" },
	{ "its domain in capitals", "email al@EX.com a", "al@ex.com", "a" },
	{ "its name in capitals", "email Al@ex.com a", "al@ex.com", NULL },
	{ "another domain", "email al@ex.com a", "al@ex.com.evil", NULL },
	{ "no address at all", "email /(.*)/ \\1", "alice", NULL },
	{ "an address with two @", "email /(.*)@ex/ a", "a@b@ex", NULL },
	{ "an address beyond ASCII", "email /.*/ a", "\xc3\xa4@ex", NULL },
	{ "a sub is not an address", "sub /.*/ a", "alice", "a" },
	{ "a sub's domain stays", "sub al@EX a", "al@ex", NULL },

	{ "an expression", "sub /x+/ a", "xxx", "a" },
	{ "whole, not its end", "sub /x/ a", "xy", NULL },
	{ "whole, not its start", "sub /y/ a", "xy", NULL },
	{ "whole, of alternatives", "sub /x|xy/ a", "xy", "a" },
	{ "whole, of no line", "sub /^x$/ a", "x\ny", NULL },
	{ "a point is one character", "sub /x.y/ a", "xzzy", NULL },
	{ "other letters than said", "sub /[a-z]+/ a", "X", NULL },
	{ "a range without accents", "sub /[a-z]/ a", "\xc3\xa4", NULL },
	{ "letters without accents", "sub /[[:alpha:]]+/ a", "\xc3\xa4", NULL },
	{ "blanks by class", "sub /x[[:blank:]]y/ a", "x y", "a" },
	{ "a group", "email /^([a-z]+)@ex\\.com$/ \\1", "al@ex.com", "al" },
	{ "a group of others", "email /^([a-z]+)@ex\\.com$/ \\1", "al@exxcom",
	    NULL },
	{ "groups within words", "sub /(.)(.)/ x\\2-\\1y\\2", "ab", "xb-ayb" },
	{ "nine groups", "sub /(.)(.)(.)(.)(.)(.)(.)(.)(.)/ \\9\\1",
	    "abcdefghi", "ia" },
	{ "a tenth is a digit", "sub /(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/ \\10",
	    "abcdefghij", "a0" },
	{ "braces", "sub /([a-z]{1,31})(\\.[a-z]{1,8}){0,4}/ \\1", "al.b.c",
	    "al" },
	{ "a group that took no part", "sub /x(y)?/ a\\1", "x", NULL },
	{ "a group of nothing", "sub /x(y*)/ a\\1", "x", NULL },
	{ "an unused group of nothing", "sub /x(y*)/ a", "x", "a" },
	{ "a made option", "sub /(.*)/ \\1", "-rf", NULL },
	{ "a made path", "sub /(.*)/ \\1", "a/b", NULL },
	{ "a made colon", "sub /(.*)/ \\1", "a:b", NULL },
	{ "a made blank", "sub /(.*)/ \\1", "a b", NULL },
	{ "a cut character", "sub /(.).*/ \\1", "\xc3\xa4", NULL },
	{ "a made account too long", "sub /(.*)/ \\1\\1",
	    X128("a"), NULL },
	{ "an escape", "sub /.*/ a", "x\x1b[2J", NULL },
	{ "text that turns around", "sub /.*/ a", "x\xe2\x80\xae", NULL },
	{ "not UTF-8", "sub /.*/ a", "x\xff", NULL },
	{ "a dot as it stands", "sub /a\\.b/ a", "a.b", "a" },
	{ "a domain", "sub x D\\alice", "x", "D\\alice" },
	{ "a domain in quotes", "sub x \"D\\alice\"", "x", "D\\alice" },
	{ "a domain before a group", "sub /u(.*)/ D\\u\\1", "ux", "D\\ux" },
	{ "an escaped backslash before a digit", "sub /a\\\\1/ a", "a\\1",
	    "a" },
};

static struct bp_map_rule
rule_of(const char *line)
{
	struct bp_map_rule rule = { 0 };

	assert_null(bp_map_rule_read(bp_text_of(line), &rule));
	return rule;
}

ROWS(mappings, maps_to_exactly_this)
{
	const struct mapping *row = *state;
	struct bp_map_rule rule = rule_of(row->rule);
	struct bp_text identity = bp_text_of(row->identity);
	static const char *const wrong[] = { "", "a", "b", "A", "root", "aa",
	    "\\1", "-rf", "a/b", "al", "xb-ayb" };

	if (row->account != NULL)
		assert_true(maps(&rule, identity,
		    bp_text_of(row->account)));
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (row->account == NULL || strcmp(wrong[i], row->account) != 0)
			assert_false(maps(&rule, identity,
			    bp_text_of(wrong[i])));
}

TEST(an_identity_with_a_NUL_maps_nothing)
{
	static const struct bp_text with = BP_TEXT("x\0y");
	struct bp_map_rule exact = rule_of("sub x a"),
	    any = rule_of("sub /.*/ a"), one = rule_of("sub /x/ a");

	(void)state;
	assert_false(maps(&exact, with, bp_text_of("a")));
	assert_false(maps(&any, with, bp_text_of("a")));
	assert_false(maps(&one, with, bp_text_of("a")));
}

TEST(a_made_account_may_have_255_bytes)
{
	struct bp_map_rule rule = rule_of("sub /(.*)/ \\1");
	char name[BP_ACCOUNT_MAX + 1];

	(void)state;
	memset(name, 'a', sizeof(name));
	for (size_t n = BP_ACCOUNT_MAX; n <= sizeof(name); n++) {
		struct bp_text t = { name, n };

		assert_int_equal(maps(&rule, t, t),
		    n == BP_ACCOUNT_MAX);
	}
}

static const struct end { const char *name, *line; int64_t end; } ends[] = {
	{ "no end", "sub x a", 0 },
	{ "an end", "sub x a until=2026-11-30", 20788 },
	{ "an end behind tabs", "sub x a\tuntil=2026-11-30 \t", 20788 },
	{ "an end behind quotes", "sub \"x y\" \"a\" until=2026-11-30", 20788 },
	{ "an end of an expression", "sub /(x)/ \\1 until=2026-11-30", 20788 },
	{ "an end on the first day of all", "sub x a until=1970-01-01", 1 },
};

ROWS(ends, is_the_second_behind_the_day)
{
	const struct end *row = *state;
	struct bp_map_rule rule = rule_of(row->line);

	assert_int_equal(rule.end, row->end * 86400);
	assert_int_equal(bp_map_rule_has_ended(&rule, rule.end - 1), false);
	assert_int_equal(bp_map_rule_has_ended(&rule, rule.end),
	    row->end != 0);
	assert_true(maps(&rule, bp_text_of(strchr(row->line, '"') != NULL
	    ? "x y" : "x"), bp_text_of(row->line[4] == '/' ? "x" : "a")));
}

static const struct no_end { const char *name, *line, *what; } no_ends[] = {
	{ "a word", "sub x a b", "more than three columns" },
	{ "an end in quotes", "sub x a \"until=2026-11-30\"",
	    "more than three columns" },
	{ "an end and a fifth", "sub x a until=2026-11-30 b",
	    "more than three columns" },
	{ "two ends", "sub x a until=2026-11-30 until=2026-11-30",
	    "more than three columns" },
	{ "an end with blanks", "sub x a until = 2026-11-30",
	    "more than three columns" },
	{ "an end in capitals", "sub x a Until=2026-11-30",
	    "more than three columns" },
	{ "another key", "sub x a untill=2026-11-30",
	    "more than three columns" },
	{ "an end without a day", "sub x a until=", "until= names no day" },
	{ "an end with a time", "sub x a until=2026-11-30T12:00",
	    "until= names no day" },
	{ "an end on no day", "sub x a until=2026-02-29",
	    "until= names no day" },
	{ "a comment", "sub x a # until=2026-11-30",
	    "more than three columns" },
};

ROWS(no_ends, is_no_rule)
{
	const struct no_end *row = *state;
	struct bp_map_rule rule = { .line = 77 };
	const char *what = bp_map_rule_read(bp_text_of(row->line), &rule);

	assert_non_null(what);
	assert_non_null(strstr(what, row->what));
	assert_int_equal(rule.line, 77);
}

/* A line that is no rule leaves what was there. */
TEST(what_is_no_rule_is_not_written)
{
	struct bp_map_rule rule = { .line = 77 };

	(void)state;
	assert_non_null(strstr(bp_map_rule_read(bp_text_of("sub x"), &rule),
	    "three columns"));
	assert_non_null(strstr(bp_map_rule_read(bp_text_of("sub x -a"),
	    &rule), "no name that an account can have"));
	assert_int_equal(rule.line, 77);
	assert_int_equal(rule.claim.len, 0);
}

RUN(NULL, NULL)
