/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/line.h"

static const struct param {
	const char *name;		/* and what is asked for */
	enum bp_param is;
} params[] = {
	{ "code", BP_PARAM_CODE },
	{ "state", BP_PARAM_STATE },
	{ "iss", BP_PARAM_ISS },
	{ "error", BP_PARAM_ERROR },
	{ "", BP_PARAMS },
	{ "cod", BP_PARAMS },
	{ "codes", BP_PARAMS },
	{ "Code", BP_PARAMS },
	{ "issuer", BP_PARAMS },
	{ "error_description", BP_PARAMS },
	{ "session_state", BP_PARAMS },
};

ROWS(params, is_this_parameter_or_none)
{
	const struct param *row = *state;

	assert_int_equal(bp_param_of(bp_text_of(row->name)), row->is);
	if (row->is != BP_PARAMS)
		assert_string_equal(bp_param_name(row->is), row->name);
}

static const struct query {
	const char *name, *line, *query;
} queries[] = {
	{ "an address", "https://a.example/cb?x=y", "x=y" },
	{ "no scheme", "a.example/cb?x=y", "x=y" },
	{ "a query", "x=y&z", "x=y&z" },
	{ "a query with its mark", "?x=y", "x=y" },
	{ "two marks", "a?b?c", "b?c" },
	{ "a fragment", "a?x=y#z", "x=y" },
	{ "a mark in the fragment", "a#b?x=y", "a" },
	{ "a fragment alone", "#x=y", "" },
	{ "nothing behind the mark", "a?", "" },
	{ "nothing", "", "" },
};

ROWS(queries, is_its_query)
{
	const struct query *row = *state;

	assert_true(bp_text_is(bp_line_query(bp_text_of(row->line)),
	    row->query));
}

TEST(pairs_come_one_a_call)
{
	static const struct { const char *name, *value; } pairs[] = {
		{ "a", "b=c" }, { "", "" }, { "d", "" }, { "e", "" },
		{ "", "f" },
	};
	struct bp_text query = bp_text_of("a=b=c&&d&e=&=f&"), name, value;

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		assert_true(bp_line_next(&query, &name, &value));
		assert_true(bp_text_is(name, pairs[i].name));
		assert_true(bp_text_is(value, pairs[i].value));
	}
	assert_false(bp_line_next(&query, &name, &value));
	assert_true(bp_text_is(value, "f"));
}

#define B22	"0123456789abcdefABCDEF"	/* the shortest */

static const struct bare {
	const char *name, *line, *code;		/* NULL: none */
} bares[] = {
	{ "a bare code", B22, B22 },
	{ "behind code=", "code=" B22, B22 },
	{ "behind ?code=", "?code=" B22, B22 },
	{ "all unreserved characters, and a slash", "azAZ09-._~/azAZ09-._~/",
	    "azAZ09-._~/azAZ09-._~/" },
	{ "percent bytes", "%2f%2F%aA%ff%00abcdefgh",
	    "%2f%2F%aA%ff%00abcdefgh" },
	{ "a percent byte at the end", B22 "%2F", B22 "%2F" },
	{ "21 bytes", "0123456789abcdefABCDE", NULL },
	{ "21 bytes behind code=", "code=0123456789abcdefABCDE", NULL },
	{ "code= twice", "code=code=" B22, NULL },
	{ "another name", "Code=" B22, NULL },
	{ "state behind it", "code=" B22 "&state=x", NULL },
	{ "a percent sign at the end", B22 "%", NULL },
	{ "half a percent byte", B22 "%2", NULL },
	{ "a percent byte that is none", B22 "%2g", NULL },
	{ "a percent byte that is none either", B22 "%g2", NULL },
	{ "a plus", B22 "+", NULL },
	{ "a blank", B22 " ", NULL },
	{ "a blank in front", " " B22, NULL },
	{ "a letter above ASCII", B22 "\xc3\xb6", NULL },
	{ "nothing", "", NULL },
	{ "a name alone", "code=", NULL },
};

ROWS(bares, is_a_bare_code_or_not)
{
	const struct bare *row = *state;
	struct bp_text code = BP_TEXT("as it was");

	assert_int_equal(bp_line_bare_code(bp_text_of(row->line), &code),
	    row->code != NULL);
	assert_true(bp_text_is(code, row->code != NULL ? row->code
	    : "as it was"));
}

RUN(NULL, NULL)
