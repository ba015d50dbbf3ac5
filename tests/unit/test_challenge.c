/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/challenge.h"

static const struct row {
	const char *name, *challenges;
	const char *error;	/* NULL: none */
} rows[] = {
	{ "as RFC 6750 has it", "Bearer realm=\"example\","
	    "error=\"invalid_token\","
	    "error_description=\"The access token expired\"",
	    "invalid_token" },
	{ "the error first", "Bearer error=\"invalid_token\"",
	    "invalid_token" },
	{ "blanks around", "Bearer  realm=\"x\" ,\t error = \"invalid_token\" ",
	    "invalid_token" },
	{ "in other cases", "BEARER ERROR=\"Invalid_Token\"",
	    "Invalid_Token" },
	{ "without quotes", "Bearer error=invalid_token, scope=\"a\"",
	    "invalid_token" },
	{ "behind another challenge", "Basic realm=\"a\", "
	    "Bearer error=\"insufficient_scope\"", "insufficient_scope" },
	{ "the first of two", "Bearer error=\"a\", Bearer error=\"b\"", "a" },
	{ "a comma in quotes", "Bearer realm=\"a, error=b\", error=\"c\"",
	    "c" },
	{ "a quote in quotes", "Bearer realm=\"a\\\", error=b\", error=\"c\"",
	    "c" },
	{ "a backslash in quotes", "Bearer realm=\"a\\\\\", error=\"c\"", "c" },
	{ "words with blanks", "Bearer error=\"no such token\"",
	    "no such token" },
	{ "quotes without an end", "Bearer error=\"invalid", "invalid" },
	{ "no error", "Bearer realm=\"example\"", NULL },
	{ "a description alone", "Bearer error_description=\"x\"", NULL },
	{ "a name that ends so", "Bearer my_error=\"x\"", NULL },
	{ "an empty error", "Bearer error=\"\"", NULL },
	{ "an error without a value", "Bearer error", NULL },
	{ "an error with none", "Bearer error=", NULL },
	{ "a scheme alone", "Bearer", NULL },
	{ "commas", ",,,", NULL },
	{ "nothing", "", NULL },
	{ "a backslash at the end", "Bearer realm=\"\\", NULL },
};

ROWS(rows, has_this_error)
{
	const struct row *row = *state;
	struct bp_text error = bp_text_of("as it was");

	assert_int_equal(bp_challenge_error(bp_text_of(row->challenges),
	    &error), row->error != NULL);
	assert_true(bp_text_is(error, row->error != NULL ? row->error
	    : "as it was"));
}

/* Whatever is cut off, or put into it, reads within it. */
TEST(no_prefix_and_no_byte_overruns)
{
	static const char good[] = "A b=\"\\\", c\" , error =\"x\"";

	(void)state;
	for (size_t n = 0; n < sizeof(good); n++)
		for (int c = 0; c < 256; c++) {
			char *copy = malloc(n + 1);
			struct bp_text error;

			assert_non_null(copy);
			memcpy(copy, good, n);
			copy[n] = (char)c;
			(void)!bp_challenge_error((struct bp_text){ copy,
			    n + 1 }, &error);
			free(copy);
		}
}

RUN(NULL, NULL)
