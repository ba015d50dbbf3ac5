/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/match.h"

#include <regex.h>
#include <time.h>

#define MANY	(100U * 1000 * 1000)	/* steps: more than is needed here */

static struct bp_expression e;

static bool
matches(const char *text, struct bp_text identity,
    struct bp_text group[BP_GROUPS])
{
	uint32_t left = MANY;

	assert_null(bp_expression_read(bp_text_of(text), &e));
	return bp_match(&e, identity, &left, group);
}

/* What it takes, and what its groups then take; NULL: it does not match. */
static const struct match {
	const char *name, *text, *identity;
	const char *group[4];		/* from \1; NULL: there is none */
} rows[] = {
	{ "a byte", "a", "a", { "" } },
	{ "a byte more", "a", "ab", { NULL } },
	{ "a byte in front", "a", "ba", { NULL } },
	{ "nothing of a byte", "a", "", { NULL } },
	{ "nothing of any number", "a*", "", { "" } },
	{ "a point is a byte", "a.c", "a\xc3" "c", { "" } },
	{ "a point is no letter of two", "a.c", "a\xc3\xa4" "c", { NULL } },
	{ "the second of alternatives", "a|b|c", "b", { "" } },
	{ "the longer of alternatives", "a|ab", "ab", { "" } },
	{ "an empty alternative", "a(b|)c", "ac", { "" } },
	{ "^ and $ around", "^a$", "a", { "" } },
	{ "^ in the middle", "a^b", "ab", { NULL } },
	{ "$ in the middle", "a$b", "ab", { NULL } },
	{ "^ in an alternative", "(^a|b)c", "ac", { "a" } },
	{ "no more than 2", "a{1,2}", "aaa", { NULL } },
	{ "no less than 2", "a{2,}", "a", { NULL } },
	{ "exactly 3", "a{3}", "aaa", { "" } },
	{ "exactly 3 of 4", "a{3}", "aaaa", { NULL } },
	{ "up to 3", "a{,3}", "aaa", { "" } },
	{ "a group twice", "(ab){2}", "abab", { "ab" } },
	{ "a group thrice", "(ab){2}", "ababab", { NULL } },
	{ "a group of an odd number", "(ab|a)*c", "abac", { "a" } },
	{ "what people write", "([a-z][a-z0-9_-]{0,30})@ex\\.com",
	    "al_2@ex.com", { "al_2" } },
	{ "words with points between", "([[:alnum:]]+(\\.[[:alnum:]]+)*)@x",
	    "a.b.c@x", { "a.b.c", ".c" } },

	{ "the first takes the most", "(a*)(a*)", "aaa", { "aaa", "" } },
	{ "but lets the rest match", "(a*)(ab)", "aaab", { "aa", "ab" } },
	{ "the first of two points", "(.*)\\.(.*)", "a.b.c",
	    { "a.b", "c" } },
	{ "the longest alternative", "(a|ab)(c|bcd)(d*)", "abcd",
	    { "ab", "c", "d" } },
	{ "of as long ones the first", "((a)|(.))", "a", { "a", "a", "" } },
	{ "an optional group that is there", "(x)?(x?)", "x", { "x", "" } },
	{ "an optional group that is not", "(y)?(x?)", "x", { "", "x" } },
	{ "the last time counts", "(a|b|c)*", "abc", { "c" } },
	{ "each time the longest", "(a|ab|b)*", "ab", { "ab" } },
	{ "that lets the others match", "(a|ab|bc)*", "abc", { "bc" } },
	{ "of the last time what took part", "((a)|(b))*", "ab",
	    { "b", "", "b" } },
	{ "a group in a group in a group", "(a(b(c)))", "abc",
	    { "abc", "bc", "c" } },
	{ "a time with nothing", "(a|b*){2}", "a", { "" } },
};

ROWS(rows, matches_or_not_and_its_groups_take_this)
{
	const struct match *row = *state;
	struct bp_text identity = bp_text_of(row->identity);
	struct bp_text group[BP_GROUPS];
	bool is = row->group[0] != NULL;

	assert_int_equal(matches(row->text, identity, NULL), is);
	assert_int_equal(matches(row->text, identity, group), is);
	if (!is)
		return;
	assert_true(bp_text_same(group[0], identity));
	for (size_t i = 0; i < COUNT(row->group) && row->group[i] != NULL; i++)
		assert_true(bp_text_is(group[i + 1], row->group[i]));
	for (size_t i = e.groups + 1; i < BP_GROUPS; i++)
		assert_int_equal(group[i].len, 0);
}

TEST(an_identity_of_320_bytes_and_no_more)
{
	char identity[BP_MATCH_MAX + 1];

	(void)state;
	memset(identity, 'a', sizeof(identity));
	for (size_t n = BP_MATCH_MAX - 1; n <= BP_MATCH_MAX + 1; n++) {
		struct bp_text t = { identity, n }, group[BP_GROUPS];

		assert_int_equal(matches(".*", t, NULL), n <= BP_MATCH_MAX);
		assert_int_equal(matches("(.*)a{64}(.)", t, group),
		    n <= BP_MATCH_MAX);
		if (n > BP_MATCH_MAX)
			continue;
		assert_int_equal(group[1].len, n - 65);
		assert_true(matches("(a*)(a*)", t, group));
		assert_int_equal(group[1].len, n);
	}
}

TEST(a_NUL_is_a_byte)
{
	static const struct bp_text with = BP_TEXT("a\0b");

	(void)state;
	assert_true(matches("a.b", with, NULL));
	assert_false(matches("a", with, NULL));
	assert_false(matches("ab", with, NULL));
}

/* Without steps it is not decided, at whatever point they run out. */
TEST(without_steps_nothing_matches)
{
	struct bp_text identity = bp_text_of("ab.ab.b@x"), group[BP_GROUPS];
	uint32_t left = MANY, needs;

	(void)state;
	assert_null(bp_expression_read(bp_text_of("(([ab]+)\\.?)*@(x|y)"),
	    &e));
	assert_true(bp_match(&e, identity, &left, group));
	needs = MANY - left;
	assert_true(needs > 50);
	for (uint32_t most = 0; most <= needs + 1; most++) {
		left = most;
		assert_int_equal(bp_match(&e, identity, &left, group),
		    most == needs + 1);
		assert_int_equal(left, most == needs + 1);
	}
}

/* A random expression, of which glibc makes something in bounded time. */
struct text {
	unsigned seed;
	size_t	 len;
	char	 at[600];
};

static unsigned
any(struct text *t, unsigned n)
{
	return (unsigned)rand_r(&t->seed) % n;
}

static void
say(struct text *t, const char *s)
{
	size_t n = strlen(s);

	if (t->len + n < sizeof(t->at)) {
		memcpy(t->at + t->len, s, n + 1);
		t->len += n;
	}
}

static const char *const atoms[] = { "a", "a", "b", "c", ".", "[ab]", "[^a]" };
static const char *const often[] = { "", "", "", "", "*", "+", "?", "{0,2}",
    "{2}", "{1,}" };

static void
say_piece(struct text *t)
{
	say(t, atoms[any(t, COUNT(atoms))]);
	say(t, often[any(t, COUNT(often))]);
}

static void
say_branches(struct text *t, int depth)
{
	for (unsigned bars = any(t, 3); ; bars--) {
		for (unsigned n = any(t, 8) == 0 ? 0 : 1 + any(t, 3); n > 0;
		    n--) {
			if (depth == 0 || any(t, 3) > 0) {
				say_piece(t);
				continue;
			}
			say(t, "(");
			say_branches(t, depth - 1);
			say(t, ")");
			say(t, often[any(t, COUNT(often))]);
		}
		if (bars == 0)
			return;
		say(t, "|");
	}
}

static void
say_identity(struct text *t, char identity[10])
{
	size_t n = any(t, 10);

	for (size_t i = 0; i < n; i++)
		identity[i] = "aabbc"[any(t, 5)];
	identity[n] = '\0';
}

/* All of STRING? */
static bool
libc_matches(const regex_t *r, const char *string)
{
	regmatch_t part;

	return regexec(r, string, 1, &part, 0) == 0 && part.rm_so == 0 &&
	    (size_t)part.rm_eo == strlen(string);
}

TEST(it_matches_what_libc_matches)
{
	struct text t = { .seed = 1 };
	unsigned read = 0, matched = 0;
	char identity[10];
	regex_t r;

	(void)state;
	for (int i = 0; i < 6000; i++) {
		t.len = 0;
		t.at[0] = '\0';
		say_branches(&t, 3);
		if (bp_expression_read(bp_text_of(t.at), &e) != NULL)
			continue;
		read++;
		assert_int_equal(regcomp(&r, t.at, REG_EXTENDED), 0);
		assert_int_equal(r.re_nsub, e.groups);
		for (int k = 0; k < 12; k++) {
			uint32_t left = MANY;

			say_identity(&t, identity);
			if (bp_match(&e, bp_text_of(identity), &left, NULL) !=
			    libc_matches(&r, identity))
				fail_msg("%s and '%s'", t.at, identity);
			matched += libc_matches(&r, identity);
		}
		regfree(&r);
	}
	assert_true(read > 3000 && matched > 3000);
}

/* Three groups side by side; what they take by POSIX's own words. */
enum { SIDES = 3 };

static bool
is_whole(const char *text, struct bp_text t)
{
	uint32_t left = MANY;

	assert_null(bp_expression_read(bp_text_of(text), &e));
	return bp_match(&e, t, &left, NULL);
}

/* The longest that side I can take of REST, and those behind it the rest. */
static size_t
longest(char side[SIDES][600], size_t i, struct bp_text rest)
{
	char behind[2 * 600] = "()";

	for (size_t k = i + 1; k < SIDES; k++)
		(void)strcat(behind, side[k]);
	for (size_t n = rest.len + 1; n-- > 0;)
		if (is_whole(side[i], (struct bp_text){ rest.at, n }) &&
		    is_whole(behind, bp_text_after(rest, n)))
			return n;
	return (size_t)-1;
}

/* side[] are expressions that may stand behind each other. */
static void
assert_shares(char side[SIDES][600], const char *identity)
{
	struct bp_text rest = bp_text_of(identity), group[BP_GROUPS];
	char text[4 * 600] = "";
	size_t number[SIDES], groups = 0, n;

	for (size_t i = 0; i < SIDES; i++) {
		assert_null(bp_expression_read(bp_text_of(side[i]), &e));
		number[i] = groups + 1;
		groups += e.groups;
		(void)strcat(text, side[i]);
	}
	if (groups >= BP_GROUPS || !matches(text, rest, group))
		return;
	for (size_t i = 0; i < SIDES; i++) {
		n = longest(side, i, rest);
		if (group[number[i]].len != n ||
		    (n > 0 && group[number[i]].at != rest.at))
			fail_msg("group %zu of %s and '%s'", number[i], text,
			    identity);
		rest = bp_text_after(rest, n);
	}
}

TEST(what_stands_first_takes_the_most_that_lets_the_rest_match)
{
	struct text t = { .seed = 7 };
	char side[SIDES][600], identity[10];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		bool good = true;

		for (size_t k = 0; k < SIDES; k++) {
			t.len = 0;
			say(&t, "(");
			say_branches(&t, 1);
			say(&t, ")");
			(void)strcpy(side[k], t.at);
			good &= bp_expression_read(bp_text_of(t.at), &e) ==
			    NULL;
		}
		for (int n = 0; good && n < 8; n++) {
			say_identity(&t, identity);
			assert_shares(side, identity);
		}
	}
}

static double
cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * Whatever is let pass: a search for what is costly finds nothing that goes
 * on when its steps are spent, and no step that costs much.
 */
TEST(nothing_that_is_read_takes_long)
{
	static const char *const known[] = { "(a*)*b", "(a|aa)+b",
	    "(a?){1,4096}b", "a{4000}", "(a{4096}|a)+b", "(.*)(.*)(.*)(.*)b",
	    "(a*a*a*a*a*a*a*a*b|a)+c", "([ab]*[ab]*[ab]*c|a|b)*d" };
	struct text t = { .seed = 3 };
	char identity[BP_MATCH_MAX];
	struct bp_text group[BP_GROUPS];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		double began = cpu();
		uint32_t left = 10 * 1000 * 1000;

		t.len = 0;
		t.at[0] = '\0';
		for (int n = 0; n < 6; n++)
			say_branches(&t, 3);
		if (bp_expression_read(i < (int)COUNT(known)
		    ? bp_text_of(known[i]) : bp_text_of(t.at), &e) != NULL)
			continue;
		for (size_t n = 0; n < sizeof(identity); n++)
			identity[n] = "aaaaaab"[any(&t, i % 2 == 0 ? 6 : 7)];
		if (bp_match(&e, (struct bp_text){ identity,
		    sizeof(identity) }, &left, group))
			assert_true(left > 0);
		assert_true(cpu() - began < 3);	/* of 0.1: on any machine */
	}
}

/* A tenth of the work that it would be with them. */
TEST(no_work_is_done_without_steps)
{
	char identity[BP_MATCH_MAX];
	double began;

	(void)state;
	memset(identity, 'a', sizeof(identity));
	assert_null(bp_expression_read(bp_text_of("(a*a*a*a*a*a*b|a)+c"),
	    &e));
	began = cpu();
	for (int i = 0; i < 1000; i++) {
		uint32_t left = 1;

		assert_false(bp_match(&e, (struct bp_text){ identity,
		    sizeof(identity) }, &left, NULL));
		assert_int_equal(left, 0);
	}
	assert_true(cpu() - began < 0.3);	/* of 0.003, or 1.4 */
}

static int
hang_ends(void **state)
{
	(void)state;
	alarm(100);
	return 0;
}

RUN(hang_ends, NULL)
