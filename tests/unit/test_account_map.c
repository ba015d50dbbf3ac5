#include "support/support.h"
#include "core/account_map.h"
#include "wire/claim.h"

#include <locale.h>
#include <time.h>

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
	{ "a carriage return", BP_TEXT("sub x a\r\n"), 1, "control" },
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
	{ "an open group", BP_TEXT("sub /(a/ b\n"), 1, "no POSIX" },
	{ "an open bracket", BP_TEXT("sub /[a/ b\n"), 1, "no POSIX" },
	{ "a range turned round", BP_TEXT("sub /[b-a]/ b\n"), 1, "no POSIX" },
	{ "an unknown class", BP_TEXT("sub /[[:no:]]/ b\n"), 1, "no POSIX" },
	{ "a back-reference", BP_TEXT("sub /(a*)*\\1/ b\n"), 1,
	    "back-reference" },
	{ "a long expression", BP_TEXT("sub /" X256("abcd") "e/ b\n"), 1,
	    "1024 bytes" },

	{ "braces around braces", BP_TEXT("sub /((a{1,99}){1,99})/ b\n"), 1,
	    "too much in braces" },
	{ "braces without end", BP_TEXT("sub /(a{1,99}){99,}/ b\n"), 1,
	    "too much in braces" },
	{ "braces after braces", BP_TEXT("sub /a{99}{99}/ b\n"), 1,
	    "too much in braces" },
	{ "braces one by one", BP_TEXT("sub /" X64("a{64}") "/ b\n"), 1,
	    "too much in braces" },
	{ "a number past 32 bits", BP_TEXT("sub /(a){99999999999}/ b\n"), 1,
	    "too much in braces" },

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

/* Does RULE give IDENTITY exactly ACCOUNT? */
static bool
maps(const struct bp_map_rule *rule, struct bp_text identity,
    struct bp_text account)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);

	return bp_map_rule_gives(rule, identity, &got) &&
	    bp_text_same(bp_buf_text(&got), account);
}

ROWS(refusals, is_refused_at_its_line)
{
	const struct refusal *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(8192);
	struct bp_account_map e = { 0 }, map = { .rest = row->text };
	struct bp_map_rule rule = { .line = 77 };
	enum bp_map_step step;

	assert_false(bp_account_map_check(row->text, &e));
	assert_int_equal(e.line, row->line);
	assert_non_null(strstr(e.what, row->what));
	do {
		rule.line = 77;
		step = bp_account_map_next(&map, &rule);
	} while (step == BP_MAP_RULE);
	assert_int_equal(step, BP_MAP_BAD);
	assert_int_equal(rule.line, 77);
	assert_true(bp_list_start(&wanted));
	assert_false(bp_account_map_wanted(row->text, &wanted));
	assert_int_equal(wanted.len, 4);
}

/* The first rule of a text, one identity, and what it maps to, or NULL. */
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
first_rule(const char *text)
{
	struct bp_account_map map = { .rest = bp_text_of(text) };
	struct bp_map_rule rule = { 0 };

	assert_int_equal(bp_account_map_next(&map, &rule), BP_MAP_RULE);
	assert_int_equal(rule.line, 1);
	return rule;
}

ROWS(mappings, maps_to_exactly_this)
{
	const struct mapping *row = *state;
	struct bp_map_rule rule = first_rule(row->rule);
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
	struct bp_map_rule exact = first_rule("sub x a"),
	    any = first_rule("sub /.*/ a"), one = first_rule("sub /x/ a");

	(void)state;
	assert_false(maps(&exact, with, bp_text_of("a")));
	assert_false(maps(&any, with, bp_text_of("a")));
	assert_false(maps(&one, with, bp_text_of("a")));
}

TEST(a_made_account_may_have_255_bytes)
{
	struct bp_map_rule rule = first_rule("sub /(.*)/ \\1");
	char name[BP_ACCOUNT_MAX + 1];

	(void)state;
	memset(name, 'a', sizeof(name));
	for (size_t n = BP_ACCOUNT_MAX; n <= sizeof(name); n++) {
		struct bp_text t = { name, n };

		assert_int_equal(maps(&rule, t, t),
		    n == BP_ACCOUNT_MAX);
	}
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
	struct bp_account_map e = { .line = 77 };

	(void)state;
	assert_true(bp_account_map_check(bp_text_of(""), &e));
	assert_true(bp_account_map_check(bp_text_of("# a\n\n"), &e));
	assert_int_equal(e.line, 77);
}

TEST(a_line_of_4097_bytes_is_refused)
{
	char text[4098];
	struct bp_account_map e = { 0 };

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "sub x a", 7);
	assert_true(bp_account_map_check((struct bp_text){ text, 4096 }, &e));
	assert_false(bp_account_map_check((struct bp_text){ text, 4097 }, &e));
	assert_string_equal(e.what, "longer than 4096 bytes");
}

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
	assert_int_equal(bp_account_map_email(bp_text_of(row->address), &b),
	    row->small != NULL);
	assert_true(bp_text_is(bp_text_after(bp_buf_text(&b), 1),
	    row->small != NULL ? row->small : ""));
}

TEST(an_address_without_room_leaves_nothing_behind)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_false(bp_account_map_email(bp_text_of("al@ex"), &b));
	assert_int_equal(b.len, 0);
	assert_true(bp_account_map_email(bp_text_of("a@ex"), &b));
}

TEST(an_address_of_320_bytes_and_no_more)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(400);
	char text[BP_EMAIL_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1] = '@';
	assert_true(bp_account_map_email((struct bp_text){ text,
	    BP_EMAIL_MAX }, &b));
	assert_false(bp_account_map_email((struct bp_text){ text,
	    BP_EMAIL_MAX + 1 }, &b));
}

TEST(wanted_claims_are_named_once)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);
	struct bp_text list;

	(void)state;
	assert_true(bp_list_start(&b));
	assert_true(bp_list_add(&b, bp_text_of("role")));
	assert_true(bp_account_map_wanted(bp_text_of("sub x a\n"
	    "email a@b a\nupn x a\nupn y b\nrole x a\nUPN x a\n"), &b));
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
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 33; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "c%02d x a\n", i);
	assert_true(bp_list_start(&b));
	assert_false(bp_account_map_wanted((struct bp_text){ text, n }, &b));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 0);
	assert_int_equal(b.len, 4);
	n -= sizeof("c32 x a\n") - 1;
	assert_true(bp_account_map_wanted((struct bp_text){ text, n }, &b));
	assert_int_equal(bp_list_count(bp_buf_text(&b)), 32);
}

TEST(wanted_claims_go_into_a_list_that_was_begun)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(8192);

	(void)state;
	assert_false(bp_account_map_wanted(bp_text_of(""), &b));
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

	assert_int_equal(bp_account_map_is_account(bp_text_of(row->account)),
	    row->ok);
}

/*
 * sudo takes its caller's locale.  In a locale of UTF-8 the point would be
 * the whole letter.
 */
TEST(the_hosts_locale_steers_nothing_and_stays)
{
	static const char rule_text[] = "sub /.x/ a";
	struct bp_account_map e;
	locale_t utf8, before;

	(void)state;
	utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	assert_true(utf8 != (locale_t)0);
	before = uselocale(utf8);
	for (int i = 0; i < 2; i++) {
		struct bp_map_rule rule = first_rule(rule_text);

		assert_true(maps(&rule, bp_text_of("yx"),
		    bp_text_of("a")));
		assert_ptr_equal(uselocale((locale_t)0), utf8);
		assert_false(maps(&rule,
		    bp_text_of("\xc3\xa4x"), bp_text_of("a")));
		assert_ptr_equal(uselocale((locale_t)0), utf8);
	}
	assert_false(bp_account_map_check(bp_text_of("sub /(/ a"), &e));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	assert_false(bp_account_map_check(bp_text_of("sub // a"), &e));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	(void)uselocale(before);
	freelocale(utf8);
}

TEST(the_hosts_global_locale_steers_nothing)
{
	struct bp_map_rule rule = first_rule("sub /.x/ a");

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	assert_false(maps(&rule, bp_text_of("\xc3\xa4x"),
	    bp_text_of("a")));
	assert_ptr_equal(uselocale((locale_t)0), LC_GLOBAL_LOCALE);
	assert_string_equal(setlocale(LC_ALL, NULL), "C.UTF-8");
	assert_non_null(setlocale(LC_ALL, "C"));
}

/* Ways in which other engines need time exponential in the identity. */
TEST(a_long_identity_takes_no_long_time)
{
	static const char *const rules[] = { "sub /(a*)*b/ a",
	    "sub /(a|aa)+b/ a", "sub /((a+)+)+b/ \\2",
	    "sub /((a|aa)+)+/ b", "sub /((a?){1,12}){1,12}/ b",
	    "sub /(" X64("a|") "a){1,20}/ b", "sub /a{4000}/ b",
	    "sub /(" X16("a?") "){1,99}/ b", "sub /(a){1,255}b/ a",
	    "sub /(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b/ a" };
	char identity[BP_CLAIM_VALUE_MAX];
	struct timespec began, ended;

	(void)state;
	memset(identity, 'a', sizeof(identity));
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	for (size_t i = 0; i < COUNT(rules); i++) {
		struct bp_map_rule rule = first_rule(rules[i]);

		assert_false(maps(&rule, (struct bp_text){
		    identity, sizeof(identity) }, bp_text_of("a")));
	}
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	assert_true(ended.tv_sec - began.tv_sec < 10);
}

static int
hang_ends(void **state)
{
	(void)state;
	alarm(100);
	return 0;
}

RUN(hang_ends, NULL)
