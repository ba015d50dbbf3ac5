/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/whose.h"
#include "support/messages.h"
#include "support/places.h"

#define ISSUER	"https://id.example/ids"

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
	{ "a key besides, which is nobody's", "email a@b alice\n"
	    "key SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI alice\n",
	    "a@b", 0 },
	{ "a key alone",
	    "key SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI alice\n",
	    NULL, BP_NOBODY_KNOWN },
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

	s.cfg.pin_subject = false;
	assert_true(bp_buf_say(&s.map, row->map));
	is_known = bp_whose(&s, bp_text_of("alice"), &w, &why);
	assert_int_equal(why, row->why);
	assert_int_equal(is_known, row->email != NULL);
	assert_true(!is_known || bp_text_is(w.email, row->email));
	assert_int_equal(w.sub.len + w.api_id.len, 0);
	bp_buf_done(&s.map);
}

static struct bp_pin_place
place(void)
{
	return (struct bp_pin_place){ parent, pins, geteuid() };
}

static void
pin(const char *issuer, const char *sub, const char *email, const char *id)
{
	BP_AUTO(bp_pins_done) struct bp_pins got = BP_PINS_INIT;
	struct bp_pin_place at = place();
	const struct bp_pin p = { .account = bp_text_of("alice"),
	    .issuer = bp_text_of(issuer), .sub = bp_text_of(sub),
	    .email = bp_text_of(email), .api_id = bp_text_of(id), .since = 7 };
	enum bp_reason why;
	bool added;

	put_or_abort(bp_pin_add(&at, &p, &got, &added, &why));
}

/* Who is pinned, each SUB EMAIL ID, and what a map says besides. */
static const struct pinned {
	const char *name, *pins[2][4], *map;
	const char *sub, *email, *id;
	enum bp_reason why;
} pinneds[] = {
	{ "a pin", { { ISSUER, "s1", "a@b", "" } }, "", "s1", "a@b", "", 0 },
	{ "a pin with an id", { { ISSUER, "s1", "a@b", "u1" } }, "", "s1",
	    "a@b", "u1", 0 },
	{ "a pin with an id alone", { { ISSUER, "s1", "", "u1" } }, "", "s1",
	    "", "u1", 0 },
	{ "a pin of nobody's address", { { ISSUER, "s1", "", "" } },
	    "email a@b alice\n", NULL, NULL, NULL, BP_NOBODY_KNOWN },
	{ "a pin, whatever rules there are", { { ISSUER, "s1", "a@b", "" } },
	    "email c@b alice\nemail /(.*)@b/ \\1\n", "s1", "a@b", "", 0 },
	{ "two pins", { { ISSUER, "s1", "a@b", "" },
	    { ISSUER, "s2", "c@b", "" } }, "email a@b alice\n", NULL, NULL,
	    NULL, BP_SEVERAL_KNOWN },
	{ "another issuer's pin", { { ISSUER "/", "s1", "a@b", "" } }, "",
	    NULL, NULL, NULL, BP_NOBODY_KNOWN },
	{ "no pin, and a rule", { { NULL } }, "email a@b alice\n", "", "a@b",
	    "", 0 },
};

ROWS(pinneds, is_who_is_pinned_and_else_whom_the_map_means)
{
	const struct pinned *row = *state;
	BP_AUTO(bp_whose_done) struct bp_whose w = BP_WHOSE_INIT;
	struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why = 0;
	char command[96];
	bool is_known;

	(void)snprintf(command, sizeof(command), "rm -rf %s", parent);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < 2 && row->pins[i][0] != NULL; i++)
		pin(row->pins[i][0], row->pins[i][1], row->pins[i][2],
		    row->pins[i][3]);
	s.pins = place();
	s.cfg.pin_subject = true;
	s.cfg.issuer = bp_text_of(ISSUER);
	assert_true(bp_buf_say(&s.map, row->map));
	is_known = bp_whose(&s, bp_text_of("alice"), &w, &why);
	assert_int_equal(is_known, row->sub != NULL);
	assert_true(is_known || why == row->why);
	assert_true(!is_known || (bp_text_is(w.sub, row->sub) &&
	    bp_text_is(w.email, row->email) && bp_text_is(w.api_id, row->id)));
	bp_buf_done(&s.map);
}

TEST(pins_that_cannot_be_read_are_nobody_and_named)
{
	BP_AUTO(bp_whose_done) struct bp_whose w = BP_WHOSE_INIT;
	struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why = 0;
	char command[160];

	(void)state;
	pin(ISSUER, "s1", "a@b", "");
	(void)snprintf(command, sizeof(command), "chmod 0777 %s", pins);
	assert_int_equal(system(command), 0);
	s.pins = place();
	s.cfg.pin_subject = true;
	s.cfg.issuer = bp_text_of(ISSUER);
	assert_true(bp_buf_say(&s.map, "email a@b alice\n"));
	assert_false(bp_whose(&s, bp_text_of("alice"), &w, &why));
	assert_int_equal(why, BP_FILE_UNTRUSTED);
	assert_non_null(memmem(w.pins.fault.data, w.pins.fault.len, pins,
	    strlen(pins)));
	bp_buf_done(&s.map);
}

RUN(make_places, remove_folder)
