/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/judge.h"
#include "support/messages.h"
#include "support/places.h"

#define ISSUER	"https://id.winks.io/ids"
#define CONF	"[provider]\nclient_id = c\ntenant = any\n"
#define SSHD	"[service:sshd]\nrequire_role = *\n"
#define MAP	"email alice@example.com alice\nsub a1 alice\n"

static int
begin(void **state)
{
	char command[96];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", parent);
	return system(command);
}

static struct bp_pin_place
place(void)
{
	return (struct bp_pin_place){ parent, pins, geteuid() };
}

/* SUB has alice's account already; NULL: nobody has. */
static void
pin(const char *sub)
{
	BP_AUTO(bp_pins_done) struct bp_pins got = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin p = { .account = bp_text_of("alice"),
	    .issuer = bp_text_of(ISSUER), .sub = bp_text_of(sub),
	    .email = bp_text_of("old@example.com"), .since = 7 };
	enum bp_reason why;
	bool added;

	assert_true(bp_pin_add(&at, &p, &got, &added, &why));
}

/* What alice's pins are in the end, a line of the file. */
static const char *
pinned(void)
{
	static char said[4096];
	BP_AUTO(bp_pins_done) struct bp_pins got = BP_PINS_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(sizeof(said) - 1);
	struct bp_pin_place at = place();
	enum bp_reason why;

	assert_true(bp_pins_load(&at, bp_text_of("alice"), &got, &why));
	for (size_t i = 0; i < got.n; i++)
		assert_true(bp_pin_put_line(&b, &got.pin[i]));
	assert_true(bp_buf_add(&b, "", 1));
	(void)snprintf(said, sizeof(said), "%s", (const char *)b.data);
	return said;
}

static struct bp_setup
setup(const char *conf, const char *map)
{
	struct bp_setup s = BP_SETUP_INIT;
	struct bp_config_error e;
	struct bp_account_map wrong;

	s.pins = place();
	put_or_abort(bp_config_parse(bp_text_of(conf), &s.cfg, &e));
	put_or_abort(bp_buf_say(&s.map, map));
	put_or_abort(bp_policy_wanted(&s.cfg, bp_buf_text(&s.map), &s.wanted,
	    &wrong));
	return s;
}

static void
put_email(struct bp_buf *table, enum bp_document document,
    const char *address, enum bp_claim_kind verified)
{
	put_claim(table, document, bp_text_of("email"), BP_CLAIM_STRING,
	    &address, 1);
	put_claim(table, document, bp_text_of("email_verified"), verified,
	    NULL, 0);
}

static struct bp_identity
identity(const char *sub, const char *address, enum bp_claim_kind verified,
    struct bp_buf *table)
{
	static struct bp_text scopes = BP_TEXT("\0\0\0\1" "\0\0\0\6openid");

	put_email(table, BP_DOC_USERINFO, address, verified);
	return bp_identity_make(bp_text_of(sub), scopes, bp_buf_text(table));
}

/* Who has the account, who comes with its address, by which map; and then. */
static const struct row {
	const char *name, *pinned, *sub, *conf, *map;
	enum bp_reason why;		/* BP_ADMITTED: she is */
	const char *then;		/* who has it in the end */
	const char *detail;
} rows[] = {
#define BY_EMAIL	"email alice@example.com alice\n"
#define PLAIN		CONF SSHD
#define UNPINNED	CONF "[accounts]\npin_subject = no\n" SSHD
	{ "pins: of an account that nobody had", NULL, "a1", PLAIN,
	    BY_EMAIL, BP_ADMITTED, "a1 ", "" },
	{ "pins: her own", "a1", "a1", PLAIN, BY_EMAIL, BP_ADMITTED,
	    "a1 ", "" },
	{ "pins: another's, whose address she has now", "a0", "a1", PLAIN,
	    BY_EMAIL, BP_PINNED, "a0 ", "pinned to the sub a0" },
	{ "pins: another's, but nobody is to be pinned", "a0", "a1",
	    UNPINNED, BY_EMAIL, BP_ADMITTED, "a0 ", "" },
	{ "pins: nobody's, and nobody is to be pinned", NULL, "a1",
	    UNPINNED, BY_EMAIL, BP_ADMITTED, "", "" },
	{ "pins: another's, where a rule names her", "a0", "a1", PLAIN,
	    BY_EMAIL "sub a1 alice\n", BP_ADMITTED, "a0 a1 ", "" },
	{ "pins: another's, where a rule in quotes names her", "a0", "a1",
	    PLAIN, "sub \"a1\" \"alice\"\n", BP_ADMITTED, "a0 a1 ", "" },
	{ "pins: another's, where a rule that has ended names her", "a0",
	    "a1", PLAIN, BY_EMAIL "sub a1 alice until=2020-01-01\n",
	    BP_PINNED, "a0 ", "pinned to the sub a0" },
	{ "pins: another's, where an expression fits her", "a0", "a1",
	    PLAIN, "sub /a1/ alice\n", BP_PINNED, "a0 ",
	    "pinned to the sub a0" },
	{ "pins: another's, where a rule names her for another account",
	    "a0", "a1", PLAIN, BY_EMAIL "sub a1 root2\n", BP_PINNED, "a0 ",
	    "pinned to the sub a0" },
	{ "pins: another's, where a rule names another person", "a0", "a1",
	    PLAIN, BY_EMAIL "sub a2 alice\n", BP_PINNED, "a0 ",
	    "pinned to the sub a0" },
	{ "pins: another's, where a rule of another claim has her sub",
	    "a0", "a1", PLAIN, BY_EMAIL "name a1 alice\n", BP_PINNED, "a0 ",
	    "pinned to the sub a0" },
	{ "pins: another's, of whom no rule is", "a0", "a1", PLAIN,
	    "email b@example.com alice\n", BP_NO_RULE, "a0 ", "" },
	{ "pins: nobody's, of whom no rule is", NULL, "a1", PLAIN,
	    "email b@example.com alice\n", BP_NO_RULE, "", "" },
};

static const char *
who_has_it(void)
{
	static char said[512];
	BP_AUTO(bp_pins_done) struct bp_pins got = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why;

	said[0] = '\0';
	assert_true(bp_pins_load(&at, bp_text_of("alice"), &got, &why));
	for (size_t i = 0; i < got.n; i++) {
		(void)strncat(said, got.pin[i].sub.at, got.pin[i].sub.len);
		(void)strcat(said, " ");
	}
	return said;
}

ROWS(rows, decide_and_are_kept)
{
	const struct row *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(row->conf, row->map);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf detail = BP_BUF_INIT(1024);
	struct bp_text alice = bp_text_of("alice");
	struct bp_identity who = identity(row->sub, "alice@example.com",
	    BP_CLAIM_TRUE, &table);
	struct bp_basis basis;
	enum bp_reason why = BP_ADMITTED, unkept = 77;

	(void)begin(state);
	s.pins = place();
	if (row->pinned != NULL)
		pin(row->pinned);
	assert_int_equal(bp_judge(&s, bp_text_of("sshd"), &who, alice, &basis, &why),
	    row->why == BP_ADMITTED);
	assert_int_equal(why, row->why);
	/* it decides, and changes nothing */
	assert_string_equal(who_has_it(), row->pinned == NULL ? ""
	    : row->pinned[1] == '0' ? "a0 " : "a1 ");
	bp_judge_detail(&s, &who, alice, why, &detail);
	assert_true(bp_text_is(bp_buf_text(&detail), row->detail));
	if (row->why != BP_NO_RULE)
		assert_int_equal(bp_judge_keep(&s, &who, alice, 9, &unkept,
		    &why), row->why == BP_ADMITTED);
	assert_string_equal(who_has_it(), row->then);
}

/* Of the documents' addresses the one that a rule would take, or none. */
static const struct address {
	const char *name, *conf, *address, *of_token;
	enum bp_claim_kind verified;
	const char *pinned;
} addresses[] = {
#define LAX	"[provider]\nclient_id = c\ntenant = any\n"	\
	"require_email_verified = no\n" SSHD
	{ "an address: verified", PLAIN, "alice@Example.COM", NULL,
	    BP_CLAIM_TRUE, "alice@example.com" },
	{ "an address: not verified", PLAIN, "alice@example.com", NULL,
	    BP_CLAIM_FALSE, "" },
	{ "an address: not verified, where that is not asked for", LAX,
	    "alice@example.com", NULL, BP_CLAIM_FALSE, "alice@example.com" },
	{ "an address: of which the documents say two", PLAIN,
	    "alice@example.com", "b@example.com", BP_CLAIM_TRUE, "" },
	{ "an address: that is none", LAX, "alice", NULL, BP_CLAIM_TRUE,
	    "" },
	{ "an address: with a tab", LAX, "a\tb@example.com", NULL,
	    BP_CLAIM_TRUE, "" },
};

ROWS(addresses, is_pinned_as_a_rule_would_take_it)
{
	const struct address *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(row->conf, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	enum bp_reason why = 77, unkept = 77;
	struct bp_identity who;
	char line[256];

	(void)begin(state);
	s.pins = place();
	pin("a1");
	who = identity("a1", row->address, row->verified, &table);
	if (row->of_token != NULL)
		put_email(&table, BP_DOC_ID_TOKEN, row->of_token,
		    BP_CLAIM_TRUE);
	who = bp_identity_make(who.sub, who.scopes, bp_buf_text(&table));
	assert_true(bp_judge_keep(&s, &who, bp_text_of("alice"), 9, &unkept,
	    &why));
	(void)snprintf(line, sizeof(line), "7\talice\t%s\ta1\t%s\t\tsign-in\n",
	    ISSUER, row->pinned);
	assert_string_equal(pinned(), line);
}

/* A fault in the pins refuses who would be admitted, and is named. */
TEST_WITH(pins_that_cannot_be_read_admit_nobody_and_are_named, begin)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(PLAIN, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf detail = BP_BUF_INIT(1024);
	struct bp_identity who = identity("a1", "alice@example.com",
	    BP_CLAIM_TRUE, &table);
	struct bp_text alice = bp_text_of("alice");
	struct bp_basis basis;
	enum bp_reason why = 77, unkept = 77;
	char command[128];

	(void)state;
	s.pins = place();
	pin("a1");
	(void)snprintf(command, sizeof(command), "echo x >>\"$(echo %s/*)\"",
	    pins);
	assert_int_equal(system(command), 0);
	assert_false(bp_judge(&s, bp_text_of("sshd"), &who, alice, &basis, &why));
	assert_int_equal(why, BP_FILE_UNREAD);
	bp_judge_detail(&s, &who, alice, why, &detail);
	assert_true(bp_text_starts(bp_buf_text(&detail), pins));
	assert_false(bp_judge_keep(&s, &who, alice, 9, &unkept, &why));
	assert_int_equal(why, BP_FILE_UNREAD);
}

/* Whom the API knows as another user than the one that was pinned. */
TEST_WITH(another_user_of_the_api_is_refused_though_a_rule_names_her, begin)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(PLAIN, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_identity who = identity("a1", "alice@example.com",
	    BP_CLAIM_TRUE, &table);
	struct bp_msg m = { .type = BP_MSG_CLAIMS };
	struct bp_text alice = bp_text_of("alice");
	struct bp_basis basis;
	enum bp_reason why = 77, unkept = 77;

	(void)state;
	s.pins = place();
	bp_msg_give(&m, BP_F_SUB, who.sub);
	bp_msg_give(&m, BP_F_CLAIMS, who.claims);
	bp_msg_give(&m, BP_F_SCOPES, who.scopes);
	bp_msg_give(&m, BP_F_API_ID, bp_text_of("u1"));
	who = bp_identity_of(&m);
	assert_true(bp_judge_keep(&s, &who, alice, 9, &unkept, &why));
	assert_string_equal(pinned(), "9\talice\t" ISSUER
	    "\ta1\talice@example.com\tu1\tsign-in\n");
	assert_true(bp_judge(&s, bp_text_of("sshd"), &who, alice, &basis, &why));
	who.api_id = bp_text_of("u2");
	assert_false(bp_judge(&s, bp_text_of("sshd"), &who, alice, &basis, &why));
	assert_int_equal(why, BP_PINNED);
}

RUN(make_places, remove_folder)
