/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ticket's life, explored: every sequence of these events, up to DEPTH of
 * them, through the real files and a /proc of our own, and after each whom
 * sudo finds a ticket for.  What it should find is kept beside, in a few bits.
 */
#include "support/support.h"
#include "attempt/holder.h"
#include "support/messages.h"
#include "support/places.h"

#include <dirent.h>

enum { DEPTH = 3, ALICE = 1000, BOB = 1001 };

static const struct bp_text nonce = BP_TEXT("n-5c3f");
static struct bp_config cfg;
static struct bp_msg claims;
static struct bp_buf table = BP_BUF_INIT(1024);

/* Who may call sudo, where: each a bit of what is served. */
static const struct spot { const char *login; uint32_t uid; } spots[] = {
	{ "12", ALICE }, { "13", ALICE }, { "14", BOB },
};

/* What was last signed in over ssh, and where PAM's environment is now. */
static struct world {
	unsigned	 served;
	bool		 is_pending;
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
	enum bp_reason why;

	assert_true(bp_holder_keep(h, &cfg, "5c3f5c3f5c3f5c3f", nonce,
	    &claims, &got, &why));
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
	w.is_pending = true;
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
open_session(const char *start, size_t spot)
{
	struct bp_holder h = holder("sshd", spots[spot].uid, 0);
	enum bp_reason why;

	put_process("proc/self/stat", "40", start);
	put_login(spots[spot].login, spots[spot].uid);
	assert_true(bp_holder_open(&h, bp_text_of(w.secret), &why));
	if (w.is_pending && strcmp(start, "7") == 0 &&
	    spots[spot].uid == ALICE && w.before != atoi(spots[spot].login))
		w.served |= 1U << spot;
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
		w.served |= 1U << spot;
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
	w.served &= ~(1U << spot);
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
	w.served = 0;
	w.is_pending = false;
}

static void (*const events[])(void) = {
	sign_in_freshly, sign_in_to_an_sshd_of_hers,
	sign_in_to_an_sshd_of_bobs, open_12, open_13, open_14_of_bob,
	open_13_by_another_under_that_pid, sudo_in_12, sudo_of_bob_in_14,
	sudo_of_bob_in_her_login, close_12, close_14, start_the_host_again,
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
		if (bp_holder_find(&h, &cfg, &f))
			found |= 1U << i;
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

/* NUMBER in digits of COUNT(events): the sequence. */
static void
play(unsigned number, unsigned length)
{
	unsigned rest = number;

	clear();
	for (unsigned i = 0; i < length; i++) {
		events[rest % COUNT(events)]();
		rest /= COUNT(events);
	}
	if (look() != w.served)
		fail_msg("%u events, number %u", length, number);
}

TEST(whatever_happens_in_whatever_order_it_serves_its_session_alone)
{
	unsigned all = 1;

	(void)state;
	for (unsigned length = 1; length <= DEPTH; length++) {
		all *= COUNT(events);
		for (unsigned i = 0; i < all; i++)
			play(i, length);
	}
}

static void
make_claims(void)
{
	static struct bp_text none = BP_TEXT("\0\0\0\0");
	struct bp_config_error e;

	put_or_abort(bp_config_parse(bp_text_of("[provider]\nclient_id = c\n"
	    "tenant = any\n[service:sshd]\nrequire_role = *\n"
	    "[service:sudo]\nrequire_role = *\n"), &cfg, &e));
	put_claim(&table, BP_DOC_USERINFO, bp_text_of("email"),
	    BP_CLAIM_ABSENT, NULL, 0);
	claims = (struct bp_msg){ .type = BP_MSG_CLAIMS,
	    .asked = BP_MSG_REDEEM };
	bp_msg_give(&claims, BP_F_ISSUER, cfg.issuer);
	bp_msg_give(&claims, BP_F_SUB, bp_text_of("a1"));
	bp_msg_give(&claims, BP_F_SCOPES, none);
	bp_msg_give(&claims, BP_F_CLAIMS, bp_buf_text(&table));
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
	start_the_host_again();
	make_claims();
	return 0;
}

static int
drop_world(void **state)
{
	bp_buf_done(&table);
	return remove_folder(state);
}

RUN(make_world, drop_world)
