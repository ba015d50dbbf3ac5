/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The public API is asked about somebody by this host's own token: by real
 * processes, locks and files, against an API that this test plays.
 */
#include "support/support.h"
#include "attempt/look_up.h"
#include "core/slot.h"
#include "support/played.h"

#include <sys/resource.h>

#define CONF	"[provider]\nclient_id = c\ntenant = any\ntimeout = 5s\n" \
		"[api]\ncompany = acme\nrole_source = api\n"

enum { EIGHT = 8 };

/* What the API does to whom it would answer. */
enum api { ANSWERS, IS_OUT, FORBIDS, TAKES_NO_TOKEN, SAYS_ANOTHER_ID,
    SAYS_ANOTHER_EMAIL, BRINGS_NO_ACCESS, IS_NOT_ACTIVE, FAILS_BEHIND,
    REPEATS_TOKEN, IS_RENEWED_MEANWHILE };

/* In memory that all share: aN and rN are good. */
static struct tokens {
	enum api api;
	unsigned access, refresh;
	unsigned asked, spent, reused;
	bool renews_no_more;
	bool saw_id, saw_email, saw_client, saw_turn_free;
	char brought[16];	/* an access token, meanwhile */
	enum bp_msg_type type;	/* that was asked last */
} *api;

static struct bp_setup setup = BP_SETUP_INIT;
static char lib[64], run[64];

static struct bp_service_place
place(void)
{
	return (struct bp_service_place){ lib, 0 };
}

static void
keep(const char *access, const char *client)
{
	struct bp_service_token t = { 1, 2, bp_text_of(BP_CONFIG_ISSUER),
	    bp_text_of(client), setup.cfg.api_url, bp_text_of("acme"),
	    bp_text_of("r1"), bp_text_of(access) };
	struct bp_service_place p = place();
	enum bp_reason why;

	put_or_abort(bp_service_token_store(&p, &t, &why));
}

/*** The API, in the player's process ***/

static void
spell_token(char ret[16], char kind, unsigned n)
{
	(void)snprintf(ret, 16, "%c%u", kind, n);
}

static void
say_no(int fd, enum bp_wire_reason why, struct bp_text detail)
{
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = api->type,
	    .reason = why };

	if (detail.len > 0)
		bp_msg_give(&m, BP_F_DETAIL, detail);
	say(fd, &m);
}

static void
say_user(int fd)
{
	static struct bp_text roles = BP_TEXT("\0\0\0\1" "\0\0\0\4Host");
	struct bp_msg m = { .type = BP_MSG_USER, .asked = api->type };

	if (api->type == BP_MSG_LIST) {
		m.type = BP_MSG_USERS;
		bp_msg_give(&m, BP_F_USERS, roles);
		say(fd, &m);
		return;
	}
	bp_msg_give(&m, BP_F_API_ID, bp_text_of(
	    api->api == SAYS_ANOTHER_ID ? "u12" : "u1"));
	bp_msg_give(&m, BP_F_EMAIL, bp_text_of(
	    api->api == SAYS_ANOTHER_EMAIL ? "b@b" : "a@B"));
	bp_msg_give(&m, BP_F_API_ROLES, roles);
	say(fd, &m);
}

/* As if another process had renewed the token that was not GOOD. */
static void
look_at_turn(bool good)
{
	BP_AUTO(bp_file_close) int turn = -1;

	if (!good)
		keep(api->brought, "c");
	api->saw_turn_free = bp_slot_turn_of(run, 0,
	    bp_text_of(BP_SERVICE_TOKEN_FILE), 0, &turn);
}

static void
answer_user(int fd, struct bp_text token)
{
	static const struct { enum api api; enum bp_wire_reason why; } no[] = {
		{ IS_OUT, BP_WIRE_STATUS },
		{ FAILS_BEHIND, BP_WIRE_SILENCE },
		{ FORBIDS, BP_WIRE_API_FORBIDDEN },
		{ TAKES_NO_TOKEN, BP_WIRE_API_TOKEN },
		{ IS_NOT_ACTIVE, BP_WIRE_API_INACTIVE },
		{ REPEATS_TOKEN, BP_WIRE_BODY },
	};
	char good[16];

	api->asked++;
	spell_token(good, 'a', api->access);
	if (api->api == IS_RENEWED_MEANWHILE)
		look_at_turn(bp_text_is(token, good));
	if (!bp_text_is(token, good)) {
		say_no(fd, BP_WIRE_API_TOKEN, bp_text_of(""));
		return;
	}
	for (size_t i = 0; i < COUNT(no); i++)
		if (no[i].api == api->api) {
			say_no(fd, no[i].why, api->api == REPEATS_TOKEN
			    ? token : bp_text_of("words"));
			return;
		}
	say_user(fd);
}

static void
spend(int fd, struct bp_text token)
{
	struct bp_msg m = { .type = BP_MSG_TOKEN, .asked = api->type };
	char good[16], access[16];

	spell_token(good, 'r', api->refresh);
	api->spent++;
	(void)usleep(20000);
	if (api->renews_no_more || !bp_text_is(token, good)) {
		api->reused += !api->renews_no_more;
		say_no(fd, BP_WIRE_RENEWAL_REFUSED, bp_text_of(""));
		return;
	}
	spell_token(good, 'r', ++api->refresh);
	spell_token(access, 'a', ++api->access);
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, bp_text_of(good));
	if (api->api == BRINGS_NO_ACCESS) {
		say(fd, &m);
		say_no(fd, BP_WIRE_TOKEN_MISSING, bp_text_of(""));
		return;
	}
	bp_msg_give(&m, BP_F_ACCESS_TOKEN, bp_text_of(access));
	say(fd, &m);
	answer_user(fd, bp_text_of(access));
}

static void
answer_look_up(int fd, const struct bp_msg *m)
{
	if (m->type != BP_MSG_LOOK_UP && m->type != BP_MSG_LIST)
		return;
	api->type = m->type;
	api->saw_id = m->given[BP_F_API_ID];
	api->saw_email = m->given[BP_F_EMAIL];
	api->saw_client = bp_text_is(m->field[BP_F_CLIENT_ID], "c") &&
	    bp_text_is(m->field[BP_F_CLIENT_SECRET], "secret") &&
	    bp_text_is(m->field[BP_F_COMPANY], "acme");
	if (m->given[BP_F_REFRESH_TOKEN])
		spend(fd, m->field[BP_F_REFRESH_TOKEN]);
	else
		answer_user(fd, m->field[BP_F_ACCESS_TOKEN]);
}

/*** Who asks it ***/

static bool
is_kept(const char *refresh, const char *access)
{
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_place p = place();
	struct bp_service_token t;
	enum bp_reason why;

	return bp_service_token_load(&p, &b, &t, &why) &&
	    bp_text_is(t.refresh_token, refresh) &&
	    bp_text_is(t.access_token, access) &&
	    bp_text_is(t.client_id, "c") && t.signed_in == 1;
}

/* 0, or why not; all users, where ID is NULL. */
static enum bp_reason
look_up_for(struct bp_request *r, const char *id, bool may_renew)
{
	const struct bp_look_up who = { .place = place(), .run = run,
	    .api_id = bp_text_of(id != NULL ? id : "u1"),
	    .email = bp_text_of("a@b"), .may_renew = may_renew };
	enum bp_reason why = BP_UNDECIDED;
	struct bp_msg said;

	if (id == NULL) {
		if (!bp_request_list(r, &who, &said, &why))
			return why;
		return bp_list_count(said.field[BP_F_USERS]) == 1 ? 0
		    : BP_UNDECIDED;
	}
	if (!bp_request_look_up(r, &who, &said, &why))
		return why;
	return bp_text_is(said.field[BP_F_API_ID], "u1") ? 0 : BP_UNDECIDED;
}

static enum bp_reason
look_up(const char *id, bool may_renew)
{
	BP_AUTO(bp_request_done) struct bp_request r =
	    played_request(&setup);

	return look_up_for(&r, id, may_renew);
}

static void
begin(enum api manner)
{
	char command[256];

	*api = (struct tokens){ .api = manner, .access = 1, .refresh = 1 };
	(void)snprintf(command, sizeof(command), "rm -rf %s %s && "
	    "mkdir -m 700 %s", lib, run, run);
	put_or_abort(system(command) == 0);
}

static const struct row {
	const char *name;
	enum api api;
	const char *access;	/* that is kept */
	const char *id;
	bool may_not_renew, renews_no_more;
	enum bp_reason why;
	unsigned asked, spent;
	const char *kept[2];	/* afterwards */
} rows[] = {
	{ "a user, by the access token", ANSWERS, "a1", "", false, false, 0,
	    1, 0, { "r1", "a1" } },
	{ "a user, by the id", ANSWERS, "a1", "u1", false, false, 0, 1, 0,
	    { "r1", "a1" } },
	{ "an access token that is too old", ANSWERS, "a0", "", false, false,
	    0, 2, 1, { "r2", "a2" } },
	{ "no access token yet", ANSWERS, "", "", false, false, 0, 1, 1,
	    { "r2", "a2" } },
	{ "one that is too old, for a caller of sudo", ANSWERS, "a0", "",
	    true, false, BP_SERVICE_TOKEN_OLD, 1, 0, { "r1", "a0" } },
	{ "a caller of sudo, by the access token", ANSWERS, "a1", "", true,
	    false, 0, 1, 0, { "r1", "a1" } },
	{ "a provider that renews no more", ANSWERS, "a0", "", false, true,
	    BP_SERVICE_TOKEN_REFUSED, 1, 1, { "r1", "a0" } },
	{ "an API that takes not even the new token", TAKES_NO_TOKEN, "a1",
	    "", false, false, BP_SERVICE_TOKEN_REFUSED, 2, 1,
	    { "r2", "a2" } },
	{ "an API whose users are not for it", FORBIDS, "a1", "", false,
	    false, BP_SERVICE_TOKEN_REFUSED, 1, 0, { "r1", "a1" } },
	{ "a provider that brings no access token", BRINGS_NO_ACCESS, "a0",
	    "", false, false, BP_SERVICE_TOKEN_REFUSED, 1, 1, { "r2", "" } },
	{ "an API that is down", IS_OUT, "a1", "", false, false, BP_STATUS,
	    1, 0, { "r1", "a1" } },
	{ "a user who is not active", IS_NOT_ACTIVE, "a1", "", false, false,
	    BP_API_INACTIVE, 1, 0, { "r1", "a1" } },
	{ "another id than was asked for", SAYS_ANOTHER_ID, "a1", "u1",
	    false, false, BP_HELPER_ANSWER, 1, 0, { "r1", "a1" } },
	{ "another address than was asked for", SAYS_ANOTHER_EMAIL, "a1", "",
	    false, false, BP_HELPER_ANSWER, 1, 0, { "r1", "a1" } },
	{ "another address of the id", SAYS_ANOTHER_EMAIL, "a1", "u1", false,
	    false, 0, 1, 0, { "r1", "a1" } },
	{ "what fails behind the new tokens", FAILS_BEHIND, "a0", "", false,
	    false, BP_SILENCE, 2, 1, { "r2", "a2" } },
	{ "everybody, by the access token", ANSWERS, "a1", NULL, false, false,
	    0, 1, 0, { "r1", "a1" } },
	{ "everybody, by a new token", ANSWERS, "a0", NULL, false, false, 0, 2,
	    1, { "r2", "a2" } },
	{ "a list that is not for the token", FORBIDS, "a1", NULL, false,
	    false, BP_SERVICE_TOKEN_REFUSED, 1, 0, { "r1", "a1" } },
	{ "a list that is too long", REPEATS_TOKEN, "a1", NULL, false, false,
	    BP_BODY, 1, 0, { "r1", "a1" } },
	{ "a list that fails behind the new tokens", FAILS_BEHIND, "a0", NULL,
	    false, false, BP_SILENCE, 2, 1, { "r2", "a2" } },
};

ROWS(rows, is_looked_up)
{
	const struct row *row = *state;
	bool by_id = row->id != NULL && row->id[0] != '\0';

	begin(row->api);
	api->renews_no_more = row->renews_no_more;
	keep(row->access, "c");
	assert_int_equal(look_up(row->id, !row->may_not_renew), row->why);
	assert_int_equal(api->asked, row->asked);
	assert_int_equal(api->spent, row->spent);
	assert_true(is_kept(row->kept[0], row->kept[1]));
	assert_int_equal(api->saw_id, by_id);
	assert_int_equal(api->saw_email, !by_id && row->id != NULL);
	assert_true(api->saw_client);
}

TEST(without_a_token_nobody_is_asked)
{
	(void)state;
	begin(ANSWERS);
	assert_int_equal(look_up("", true), BP_SERVICE_TOKEN_NONE);
	assert_int_equal(api->asked + api->spent, 0);
}

TEST(a_token_of_another_client_is_none)
{
	(void)state;
	begin(ANSWERS);
	keep("a1", "d");
	assert_int_equal(look_up("", true), BP_SERVICE_TOKEN_NONE);
	assert_int_equal(api->asked + api->spent, 0);
}

TEST(what_an_answer_repeats_of_a_token_is_not_told)
{
	BP_AUTO(bp_request_done) struct bp_request r =
	    played_request(&setup);

	(void)state;
	begin(REPEATS_TOKEN);
	keep("a1", "c");
	assert_int_equal(look_up_for(&r, "", true), BP_BODY);
	assert_true(bp_text_is(bp_buf_text(&r.detail), "**"));
}

/* A process that is killed, or whose look-up fails, has kept them by then. */
TEST(the_new_tokens_are_kept_before_the_user_comes)
{
	(void)state;
	begin(FAILS_BEHIND);
	keep("a0", "c");
	assert_int_equal(look_up("", true), BP_SILENCE);
	assert_true(is_kept("r2", "a2"));
	api->api = ANSWERS;
	assert_int_equal(look_up("", true), 0);
	assert_int_equal(api->spent, 1);
}

TEST(where_there_is_no_room_none_is_spent)
{
	struct rlimit before, none;

	(void)state;
	begin(ANSWERS);
	keep("a0", "c");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(look_up("", true), BP_SERVICE_TOKEN_OLD);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(api->spent, 0);
	assert_true(is_kept("r1", "a0"));
}

TEST(who_waited_takes_what_another_brought)
{
	pid_t child[EIGHT];
	int status;

	(void)state;
	begin(ANSWERS);
	keep("a0", "c");
	for (size_t i = 0; i < EIGHT; i++) {
		child[i] = fork();
		if (child[i] == 0)
			_exit(look_up("", true) == 0 ? 0 : 1);
		assert_true(child[i] > 0);
	}
	for (size_t i = 0; i < EIGHT; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(api->spent, 1);
	assert_int_equal(api->reused, 0);
	assert_true(is_kept("r2", "a2"));
}

TEST(who_takes_what_another_brought_keeps_nobody_waiting)
{
	(void)state;
	begin(IS_RENEWED_MEANWHILE);
	spell_token(api->brought, 'a', 1);
	keep("a0", "c");
	assert_int_equal(look_up("", true), 0);
	assert_int_equal(api->asked, 2);
	assert_int_equal(api->spent, 0);
	assert_true(api->saw_turn_free);
}

/* Which has no access token yet. */
TEST(what_a_service_sign_in_brought_meanwhile_is_spent_at_once)
{
	(void)state;
	begin(IS_RENEWED_MEANWHILE);
	keep("a0", "c");
	assert_int_equal(look_up("", true), 0);
	assert_int_equal(api->spent, 1);
	assert_false(api->saw_turn_free);
	assert_true(is_kept("r2", "a2"));
}

static int
make_api(void **state)
{
	struct bp_config_error e;

	if (make_folder(state) != 0)
		return -1;
	api = mmap(NULL, sizeof(*api), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	put_or_abort(api != MAP_FAILED &&
	    bp_config_parse(bp_text_of(CONF), &setup.cfg, &e));
	setup.secret = bp_text_of("secret");
	(void)snprintf(lib, sizeof(lib), "%s/lib", folder);
	(void)snprintf(run, sizeof(run), "%s/run", folder);
	answer_other = answer_look_up;
	return begin_play();
}

static int
end_api(void **state)
{
	end_play();
	return remove_folder(state);
}

RUN_AS_ROOT(make_api, end_api)
