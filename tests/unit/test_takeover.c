/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a helper that was taken over achieves, as tests/takeover/TAKEOVER.md has
 * it: a row an attempt, with a PID namespace of its own and without.
 */
#include "support/support.h"
#include "attempt/launch.h"
#include "core/file.h"
#include "wire/clock.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <netinet/in.h>

#include <dirent.h>
#include <errno.h>
#include <sched.h>

/* What holds a host holds it for 20 s at least; a busy machine takes some. */
enum { SOON_MS = 8000, SHORT_MS = 800, LONG_MS = 20000, MOST = 64 * 1024 };

enum { WITH, WITHOUT, HOSTS };
enum { MANY = BP_SLOTS_PERSON + 2 };	/* helpers at once */

/* Nobody else's; the second is that of what brings the provider record. */
static uid_t helper_id;

/* What a host that starts a helper has seen, in memory that all share. */
struct outcome {
	enum bp_reason	 why;		/* UNDECIDED: it came to its end */
	bool		 ended;		/* reaped */
	int64_t		 took;		/* the longest, of several */
	size_t		 len;
	char		 said[256];
	int		 handled;	/* signals, in a copy of the host */
};
static struct outcome *outcomes;

/* Hosts: what each does before it starts a helper. */
static void
must(bool ok)
{
	if (!ok)
		_exit(99);
}

static void
lose_namespaces(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
	    0 };
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &head, data) == 0);
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1U << CAP_SYS_ADMIN);
	must(syscall(SYS_capset, &head, data) == 0);
}

static void
have_a_key(void)
{
	must(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0);
	must(syscall(SYS_add_key, "user", "bp-takeover", "secret", 6UL,
	    KEY_SPEC_SESSION_KEYRING) >= 0);
}

/* Whoever leaves root keeps what he has, and hands it down. */
static void
keep_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
	    0 };
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &head, data) == 0);
	data[0].inheritable = data[0].permitted;
	data[1].inheritable = data[1].permitted;
	must(syscall(SYS_capset, &head, data) == 0);
	must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0L, 0L)
	    == 0);
	must(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0L, 0L, 0L)
	    == 0);
}

static void
run_in_an_odd_way(void)
{
	static const struct sched_param none = { 0 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	must(sched_setaffinity(0, sizeof(one), &one) == 0);
	must(setpriority(PRIO_PROCESS, 0, 7) == 0);
	must(sched_setscheduler(0, SCHED_BATCH, &none) == 0);
	must(syscall(SYS_ioprio_set, 1, 0, 3 << 13) == 0);
}

static pid_t host;
static struct outcome *its;

static void
handle(int sig)
{
	(void)sig;
	if (getpid() != host)
		its->handled++;
}

/* Signals without end, for all of its group: also for a copy of it. */
static void
be_signalled(void)
{
	pid_t group;

	host = getpid();
	must(setpgid(0, 0) == 0 && signal(SIGUSR1, handle) != SIG_ERR);
	group = getpgrp();
	if (fork() == 0) {
		(void)signal(SIGUSR1, SIG_IGN);
		(void)prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
		for (;;)
			(void)kill(-group, SIGUSR1);
	}
}

/* What is to be said: more than any buffer on the way takes. */
static const char request[1024 * 1024];

static void
hear_all(struct bp_child *c, int64_t deadline, struct outcome *o)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(MOST);

	while (bp_launch_hear(c, 1, deadline, &b, &o->why))
		;
	if (o->why == BP_HELPER_ENDED &&
	    bp_launch_is_over(c, deadline, &o->why))
		o->why = BP_UNDECIDED;
	o->len = b.len;
	memcpy(o->said, bp_buf_text(&b).at, b.len < sizeof(o->said) - 1
	    ? b.len : sizeof(o->said) - 1);
}

static void
ask(const struct bp_launch *how, bool says, int timeout_ms, struct outcome *o)
{
	int64_t start = bp_clock_ms(), deadline = start + timeout_ms;
	struct bp_child c = BP_CHILD_INIT;

	if (!bp_launch_start(how, &c, &o->why))
		return;
	if (!says || bp_launch_say(&c, (struct bp_text){ request,
	    sizeof(request) }, deadline, &o->why)) {
		bp_launch_hush(&c);
		hear_all(&c, deadline, o);
	}
	o->ended = bp_launch_end(&c, deadline);
	if (bp_clock_ms() - start > o->took)
		o->took = bp_clock_ms() - start;
}

/* One try of one attempt. */
struct try {
	const char	*program;
	uid_t		 bare;		/* where it has no namespace; 0: the same */
	void		(*oddity)(void);
	bool		 says;
	int		 timeout_ms, times;
	uid_t		 caller;	/* 0: nobody counts */
};

static pid_t
begin(const struct try *t, bool with, struct outcome *o)
{
	struct bp_launch how = { .uid = helper_id, .gid = helper_id,
	    .bare_uid = t->bare, .bare_gid = t->bare };
	char program[128], run[128];
	pid_t pid;

	(void)snprintf(program, sizeof(program), "%s/%s", folder, t->program);
	(void)snprintf(run, sizeof(run), "%s/run", folder);
	how.program = program;
	how.run = t->caller != 0 ? run : NULL;
	how.caller.uid = t->caller;
	memset(o, 0, sizeof(*o));
	pid = fork();
	if (pid != 0)
		return pid;
	alarm(120);
	its = o;
	if (t->oddity != NULL)
		t->oddity();
	if (!with)
		lose_namespaces();
	for (int i = 0; i < t->times; i++)
		ask(&how, t->says, t->timeout_ms, o);
	_exit(0);
}

static void
end(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* NAME is a copy of the helper of its own, with its mode. */
static void
make_helper(const char *name, const char *mode)
{
	char command[512];

	(void)snprintf(command, sizeof(command), "cd %s && rm -f %s %s.setuid && cp hostile %s && "
	    "chmod 0711 %s && printf %s >%s.mode && cp hostile %s.setuid && "
	    "chmod 4755 %s.setuid", folder, name, name, name, name, mode,
	    name, name, name);
	assert_int_equal(system(command), 0);
}

/* A zombie is nobody. */
static bool
is_ones(const char *pid)
{
	char path[300], line[256], state = 'Z';
	unsigned uid = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%s/status", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		(void)sscanf(line, "State: %c", &state);
		if (sscanf(line, "Uid: %u", &uid) == 1)
			break;
	}
	(void)fclose(f);
	return state != 'Z' && (uid == helper_id || uid == helper_id + 1);
}

static bool
is_anybody_there(void)
{
	DIR *all = opendir("/proc");
	const struct dirent *d;
	bool found = false;

	assert_non_null(all);
	while (!found && (d = readdir(all)) != NULL)
		found = d->d_name[0] >= '1' && d->d_name[0] <= '9' &&
		    is_ones(d->d_name);
	(void)closedir(all);
	return found;
}

/* What dies may take a moment. */
static bool
is_anybody_there_still(void)
{
	for (int i = 0; i < 50; i++) {
		if (!is_anybody_there())
			return false;
		(void)usleep(20000);
	}
	return true;
}

static void
signal_all_of(uid_t uid, int sig)
{
	pid_t pid = fork();

	if (pid == 0) {
		must(setresuid(uid, uid, uid) == 0);
		(void)kill(-1, sig);
		_exit(0);
	}
	(void)waitpid(pid, NULL, 0);
}

/*
 * Of the helper's users.  Whoever goes on by forks is in nobody's list for
 * long: so all of them are stopped, at once, before it is said that none is.
 */
static bool
is_anybody_left(void)
{
	if (is_anybody_there_still())
		return true;
	signal_all_of(helper_id, SIGSTOP);
	signal_all_of(helper_id + 1, SIGSTOP);
	return is_anybody_there_still();
}

static int
clear(void **state)
{
	(void)state;
	signal_all_of(helper_id, SIGKILL);
	signal_all_of(helper_id + 1, SIGKILL);
	(void)is_anybody_there_still();
	return 0;
}

/* The table: what a run has shown, and what is written of it. */
#define END	"killed with its namespace"
#define DENIED	"denied"

struct cell {
	const char	*words;
	const char	*said;		/* what the helper says came of it */
	int		 why;
	bool		 stays_zombie, leaves_somebody;
};

static const struct attempt {
	const char	*name, *mode;
	void		(*oddity)(void);
	bool		 says;
	int		 timeout_ms;
	struct cell	 cells[HOSTS];
} attempts[] = {
	{ "a child of its own traces it, so that it cannot be reaped",
	    "traced", NULL, false, SHORT_MS, {
	    { END, "traced", BP_HELPER_SILENT, false, false },
	    { "left as a zombie, and logged", "traced", BP_HELPER_SILENT, true,
	    true } } },
	{ "a descriptor sent to the host, whose last close lasts a minute "
	    "(SO_LINGER)", "descriptor", NULL, false, LONG_MS, {
	    { "refused by the kernel: as many are on their way already",
	    "ETOOMANYREFS ETOOMANYREFS", BP_UNDECIDED, false, false },
	    { "the same", "ETOOMANYREFS ETOOMANYREFS", BP_UNDECIDED, false,
	    true } } },
	{ "the answer's channel held by a splice() that does not end",
	    "holds_answer", NULL, false, SHORT_MS, {
	    { "nothing to hold: a socket is no pipe", "x", BP_HELPER_SILENT,
	    false, false },
	    { "the same", "x", BP_HELPER_SILENT, false, false } } },
	{ "the request's channel held by a splice() that does not end",
	    "holds_request", NULL, true, SHORT_MS, {
	    { "nothing to hold: a socket is no pipe", "", BP_HELPER_SILENT,
	    false, false },
	    { "the same", "", BP_HELPER_SILENT, false, false } } },
	{ "the request unread", "deaf", NULL, true, SHORT_MS, {
	    { "the deadline", "", BP_HELPER_SILENT, false, false },
	    { "the deadline", "", BP_HELPER_SILENT, false, false } } },
	{ "a byte now and then", "drips", NULL, false, SHORT_MS, {
	    { "the deadline", NULL, BP_HELPER_SILENT, false, false },
	    { "the deadline", NULL, BP_HELPER_SILENT, false, false } } },
	{ "bytes without end", "endless", NULL, false, LONG_MS, {
	    { "the ceiling of the answer", NULL, BP_HELPER_LONG, false,
	    false },
	    { "the ceiling of the answer", NULL, BP_HELPER_LONG, false,
	    false } } },
	{ "stopped, with SIGSTOP", "stopped", NULL, false, SHORT_MS, {
	    { END, "x", BP_HELPER_SILENT, false, false },
	    { "killed", "x", BP_HELPER_SILENT, false, false } } },
	{ "an answer, its channel closed, and no end", "closes_and_stays",
	    NULL, false, LONG_MS, {
	    { END, "left", BP_UNDECIDED, false, false },
	    { "killed", "left", BP_UNDECIDED, false, false } } },
	{ "a life after the attempt: sessions of their own, forks of forks, "
	    "deaf to signals", "outlives", NULL, false, LONG_MS, {
	    { END, "left", BP_UNDECIDED, false, false },
	    { "nothing: they live on as the helper's user", "left",
	    BP_UNDECIDED, false, true } } },
	{ "200 processes", "many_processes", NULL, false, SHORT_MS, {
	    { END, "left", BP_HELPER_SILENT, false, false },
	    { "nothing: they live on as the helper's user", "left",
	    BP_HELPER_SILENT, false, true } } },
	{ "the keys in the host's session keyring", "keys", have_a_key, false,
	    LONG_MS, {
	    { "another keyring", "ENOKEY", BP_UNDECIDED, false, false },
	    { "another keyring", "ENOKEY", BP_UNDECIDED, false, false } } },
	{ "root, by a setuid program", "setuid_program", NULL, false, LONG_MS,
	    {
	    { "no_new_privs", "nobody", BP_UNDECIDED, false, false },
	    { "no_new_privs", "nobody", BP_UNDECIDED, false, false } } },
	{ "capabilities that the host keeps (SECBIT_NO_SETUID_FIXUP), hands "
	    "down (ambient, inheritable), or bounds", "capabilities",
	    keep_capabilities, false, LONG_MS, {
	    { "all sets are empty", "none", BP_UNDECIDED, false, false },
	    { "all sets are empty", "none", BP_UNDECIDED, false, false } } },
	{ "the caller's nice value, scheduler, processors, I/O class",
	    "scheduling", run_in_an_odd_way, false, LONG_MS, {
	    { "ordinary ones", "ordinary", BP_UNDECIDED, false, false },
	    { "ordinary ones", "ordinary", BP_UNDECIDED, false, false } } },
	{ "the caller's limits", "limits", NULL, false, LONG_MS, {
	    { "all sixteen are ours", "ours", BP_UNDECIDED, false, false },
	    { "all sixteen are ours", "ours", BP_UNDECIDED, false,
	    false } } },
};

static bool
has_passed[COUNT(attempts)][HOSTS];

static void
check(const struct attempt *row, int which)
{
	const struct try t = { "helper", 0, row->oddity, row->says,
	    row->timeout_ms, 1, 0 };
	const struct cell *cell = &row->cells[which];

	end(begin(&t, which == WITH, outcomes));
	if (cell->said != NULL)
		assert_string_equal(outcomes->said, cell->said);
	assert_int_equal(outcomes->why, cell->why);
	assert_int_equal(outcomes->ended, !cell->stays_zombie);
	assert_int_equal(is_anybody_left(), cell->leaves_somebody);
	assert_between(outcomes->took, 0, cell->why == BP_HELPER_SILENT
	    ? row->timeout_ms + SOON_MS : LONG_MS / 2);
	(void)clear(NULL);
	has_passed[row - attempts][which] = true;
}

ROWS(attempts, is_stopped)
{
	const struct attempt *row = *state;

	(void)clear(state);
	make_helper("helper", row->mode);
	check(row, WITH);
	check(row, WITHOUT);
}

/* A helper does its worst to the one that another host starts meanwhile. */
static void
meet(int which, const char *worst, const char *next, uid_t bare, int times,
    const char *said)
{
	const struct try first = { worst, 0, NULL, false, LONG_MS, 1, 0 };
	const struct try second = { next, bare, NULL, false, LONG_MS, times,
	    0 };
	pid_t pids[2];

	pids[0] = begin(&first, which == WITH, &outcomes[0]);
	(void)usleep(200000);
	pids[1] = begin(&second, which == WITH, &outcomes[1]);
	end(pids[0]);
	end(pids[1]);
	assert_string_equal(outcomes[0].said, said);
}

static void
kill_the_next(int which)
{
	make_helper("helper", "kills_others");
	make_helper("next", "good");
	meet(which, "helper", "next", 0, 1, "tried");
	assert_string_equal(outcomes[1].said, which == WITH ? "well" : "");
}

static void
kill_the_next_discover(int which)
{
	make_helper("helper", "kills_others");
	make_helper("next", "good");
	meet(which, "helper", "next", helper_id + 1, 1, "tried");
	assert_string_equal(outcomes[1].said, "well");
}

static void
attach_to_the_next(int which)
{
	make_helper("helper", "attaches");
	make_helper("next", "prey");
	meet(which, "helper", "next", 0, 30, which == WITH ? "ESRCH"
	    : "EPERM");
	assert_string_equal(outcomes[1].said, "well");
}

/* That is what 0711 is for. */
static void
attach_to_the_next_that_can_be_read(int which)
{
	char command[128];

	make_helper("helper", "attaches");
	make_helper("next", "good");
	(void)snprintf(command, sizeof(command), "chmod 0755 %s/next", folder);
	assert_int_equal(system(command), 0);
	meet(which, "helper", "next", 0, 1, which == WITH ? "ESRCH" : "done");
}

static void
outlive_the_host(int which)
{
	const struct try t = { "helper", 0, NULL, false, LONG_MS, 1, 0 };
	pid_t pid;

	make_helper("helper", "outlives_the_host");
	pid = begin(&t, which == WITH, outcomes);
	(void)usleep(500000);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(is_anybody_left(), which == WITHOUT);
}

static void
have_handlers_run(int which)
{
	const struct try t = { "helper", 0, be_signalled, false, LONG_MS,
	    30, 0 };

	make_helper("helper", "limits");
	end(begin(&t, which == WITH, outcomes));
	assert_string_equal(outcomes->said, "ours");
	assert_int_equal(outcomes->handled, 0);
}

/* A port at which nobody reads, of somebody who outlives every helper. */
static int
listen_somewhere(unsigned *retport)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*retport = ntohs(a.sin_port);
	return fd;
}

static void
send_to_the_last(int which)
{
	const struct try t = { "helper", 0, NULL, false, SHORT_MS / 4, 20, 0 };
	char mode[32];
	unsigned port;
	int fd = listen_somewhere(&port);

	(void)snprintf(mode, sizeof(mode), "again:%u", port);
	make_helper("helper", mode);
	end(begin(&t, which == WITH, outcomes));
	assert_string_equal(outcomes->said, "x");
	assert_int_equal(outcomes->why, BP_HELPER_SILENT);
	assert_between(outcomes->took, 0, t.timeout_ms + SOON_MS);
	(void)close(fd);
}

/* One more than he may have; and then one of somebody else. */
static void
crowd_others_out(int which)
{
	struct try t = { "helper", 0, NULL, false, LONG_MS, 1, 1000 };
	pid_t pids[MANY];
	int refused = 0;

	make_helper("helper", "deaf");
	for (int i = 0; i < MANY; i++) {
		t.timeout_ms = i == MANY - 1 ? LONG_MS : LONG_MS / 4;
		if (i == MANY - 1) {
			(void)usleep(500000);
			make_helper("next", "good");
			t.program = "next";
			t.caller = 1001;
		}
		pids[i] = begin(&t, which == WITH, &outcomes[i]);
	}
	for (int i = 0; i < MANY; i++)
		end(pids[i]);
	for (int i = 0; i < MANY - 1; i++)
		refused += outcomes[i].why == BP_HELPER_MANY;
	assert_int_equal(refused, 1);
	assert_string_equal(outcomes[MANY - 1].said, "well");
}

static const struct other {
	const char	*name;
	void		(*show)(int which);
	const char	*words[HOSTS];
	const char	*goes_on;	/* NULL: at once */
} others[] = {
	{ "such a descriptor, sent again and again until it is killed, 20 "
	    "times", send_to_the_last, {
	    "the host closes its end before it kills", "the same" },
	    "at its deadline" },
	{ "kill(-1), against the next attempt's REDEEM", kill_the_next, {
	    "not in its sight", "nothing: that attempt ends, refused" }, NULL },
	{ "kill(-1), against the next attempt's DISCOVER",
	    kill_the_next_discover, {
	    "not in its sight", "another user, `_beproduct_discover`" }, NULL },
	{ "to attach to the next helper as it starts, 30 times",
	    attach_to_the_next, {
	    "not in its sight", "a program that cannot be read (0711)" }, NULL },
	{ "the same, where its program can be read (0755)",
	    attach_to_the_next_that_can_be_read, {
	    "not in its sight", "nothing: `beproductctl check` warns" }, NULL },
	{ "a life after its host, which is killed", outlive_the_host, {
	    "dies with the first of its namespace, which dies with the host",
	    "nothing: it lives on as the helper's user" }, NULL },
	{ "the host's signal handlers, run in a copy of it before exec, 30 "
	    "times", have_handlers_run, {
	    "all signals are blocked", "all signals are blocked" }, NULL },
	{ "all helpers that there may be, by one caller's attempts",
	    crowd_others_out, {
	    "8 of a person and 32 of an address at once: he is told to wait",
	    "the same" }, NULL },
};

static bool others_passed[COUNT(others)];

ROWS(others, meets_what_stops_it)
{
	const struct other *row = *state;

	for (int which = 0; which < HOSTS; which++) {
		(void)clear(state);
		row->show(which);
	}
	(void)clear(state);
	others_passed[row - others] = true;
}

static const char head[] =
"# What a helper that was taken over achieves\n"
"\n"
"The helper (`tests/takeover/hostile.c`) does its worst from its first\n"
"instruction on. Each attempt is made twice: where the host may make a PID\n"
"namespace for the helper, and where it may not (no CAP_SYS_ADMIN, as in many\n"
"containers). Whatever it does, the host goes on at its deadline or earlier,\n"
"with what a busy machine takes beside it. Made by\n"
"`tests/unit/test_takeover.c`, which fails where this page differs.\n"
"\n"
"| attempt | what stops it, with a namespace | and without | the host goes on |\n"
"|---|---|---|---|\n";

static void
print_page(FILE *f)
{
	(void)fputs(head, f);
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const struct attempt *row = &attempts[i];

		assert_true(has_passed[i][WITH] && has_passed[i][WITHOUT]);
		(void)fprintf(f, "| %s | %s | %s | %s |\n", row->name,
		    row->cells[WITH].words, row->cells[WITHOUT].words,
		    row->cells[WITH].why == BP_HELPER_SILENT
		    ? "at its deadline" : "at once");
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_true(others_passed[i]);
		(void)fprintf(f, "| %s | %s | %s | %s |\n", others[i].name,
		    others[i].words[WITH], others[i].words[WITHOUT],
		    others[i].goes_on != NULL ? others[i].goes_on
		    : "at once");
	}
}

/* Of all rows, which have run before it. */
TEST(the_page_says_what_was_shown)
{
	char path[128], command[1024];
	FILE *f;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/TAKEOVER.md", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	print_page(f);
	assert_int_equal(fclose(f), 0);
	(void)snprintf(command, sizeof(command), "diff -u '%s/tests/takeover/"
	    "TAKEOVER.md' %s", getenv("top_srcdir"), path);
	assert_int_equal(system(command), 0);
}

/* It is about namespaces: where root can make none, there is no first half. */
static bool
can_make_namespaces(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(unshare(CLONE_NEWPID) != 0);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static int
begin_all(void **state)
{
	helper_id = 200000 + 2 * (uid_t)getpid();
	outcomes = mmap(NULL, MANY * sizeof(*outcomes), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (outcomes == MAP_FAILED || make_folder(state) != 0)
		return -1;
	(void)alarm(600);	/* most of its time it waits */
	return bring("tests/takeover/hostile");
}

static int
end_all(void **state)
{
	(void)clear(state);
	return remove_folder(state);
}

int
main(void)
{
#ifdef __SANITIZE_ADDRESS__
	/* the copy of the host has a stack of which ASan knows nothing */
	puts("left out: what a helper that was taken over achieves");
	return 0;
#endif
	if (geteuid() != 0 || !can_make_namespaces())
		return 77;
	return _cmocka_run_group_tests(__FILE__, tests, test_count, begin_all,
	    end_all);
}
