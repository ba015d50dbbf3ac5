/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/text.h"

#define T(literal)	BP_TEXT(literal)

static const char cut[2] = { '\xe4', '\xb8' };	/* no NUL behind it */

/* Neither, valid alone, or printable too, which is never without valid. */
enum kind { NO, UTF8, PRINTS };

static const struct print {
	const char *name;
	struct bp_text text;
	enum kind kind;
} prints[] = {
	{ "nothing at all",		{ NULL, 0 },			PRINTS },
	{ "any language",		T("J\xc3\xb6rg \xe4\xb8\xad"),	PRINTS },
	{ "past 16 bits",		T("\xf0\x9f\x98\x80"),		PRINTS },
	{ "the last one",		T("\xf4\x8f\xbf\xbd"),		PRINTS },
	{ "the least of two bytes",	T("\xc2\xa0"),			PRINTS },
	{ "the least of three",		T("\xe0\xa0\x80"),		PRINTS },
	{ "the least of four",		T("\xf0\x90\x80\x80"),		PRINTS },
	{ "before the surrogates",	T("\xed\x9f\xbf"),		PRINTS },
	{ "behind the surrogates",	T("\xee\x80\x80"),		PRINTS },
	{ "a space",			T(" "),				PRINTS },
	{ "a tilde",			T("~"),				PRINTS },
	{ "the last control",		T("\x1f"),			UTF8 },
	{ "an escape",			T("a\x1b[2J"),			UTF8 },
	{ "a tab",			T("a\tb"),			UTF8 },
	{ "a line's end",		T("a\n"),			UTF8 },
	{ "a delete",			T("\x7f"),			UTF8 },
	{ "the first C1 control",	T("\xc2\x80"),			UTF8 },
	{ "a C1 control",		T("\xc2\x9b"),			UTF8 },
	{ "the last C1 control",	T("\xc2\x9f"),			UTF8 },
	{ "the Arabic mark",		T("\xd8\x9c"),			UTF8 },
	{ "left to right",		T("\xe2\x80\x8e"),		UTF8 },
	{ "right to left mark",		T("\xe2\x80\x8f"),		UTF8 },
	{ "a line separator",		T("\xe2\x80\xa8"),		UTF8 },
	{ "right to left",		T("\xe2\x80\xae"),		UTF8 },
	{ "before the separators",	T("\xe2\x80\xa7"),		PRINTS },
	{ "behind the overrides",	T("\xe2\x80\xaf"),		PRINTS },
	{ "the first isolate",		T("\xe2\x81\xa6"),		UTF8 },
	{ "the last isolate",		T("\xe2\x81\xa9"),		UTF8 },
	{ "a byte-order mark",		T("\xef\xbb\xbf" "a"),		UTF8 },
	{ "a NUL",			T("a\0b"),			NO },
	{ "a NUL alone",		T("\0"),			NO },
	{ "an overlong NUL",		T("\xc0\x80"),			NO },
	{ "an overlong slash",		T("\xc0\xaf"),			NO },
	{ "an overlong slash of three",	T("\xe0\x80\xaf"),		NO },
	{ "an overlong one of four",	T("\xf0\x8f\xbf\xbf"),		NO },
	{ "a surrogate",		T("\xed\xa0\x80"),		NO },
	{ "the last surrogate",		T("\xed\xbf\xbf"),		NO },
	{ "past the last one",		T("\xf4\x90\x80\x80"),		NO },
	{ "a form of five",		T("\xf8\x88\x80\x80\x80"),	NO },
	{ "a byte that is never used",	T("\xff"),			NO },
	{ "a letter within a letter",	T("\xc3" "a"),			NO },
	{ "a first byte for a second",	T("\xc3\xc3"),			NO },
	{ "a first byte for a third",	T("\xe4\xb8\xc3"),		NO },
	{ "a second byte alone",	T("\x80"),			NO },
	{ "bad behind good",		T("good\xff"),			NO },
	{ "cut in the middle",		{ cut, sizeof(cut) },		NO },
	{ "cut behind its first byte",	{ cut, 1 },			NO },
};

ROWS(prints, prints_or_not)
{
	const struct print *row = *state;

	assert_int_equal(bp_text_is_utf8(row->text), row->kind >= UTF8);
	assert_int_equal(bp_text_is_printable(row->text),
	    row->kind == PRINTS);
}

static const struct number {
	const char *name, *text;
	uint32_t most;
	bool ok;
} numbers[] = {
	{ "the most",		"300",		300,		true },
	{ "naught",		"0",		0,		true },
	{ "naughts in front",	"0000000000300", 300,		true },
	{ "the most of 32 bits", "4294967295",	UINT32_MAX,	true },
	{ "one above it",	"301",		300,		false },
	{ "32 bits and one",	"4294967296",	UINT32_MAX,	false },
	{ "64 bits and one",	"18446744073709551616", UINT32_MAX, false },
	{ "no digits",		"",		9,		false },
	{ "a sign",		"-1",		9,		false },
	{ "a plus",		"+1",		9,		false },
	{ "a blank in front",	" 1",		9,		false },
	{ "a blank behind",	"1 ",		9,		false },
	{ "a letter behind",	"1a",		9,		false },
	{ "below the digits",	"/",		UINT32_MAX,	false },
	{ "above the digits",	":",		UINT32_MAX,	false },
	{ "a hex number",	"0x1",		9,		false },
};

ROWS(numbers, counts_or_not)
{
	const struct number *row = *state;
	uint32_t n = 77;

	assert_int_equal(bp_text_number(bp_text_of(row->text), row->most, &n),
	    row->ok);
	assert_int_equal(n, row->ok ? row->most : 77);
}

static const struct decimal {
	const char *name;
	uint32_t n;
} decimals[] = {
	{ "0", 0 }, { "9", 9 }, { "10", 10 }, { "4294967295", UINT32_MAX },
};

ROWS(decimals, is_written_in_digits)
{
	const struct decimal *row = *state;
	char lent[BP_DECIMAL_MAX];

	assert_true(bp_text_is(bp_text_decimal(row->n, lent), row->name));
}

static const struct trim {
	const char *name, *text, *is;
} trims[] = {
	{ "no blanks",		"a b",		"a b" },
	{ "blanks around",	" \t a \tb\t ",	"a \tb" },
	{ "a blank in front",	" a",		"a" },
	{ "a blank at the end",	"a\t",		"a" },
	{ "blanks alone",	" \t ",		"" },
	{ "nothing to trim",	"",		"" },
	{ "a line's end stays",	" a\n",		"a\n" },
};

ROWS(trims, is_trimmed)
{
	const struct trim *row = *state;

	assert_true(bp_text_is(bp_text_trim(bp_text_of(row->text)), row->is));
}

static const struct pair {
	const char *name;
	struct bp_text a, b;
	bool same, starts;	/* A begins with B */
} pairs[] = {
	{ "the same",		T("ab"),	T("ab"),	true, true },
	{ "both empty",		T(""),		{ NULL, 0 },	true, true },
	{ "an empty start",	T("ab"),	T(""),		false, true },
	{ "a start",		T("ab"),	T("a"),		false, true },
	{ "longer than all",	T("a"),		T("ab"),	false, false },
	{ "another case",	T("ab"),	T("aB"),	false, false },
	{ "another first byte",	T("ab"),	T("bb"),	false, false },
	{ "another last byte",	T("a\x80"),	T("a\xff"),	false, false },
	{ "a NUL at the end",	T("ab\0"),	T("ab"),	false, true },
	{ "more than nothing",	{ NULL, 0 },	T("a"),		false, false },
};

ROWS(pairs, is_the_same_or_begins_so)
{
	const struct pair *row = *state;
	char b[8] = "";

	memcpy(b, row->b.len > 0 ? row->b.at : "", row->b.len);
	assert_int_equal(bp_text_same(row->a, row->b), row->same);
	assert_int_equal(bp_text_same(row->b, row->a), row->same);
	assert_int_equal(bp_text_same_secret(row->a, row->b), row->same);
	assert_int_equal(bp_text_same_secret(row->b, row->a), row->same);
	assert_int_equal(bp_text_is(row->a, b), row->same);
	assert_int_equal(bp_text_starts(row->a, b), row->starts);
}

/* Differences that cancel each other out are differences all the same. */
TEST(every_bit_of_a_secret_counts)
{
	const char secret[] = "0123456789abcdef";
	struct bp_text a = { secret, sizeof(secret) - 1 };

	(void)state;
	for (size_t i = 0; i < a.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			char other[sizeof(secret)];

			memcpy(other, secret, sizeof(other));
			other[i] = (char)(other[i] ^ (1 << bit));
			assert_false(bp_text_same_secret(a,
			    (struct bp_text){ other, a.len }));
			other[(i + 1) % a.len] =
			    (char)(other[(i + 1) % a.len] ^ (1 << bit));
			assert_false(bp_text_same_secret(a,
			    (struct bp_text){ other, a.len }));
		}
}

TEST(what_stands_behind_is_never_past_the_end)
{
	static const struct bp_text none = { NULL, 0 };
	struct bp_text t = bp_text_of("abc");

	(void)state;
	assert_true(bp_text_is(bp_text_after(t, 0), "abc"));
	assert_true(bp_text_is(bp_text_after(t, 1), "bc"));
	assert_true(bp_text_is(bp_text_after(t, 3), ""));
	assert_ptr_equal(bp_text_after(t, 3).at, t.at + 3);
	assert_ptr_equal(bp_text_after(t, SIZE_MAX).at, t.at + 3);
	assert_int_equal(bp_text_after(t, SIZE_MAX).len, 0);
	assert_int_equal(bp_text_after(none, 7).len, 0);
}

TEST(a_cut_is_at_the_first_and_else_all_is_left)
{
	static const struct bp_text none = { NULL, 0 };
	struct bp_text t = bp_text_of("a=b=c"), left, right;

	(void)state;
	assert_true(bp_text_cut(t, '=', &left, &right));
	assert_true(bp_text_is(left, "a") && bp_text_is(right, "b=c"));
	assert_true(bp_text_cut(bp_text_of("="), '=', &left, &right));
	assert_true(bp_text_is(left, "") && bp_text_is(right, ""));
	assert_true(bp_text_cut(bp_text_of("a="), '=', &left, &right));
	assert_true(bp_text_is(left, "a") && bp_text_is(right, ""));
	assert_false(bp_text_cut(t, '?', &left, &right));
	assert_true(bp_text_is(left, "a=b=c") && bp_text_is(right, ""));
	assert_non_null(right.at);
	assert_false(bp_text_cut(none, '=', &left, &right));
	assert_true(bp_text_is(left, "") && bp_text_is(right, ""));
}

/* What is cut off may be put where it was cut from. */
TEST(a_cut_may_shrink_its_own_text)
{
	struct bp_text t = bp_text_of("a&b&c"), one;
	size_t n = 0;

	(void)state;
	while (t.len > 0) {
		(void)bp_text_cut(t, '&', &one, &t);
		assert_int_equal(one.len, 1);
		n++;
	}
	assert_int_equal(n, 3);
}

/* Beside it stand the least and the most that is passed over. */
TEST(all_printable_ascii_is_passed_over_wherever_it_stands)
{
	char bytes[18];

	(void)state;
	for (size_t at = 0; at < sizeof(bytes); at++)
		for (unsigned c = 0; c < 256; c++) {
			bool is_one = c >= 0x20 && c < 0x7f;

			for (size_t i = 0; i < sizeof(bytes); i++)
				bytes[i] = i % 2 == 0 ? ' ' : '~';
			bytes[at] = (char)c;
			assert_int_equal(bp_text_after_ascii((struct bp_text)
			    { bytes, sizeof(bytes) }).len,
			    is_one ? 0 : sizeof(bytes) - at);
		}
}

TEST(only_ascii_from_the_mark_to_the_tilde_is_visible)
{
	(void)state;
	assert_true(bp_text_is_visible(bp_text_of("")));
	for (int c = 0; c < 256; c++) {
		const char byte[] = { 'a', (char)c, 'z' };

		assert_int_equal(bp_text_is_visible((struct bp_text){ byte,
		    sizeof(byte) }), c >= 0x21 && c <= 0x7e);
	}
}

static const struct character {
	const char *name;
	struct bp_text text;
	size_t is;
	bool prints;
} characters[] = {
	{ "no character",	{ NULL, 0 },		0, false },
	{ "one byte of two",	T("ab"),		1, true },
	{ "two bytes",		T("\xc3\xb6" "a"),	2, true },
	{ "three bytes",	T("\xe4\xb8\xad\xff"),	3, true },
	{ "four bytes",		T("\xf0\x9f\x98\x80"),	4, true },
	{ "a NUL is one",	T("\0"),		1, false },
	{ "an escape is one",	T("\x1b[m"),		1, false },
	{ "an override",	T("\xe2\x80\xae"),	3, false },
	{ "half of one",	{ cut, 2 },		0, false },
	{ "half a surrogate",	T("\xed\xa0\x80"),	0, false },
};

ROWS(characters, is_one_character)
{
	const struct character *row = *state;
	bool printable = false;

	assert_int_equal(bp_text_character(row->text, &printable), row->is);
	assert_int_equal(printable, row->prints);
}

RUN(NULL, NULL)
