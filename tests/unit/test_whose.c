/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/whose.h"

static const struct row {
	const char *name, *map, *email;
	enum bp_reason why;
} rows[] = {
	{ "one address", "email a@b alice\n", "a@b", 0 },
	{ "its domain in small letters", "email A@B alice\n", "A@b", 0 },
	{ "a quoted address", "email \"a@b\" \"alice\"\n", "a@b", 0 },
	{ "among others'", "# c\nemail b@b bob\nemail a@b alice\n"
	    "email /c.*@b/ carol\nsub s4 dave\n", "a@b", 0 },
	{ "the same twice", "email a@b alice\nemail a@B alice\n", "a@b", 0 },
	{ "no rule", "email b@b bob\n", NULL, BP_NOBODY_KNOWN },
	{ "an empty map", "", NULL, BP_NOBODY_KNOWN },
	{ "two addresses", "email a@b alice\nemail c@b alice\n", NULL,
	    BP_SEVERAL_KNOWN },
	{ "addresses that differ in capitals", "email a@b alice\n"
	    "email A@b alice\n", NULL, BP_SEVERAL_KNOWN },
	{ "a sub alone", "sub s1 alice\n", NULL, BP_NOBODY_KNOWN },
	{ "a sub besides", "email a@b alice\nsub s1 alice\n", NULL,
	    BP_SEVERAL_KNOWN },
	{ "another claim of the same letters",
	    "email a@b alice\nupn a@b alice\n", NULL, BP_SEVERAL_KNOWN },
	{ "an expression for it", "email /a+@b/ alice\n", NULL,
	    BP_NOBODY_KNOWN },
	{ "an expression of the same letters",
	    "email a.@b alice\nemail /a.@b/ alice\n", NULL,
	    BP_SEVERAL_KNOWN },
	{ "an expression that may give it", "email a@b alice\n"
	    "email /(.*)@b/ \\1\n", NULL, BP_SEVERAL_KNOWN },
	{ "an expression that may give it, in front",
	    "email /(.*)@b/ \\1\nemail a@b alice\n", NULL, BP_NOBODY_KNOWN },
	{ "one who begins so", "email a@b alice2\n", NULL, BP_NOBODY_KNOWN },
	{ "a rule that has ended", "email a@b alice until=1970-01-01\n", NULL,
	    BP_RULE_ENDED },
	{ "beside a rule that has ended",
	    "email c@b alice until=1970-01-01\nemail a@b alice\n"
	    "sub s1 alice until=1970-01-01\n", "a@b", 0 },
	{ "a rule of somebody else's that has ended",
	    "email c@b carol until=1970-01-01\n", NULL, BP_NOBODY_KNOWN },
	{ "a map that is refused", "email a@b alice\nx\n", NULL, BP_MAP },
};

ROWS(rows, is_the_one_whom_the_map_alone_can_mean)
{
	const struct row *row = *state;
	BP_AUTO(bp_whose_done) struct bp_whose w = BP_WHOSE_INIT;
	struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why = 0;
	bool is_known;

	assert_true(bp_buf_say(&s.map, row->map));
	is_known = bp_whose(&s, bp_text_of("alice"), &w, &why);
	assert_int_equal(why, row->why);
	assert_int_equal(is_known, row->email != NULL);
	assert_true(!is_known || bp_text_is(w.email, row->email));
	assert_int_equal(w.sub.len + w.api_id.len, 0);
	bp_buf_done(&s.map);
}

RUN(NULL, NULL)
