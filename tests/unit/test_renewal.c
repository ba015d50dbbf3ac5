/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ticket is renewed: by real processes, locks and files, against a provider
 * that this test plays, whose refresh tokens have one use each.
 */
#include "support/support.h"
#include "attempt/renewal.h"
#include "core/policy.h"
#include "core/slot.h"
#include "support/places.h"
#include "support/played.h"

#include <sys/resource.h>

#include <dirent.h>
#include <errno.h>
#include <time.h>

#define CONF	"[provider]\nclient_id = c\ntenant = any\ntimeout = 5s\n" \
		"require_email_verified = no\n" \
		"[service:sshd]\nrequire_role = *\n" \
		"[service:sudo]\nrequire_role = *\nrecheck = 0s\n"
#define LASTS	"[provider]\nclient_id = c\ntenant = any\ntimeout = 5s\n" \
		"require_email_verified = no\n" \
		"[service:sudo]\nrequire_role = *\nrecheck = 30s\n"
#define MAP	"sub a1 alice\n"
#define NAME	"login-12-1000"
#define ANOTHERS "token-of-another"

enum { UID = 1000, TWENTY = 20, KILLS = 200, MANY = 100, MEMORY = 6 << 20 };

/*** What a sudo has ***/

static struct bp_setup setups[2];
enum { AT_ONCE, LATER };

static void
read_setup(struct bp_setup *s, const char *conf)
{
	struct bp_config_error e;
	struct bp_account_map wrong;

	*s = (struct bp_setup)BP_SETUP_INIT;
	put_or_abort(bp_config_parse(bp_text_of(conf), &s->cfg, &e));
	put_or_abort(bp_buf_say(&s->map, MAP));
	put_or_abort(bp_policy_wanted(&s->cfg, bp_buf_text(&s->map),
	    &s->wanted, &wrong));
	s->secret = bp_text_of("secret");
}

static struct bp_holder
holder(void)
{
	return (struct bp_holder){ .proc = root, .place = { parent, tickets,
	    0 }, .host = bp_host_of(bp_text_of("sudo"), BP_TTY_OTHER),
	    .service = bp_text_of("sudo"), .account = bp_text_of("alice"),
	    .config = bp_text_of("/etc/b.conf"), .uid = UID, .caller = UID };
}

static void
keep_token_of(struct bp_text token)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(64);
	struct bp_holder h = holder();
	struct bp_msg m = claims_of(BP_MSG_REDEEM, "a1");
	enum bp_reason why;

	bp_msg_give(&m, BP_F_REFRESH_TOKEN, token);
	put_or_abort(bp_holder_keep(&h, &setups[0].cfg, "5c3f5c3f5c3f5c3f",
	    bp_text_of("nonce"), &m, &got, &why));
}

/* As sudo does it; 0, or why not. */
static enum bp_reason
renew_until(int64_t deadline, int which, struct bp_found *f)
{
	BP_AUTO(bp_request_done) struct bp_request r =
	    played_request(&setups[which]);
	struct bp_holder h = holder();
	enum bp_reason why;

	r.deadline = deadline;
	/* whether it serves as it is, or not */
	(void)!bp_holder_find(&h, &setups[which].cfg, f);
	if (!f->may_renew)
		return BP_NO_SIGN_IN;
	if (!bp_renewal_of(&h, &r, f, &why))
		return why;
	return bp_text_is(f->ticket.who.field[BP_F_SUB], "a1") ? 0
	    : BP_UNDECIDED;
}

static enum bp_reason
renew(int which, struct bp_found *f)
{
	return renew_until(0, which, f);
}

/* What the file says. */
static bool
has_token(const char *token)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_holder h = holder();
	struct bp_ticket t;

	return bp_ticket_load(&h.place, NAME, bp_clock_seconds(), &b, &t) &&
	    bp_text_is(t.refresh_token, token);
}

static bool
has_any_token(void)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_holder h = holder();
	struct bp_ticket t;

	return bp_ticket_load(&h.place, NAME, bp_clock_seconds(), &b, &t);
}

static int
count_files(void)
{
	DIR *d = opendir(tickets);
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	assert_int_equal(closedir(d), 0);
	return n - 2;
}

static int
begin(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "cd %s && rm -rf run && "
	    "mkdir -m 700 run", folder);
	*provider = (struct provider){ .families = 0 };
	if (system(command) != 0)
		return -1;
	keep_token_of(begin_family());
	return 0;
}

/*** Its answers ***/

/* By a sign-in in the same session. */
static void
write_another(void)
{
	if (provider->is_written_meanwhile)
		keep_token_of(bp_text_of(ANOTHERS));
}

static const struct way {
	const char	*name;
	enum manner	 manner;
	bool		 changes_ticket;
	enum bp_reason	 why;		/* 0: renewed */
	const char	*token;		/* in the file then; NULL: none */
} ways[] = {
	{ "a token that is rotated is kept", ROTATES, false, 0, "f1-2" },
	{ "one that is not stays", KEEPS, false, 0, "f1-1" },
	{ "one that is refused ends the ticket", REFUSES, false,
	    BP_RENEWAL_REFUSED, NULL },
	{ "but not the one that another wrote meanwhile", REFUSES, true,
	    BP_RENEWAL_REFUSED, ANOTHERS },
	{ "and nothing is written over that one", ROTATES, true, 0,
	    ANOTHERS },
	{ "a provider that is down changes nothing", IS_DOWN, false,
	    BP_STATUS, "f1-1" },
	{ "what fails behind the new token has it kept", FAILS_BEHIND_TOKEN,
	    false, BP_SILENCE, "f1-2" },
	{ "another person is none of this ticket's", IS_ANOTHER, false,
	    BP_HELPER_ANSWER, "f1-2" },
};

ROWS(ways, as_the_provider_does)
{
	const struct way *row = *state;
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	(void)begin(state);
	provider->manner = row->manner;
	provider->is_written_meanwhile = row->changes_ticket;
	assert_int_equal(renew(AT_ONCE, &f), row->why);
	assert_int_equal(f.is_renewed, row->why == 0);
	/* whose new token is to be revoked */
	assert_int_equal(f.is_too_late, row->changes_ticket &&
	    row->manner == ROTATES);
	assert_int_equal(provider->renewals, 1);
	if (row->token != NULL)
		assert_true(has_token(row->token));
	assert_int_equal(count_files(), row->token != NULL ? 1 : 0);
}

TEST_WITH(the_new_token_is_kept_before_its_claims_have_come, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	pid_t sudo;

	(void)state;
	provider->late_ms = 1500;
	sudo = fork();
	if (sudo == 0)
		_exit(renew(AT_ONCE, &f) == 0 ? 0 : 1);
	for (int i = 0; i < 1000 && !has_token("f1-2"); i++)
		(void)usleep(10000);
	assert_true(has_token("f1-2"));
	assert_int_equal(waitpid(sudo, NULL, WNOHANG), 0);
	assert_int_equal(kill(sudo, SIGKILL), 0);
	assert_int_equal(waitpid(sudo, NULL, 0), sudo);
	provider->late_ms = 0;
	assert_int_equal(renew(AT_ONCE, &f), 0);
	assert_int_equal(provider->reuses, 0);
}

TEST_WITH(a_token_that_is_repeated_reaches_no_log, begin)
{
	static const char token[] = "f1-1-as-long-as-tokens-are";
	BP_AUTO(bp_request_done) struct bp_request r =
	    played_request(&setups[AT_ONCE]);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder();
	enum bp_reason why;

	(void)state;
	keep_token_of(bp_text_of(token));
	provider->manner = REPEATS;
	(void)!bp_holder_find(&h, &setups[AT_ONCE].cfg, &f);
	assert_false(bp_renewal_of(&h, &r, &f, &why));
	assert_int_equal(why, BP_STATUS);
	assert_int_equal(r.detail.len, strlen(token));
	for (size_t i = 0; i < r.detail.len; i++)
		assert_int_equal(r.detail.data[i], '*');
}

TEST_WITH(the_longest_token_finds_its_room, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	(void)state;
	provider->manner = LONGEST;
	assert_int_equal(renew(AT_ONCE, &f), 0);
	assert_int_equal(f.ticket.refresh_token.len, BP_TOKEN_MAX);
	assert_int_equal(f.unkept, BP_UNDECIDED);
	assert_int_equal(count_files(), 1);
}

/* A provider, or a helper, that says no more behind the new token. */
TEST_WITH(where_claims_never_come_it_ends_in_its_time_and_the_token_is_kept,
    begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	int64_t began = bp_clock_ms();
	uint32_t before = setups[AT_ONCE].cfg.timeout;
	enum bp_reason why;

	(void)state;
	provider->late_ms = 4000;
	setups[AT_ONCE].cfg.timeout = 1;
	why = renew(AT_ONCE, &f);
	setups[AT_ONCE].cfg.timeout = before;
	assert_int_equal(why, BP_HELPER_SILENT);
	assert_between(bp_clock_ms() - began, 1000, 3900);
	assert_false(f.is_renewed);
	assert_true(has_token("f1-2"));
	assert_int_equal(count_files(), 1);
}

/* Of a token that is spent the next one is kept. */
static bool
has_current_token(void)
{
	char token[16];

	put_token(token, provider->families,
	    provider->family[provider->families].current);
	return has_token(token);
}

static int
count_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	assert_int_equal(closedir(d), 0);
	return n;
}

TEST_WITH(many_in_a_row_leave_nothing_but_the_last, begin)
{
	int before = count_descriptors();

	(void)state;
	for (int i = 0; i < MANY; i++) {
		BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

		assert_int_equal(renew(AT_ONCE, &f), 0);
	}
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(count_files(), 1);
	assert_int_equal(provider->renewals, MANY);
	assert_int_equal(provider->reuses, 0);
	assert_true(has_current_token());
}

/* RLIMIT_FSIZE ends a write as a full disk does; e2e has one. */
TEST_WITH(without_room_for_a_new_token_the_old_one_is_not_spent, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct rlimit before, little;
	enum bp_reason why;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = (struct rlimit){ 8192, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	why = renew(AT_ONCE, &f);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(why, BP_NO_SIGN_IN);
	assert_string_equal(f.why,
	    "there is no room for a new refresh token");
	assert_int_equal(provider->renewals, 0);
	assert_true(has_token("f1-1"));
	assert_int_equal(count_files(), 1);
}

/* In a process of its own, with LIMIT on RESOURCE. */
static int
renew_within(enum __rlimit_resource resource, rlim_t limit)
{
	struct rlimit l = { limit, limit };
	int status = -1;
	pid_t sudo = fork();

	if (sudo == 0) {
		struct bp_found f = BP_FOUND_INIT;

		(void)alarm(30);
		if (setrlimit(resource, &l) != 0)
			_exit(99);
		_exit((int)renew(AT_ONCE, &f));
	}
	assert_int_equal(waitpid(sudo, &status, 0), sudo);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 99);
	return WEXITSTATUS(status);
}

TEST_WITH(whatever_descriptors_it_has_no_token_is_spent_for_nothing, begin)
{
	int renewed = 0, refused = 0;

	(void)state;
	for (rlim_t n = 4; n < 40; n++) {
		bool ok = renew_within(RLIMIT_NOFILE, n) == 0;

		renewed += ok;
		refused += !ok;
		assert_true(has_current_token());
	}
	assert_true(renewed > 0 && refused > 0);
	assert_int_equal(provider->reuses, 0);
}

#ifndef __SANITIZE_ADDRESS__	/* which has a space of its own */
static rlim_t
memory_now(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu", &pages), 1);
	assert_int_equal(fclose(f), 0);
	return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

TEST_WITH(nor_whatever_memory, begin)
{
	rlim_t now = memory_now();
	int renewed = 0, refused = 0;

	(void)state;
	for (rlim_t more = 0; more < MEMORY; more += MEMORY / 64) {
		bool ok = renew_within(RLIMIT_AS, now + more) == 0;

		renewed += ok;
		refused += !ok;
		assert_true(has_current_token());
	}
	assert_true(renewed > 0 && refused > 0);
	assert_int_equal(provider->reuses, 0);
}
#endif

TEST_WITH(where_another_has_the_turn_for_too_long_the_person_is_asked, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_setup *s = &setups[AT_ONCE];
	uint32_t before = s->cfg.timeout;
	enum bp_reason why;
	int turn = -1;

	(void)state;
	assert_true(bp_slot_turn_of(parent, 0, bp_text_of(NAME), 0, &turn));
	s->cfg.timeout = 1;
	why = renew(AT_ONCE, &f);
	s->cfg.timeout = before;
	(void)close(turn);
	assert_int_equal(why, BP_NO_SIGN_IN);
	assert_string_equal(f.why,
	    "another process is asking the provider about this sign-in");
	assert_int_equal(provider->renewals, 0);
}

TEST_WITH(nor_for_longer_than_its_own_attempt_may_last, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	int64_t began = bp_clock_ms();
	enum bp_reason why;
	int turn = -1;

	(void)state;
	assert_true(bp_slot_turn_of(parent, 0, bp_text_of(NAME), 0, &turn));
	why = renew_until(began + 300, AT_ONCE, &f);
	(void)close(turn);
	assert_int_equal(why, BP_NO_SIGN_IN);
	assert_between(bp_clock_ms() - began, 300, 3000);
}

TEST_WITH(without_a_refresh_token_nobody_is_asked, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	(void)state;
	keep_token_of(bp_text_of(""));
	assert_int_equal(renew(AT_ONCE, &f), BP_NO_SIGN_IN);
	assert_int_equal(provider->renewals, 0);
}

/*** Many ***/

/* Each by itself; the statuses that they end with, in RET. */
static void
run_many(int which, int n, int ret[])
{
	pid_t pids[TWENTY];

	for (int i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct bp_found f = BP_FOUND_INIT;

			(void)alarm(60);
			_exit((int)renew(which, &f));
		}
	}
	for (int i = 0; i < n; i++) {
		int status = -1;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		ret[i] = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	}
}

/* A check of a minute ago, which recheck does not let serve any more. */
static void
age_the_ticket(void)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_holder h = holder();
	struct bp_ticket t;
	enum bp_reason why;

	assert_true(bp_ticket_load(&h.place, NAME, bp_clock_seconds(), &b,
	    &t));
	t.signed_in.time -= 60;
	t.signed_in.since_boot -= 60;
	t.checked = t.signed_in;
	assert_true(bp_ticket_store(&h.place, &t, bp_clock_seconds(), &why));
}

TEST_WITH(twenty_at_once_ask_once, begin)
{
	int why[TWENTY];

	(void)state;
	age_the_ticket();
	provider->wait_ms = 300;
	run_many(LATER, TWENTY, why);
	for (int i = 0; i < TWENTY; i++)
		assert_int_equal(why[i], 0);
	assert_int_equal(provider->renewals, 1);
	assert_true(has_token("f1-2"));
}

TEST_WITH(twenty_that_are_each_to_ask_spend_no_token_twice, begin)
{
	int why[TWENTY];

	(void)state;
	run_many(AT_ONCE, TWENTY, why);
	for (int i = 0; i < TWENTY; i++)
		assert_int_equal(why[i], 0);
	assert_int_equal(provider->renewals, TWENTY);
	assert_int_equal(provider->reuses, 0);
	assert_true(has_token("f1-21"));
}

TEST_WITH(twenty_whom_the_provider_refuses_ask_once, begin)
{
	int why[TWENTY], refused = 0;

	(void)state;
	age_the_ticket();
	provider->manner = REFUSES;
	provider->wait_ms = 300;
	run_many(LATER, TWENTY, why);
	for (int i = 0; i < TWENTY; i++) {
		refused += why[i] == BP_RENEWAL_REFUSED;
		assert_true(why[i] == BP_RENEWAL_REFUSED ||
		    why[i] == BP_NO_SIGN_IN);
	}
	assert_int_equal(refused, 1);
	assert_int_equal(provider->renewals, 1);
}

/*
 * Killed at any moment; what comes next is renewed, or is refused for good:
 * the new token had no time to arrive, or the helper of the one that was
 * killed was on its way yet.
 */
TEST_WITH(killed_at_any_moment_the_next_works_or_asks_the_person, begin)
{
	int lost = 0, killed = 0;

	(void)state;
	srandom((unsigned)time(NULL));
	provider->wait_ms = 1;
	provider->late_ms = 1;
	for (int i = 0; i < KILLS; i++) {
		BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
		struct bp_found other = BP_FOUND_INIT;
		enum bp_reason why;
		int status;
		pid_t sudo = fork();

		if (sudo == 0)
			_exit((int)renew(AT_ONCE, &other));
		(void)usleep((useconds_t)(random() % 12000));
		(void)kill(sudo, SIGKILL);
		assert_int_equal(waitpid(sudo, &status, 0), sudo);
		killed += WIFSIGNALED(status);
		why = renew(AT_ONCE, &f);
		if (why != 0) {
			assert_true(why == BP_RENEWAL_REFUSED ||
			    why == BP_NO_SIGN_IN);
			assert_false(has_any_token());
			lost++;
			keep_token_of(begin_family());
		}
	}
	printf("of %d killed, %d left a token that was spent\n", killed, lost);
	/* beside the ticket the room of one, and what was being put in place */
	assert_true(count_files() <= 2 + KILLS / 20);
	assert_true(killed > KILLS / 4);
	assert_true(lost <= killed);
}

/*** The world ***/

static int
make_world(void **state)
{
	char command[512];

	if (make_places(state) != 0)
		return -1;
	(void)alarm(400);
	(void)snprintf(command, sizeof(command), "cd %s && mkdir -p proc/self "
	    "proc/sys/kernel/random && echo b4b6 >proc/sys/kernel/random/"
	    "boot_id && echo 12 >proc/self/sessionid && "
	    "echo 1000 >proc/self/loginuid && echo '50 (x) S 40 2 30 0 44 "
	    "4194304 1 2 3 4 5 6 7 8 9 10 11 0 9 12' >proc/self/stat", folder);
	if (system(command) != 0)
		return -1;
	put_absent();
	read_setup(&setups[AT_ONCE], CONF);
	read_setup(&setups[LATER], LASTS);
	meanwhile = write_another;
	return begin_play();
}

static int
drop_world(void **state)
{
	end_play();
	bp_setup_done(&setups[AT_ONCE]);
	bp_setup_done(&setups[LATER]);
	return remove_folder(state);
}

RUN_AS_ROOT(make_world, drop_world)
