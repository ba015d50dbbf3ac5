/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/answer.h"

#define CB	"http://localhost:8765/callback?"
#define CODE	"0123456789abcdef0123456789abcdef"
#define Q	"code=" CODE "&state=web1_sshd_alice_0123"
#define B22	"0123456789abcdefABCDEF"	/* the shortest bare code */
#define ON	"\033[200~"
#define OFF	"\033[201~"

/* What goes to the helper of a line; NULL: nothing. */
static const struct line {
	const char *name;
	struct bp_text line;
	const char *is;
} lines[] = {
#define SAME(name, line)	{ name, BP_TEXT(line), line }
#define NONE(name, line)	{ name, BP_TEXT(line), NULL }
	/* addresses and queries */
	SAME("an address", CB Q),
	SAME("as BeProduct sends it", CB Q "&session_state=abc.def"),
	SAME("https", "https://localhost:8765/callback?" Q),
	SAME("capitals in the scheme", "HTTP://localhost:8765/callback?" Q),
	SAME("no scheme", "localhost:8765/callback?" Q),
	SAME("another host", "https://evil.example/?" Q),
	SAME("a query with its mark", "?" Q),
	SAME("a query", Q),
	SAME("an ampersand in front", "&" Q),
	SAME("state first", "state=x&code=y"),
	SAME("other names first", CB "a=b&" Q),
	SAME("names that begin so", CB Q "&codes=x&statement=y&issue=z"),
	SAME("names that end so", CB Q "&xcode=x&xstate=y&xiss=z&xerror=w"),
	SAME("iss", CB Q "&iss=https%3A%2F%2Fid.winks.io%2Fids"),
	SAME("an error", CB "error=access_denied&state=x"),
	SAME("code and error", CB Q "&error=x"),
	SAME("an error with iss", CB "error=x&state=y&iss=z"),
	SAME("a description beside an error",
	    CB "error=access_denied&error_description=no&state=x"),
	SAME("a fragment", CB Q "#"),
	SAME("a fragment with more", CB Q "#code=a&state=b"),
	SAME("letters of any language", CB Q "&name=J\xc3\xb6rg"),
	SAME("blanks inside", CB Q "&a=b c"),
	SAME("a value with an equals sign", CB "code=a=b&state=c=d"),
	SAME("a short code with state", "code=a&state=b"),
	SAME("empty pairs", CB "&&" Q "&&"),
	SAME("a second question mark in a value", CB Q "&a=b?c"),
	NONE("code without state", CB "code=" CODE),
	NONE("state without code", CB "state=x"),
	NONE("error without state", CB "error=access_denied"),
	NONE("an error alone", "error=access_denied"),
	NONE("neither", CB "a=b"),
	NONE("the page before the sign-in",
	    "https://id.winks.io/ids/connect/authorize?client_id=a&state=b"),
	NONE("code twice", CB Q "&code=x"),
	NONE("code twice the same", CB "code=a&code=a&state=b"),
	NONE("state twice", CB Q "&state=x"),
	NONE("iss twice", CB Q "&iss=x&iss=y"),
	NONE("error twice", CB "error=a&error=b&state=c"),
	NONE("code and error without state", CB "code=a&error=x"),
	NONE("code and error twice", CB Q "&error=x&error=x"),
	NONE("an empty code", CB "code=&state=x"),
	NONE("an empty state", CB "code=x&state="),
	NONE("an empty iss", CB Q "&iss="),
	NONE("an empty error", CB "error=&state=x"),
	NONE("an empty second code", CB Q "&code="),
	NONE("a code without a sign", CB Q "&code"),
	NONE("an empty error beside a code", CB Q "&error="),
	NONE("all in the fragment", "http://localhost:8765/callback#" Q),
	NONE("state in the fragment", CB "code=" CODE "#&state=x"),
	NONE("code in the path", "http://localhost/code=" CODE "&a=b&state=c"),
	NONE("names in capitals", CB "CODE=" CODE "&STATE=x"),
	NONE("semicolons between", CB "code=a;state=b"),
	/* bare codes */
	SAME("a bare code", CODE),
	SAME("a bare code of 22", B22),
	SAME("a bare code behind code=", "code=" B22),
	SAME("a bare code behind ?code=", "?code=" B22),
	SAME("all unreserved characters", "azAZ09-._~azAZ09-._~az"),
	SAME("slashes", "4/0AX4XfWh0123456789abc"),
	SAME("a percent byte", "4%2F0AX4XfWh0123456789a"),
	SAME("a percent byte of small letters", "%2fabcdefghijklmnopqrs"),
	SAME("a percent byte at the end", "abcdefghijklmnopqrs%2F"),
	SAME("a name that is part of the code", "codecodecodecodecodecode"),
	NONE("a bare code of 21", "0123456789abcdefABCDE"),
	NONE("21 bytes behind code=", "code=0123456789abcdefABCDE"),
	NONE("21 bytes behind ?code=", "?code=0123456789abcdefABCDE"),
	NONE("code= twice in front", "code=code=" CODE),
	NONE("a percent sign alone", CODE "%"),
	NONE("half a percent byte", CODE "%2"),
	NONE("a percent byte that is none", CODE "%2g" CODE),
	NONE("a percent byte that is none either", CODE "%g2" CODE),
	NONE("two percent signs", CODE "%%2F"),
	NONE("a bare code with a fragment", CODE "#x"),
	NONE("a bare code with more behind", "code=" CODE "&a=b"),
	NONE("a plus", CODE "+"),
	NONE("base64's end", CODE "=="),
	NONE("a letter above ASCII", CODE "\xc3\xb6"),
	NONE("an address alone", "http://localhost:8765/callback"),
	/* what is no answer at all */
	NONE("nothing", ""),
	NONE("blanks alone", " \t \r\n"),
	NONE("quotes alone", "\"''\""),
	NONE("brackets alone", ON OFF),
	NONE("a stored password", "hunter2"),
	NONE("a stored password with blanks", "correct horse battery staple"),
	NONE("a stored password with symbols", "Tr0ub4dor&3!correct=horse?"),
	NONE("a long one with a dollar", "0123456789abcdef$0123456789"),
	NONE("sshd's junk", "\b\n\r\177INCORRECT\b\n\r\177INCORRECT"),
	NONE("yes", "yes"),
	/* what stands around a line */
	{ "LF", BP_TEXT(Q "\n"), Q },
	{ "CR LF", BP_TEXT(Q "\r\n"), Q },
	{ "blanks around", BP_TEXT(" \t " Q "\t "), Q },
	{ "double quotes", BP_TEXT("\"" Q "\""), Q },
	{ "single quotes", BP_TEXT("'" Q "'"), Q },
	{ "one quote", BP_TEXT("\"" Q), Q },
	{ "paste brackets", BP_TEXT(ON Q OFF), Q },
	{ "the first bracket alone", BP_TEXT(ON Q), Q },
	{ "the last bracket alone", BP_TEXT(Q OFF), Q },
	{ "the brackets the other way", BP_TEXT(OFF Q ON), Q },
	{ "brackets twice", BP_TEXT(ON ON Q OFF OFF), Q },
	{ "brackets in quotes", BP_TEXT("\"" ON Q OFF "\""), Q },
	{ "quotes in brackets", BP_TEXT(ON "\"" Q "\"" OFF), Q },
	{ "all in one order", BP_TEXT(" " ON " \"" Q "\" " OFF "\r\n"), Q },
	{ "all in another", BP_TEXT("\" '" ON "\t" Q "\n" OFF "' \""), Q },
	{ "a bracket behind the line's end", BP_TEXT(ON Q "\r\n" OFF), Q },
	{ "a bare code in all of it", BP_TEXT(" '" ON B22 OFF "' \n"), B22 },
	NONE("a bracket inside", "code=" CODE ON "&state=x"),
	NONE("half a bracket", "\033[200" Q),
	NONE("another sequence in front", "\033[A" Q),
	NONE("a bracket that is none", "\033[202~" Q),
	NONE("a control byte inside", "code=" CODE "\001&state=x"),
	NONE("a tab inside", "code=" CODE "\t&state=x"),
	NONE("a line's end inside", "code=" CODE "\n&state=x"),
	NONE("a NUL inside", "code=" CODE "\0&state=x"),
	NONE("a NUL at the end", Q "\0"),
	NONE("a backspace in front", "\b" Q),
	NONE("bytes that are no UTF-8", Q "\xff"),
	NONE("a mark that turns the line", Q "\xe2\x80\xae"),
	NONE("a C1 control", Q "\xc2\x9b"),
};

static void
assert_judged(struct bp_text line, size_t cut_at, const char *is, int why)
{
	struct bp_text ret = BP_TEXT("untouched");
	enum bp_reason r = 77;

	assert_int_equal(bp_answer_judge(line, cut_at, &ret, &r), is != NULL);
	assert_true(bp_text_is(ret, is != NULL ? is : "untouched"));
	assert_int_equal(r, is != NULL ? 77 : why);
	if (is != NULL)
		assert_true(ret.at >= line.at &&
		    ret.at + ret.len <= line.at + line.len);
}

ROWS(lines, is_an_answer_or_not)
{
	const struct line *row = *state;

	assert_judged(row->line, 0, row->is, BP_NO_CODE);
	/* one less than the host's limit is not cut, whatever it is */
	assert_judged(row->line, row->line.len + 1, row->is, BP_NO_CODE);
	if (row->line.len > 1)
		assert_judged(row->line, row->line.len - 1, row->is,
		    BP_NO_CODE);
	if (row->line.len > 0)
		assert_judged(row->line, row->line.len, NULL, BP_ANSWER_CUT);
}

TEST(no_bytes_at_all_are_no_answer)
{
	static const struct bp_text none = { NULL, 0 };

	(void)state;
	assert_judged(none, 0, NULL, BP_NO_CODE);
	assert_judged(none, 1023, NULL, BP_NO_CODE);
}

TEST(a_cut_answer_is_named_by_its_length_alone)
{
	static const size_t limits[] = { 511, 1023, 4095 };

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++)
		for (int c = 0; c < 256; c++) {
			static char line[4096];

			memset(line, c, sizeof(line));
			assert_judged((struct bp_text){ line, limits[i] },
			    limits[i], NULL, BP_ANSWER_CUT);
			assert_judged((struct bp_text){ "\n", 1 }, limits[i],
			    NULL, BP_NO_CODE);
		}
}

/* Trimmed first: what is around a line of the most bytes does not count. */
TEST(a_line_has_4096_bytes_at_most)
{
	static char line[4100], is[4097];

	(void)state;
	(void)snprintf(line, sizeof(line), " %s&x=", Q);
	memset(line + strlen(line), 'x', 4097 - strlen(line));
	memcpy(is, line + 1, 4096);
	assert_judged((struct bp_text){ line, 4097 }, 0, is, 0);
	line[4097] = '\n';
	assert_judged((struct bp_text){ line, 4098 }, 0, is, 0);
	line[4097] = 'x';
	assert_judged((struct bp_text){ line, 4098 }, 0, NULL, BP_NO_CODE);
	memset(line, 'x', sizeof(line));
	memset(is, 'x', 4096);
	assert_judged((struct bp_text){ line, 4096 }, 0, is, 0);
	assert_judged((struct bp_text){ line, 4097 }, 0, NULL, BP_NO_CODE);
}

/* The bytes end where the line does: no NUL stands behind them. */
TEST(a_percent_sign_is_not_looked_past)
{
	static const char line[] = "0123456789abcdefABCDEF%2F";

	(void)state;
	assert_judged((struct bp_text){ line, 25 }, 0, line, 0);
	assert_judged((struct bp_text){ line, 24 }, 0, NULL, BP_NO_CODE);
	assert_judged((struct bp_text){ line, 23 }, 0, NULL, BP_NO_CODE);
}

static const struct replaced {
	const char *name;
	struct bp_text line;
	bool is;
} replaced[] = {
	{ "a byte of junk", BP_TEXT("\b"), true },
	{ "junk", BP_TEXT("\b\n\r\177INCORRECT"), true },
	{ "junk twice", BP_TEXT("\b\n\r\177INCORRECT\b\n\r\177INCORRECT"),
	    true },
	{ "part of junk", BP_TEXT("\b\n\r\177INCORRECT\b\n\r"), true },
	{ "no junk", BP_TEXT(""), false },
	{ "the word alone", BP_TEXT("INCORRECT"), false },
	{ "junk with more behind", BP_TEXT("\b\n\r\177INCORRECTx"), false },
	{ "an address", BP_TEXT(CB Q), false },
};

ROWS(replaced, is_sshds_junk_or_not)
{
	const struct replaced *row = *state;

	assert_int_equal(bp_answer_is_replaced(row->line), row->is);
}

RUN(NULL, NULL)
