/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/callback.h"

#define STATE	"web1_sshd_alice_0123456789abcdef"
#define ISSUER	"https://id.example/ids"
#define ISS	"iss=https%3A%2F%2Fid.example%2Fids"
#define CODE	"4f8a0c1be2d3479586a7b8c9d0e1f234"
#define AT	"http://localhost:8765/callback"
#define S	"&state=" STATE
#define GOOD	"code=" CODE S

static const struct bp_callback_expect expect = {
	BP_TEXT(STATE), BP_TEXT(ISSUER), false
};

static const struct accepted {
	const char *name, *line, *code;
} accepted[] = {
	{ "an address",		AT "?" GOOD,			CODE },
	{ "what BeProduct adds", AT "?" GOOD "&session_state=x.y", CODE },
	{ "https, and capitals", "HTTPS://LOCALHOST:8765/?" GOOD, CODE },
	{ "no scheme",		"localhost:8765/callback?" GOOD, CODE },
	{ "a query",		GOOD,				CODE },
	{ "a query with its mark", "?" GOOD,			CODE },
	{ "state first",	"state=" STATE "&code=" CODE,	CODE },
	{ "the issuer beside it", AT "?" GOOD "&" ISS,		CODE },
	{ "a fragment behind it", AT "?" GOOD "#a&code=b",	CODE },
	{ "empty pairs",	"?&&" GOOD "&",			CODE },
	{ "names without values", "?x&y=&" GOOD,		CODE },
	{ "a stranger's bad spelling", GOOD "&x=%zz&%=1",	CODE },
	{ "a short code, under its state", "code=x" S,		"x" },
	{ "a code that is spelt", "code=4%2FAbc%2Bd" S,		"4/Abc+d" },
	{ "a plus is a space",	"code=a+b" S,			"a b" },
	{ "decoded once",	"code=%2541" S,			"%41" },
	{ "a second question mark", "?" GOOD "&x=?code",	CODE },
	{ "another alphabet",	"code=%C3%BC" S,		"\xc3\xbc" },
	{ "a bare code",	CODE,				CODE },
	{ "22 bytes",		"abcdefghijklmnopqrst-_",
	    "abcdefghijklmnopqrst-_" },
	{ "all that is unreserved", "4/0A~b.c-d_efghijklmnop",
	    "4/0A~b.c-d_efghijklmnop" },
	{ "the ends of the alphabets", "azAZ09azAZ09azAZ09azAZ09",
	    "azAZ09azAZ09azAZ09azAZ09" },
	{ "a bare code that is spelt", "4%2F0Abcdefghijklmnopq",
	    "4/0Abcdefghijklmnopq" },
	{ "a code with its name", "code=" CODE,			CODE },
	{ "the same with its mark", "?code=" CODE,		CODE },
};

ROWS(accepted, gives_the_code)
{
	const struct accepted *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf code = BP_BUF_INIT(BP_LINE_MAX);
	struct bp_why why = { .reason = BP_WIRE_NONE };

	assert_true(bp_callback_read(bp_text_of(row->line), &expect, &code,
	    &why));
	assert_true(bp_text_is(bp_buf_text(&code), row->code));
	assert_int_equal(why.reason, BP_WIRE_NONE);
}

static const struct refused {
	const char *name, *line;
	enum bp_wire_reason reason;
	const char *detail;
} refused[] = {
	{ "nothing",		"",		BP_WIRE_NO_CODE, "neither" },
	{ "a password",		"correct horse", BP_WIRE_NO_CODE, "neither" },
	{ "21 bytes",		"abcdefghijklmnopqrst-",
	    BP_WIRE_NO_CODE, "neither" },
	{ "21 bytes with their name", "code=abcdefghijklmnopqrst-",
	    BP_WIRE_STATE_WRONG, "no state" },
	{ "a bare code and a plus", "abcdefghijklmnopqrst+u",
	    BP_WIRE_NO_CODE, "neither" },
	{ "a bare code and a space", CODE " " CODE,
	    BP_WIRE_NO_CODE, "neither" },
	{ "another name before a code", "Code=" CODE, BP_WIRE_NO_CODE,
	    "neither" },
	{ "two marks before a code", "??code=" CODE, BP_WIRE_NO_CODE,
	    "neither" },
	{ "a bare code with a bad spelling", CODE "%4", BP_WIRE_NO_CODE,
	    "neither" },
	{ "a bare code with a NUL", CODE "%00", BP_WIRE_NO_CODE,
	    "no good code" },
	{ "a bare code with an escape", CODE "%1b", BP_WIRE_NO_CODE,
	    "no good code" },
	{ "a bare code that is no UTF-8", CODE "%ff", BP_WIRE_NO_CODE,
	    "no good code" },
	{ "an address alone",	AT,		BP_WIRE_NO_CODE, "neither" },
	{ "a code in the fragment", AT "#" GOOD, BP_WIRE_NO_CODE, "neither" },
	{ "a code in the path",	AT "&" GOOD "?x=1", BP_WIRE_NO_CODE,
	    "neither" },
	{ "another separator",	AT "?x=1;" GOOD, BP_WIRE_NO_CODE, "neither" },
	{ "the code twice",	GOOD "&code=x",	BP_WIRE_NO_CODE,
	    "code twice" },
	{ "the same code twice", GOOD "&code=" CODE, BP_WIRE_NO_CODE,
	    "code twice" },
	{ "the code's name spelt otherwise", GOOD "&c%6fde=x",
	    BP_WIRE_NO_CODE, "code twice" },
	{ "the state twice",	GOOD S,		BP_WIRE_NO_CODE,
	    "state twice" },
	{ "the issuer twice",	GOOD "&" ISS "&" ISS, BP_WIRE_NO_CODE,
	    "iss twice" },
	{ "the error twice",	"error=a&error=b" S, BP_WIRE_NO_CODE,
	    "error twice" },
	{ "a code and an error", GOOD "&error=access_denied",
	    BP_WIRE_ACCESS_DENIED, "error \"access_denied\"" },
	{ "an error and a code", "error=a&" GOOD,
	    BP_WIRE_PROVIDER_REFUSED, "error \"a\"" },
	{ "a code and an error without a state", "code=" CODE "&error=a",
	    BP_WIRE_STATE_WRONG, "no state" },
	{ "a code and an error under another", "error=a&code=x&state=x",
	    BP_WIRE_STATE_WRONG, "another" },
	{ "a code and an empty error", GOOD "&error=", BP_WIRE_NO_CODE,
	    "error is" },
	{ "an error and an empty code", "code=&error=a" S, BP_WIRE_NO_CODE,
	    "code is" },
	{ "a code and an error of another issuer", GOOD "&error=a&iss=x",
	    BP_WIRE_CALLBACK_ISS, "iss is \"x\"" },
	{ "an empty code",	"code=" S,	BP_WIRE_NO_CODE, "code is" },
	{ "a code without a value", "code" S,	BP_WIRE_NO_CODE, "code is" },
	{ "an empty state",	"code=x&state=", BP_WIRE_NO_CODE,
	    "state is" },
	{ "an empty issuer",	GOOD "&iss=",	BP_WIRE_NO_CODE, "iss is" },
	{ "an empty error",	"error=" S,	BP_WIRE_NO_CODE, "error is" },
	{ "a NUL in the code",	"code=a%00" S,	BP_WIRE_NO_CODE, "code is" },
	{ "an escape in the code", "code=a%1B" S, BP_WIRE_NO_CODE, "code is" },
	{ "half a letter",	"code=%c3" S,	BP_WIRE_NO_CODE, "code is" },
	{ "a code cut in its spelling", "code=ab%2" S, BP_WIRE_NO_CODE,
	    "code is" },
	{ "no state",		AT "?code=" CODE, BP_WIRE_STATE_WRONG,
	    "no state" },
	{ "another state",	"code=" CODE "&state=" "xeb1_sshd_alice_"
	    "0123456789abcdef",	BP_WIRE_STATE_WRONG, "another" },
	{ "a state cut short",	"code=" CODE "&state=web1_sshd_alice_",
	    BP_WIRE_STATE_WRONG, "another" },
	{ "a state and more",	GOOD "0",	BP_WIRE_STATE_WRONG,
	    "another" },
	{ "an error without a state", "error=access_denied",
	    BP_WIRE_STATE_WRONG, "no state" },
	{ "an error under another", "error=access_denied&state=x",
	    BP_WIRE_STATE_WRONG, "another" },
	{ "another issuer under another state", "code=x&state=x&iss=x",
	    BP_WIRE_STATE_WRONG, "another" },
	{ "another issuer",	GOOD "&iss=https://other.example",
	    BP_WIRE_CALLBACK_ISS, "iss is \"https://other.example\", and "
	    "the issuer \"" ISSUER "\"" },
	{ "the issuer and a slash", GOOD "&" ISS "/",
	    BP_WIRE_CALLBACK_ISS, "iss is \"" ISSUER "/\"" },
	{ "another issuer's error", "error=a" S "&iss=x",
	    BP_WIRE_CALLBACK_ISS, "iss is \"x\"" },
	{ "an error",		AT "?error=access_denied" S,
	    BP_WIRE_ACCESS_DENIED, "error \"access_denied\"" },
	{ "a login that was not had", AT "?error=login_required" S,
	    BP_WIRE_LOGIN_REQUIRED, "error \"login_required\"" },
	{ "a consent that was not had", AT "?error=consent_required" S,
	    BP_WIRE_CONSENT_REQUIRED, "error \"consent_required\"" },
	{ "an answer that was not had", AT "?error=interaction_required" S,
	    BP_WIRE_INTERACTION_REQUIRED, "error \"interaction_required\"" },
	{ "a choice that was not had",
	    AT "?error=account_selection_required" S,
	    BP_WIRE_INTERACTION_REQUIRED, "selection" },
	{ "an error that begins so", AT "?error=login_required2" S,
	    BP_WIRE_PROVIDER_REFUSED, "error \"login_required2\"" },
	{ "an error and its words", "error=a" S "&error_description=secret",
	    BP_WIRE_PROVIDER_REFUSED, "answer: error \"a\"" },
};

ROWS(refused, is_refused_for_a_reason)
{
	const struct refused *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf code = BP_BUF_INIT(BP_LINE_MAX);
	struct bp_why why = { .reason = BP_WIRE_NONE };

	assert_false(bp_callback_read(bp_text_of(row->line), &expect, &code,
	    &why));
	assert_int_equal(why.reason, row->reason);
	assert_non_null(strstr(why.detail, row->detail));
	assert_null(strstr(why.detail, CODE));
	assert_null(strstr(why.detail, STATE));
	assert_null(strstr(why.detail, "secret"));
}

/* So that nothing shows it. */
TEST(the_code_is_known_also_where_it_is_refused)
{
	static const char *const lines[] = {
		(GOOD "&error=" CODE), (GOOD "&iss=" CODE), ("code=" CODE),
	};
	struct bp_why why;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		BP_AUTO(bp_buf_done) struct bp_buf code =
		    BP_BUF_INIT(BP_LINE_MAX);

		assert_int_equal(bp_callback_read(bp_text_of(lines[i]),
		    &expect, &code, &why), i == 2);
		assert_true(bp_text_is(bp_buf_text(&code), CODE));
	}
}

static const struct promised {
	const char *name, *line;
	enum bp_wire_reason reason;	/* NONE: it gives the code */
} promised[] = {
	{ "promised, and there", GOOD "&" ISS,		BP_WIRE_NONE },
	{ "promised, and not there", GOOD,		BP_WIRE_ISS_MISSING },
	{ "promised, an error without", "error=a" S,	BP_WIRE_ISS_MISSING },
	{ "promised, under another state", "code=x&state=x",
	    BP_WIRE_STATE_WRONG },
	{ "promised, another",	GOOD "&iss=x",		BP_WIRE_CALLBACK_ISS },
	{ "promised, a bare code", CODE,		BP_WIRE_NONE },
	{ "promised, a named code", "?code=" CODE,	BP_WIRE_NONE },
};

ROWS(promised, keeps_the_promise_of_an_issuer)
{
	const struct promised *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf code = BP_BUF_INIT(BP_LINE_MAX);
	struct bp_callback_expect more = expect;
	struct bp_why why = { .reason = BP_WIRE_NONE };

	more.iss_promised = true;
	assert_int_equal(bp_callback_read(bp_text_of(row->line), &more, &code,
	    &why), row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
}

TEST(the_length_has_an_end)
{
	static char line[BP_LINE_MAX + 1];
	BP_AUTO(bp_buf_done) struct bp_buf code = BP_BUF_INIT(BP_LINE_MAX);
	struct bp_why why;

	(void)state;
	memset(line, 'a', sizeof(line));
	assert_false(bp_callback_read((struct bp_text){ line, sizeof(line) },
	    &expect, &code, &why));
	assert_int_equal(why.reason, BP_WIRE_NO_CODE);
	assert_true(bp_callback_read((struct bp_text){ line,
	    BP_LINE_MAX }, &expect, &code, &why));
	assert_int_equal(code.len, BP_LINE_MAX);
}

/* Good as it is, and then only longer by what nobody reads. */
TEST(a_good_query_has_the_same_end)
{
	static char line[BP_LINE_MAX + 1];
	struct bp_why why = { .reason = BP_WIRE_NONE };

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, GOOD "&", sizeof(GOOD));
	for (size_t len = BP_LINE_MAX; len <= sizeof(line); len++) {
		BP_AUTO(bp_buf_done) struct bp_buf code =
		    BP_BUF_INIT(BP_LINE_MAX);

		assert_int_equal(bp_callback_read((struct bp_text){ line,
		    len }, &expect, &code, &why), len <= BP_LINE_MAX);
	}
	assert_int_equal(why.reason, BP_WIRE_NO_CODE);
}

/* Whatever is cut off a good line, or put into it, reads within it. */
TEST(no_prefix_and_no_byte_overruns)
{
	static const char line[] = AT "?" GOOD "&" ISS "&c%6fde=%41#x";
	char copy[sizeof(line)];
	struct bp_why why;

	(void)state;
	for (size_t n = 0; n < sizeof(line); n++)
		for (int c = 0; c < 256; c++) {
			BP_AUTO(bp_buf_done) struct bp_buf code =
			    BP_BUF_INIT(BP_LINE_MAX);

			memcpy(copy, line, n);
			copy[n] = (char)c;
			(void)!bp_callback_read((struct bp_text){ copy,
			    n + 1 }, &expect, &code, &why);
		}
}

RUN(NULL, NULL)
