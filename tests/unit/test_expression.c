/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/expression.h"

#include <ctype.h>
#include <regex.h>

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)

static struct bp_expression e;

static const struct refused {
	const char *name, *text;
	const char *what;		/* is said about it */
} refused[] = {
	{ "nothing", "", "is empty" },
	{ "1025 bytes", X64("0123456789abcdef") "x", "longer than 1024" },
	{ "an open group", "(a", "( without )" },
	{ "two open groups", "((a)", "( without )" },
	{ "a group that was not opened", "a)", ") without (" },
	{ "an open bracket", "[a", "[ without ]" },
	{ "a bracket alone", "[", "[ without ]" },
	{ "an empty bracket", "[]", "[ without ]" },
	{ "an empty negated bracket", "[^]", "[ without ]" },
	{ "a range turned round", "[b-a]", "a range turned round" },
	{ "a range without end", "[a-", "[ without ]" },
	{ "a range of a range", "[a-c-e]", "a - that is none" },
	{ "a range up to a class", "[a-[:digit:]]", "a - that is none" },
	{ "a range from a class", "[[:digit:]-z]", "a - that is none" },
	{ "an unknown class", "[[:no:]]", "unknown [:class:]" },
	{ "a class in capitals", "[[:ALPHA:]]", "unknown [:class:]" },
	{ "a class of no name", "[[::]]", "unknown [:class:]" },
	{ "an open class", "[[:alpha:", "[ without ]" },
	{ "an open class in a bracket", "[[:alpha]", "unknown [:class:]" },
	{ "a collating symbol", "[[.a.]]", "unknown [:class:]" },
	{ "an equivalence class", "[[=a=]]", "unknown [:class:]" },
	{ "a back-reference", "(a)\\1", "back-reference" },
	{ "a back-reference before its group", "\\9(a)", "back-reference" },
	{ "a backslash at the end", "a\\", "a \\ in the expression" },
	{ "a backslash before a letter", "a\\d", "([0-9] for \\d)" },
	{ "a backslash before a word's begin", "\\<a", "before a mark" },
	{ "a backslash before a word's end", "a\\>", "before a mark" },
	{ "a backslash before another alphabet", "\\\xc3\xa4",
	    "before a mark" },
	{ "a star at the beginning", "*a", "nothing for a *" },
	{ "a plus in a group", "(+a)", "nothing for a *" },
	{ "a ? behind a bar", "a|?", "nothing for a *" },
	{ "braces at the beginning", "{1}a", "nothing for a *" },
	{ "a star behind ^", "^*a", "nothing for a *" },
	{ "a star behind $", "a$*", "nothing for a *" },
	{ "two stars", "a**", "two of * + ? { } in a row" },
	{ "a star behind a plus", "a+*", "two of * + ? { } in a row" },
	{ "a lazy star", "a*?", "two of * + ? { } in a row" },
	{ "22 plus signs", "a" X16("+") "++++++", "in a row" },
	{ "braces behind braces", "a{9}{9}", "in a row" },
	{ "a star behind a group's star", "(a)**", "in a row" },
	{ "open braces", "a{1", "braces" },
	{ "empty braces", "a{}", "braces" },
	{ "a comma in braces", "a{,}", "braces" },
	{ "two commas in braces", "a{1,2,3}", "braces" },
	{ "letters in braces", "a{b}", "braces" },
	{ "a blank in braces", "a{1, 2}", "braces" },
	{ "braces turned round", "a{2,1}", "braces" },
	{ "no time at all", "a{0}", "braces" },
	{ "no time at most", "a{,0}", "braces" },
	{ "4097 times", "a{4097}", "braces" },
	{ "a number past 32 bits", "a{4294967297}", "braces" },
	{ "a star of a star's group", "((a)*)*", "repeats within another" },
	{ "braces of a plus' group", "((ab)+c){2}", "repeats within another" },
	{ "a star three groups deep", "((((a){2}b)c)d)+",
	    "repeats within another" },
	{ "a star behind a bar", "(a|(b)*)*", "repeats within another" },
	{ "what once took 40 s", "(((([ab])*)+)?){0,34}",
	    "repeats within another" },
	{ "nine groups deep", "(((((((((a)))))))))", "more than 8 deep" },
	{ "65 brackets", X64("[a]") "[b]", "more than 64 brackets" },
};

ROWS(refused, is_refused_and_says_why)
{
	const struct refused *row = *state;
	const char *fault = bp_expression_read(bp_text_of(row->text), &e);

	assert_non_null(fault);
	assert_non_null(strstr(fault, row->what));
}

static const struct good {
	const char *name, *text;
	size_t groups, pieces;		/* besides the whole */
} good[] = {
	{ "a byte", "a", 0, 1 },
	{ "any byte", ".", 0, 1 },
	{ "what people write", "([a-z][a-z0-9_-]{0,30})@example\\.com", 1,
	    16 },
	{ "alternatives", "a|b|c", 0, 5 },
	{ "an empty alternative", "a|", 0, 2 },
	{ "an empty alternative in front", "|a", 0, 2 },
	{ "an empty group", "()", 1, 2 },
	{ "an optional group", "(x|y)?", 1, 5 },
	{ "a group of repeated bytes, repeated",
	    "[[:alnum:]]+(\\.[[:alnum:]]+)*", 1, 5 },
	{ "an optional group of a repeated one", "((a)*b)?", 2, 6 },
	{ "a repeated group of an optional one", "((a)?b)*", 2, 6 },
	{ "repeated groups side by side", "(a)*(b)+(c){2,3}", 3, 9 },
	{ "a repeated group in one that is not", "((a)*)(b)*", 3, 8 },
	{ "a ] and a } alone", "a]b}c", 0, 5 },
	{ "a { by a backslash", "a\\{1\\}", 0, 4 },
	{ "a \\ before each mark",
	    "\\!\\\"\\#\\%\\&\\,\\-\\/\\:\\;\\=\\@\\_\\~\\.\\[\\]\\*\\^\\$"
	    "\\(\\)\\+\\?\\{\\}\\|\\\\", 0, 28 },
	{ "4096 times", "a{4096}", 0, 1 },
	{ "up to so many times", "a{,3}", 0, 1 },
	{ "eight groups deep", "((((((((a))))))))", 8, 17 },
	{ "64 brackets", X64("[a]"), 0, 64 },
	{ "1024 bytes", X64("0123456789abcdef"), 0, 1024 },
	{ "a bracket of a ]", "[]a]", 0, 1 },
	{ "a bracket of all but a ]", "[^]a]", 0, 1 },
	{ "a - first", "[-a]", 0, 1 },
	{ "a - last", "[a-]", 0, 1 },
	{ "a [ in a bracket", "[[a]", 0, 1 },
	{ "marks in a bracket", "[.*?(]", 0, 1 },
	{ "^ and $ where they say nothing", "^a$", 0, 3 },
	{ "^ and $ in a group", "(^a|b$)", 1, 7 },
	{ "words", "\\w\\W\\s\\S", 0, 4 },
};

ROWS(good, is_read_whole)
{
	const struct good *row = *state;

	assert_null(bp_expression_read(bp_text_of(row->text), &e));
	assert_int_equal(e.groups, row->groups);
	assert_int_equal(e.pieces, row->pieces + 2);
	assert_int_equal(e.piece[0].kind, BP_PIECE_OPEN);
	assert_int_equal(e.piece[0].other, e.pieces - 1);
	assert_int_equal(e.piece[e.pieces - 1].kind, BP_PIECE_CLOSE);
	assert_int_equal(e.piece[e.pieces - 1].other, 0);
}

static const struct times {
	const char *name, *text;
	unsigned least, most;
} times[] = {
	{ "once", "(a)", 1, 1 },
	{ "*", "(a)*", 0, BP_ENDLESS },
	{ "+", "(a)+", 1, BP_ENDLESS },
	{ "?", "(a)?", 0, 1 },
	{ "{3}", "(a){3}", 3, 3 },
	{ "{3,}", "(a){3,}", 3, BP_ENDLESS },
	{ "{3,4}", "(a){3,4}", 3, 4 },
	{ "{,4}", "(a){,4}", 0, 4 },
	{ "{0,4}", "(a){0,4}", 0, 4 },
	{ "{0,1}", "(a){0,1}", 0, 1 },
};

ROWS(times, is_so_often_at_both_ends_of_a_group)
{
	const struct times *row = *state;

	assert_null(bp_expression_read(bp_text_of(row->text), &e));
	assert_int_equal(e.pieces, 5);
	assert_int_equal(e.open[1], 1);
	assert_int_equal(e.piece[1].other, 3);
	assert_int_equal(e.piece[3].other, 1);
	for (size_t i = 1; i <= 3; i += 2) {
		assert_int_equal(e.piece[i].least, row->least);
		assert_int_equal(e.piece[i].most, row->most);
	}
	assert_int_equal(e.piece[2].least, 1);
	assert_int_equal(e.piece[2].most, 1);
}

/* The same bytes as libc's, in the C locale. */
static const struct class {
	const char *name;
	int (*is)(int);
} classes[] = {
	{ "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum },
	{ "upper", isupper }, { "lower", islower }, { "space", isspace },
	{ "blank", isblank }, { "punct", ispunct }, { "print", isprint },
	{ "graph", isgraph }, { "cntrl", iscntrl }, { "xdigit", isxdigit },
};

ROWS(classes, is_the_class_of_libc)
{
	const struct class *row = *state;
	char text[32];

	for (int negated = 0; negated < 2; negated++) {
		(void)snprintf(text, sizeof(text), "[%s[:%s:]]",
		    negated ? "^" : "", row->name);
		assert_null(bp_expression_read(bp_text_of(text), &e));
		for (int c = 1; c < 256; c++)
			assert_int_equal(bp_expression_has(&e, &e.piece[1],
			    (char)c), (row->is(c) != 0) != negated);
	}
}

/* What is one byte stands for the same bytes as in libc. */
static const struct one {
	const char *name;		/* and what it is */
} ones[] = {
	{ "a" }, { "." }, { "\\." }, { "\\\\" }, { "\\w" }, { "\\W" },
	{ "\\s" }, { "\\S" }, { "[a-z]" }, { "[^a-z]" }, { "[a-z0-9_.-]" },
	{ "[]]" }, { "[]a]" }, { "[^]a]" }, { "[]-a]" }, { "[-a]" },
	{ "[a-]" }, { "[--/]" }, { "[+--]" }, { "[^-a]" }, { "[^-]" },
	{ "[\\w]" }, { "[\\]" }, { "[a^]" }, { "[[]" },
	{ "[[a]" }, { "[a[]" }, { "[][]" }, { "[*+?{}()|.$]" },
	{ "[[:alpha:][:digit:]_]" }, { "[[:digit:]-]" }, { "[-[:digit:]]" },
	{ "[a[:digit:]b-d]" }, { "[\xc3\xa4]" }, { "[^\xc3]" },
	{ "[\x80-\xff]" }, { "[ -~]" }, { "[:alpha:]" }, { "[=a=]" },
	{ "[.a.]" },
};

ROWS(ones, is_the_same_byte_as_libcs)
{
	const struct one *row = *state;
	char text[64];
	regex_t r;

	(void)snprintf(text, sizeof(text), "^(%s)$", row->name);
	assert_int_equal(regcomp(&r, text, REG_EXTENDED | REG_NOSUB), 0);
	assert_null(bp_expression_read(bp_text_of(row->name), &e));
	assert_int_equal(e.pieces, 3);
	for (int c = 1; c < 256; c++) {
		const char string[] = { (char)c, '\0' };

		assert_int_equal(bp_expression_has(&e, &e.piece[1],
		    (char)c), regexec(&r, string, 0, NULL, 0) == 0);
	}
	regfree(&r);
}

TEST(what_is_no_byte_has_none)
{
	(void)state;
	assert_null(bp_expression_read(bp_text_of("^(a|b)$"), &e));
	for (size_t i = 0; i < e.pieces; i++)
		if (e.piece[i].kind > BP_PIECE_SET)
			for (int c = 0; c < 256; c++)
				assert_false(bp_expression_has(&e,
				    &e.piece[i], (char)c));
}

/* Random bytes of those that mean something: each piece finds its room. */
TEST(whatever_stands_there_is_read_or_refused)
{
	static const char marks[] = "ab.[]()|*+?{}^$\\-:1,0w";
	char text[BP_EXPRESSION_MAX];
	unsigned seed = 1, read = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t len = 1 + (size_t)rand_r(&seed) % 12;

		if (i % 100 == 0)
			len = 1 + (size_t)rand_r(&seed) % sizeof(text);
		for (size_t n = 0; n < len; n++)
			text[n] = marks[(size_t)rand_r(&seed) %
			    (sizeof(marks) - 1)];
		if (bp_expression_read((struct bp_text){ text, len }, &e) !=
		    NULL)
			continue;
		read++;
		assert_true(e.pieces <= len + 2);
		assert_true(e.sets <= BP_BRACKETS_MAX);
		assert_int_equal(e.piece[0].other, e.pieces - 1);
	}
	assert_true(read > 1000);
}

RUN(NULL, NULL)
