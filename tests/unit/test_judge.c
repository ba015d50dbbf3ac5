/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/judge.h"
#include "support/messages.h"
#include "support/places.h"

#define ISSUER	"https://id.winks.io/ids"
#define CONF	"[provider]\nclient_id = c\ntenant = any\n"	\
	"[accounts]\nlocal_accounts = root\n"			\
	"[service:sshd]\nrequire_role = Login\n"
#define MAP	"sub a1 alice\n"

static struct bp_setup
setup(void)
{
	struct bp_setup s = BP_SETUP_INIT;
	struct bp_config_error e;

	put_or_abort(bp_config_parse(bp_text_of(CONF), &s.cfg, &e));
	put_or_abort(bp_buf_say(&s.map, MAP));
	s.locks = (struct bp_lock_place){ parent, locks, geteuid() };
	s.pins = (struct bp_pin_place){ parent, pins, geteuid() };
	return s;
}

/* An address of each document's; NULL: it has none. */
static struct bp_identity
alice(struct bp_buf *table, const char *info, const char *token)
{
	static const char *const roles[] = { "Login" };
	static const struct bp_text scopes = BP_TEXT("\0\0\0\0");

	put_claim(table, BP_DOC_ID_TOKEN, bp_text_of("email"), token != NULL
	    ? BP_CLAIM_STRING : BP_CLAIM_ABSENT, &token, token != NULL);
	put_claim(table, BP_DOC_USERINFO, bp_text_of("email"), info != NULL
	    ? BP_CLAIM_STRING : BP_CLAIM_ABSENT, &info, info != NULL);
	put_claim(table, BP_DOC_USERINFO, bp_text_of("role"),
	    BP_CLAIM_STRINGS, roles, 1);
	return bp_identity_make(bp_text_of("a1"), scopes,
	    bp_buf_text(table));
}

/* As an administrator has done it. */
static void
make_lock(enum bp_lock_kind kind, const char *issuer, const char *value)
{
	const struct bp_lock l = { kind, bp_text_of(issuer),
	    bp_text_of(value) };
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LOCK_NAME_SIZE);
	char path[256];
	FILE *f;

	assert_true(bp_lock_name(&l, &b));
	(void)snprintf(path, sizeof(path), "%s/%s", locks,
	    (const char *)b.data);
	f = fopen(path, "w");
	assert_true(f != NULL && fclose(f) == 0 && chmod(path, 0600) == 0);
}

static int
clear(void **state)
{
	char line[256];

	(void)state;
	(void)snprintf(line, sizeof(line), "cd %s && rm -rf run && "
	    "mkdir -m 700 run run/locks", folder);
	return system(line);
}

static const struct row {
	const char *name;
	enum bp_lock_kind kind;
	const char *issuer, *value;	/* that is locked */
	const char *info, *token;	/* addresses */
	bool locked;
} rows[] = {
#define A	"alice@example.com"
#define B	"bob@example.com"
	{ "whose sub is locked", BP_LOCK_SUB, ISSUER, "a1", A, A, true },
	{ "whose sub is locked and who has no address", BP_LOCK_SUB, ISSUER,
	    "a1", NULL, NULL, true },
	{ "whose sub is locked at another issuer", BP_LOCK_SUB,
	    "https://id.example/ids", "a1", A, A, false },
	{ "beside whose sub one is locked", BP_LOCK_SUB, ISSUER, "a2", A, A,
	    false },
	{ "whose sub is an account's name that is locked", BP_LOCK_ACCOUNT,
	    "", "a1", A, A, false },
	{ "whose address is locked", BP_LOCK_EMAIL, "", A, A, A, true },
	{ "whose address is locked in another case", BP_LOCK_EMAIL, "",
	    "alice@EXAMPLE.com", A, NULL, true },
	{ "whose address has capitals and is locked", BP_LOCK_EMAIL, "", A,
	    "alice@Example.com", NULL, true },
	{ "whose address is locked and in the id_token alone",
	    BP_LOCK_EMAIL, "", A, NULL, A, true },
	{ "whose address is locked and UserInfo's, of two", BP_LOCK_EMAIL,
	    "", A, A, B, true },
	{ "whose address is locked and the id_token's, of two",
	    BP_LOCK_EMAIL, "", A, B, A, true },
	{ "beside whose address one is locked", BP_LOCK_EMAIL, "", A, B, B,
	    false },
	{ "without an address", BP_LOCK_EMAIL, "", A, NULL, NULL, false },
};

ROWS(rows, is_let_in_or_not)
{
	const struct row *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup s = setup();
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf detail =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_identity who = alice(&table, row->info, row->token);
	struct bp_basis basis;
	enum bp_reason why = BP_ADMITTED;

	assert_int_equal(clear(state), 0);
	assert_true(bp_judge(&s, bp_text_of("sshd"), &who,
	    bp_text_of("alice"), &basis, &why));
	make_lock(row->kind, row->issuer, row->value);
	assert_int_equal(bp_judge(&s, bp_text_of("sshd"), &who,
	    bp_text_of("alice"), &basis, &why), !row->locked);
	assert_int_equal(basis.has_roles, !row->locked);
	assert_int_equal(why, row->locked ? BP_LOCKED : BP_ADMITTED);
	bp_judge_detail(&s, &who, bp_text_of("alice"), why,
	    &detail);
	assert_int_equal(bp_text_starts(bp_buf_text(&detail), locks),
	    row->locked);
}

/* The lock's reason says more than what else would refuse her. */
TEST_WITH(a_lock_counts_before_roles_and_rules, clear)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup();
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_identity who = alice(&table, A, A);
	struct bp_basis basis;
	enum bp_reason why;

	(void)state;
	make_lock(BP_LOCK_SUB, ISSUER, "a1");
	assert_false(bp_judge(&s, bp_text_of("su"), &who, bp_text_of("bob"),
	    &basis, &why));
	assert_int_equal(why, BP_LOCKED);
}

TEST_WITH(of_an_address_in_a_list_each_counts, clear)
{
	static const char *const two[] = { B, A };
	BP_AUTO(bp_setup_done) struct bp_setup s = setup();
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_identity who;
	enum bp_reason why;

	(void)state;
	put_claim(&table, BP_DOC_USERINFO, bp_text_of("email"),
	    BP_CLAIM_STRINGS, two, 2);
	who = bp_identity_make(bp_text_of("a1"), bp_text_of(""),
	    bp_buf_text(&table));
	make_lock(BP_LOCK_EMAIL, "", A);
	assert_false(bp_judge_locks(&s, &who, &file, &why));
	assert_int_equal(why, BP_LOCKED);
}

TEST_WITH(a_folder_that_others_may_write_refuses_everybody, clear)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup();
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf detail =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_identity who = alice(&table, A, A);
	struct bp_basis basis;
	enum bp_reason why;

	(void)state;
	assert_int_equal(chmod(locks, 0777), 0);
	assert_false(bp_judge(&s, bp_text_of("sshd"), &who,
	    bp_text_of("alice"), &basis, &why));
	assert_int_equal(why, BP_LOCK_UNTOLD);
	bp_judge_detail(&s, &who, bp_text_of("alice"), why,
	    &detail);
	assert_true(bp_text_is(bp_buf_text(&detail), locks));
}

RUN(make_places, remove_folder)
