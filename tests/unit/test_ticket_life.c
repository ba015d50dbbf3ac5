/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ticket's life, explored: every sequence of these events, up to DEPTH of
 * them, from nothing and from a session that has a ticket, through the real
 * files, a /proc of our own and a provider that is played; and after each whom
 * sudo finds a ticket for.  What it should find is kept beside, in a few bits.
 */
#include "support/support.h"
#include "attempt/renewal.h"
#include "core/policy.h"
#include "support/places.h"
#include "support/played.h"

#include <dirent.h>

enum { DEPTH = 3, ALICE = 1000, BOB = 1001 };

static const struct bp_text nonce = BP_TEXT("n-5c3f");
static struct bp_setup setup = BP_SETUP_INIT;

/* Who may call sudo, where: each a bit of what is served. */
static const struct spot { const char *login; uint32_t uid; } spots[] = {
	{ "12", ALICE }, { "13", ALICE }, { "14", BOB },
};

/* What was last signed in over ssh, and where PAM's environment is now. */
static struct world {
	unsigned	 kept;		/* a ticket is there */
	unsigned	 fresh;		/* and was checked lately */
	unsigned	 good;		/* and its refresh token is not spent */
	bool		 is_pending, is_fresh;
	int		 before;	/* the login at that moment; -1: none */
	char		 secret[64];
} w;

static void
put_proc(const char *name, const char *content)
{
	put(name, 0444, content, strlen(content));
}

static void
put_login(const char *login, uint32_t uid)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%lu", (unsigned long)uid);
	put_proc("proc/self/sessionid", login);
	put_proc("proc/self/loginuid", text);
}

static void
put_process(const char *name, const char *pid, const char *start)
{
	char stat[128];

	(void)snprintf(stat, sizeof(stat), "%s (x) S 40 2 30 0 44 4194304 1 "
	    "2 3 4 5 6 7 8 9 10 11 0 %s 12\n", pid, start);
	put_proc(name, stat);
}

static struct bp_holder
holder(const char *service, uint32_t uid, uint32_t caller)
{
	return (struct bp_holder){ .proc = root, .place = { parent, tickets,
	    geteuid() },
	    .host = bp_host_of(bp_text_of(service), BP_TTY_OTHER),
	    .service = bp_text_of(service),
	    .account = bp_text_of(uid == ALICE ? "alice" : "bob"),
	    .config = bp_text_of("/etc/b.conf"), .uid = uid,
	    .caller = caller };
}

static void
keep(const struct bp_holder *h)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(64);
	struct bp_msg m = claims_of(BP_MSG_REDEEM, "a1");
	enum bp_reason why;

	bp_msg_give(&m, BP_F_REFRESH_TOKEN, begin_family());
	assert_true(bp_holder_keep(h, &setup.cfg, "5c3f5c3f5c3f5c3f", nonce,
	    &m, &got, &why));
	if (got.len > 0)
		memcpy(w.secret, got.data, got.len);
}

/* In a child, 50, of the monitor, 40, which was started at 7. */
static void
sign_in_over_ssh(const char *login, uint32_t loginuid)
{
	struct bp_holder h = holder("sshd", ALICE, 0);

	put_process("proc/self/stat", "50", "9");
	put_process("proc/40/stat", "40", "7");
	put_login(login, loginuid);
	keep(&h);
	w.is_pending = w.is_fresh = true;
	w.before = loginuid == UINT32_MAX ? -1 : atoi(login);
}

static void
sign_in_freshly(void)
{
	sign_in_over_ssh("4294967295", UINT32_MAX);
}

static void
sign_in_to_an_sshd_of_hers(void)
{
	sign_in_over_ssh("12", ALICE);
}

static void
sign_in_to_an_sshd_of_bobs(void)
{
	sign_in_over_ssh("14", BOB);
}

static void
has_ticket(size_t spot, bool is_fresh)
{
	w.kept |= 1U << spot;
	w.good |= 1U << spot;
	w.fresh &= ~(1U << spot);
	w.fresh |= (unsigned)is_fresh << spot;
}

static void
open_session(const char *start, size_t spot)
{
	struct bp_holder h = holder("sshd", spots[spot].uid, 0);
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	enum bp_reason why;

	put_process("proc/self/stat", "40", start);
	put_login(spots[spot].login, spots[spot].uid);
	assert_true(bp_holder_open(&h, bp_text_of(w.secret), &left, &why));
	if (w.is_pending && strcmp(start, "7") == 0 &&
	    spots[spot].uid == ALICE && w.before != atoi(spots[spot].login))
		has_ticket(spot, w.is_fresh);
	w.is_pending = false;
}

static void
open_12(void)
{
	open_session("7", 0);
}

static void
open_13(void)
{
	open_session("7", 1);
}

static void
open_14_of_bob(void)
{
	open_session("7", 2);
}

static void
open_13_by_another_under_that_pid(void)
{
	open_session("8", 1);
}

static void
sudo_in(size_t spot, uint32_t uid, uint32_t caller)
{
	struct bp_holder h = holder("sudo", uid, caller);

	put_process("proc/self/stat", "60", "11");
	put_login(spots[spot].login, spots[spot].uid);
	keep(&h);
	if (caller == uid && uid == spots[spot].uid)
		has_ticket(spot, true);
}

static void
sudo_in_12(void)
{
	sudo_in(0, ALICE, ALICE);
}

static void
sudo_of_bob_in_14(void)
{
	sudo_in(2, BOB, BOB);
}

static void
sudo_of_bob_in_her_login(void)
{
	sudo_in(0, BOB, BOB);
}

static void
close_session(const char *service, size_t spot)
{
	struct bp_holder h = holder(service, spots[spot].uid, 0);

	put_login(spots[spot].login, spots[spot].uid);
	bp_holder_close(&h);
	w.kept &= ~(1U << spot);
}

static void
close_12(void)
{
	close_session("sshd", 0);
}

static void
close_14(void)
{
	close_session("login", 2);
}

/* Of the files nothing else is changed: a folder may outlast it. */
static void
start_the_host_again(void)
{
	static unsigned runs;
	char text[16];

	(void)snprintf(text, sizeof(text), "run-%u", ++runs);
	put_proc("proc/sys/kernel/random/boot_id", text);
	w.kept = 0;
	w.is_pending = false;
}

/* Longer than recheck, as every ticket knows it. */
static void
age(const char *name)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_holder h = holder("sudo", ALICE, ALICE);
	struct bp_ticket t;
	enum bp_reason why;

	if (!bp_ticket_load(&h.place, name, bp_clock_seconds(), &b, &t))
		return;
	t.checked.time = 1;
	assert_true(bp_ticket_store(&h.place, &t, bp_clock_seconds(), &why));
}

static void
wait_for_recheck(void)
{
	DIR *d = opendir(tickets);
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			age(e->d_name);
	if (d != NULL)
		(void)closedir(d);
	w.fresh = 0;
	w.is_fresh = false;
}

/* In her login 12. */
static void
renew(enum manner manner)
{
	BP_AUTO(bp_request_done) struct bp_request r = played_request(&setup);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo", ALICE, ALICE);
	bool is_refused = manner == REFUSES || (w.good & 1) == 0;
	enum bp_reason why;
	bool ok;

	put_login("12", ALICE);
	(void)!bp_holder_find(&h, &setup.cfg, &f);
	assert_int_equal(f.may_renew, w.kept & 1);
	if (!f.may_renew)
		return;
	provider->manner = manner;
	ok = bp_renewal_of(&h, &r, &f, &why);
	if (manner == IS_DOWN)
		assert_false(ok);
	else if (is_refused)
		w.kept &= ~1U;
	else if (manner == LOSES)
		w.good &= ~1U;
	else
		w.fresh |= 1U;
	assert_int_equal(ok, manner == ROTATES && !is_refused);
}

static void
renew_well(void)
{
	renew(ROTATES);
}

static void
renew_and_be_refused(void)
{
	renew(REFUSES);
}

static void
renew_while_it_is_down(void)
{
	renew(IS_DOWN);
}

static void
die_before_the_token_has_come(void)
{
	renew(LOSES);
}

/*
 * Those of the provider stand last: nothing is renewed that is not there.
 * Bob's stand first: where her session is there already, they are left out.
 */
enum { BOBS = 5, WITHOUT_PROVIDER = 14 };
static void (*const events[])(void) = {
	sign_in_to_an_sshd_of_bobs, open_14_of_bob, sudo_of_bob_in_14,
	sudo_of_bob_in_her_login, close_14,
	sign_in_freshly, sign_in_to_an_sshd_of_hers, open_12, open_13,
	open_13_by_another_under_that_pid, sudo_in_12, close_12,
	start_the_host_again, wait_for_recheck,
	renew_well, renew_and_be_refused, renew_while_it_is_down,
	die_before_the_token_has_come,
};

static unsigned
look(void)
{
	unsigned found = 0;

	for (size_t i = 0; i < COUNT(spots); i++) {
		BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
		struct bp_holder h = holder("sudo", spots[i].uid,
		    spots[i].uid);

		put_login(spots[i].login, spots[i].uid);
		if (bp_holder_find(&h, &setup.cfg, &f))
			found |= 1U << i;
		assert_int_equal(f.may_renew, w.kept >> i & 1);
	}
	return found;
}

static void
clear(void)
{
	DIR *d = opendir(tickets);
	const struct dirent *e;

	w = (struct world){ .before = -1 };
	while (d != NULL && (e = readdir(d)) != NULL)
		(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		(void)closedir(d);
}

static void
from_nothing(void)
{
}

static void
from_a_session(void)
{
	sign_in_freshly();
	open_12();
}

static const struct start {
	const char	*name;
	void		(*begin)(void);
	unsigned	 first, events;	/* that may come */
} starts[] = {
	{ "from nothing it serves its session alone", from_nothing, 0,
	    WITHOUT_PROVIDER },
	{ "from a session it serves that alone", from_a_session, BOBS,
	    COUNT(events) - BOBS },
};

/* NUMBER in digits of as many events: the sequence, behind FROM. */
static void
explore(const struct start *from, unsigned number, unsigned length)
{
	unsigned rest = number;

	clear();
	from->begin();
	for (unsigned i = 0; i < length; i++) {
		events[from->first + rest % from->events]();
		rest /= from->events;
	}
	if (look() != (w.kept & w.fresh))
		fail_msg("%u events, number %u", length, number);
}

ROWS(starts, whatever_happens_in_whatever_order)
{
	const struct start *row = *state;
	unsigned all = 1;

	for (unsigned length = 1; length <= DEPTH; length++) {
		all *= row->events;
		for (unsigned i = 0; i < all; i++)
			explore(row, i, length);
	}
}

static void
read_setup(void)
{
	struct bp_config_error e;
	struct bp_account_map wrong;

	put_or_abort(bp_config_parse(bp_text_of("[provider]\nclient_id = c\n"
	    "tenant = any\n[service:sshd]\nrequire_role = *\n"
	    "[service:sudo]\nrequire_role = *\n"), &setup.cfg, &e));
	put_or_abort(bp_buf_say(&setup.map, "sub a1 alice\n"));
	put_or_abort(bp_policy_wanted(&setup.cfg, bp_buf_text(&setup.map),
	    &setup.wanted, &wrong));
	setup.secret = bp_text_of("secret");
	put_absent();
}

static int
make_world(void **state)
{
	char command[128];
	int failed = make_places(state);

	(void)snprintf(command, sizeof(command), "cd %s && mkdir -p proc/self "
	    "proc/40 proc/sys/kernel/random run && chmod 700 run", folder);
	if (failed != 0 || system(command) != 0)
		return -1;
	(void)alarm(400);
	start_the_host_again();
	read_setup();
	return begin_play();
}

static int
drop_world(void **state)
{
	end_play();
	bp_setup_done(&setup);
	return remove_folder(state);
}

RUN_AS_ROOT(make_world, drop_world)
