/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/ticket.h"
#include "support/messages.h"
#include "support/places.h"

#include <sys/resource.h>

#include <dirent.h>
#include <fcntl.h>
#include <time.h>

#define BOOT	"b4b6ad0d"
#define NAME	"login-12-1000"
#define OTHER	"login-13-1000"
#define ISSUER	"https://id.example/ids"
#define SECRET	"0123456789abcdef0123456789abcdef"

enum { TIME = 1700000000, UP = 5000, UID = 1000 };

static struct bp_ticket_place
place(void)
{
	return (struct bp_ticket_place){ parent, tickets, geteuid() };
}

static void
shell(const char *command)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	assert_int_equal(system(line), 0);
}

/* A folder of tickets as nobody has ever made one, and no /proc. */
static int
clear(void **state)
{
	(void)state;
	shell("rm -rf run proc aside && mkdir -p proc/self run && chmod 700 run");
	return 0;
}

static struct bp_msg
who(void)
{
	static struct bp_text scopes = BP_TEXT("\0\0\0\1" "\0\0\0\6openid");
	static struct bp_text claims = BP_TEXT("\0\0\0\5email" "\2\3"
	    "\0\0\0\013" "\0\0\0\1" "\0\0\0\3a@b");
	struct bp_msg m = { .type = BP_MSG_CLAIMS, .asked = BP_MSG_REDEEM };

	bp_msg_give(&m, BP_F_ISSUER, bp_text_of(ISSUER));
	bp_msg_give(&m, BP_F_SUB, bp_text_of("alice's"));
	bp_msg_give(&m, BP_F_SCOPES, scopes);
	bp_msg_give(&m, BP_F_CLAIMS, claims);
	bp_msg_give(&m, BP_F_DETAIL, bp_text_of("words"));
	bp_msg_mark(&m, BP_F_RECORD_STALE);
	return m;
}

static struct bp_moment
moment(void)
{
	return (struct bp_moment){ bp_text_of(BOOT), UP, TIME };
}

static struct bp_ticket
ticket(const char *name)
{
	return (struct bp_ticket){ .name = bp_text_of(name), .uid = UID,
	    .opener = bp_text_of(""), .login = bp_text_of(""),
	    .account = bp_text_of("alice"), .service = bp_text_of("sshd"),
	    .config = bp_text_of("/etc/b.conf"),
	    .attempt = bp_text_of("5c3f5c3f5c3f5c3f"),
	    .signed_in = moment(), .checked = moment(), .who = who() };
}

static bool
store(const struct bp_ticket *t, enum bp_reason *reterr)
{
	struct bp_ticket_place p = place();

	return bp_ticket_store(&p, t, time(NULL), reterr);
}

static void
store_good(const char *name)
{
	struct bp_ticket t = ticket(name);
	enum bp_reason why;

	assert_true(store(&t, &why));
}

/* At TIME, by whoever owns this. */
static bool
is_there(const char *name)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_ticket_place p = place();
	struct bp_ticket t;

	return bp_ticket_load(&p, name, TIME, &b, &t);
}

/*** A key ***/

#define STAT(pid, leader, tty, start)	pid " (x) S 1 2 " leader " " tty \
	" 44 4194304 1 2 3 4 5 6 7 8 9 10 11 0 " start " 12\n"

static void
put_proc(const char *name, const char *content)
{
	char path[40];

	if (content == NULL)
		return;
	(void)snprintf(path, sizeof(path), "proc/%.34s", name);
	put(path, 0444, content, strlen(content));
}

/* IS: the name, or the beginning of what there is against it. */
static const struct key {
	const char *name, *session, *loginuid, *self, *leader;
	uint32_t uid;
	bool ok;
	const char *is;
} keys[] = {
	{ "a key of a login", "12", "1000", NULL, NULL, UID, true, NAME },
	{ "a key of a login that has a terminal, too", "12", "1000",
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "7"),
	    UID, true, NAME },
	{ "a key of a login of another: su", "12", "1001", NULL, NULL, UID,
	    false, "the login session is another account's" },
	{ "a key of a login of another who has a terminal: su", "12", "1001",
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "7"),
	    UID, false, "the login session is another account's" },
	{ "a key of a login without a name", "12", "4294967295", NULL, NULL,
	    UID, false, "the login session is another account's" },
	{ "a key without a telling of logins", "x", "1000",
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "7"),
	    UID, false, "the login session cannot be told" },
	{ "a key of a terminal: no audit", "4294967295", "4294967295",
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "7"),
	    UID, true, "terminal-34816-40-7-1000" },
	{ "a key of a terminal: no audit in the kernel", NULL, NULL,
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "7"),
	    UID, true, "terminal-34816-40-7-1000" },
	{ "a key of a terminal whose leader's pid came back", NULL, NULL,
	    STAT("50", "40", "34816", "9"), STAT("40", "40", "34816", "8"),
	    UID, true, "terminal-34816-40-8-1000" },
	{ "a key of a terminal whose leader's pid is a member's", NULL, NULL,
	    STAT("50", "40", "34816", "9"), STAT("40", "39", "34816", "7"),
	    UID, false, "no login session, and the terminal's leader" },
	{ "a key of a terminal whose leader has ended", NULL, NULL,
	    STAT("50", "40", "34816", "9"), NULL, UID, false,
	    "no login session, and the terminal's leader has ended" },
	{ "a key without a terminal: cron, a service", NULL, NULL,
	    STAT("50", "40", "0", "9"), STAT("40", "40", "0", "7"), UID,
	    false, "no login session, and no terminal" },
	{ "a key without a telling of anything", NULL, NULL, NULL, NULL, UID,
	    false, "the session cannot be told" },
};

ROWS(keys, is_one_session_s_or_none)
{
	const struct key *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	const char *why = "nothing";

	(void)clear(state);
	shell("mkdir -p proc/40");
	put_proc("self/sessionid", row->session);
	put_proc("self/loginuid", row->loginuid);
	put_proc("self/stat", row->self);
	put_proc("40/stat", row->leader);
	assert_int_equal(bp_ticket_key(root, row->uid, &b, &why), row->ok);
	if (row->ok)
		assert_string_equal((const char *)b.data, row->is);
	else
		assert_memory_equal(why, row->is, strlen(row->is));
}

static const struct secret { const char *name, *secret; bool ok; } secrets[] = {
	{ "a secret of 32 digits", SECRET, true },
	{ "a secret that is short", "0123456789abcdef0123456789abcde", false },
	{ "a secret that is long", SECRET "0", false },
	{ "a secret that climbs", "../../../../../../etc/beproduct/x", false },
	{ "a secret that climbs, of 32 bytes",
	    "../0123456789abcdef0123456789abc", false },
	{ "a secret with a dot", "0123456789abcdef.123456789abcdef", false },
	{ "no secret", "", false },
};

ROWS(secrets, is_the_name_of_what_is_pending_or_none)
{
	const struct secret *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	assert_int_equal(bp_ticket_key_pending(bp_text_of(row->secret), &b),
	    row->ok);
	if (row->ok)
		assert_string_equal((const char *)b.data, "pending-" SECRET);
}

/*** A file ***/

static void
assert_text(struct bp_text t, const char *is)
{
	assert_true(bp_text_is(t, is));
}

static void
assert_kept(const struct bp_ticket *t)
{
	struct bp_msg m = who();

	assert_int_equal(t->uid, UID);
	assert_text(t->account, "alice");
	assert_text(t->service, "sshd");
	assert_text(t->config, "/etc/b.conf");
	assert_text(t->attempt, "5c3f5c3f5c3f5c3f");
	assert_text(t->signed_in.boot, BOOT);
	assert_text(t->checked.boot, BOOT);
	assert_int_equal(t->signed_in.time, TIME);
	assert_int_equal(t->signed_in.since_boot, UP);
	assert_int_equal(t->checked.time, TIME + 7);
	assert_int_equal(t->checked.since_boot, UP + 6);
	assert_true(bp_text_same(t->who.field[BP_F_CLAIMS],
	    m.field[BP_F_CLAIMS]));
	assert_true(bp_text_same(t->who.field[BP_F_SCOPES],
	    m.field[BP_F_SCOPES]));
	assert_text(t->who.field[BP_F_SUB], "alice's");
	assert_text(t->who.field[BP_F_ISSUER], ISSUER);
}

TEST_WITH(a_file_keeps_who_signed_in_when_and_no_more, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_ticket_place p = place();
	struct bp_ticket t = ticket(NAME), got;
	enum bp_reason why;

	(void)state;
	t.checked.time += 7;
	t.checked.since_boot += 6;
	assert_true(store(&t, &why));
	assert_true(bp_ticket_load(&p, NAME, TIME, &b, &got));
	assert_kept(&got);
	assert_int_equal(got.opener.len, 0);
	assert_false(got.who.given[BP_F_DETAIL]);
	assert_false(got.who.given[BP_F_RECORD_STALE]);
	bp_ticket_erase(&p, NAME);
	assert_false(is_there(NAME));
}

TEST_WITH(a_file_is_roots_alone_and_so_is_its_folder, clear)
{
	struct stat st;
	char path[96];

	(void)state;
	(void)umask(0);
	shell("rm -r run");
	store_good(NAME);
	assert_int_equal(stat(parent, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(tickets, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)snprintf(path, sizeof(path), "%s/" NAME, tickets);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* What is done to the folder where a good ticket lies. */
static const struct spoilt {
	const char *name, *command;
	bool is_roots;			/* needs another owner */
} spoilt[] = {
	{ "a file with a byte more", "printf x >>run/tickets/" NAME, false },
	{ "a file of nothing", ": >run/tickets/" NAME, false },
	{ "a file under another name",
	    "mv run/tickets/" OTHER " run/tickets/" NAME, false },
	{ "a file that others may write", "chmod 0666 run/tickets/" NAME,
	    false },
	{ "a file of another owner", "chown 1000 run/tickets/" NAME, true },
	{ "a link in a file's place, to a good one", "mkdir aside && mv "
	    "run/tickets/" NAME " aside && ln -s ../../aside/" NAME
	    " run/tickets/" NAME, false },
	{ "a pipe in a file's place", "rm run/tickets/" NAME
	    " && mkfifo run/tickets/" NAME, false },
	{ "a folder in a file's place", "rm run/tickets/" NAME
	    " && mkdir run/tickets/" NAME, false },
	{ "a link in the folder's place, to a good one",
	    "mv run/tickets aside && ln -s ../aside run/tickets", false },
	{ "a folder of another owner", "chown 1000 run/tickets", true },
	{ "a folder that others may write", "chmod 0777 run/tickets", false },
	{ "a folder whose parent others may write", "chmod 0777 run", false },
};

ROWS(spoilt, is_no_ticket)
{
	const struct spoilt *row = *state;

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	store_good(NAME);
	store_good(OTHER);
	assert_true(is_there(NAME));
	shell(row->command);
	assert_false(is_there(NAME));
}

/* All of the file's bytes, in B. */
static char *
path_of(const char *name)
{
	static char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s", tickets, name);
	return path;
}

static void
read_ticket(struct bp_buf *b)
{
	int fd = open(path_of(NAME), O_RDONLY);

	assert_true(fd >= 0);
	while (bp_buf_fill(b, fd) > 0)
		;
	assert_int_equal(close(fd), 0);
}

static void
write_ticket(const void *bytes, size_t len)
{
	FILE *f = fopen(path_of(NAME), "w");

	assert_true(f != NULL && fwrite(bytes, 1, len, f) == len);
	assert_int_equal(fclose(f), 0);
}

TEST_WITH(a_file_that_is_cut_anywhere_is_no_ticket, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);

	(void)state;
	store_good(NAME);
	read_ticket(&b);
	for (size_t len = 0; len < b.len; len++) {
		write_ticket(b.data, len);
		assert_false(is_there(NAME));
	}
	write_ticket(b.data, b.len);
	assert_true(is_there(NAME));
}

TEST_WITH(a_file_of_another_build_is_no_ticket, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);

	(void)state;
	store_good(NAME);
	read_ticket(&b);
	b.data[0] ^= 1;
	write_ticket(b.data, b.len);
	assert_false(is_there(NAME));
}

TEST_WITH(a_file_whose_claims_are_another_message_is_no_ticket, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf claims = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = who(), failed = message(BP_MSG_FAILED);

	(void)state;
	m.given[BP_F_DETAIL] = m.given[BP_F_RECORD_STALE] = false;
	assert_true(bp_msg_put_framed(&m, &claims));
	store_good(NAME);
	read_ticket(&b);
	b.len -= claims.len;
	assert_true(bp_msg_put_framed(&failed, &b));
	write_ticket(b.data, b.len);
	assert_false(is_there(NAME));
	b.len = 0;
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

/* RLIMIT_FSIZE ends a write as a full disk does: test_ticket.py has one. */
TEST_WITH(a_full_disk_keeps_what_was_there_and_nothing_else, clear)
{
	struct bp_ticket t = ticket(NAME), other = ticket(OTHER);
	struct rlimit before, none;
	enum bp_reason why = 77, why_other = 77;
	bool ok, ok_other;

	(void)state;
	store_good(NAME);
	t.uid = 77;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 10, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	ok = store(&t, &why);
	ok_other = store(&other, &why_other);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(ok || ok_other);
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	assert_int_equal(why_other, BP_FILE_UNWRITTEN);
	assert_true(is_there(NAME));
	assert_int_equal(count_files(), 1);
}

TEST_WITH(a_ticket_that_is_too_long_is_none, clear)
{
	static char much[BP_TICKET_MAX];
	struct bp_ticket t = ticket(NAME);
	enum bp_reason why = 77;

	(void)state;
	memset(much, 'x', sizeof(much));
	t.service = (struct bp_text){ much, sizeof(much) };
	assert_false(store(&t, &why));
	assert_int_equal(why, BP_MEMORY);
}

/* Claims in as many rows as there may be bytes. */
static void
fill_table(struct bp_buf *ret)
{
	enum { VALUES = 8, ROW = VALUES * (BP_CLAIM_VALUE_MAX + 4) + 64 };
	static char value[BP_CLAIM_VALUE_MAX + 1];
	const char *values[VALUES] = { value, value, value, value, value,
	    value, value, value };

	memset(value, 'v', sizeof(value) - 1);
	for (char name[] = "a"; ret->len + ROW < BP_CLAIM_TABLE_MAX; name[0]++)
		put_claim(ret, BP_DOC_USERINFO, bp_text_of(name),
		    BP_CLAIM_STRINGS, values, VALUES);
}

/* By a provider that gives as much as it may. */
TEST_WITH(the_largest_ticket_has_room_for_the_largest_tokens, clear)
{
	BP_AUTO(bp_ticket_room_done) struct bp_ticket_room room =
	    BP_TICKET_ROOM_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf table =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	static char token[BP_TOKEN_MAX];
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_place p = place();
	enum bp_reason why = 77;

	(void)state;
	fill_table(&table);
	assert_true(table.len > BP_CLAIM_TABLE_MAX * 9 / 10);
	memset(token, 't', sizeof(token));
	bp_msg_give(&t.who, BP_F_CLAIMS, bp_buf_text(&table));
	t.id_token = (struct bp_text){ token, sizeof(token) };
	assert_true(store(&t, &why));
	assert_true(bp_ticket_reserve(&p, &t, &room, &why));
	t.refresh_token = t.id_token;
	assert_true(bp_ticket_fill(&room, &t, &why));
	assert_true(is_there(NAME));
}

/* What happens to its file after there is room for another. */
static const struct stands {
	const char *name, *command;
	bool stands;
} stands[] = {
#define FILE_OF	"run/tickets/" NAME
	{ "one as it was", "true", true },
	{ "one that is gone", "rm " FILE_OF, false },
	{ "one that is written anew", "cp -p " FILE_OF " x && mv x " FILE_OF,
	    false },
	{ "one that is written anew under the same number", "sleep 0.02 && "
	    "cp " FILE_OF " x && cp x " FILE_OF, false },
};

ROWS(stands, stands_there_or_not)
{
	BP_AUTO(bp_ticket_room_done) struct bp_ticket_room room =
	    BP_TICKET_ROOM_INIT;
	const struct stands *row = *state;
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_place p = place();
	enum bp_reason why;

	(void)clear(state);
	store_good(NAME);
	assert_true(bp_ticket_reserve(&p, &t, &room, &why));
	shell(row->command);
	assert_int_equal(bp_ticket_room_stands(&room), row->stands);
}

TEST_WITH(of_one_that_is_not_kept_there_is_no_room, clear)
{
	BP_AUTO(bp_ticket_room_done) struct bp_ticket_room room =
	    BP_TICKET_ROOM_INIT;
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_place p = place();
	enum bp_reason why = 77;

	(void)state;
	assert_false(bp_ticket_reserve(&p, &t, &room, &why));
	assert_int_equal(why, BP_FILE_MISSING);
	bp_ticket_room_done(&room);
	shell("test -z \"$(ls -A run/tickets)\"");
}

/* Of how many seconds ago, and whether the next writer leaves it. */
static const struct old {
	const char *name, *file;
	int age;
	bool stays;
} olds[] = {
	{ "swept: what is pending for a minute", "pending-" SECRET, 62, false },
	{ "swept: what is pending of a clock ahead", "pending-" SECRET, -62,
	    false },
	{ "left: what is pending for less", "pending-" SECRET, 55, true },
	{ "swept: what a killed writer left", ".pending-" SECRET ".0123", 62, false },
	{ "left: what a writer is at", ".pending-" SECRET ".0123", 55, true },
	{ "left: a session's, of days", OTHER, 600000, true },
	{ "swept: a session's, of a week", OTHER, 604802, false },
	{ "swept: a terminal's, of a week", "terminal-1-2-3-4", 604802,
	    false },
};

ROWS(olds, by_the_next_writer)
{
	const struct old *row = *state;
	struct timespec then[2] = { { time(NULL) - row->age, 0 },
	    { time(NULL) - row->age, 0 } };
	FILE *f;

	(void)clear(state);
	store_good(NAME);
	f = fopen(path_of(row->file), "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(utimensat(AT_FDCWD, path_of(row->file), then, 0), 0);
	store_good(NAME);
	assert_int_equal(access(path_of(row->file), F_OK) == 0, row->stays);
	assert_true(is_there(NAME));
}

static const struct ssh {
	const char *name, *key, *account, *config;
	uint32_t uid;
} sshs[] = {
	{ "another key's", "SHA256:b", "alice", "/etc/b.conf", UID },
	{ "another account's", "SHA256:a", "alicia", "/etc/b.conf", UID },
	{ "another file's", "SHA256:a", "alice", "/etc/c.conf", UID },
	{ "another uid's", "SHA256:a", "alice", "/etc/b.conf", UID + 1 },
	{ "the same letters, divided otherwise", "SHA256:aa", "lice",
	    "/etc/b.conf", UID },
};

ROWS(sshs, is_a_ticket_of_another_name)
{
	const struct ssh *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf a = BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	assert_true(bp_ticket_key_ssh(bp_text_of("SHA256:a"),
	    bp_text_of("alice"), UID, bp_text_of("/etc/b.conf"), &a));
	assert_true(bp_ticket_key_ssh(bp_text_of(row->key),
	    bp_text_of(row->account), row->uid, bp_text_of(row->config), &b));
	assert_true(bp_text_starts(bp_buf_text(&a), "key-"));
	assert_false(bp_text_same(bp_buf_text(&a), bp_buf_text(&b)));
	/* no byte of which climbs */
	assert_int_equal(strspn((const char *)a.data, "key-0123456789abcdf"),
	    a.len - 1);
}

/*** A ticket ***/

static const struct use {
	const char *name;
	uint32_t uid;
	const char *account, *config, *issuer, *boot;
	int64_t since_boot, time;	/* after the sign-in */
	uint32_t life, recheck;
	const char *why;		/* NULL: it serves */
} uses[] = {
#define ALICE	UID, "alice", "/etc/b.conf", ISSUER, BOOT
#define OLD	"the sign-in is older than ticket allows"
#define UNCHECKED "the sign-in is older than recheck allows"
#define ANOTHER	"the ticket is another account's"
#define CONFIGURED "the sign-in was by another configuration"
	{ "a ticket of now", ALICE, 0, 0, 100, 10, NULL },
	{ "a ticket just within recheck", ALICE, 9, 9, 100, 10, NULL },
	{ "a ticket of recheck", ALICE, 10, 10, 100, 10, UNCHECKED },
	{ "a ticket just within its life", ALICE, 9, 9, 10, 100, NULL },
	{ "a ticket of its life", ALICE, 10, 10, 10, 100, OLD },
	{ "a ticket where none are to be", ALICE, 0, 0, 0, 100, OLD },
	{ "a ticket where each time is to be asked", ALICE, 0, 0, 100, 0,
	    UNCHECKED },
	{ "a ticket, the clock set back since", ALICE, 5, -1, 100, 10, OLD },
	{ "a ticket, the clock set back, and past its time", ALICE, 10, 5,
	    100, 10, UNCHECKED },
	{ "a ticket, the clock set back, and past its life", ALICE, 100, 5,
	    100, 1000, OLD },
	{ "a ticket, the clock set forward", ALICE, 5, 100, 100, 10, OLD },
	{ "a ticket, the clock set forward past recheck", ALICE, 5, 10, 100,
	    10, UNCHECKED },
	{ "a ticket of what is yet to come", ALICE, -1, 5, 100, 10, OLD },
	{ "a ticket after a reboot", UID, "alice", "/etc/b.conf", ISSUER,
	    "b4b6ad0e", 0, 0, 100, 10, OLD },
	{ "a ticket and another uid", UID + 1, "alice", "/etc/b.conf", ISSUER,
	    BOOT, 0, 0, 100, 10, ANOTHER },
	{ "a ticket and another account of the uid", UID, "alicia",
	    "/etc/b.conf", ISSUER, BOOT, 0, 0, 100, 10, ANOTHER },
	{ "a ticket and another configuration", UID, "alice", "/etc/c.conf",
	    ISSUER, BOOT, 0, 0, 100, 10, CONFIGURED },
	{ "a ticket and another issuer", UID, "alice", "/etc/b.conf",
	    ISSUER "/", BOOT, 0, 0, 100, 10, CONFIGURED },
};

ROWS(uses, serves_or_not)
{
	const struct use *row = *state;
	const struct bp_ticket t = ticket(NAME);
	struct bp_ticket_use u = { .uid = row->uid,
	    .account = bp_text_of(row->account),
	    .config = bp_text_of(row->config),
	    .issuer = bp_text_of(row->issuer),
	    .now = { bp_text_of(row->boot), UP + row->since_boot,
	    TIME + row->time },
	    .life = row->life, .recheck = row->recheck };
	const char *why = NULL;
	bool is_stale = row->why == NULL;

	assert_int_equal(bp_ticket_serves(&t, &u, &why, &is_stale),
	    row->why == NULL);
	assert_int_equal(is_stale, row->why != NULL &&
	    strcmp(row->why, UNCHECKED) == 0);
	if (row->why != NULL)
		assert_string_equal(why, row->why);
}

static const struct keyed {
	const char *name, *key, *of;	/* the ticket's, and the login's */
	bool ok;
} keyed[] = {
	{ "a ticket of the login's key", "SHA256:a", "SHA256:a", true },
	{ "a ticket of another key", "SHA256:a", "SHA256:b", false },
	{ "a ticket of a key, for a session", "SHA256:a", "", false },
	{ "a ticket of a session, for a key", "", "SHA256:a", false },
};

ROWS(keyed, does_for_it_alone)
{
	const struct keyed *row = *state;
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_use u = { .uid = UID, .account = t.account,
	    .config = t.config, .issuer = bp_text_of(ISSUER),
	    .key = bp_text_of(row->of), .now = moment(), .life = 100,
	    .recheck = 100 };
	const char *why = NULL;
	bool is_stale;

	t.key = bp_text_of(row->key);
	assert_int_equal(bp_ticket_serves(&t, &u, &why, &is_stale), row->ok);
	assert_false(is_stale);
	if (!row->ok)
		assert_string_equal(why,
		    "the ticket is another key's, or no key's");
}

TEST(a_ticket_that_is_pending_serves_nobody)
{
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_use u = { .uid = UID, .account = t.account,
	    .config = t.config, .issuer = bp_text_of(ISSUER),
	    .now = moment(), .life = 100, .recheck = 100 };
	const char *why;
	bool is_stale;

	(void)state;
	assert_true(bp_ticket_serves(&t, &u, &why, &is_stale));
	t.opener = bp_text_of("40-7");
	assert_false(bp_ticket_serves(&t, &u, &why, &is_stale));
	assert_string_equal(why, "the ticket is pending");
}

/* A check prolongs nothing beyond the sign-in's life. */
TEST(a_ticket_that_was_checked_again_serves_until_its_life_is_over)
{
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_use u = { .uid = UID, .account = t.account,
	    .config = t.config, .issuer = bp_text_of(ISSUER),
	    .now = moment(), .life = 100, .recheck = 10 };
	const char *why;
	bool is_stale;

	(void)state;
	t.checked.time = u.now.time += 99;
	t.checked.since_boot = u.now.since_boot += 99;
	assert_true(bp_ticket_serves(&t, &u, &why, &is_stale));
	t.checked.time = ++u.now.time;
	t.checked.since_boot = ++u.now.since_boot;
	assert_false(bp_ticket_serves(&t, &u, &why, &is_stale));
}

/*** What is pending ***/

static const struct opening {
	const char *name, *opener;
	struct bp_login login;
	uint32_t uid;
	const char *boot;
	int64_t since_boot, time;
	bool ok;
} openings[] = {
	{ "what is pending becomes its session's", "40-7", { 13, UID }, UID,
	    BOOT, 3, 3, true },
	{ "what is pending for 59 seconds", "40-7", { 13, UID }, UID, BOOT,
	    59, 59, true },
	{ "what is pending for 60 seconds", "40-7", { 13, UID }, UID, BOOT,
	    60, 60, false },
	{ "what is pending, the clock set back", "40-7", { 13, UID }, UID,
	    BOOT, 3, -3, false },
	{ "what is pending for long, the clock set back", "40-7",
	    { 13, UID }, UID, BOOT, 60, 3, false },
	{ "what is pending since before a reboot", "40-7", { 13, UID }, UID,
	    "b4b6ad0e", 3, 3, false },
	{ "what is pending for another process", "41-7", { 13, UID }, UID,
	    BOOT, 3, 3, false },
	{ "what is pending for a process that is gone, its pid another's",
	    "40-8", { 13, UID }, UID, BOOT, 3, 3, false },
	{ "what is pending for another uid", "40-7", { 13, UID + 1 },
	    UID + 1, BOOT, 3, 3, false },
	{ "what is pending, in a login of another", "40-7", { 13, UID + 1 },
	    UID, BOOT, 3, 3, false },
	{ "what is pending, in a login as before: sshd from a shell", "40-7",
	    { 12, UID }, UID, BOOT, 3, 3, false },
	{ "what is pending, without audit", "40-7",
	    { BP_LOGIN_NONE, BP_LOGIN_NONE }, UID, BOOT, 3, 3, false },
	{ "what is pending, in no login of hers", "40-7",
	    { BP_LOGIN_NONE, UID }, UID, BOOT, 3, 3, false },
};

ROWS(openings, or_not)
{
	const struct opening *row = *state;
	struct bp_ticket t = ticket("pending-" SECRET);
	struct bp_ticket_opening o = { .opener = bp_text_of(row->opener),
	    .login = row->login, .uid = row->uid,
	    .now = { bp_text_of(row->boot), UP + row->since_boot,
	    TIME + row->time } };

	t.opener = bp_text_of("40-7");
	t.login = bp_text_of("12");
	assert_int_equal(bp_ticket_may_bind(&t, &o), row->ok);
}

TEST(what_is_pending_for_nobody_is_no_session_s)
{
	struct bp_ticket t = ticket(NAME);
	struct bp_ticket_opening o = { .opener = bp_text_of(""),
	    .login = { 13, UID }, .uid = UID, .now = moment() };

	(void)state;
	t.login = bp_text_of("12");
	assert_false(bp_ticket_may_bind(&t, &o));
	t.opener = o.opener = bp_text_of("40-7");
	assert_true(bp_ticket_may_bind(&t, &o));
	t.login = bp_text_of("");
	assert_false(bp_ticket_may_bind(&t, &o));
}

RUN(make_places, remove_folder)
