/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/child.h"
#include "support/messages.h"
#include "wire/clock.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>

/* Nobody else's, of another run neither: its processes are counted. */
static uid_t helper_id;

/*
 * Hosts, each a process of its own: what these do stays in it.  They assert
 * nothing, for cmocka is the parent's: what goes wrong is an exit status.
 */
static void
must(bool ok)
{
	if (!ok)
		_exit(99);
}

/* Much to be taken away, and the sockets will be at 0 and 2. */
static void
clutter(void)
{
	static const gid_t groups[] = { 1, 2, 3 };

	must(fcntl(1, F_DUPFD, 10) >= 0 && fcntl(1, F_DUPFD, 200) >= 0);
	must(setgroups(COUNT(groups), groups) == 0);
	must(chdir("/tmp") == 0 && umask(0) <= 0777);
	must(setenv("LD_PRELOAD", "x", 1) == 0);
	must(setenv("SSLKEYLOGFILE", "/tmp/x", 1) == 0);
	(void)close(0);
	(void)close(2);
}

static void
close_the_first_three(void)
{
	(void)close(0);
	(void)close(1);
	(void)close(2);
}

/* The socket will be where the helper has it. */
static void
close_the_third(void)
{
	(void)syscall(SYS_close_range, 2U, ~0U, 0U);
}

/* More than the helper may have, without a gap. */
static void
open_many(void)
{
	for (int i = 0; i < 300; i++)
		must(dup(1) >= 0);
}

/* As old kernels, and containers, have it. */
static void
lose_call(unsigned call)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(f), f };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
	must(prctl(PR_SET_SECCOMP, 2L, &program, 0L, 0L) == 0);
}

static void
lose_close_range(void)
{
	clutter();
	lose_call(SYS_close_range);
}

static void
lose_pidfd_signals(void)
{
	lose_call(SYS_pidfd_send_signal);
}

static void
lose_keys(void)
{
	lose_call(SYS_keyctl);
}

/* From what root may do. */
static void
lose_capability(unsigned cap)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
	    0 };
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &head, data) == 0);
	data[0].effective &= ~(1U << cap);
	data[0].permitted &= ~(1U << cap);
	must(syscall(SYS_capset, &head, data) == 0);
}

static void
lose_namespaces(void)
{
	lose_capability(CAP_SYS_ADMIN);
}

static void
lose_close_range_and_open_many(void)
{
	open_many();
	lose_close_range();
}

static void
ignore_children(void)
{
	must(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
}

static void
reap(int sig)
{
	int saved = errno;

	(void)sig;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = saved;
}

static void
reap_all_children(void)
{
	must(signal(SIGCHLD, reap) != SIG_ERR);
}

static void
block_signals(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGALRM);
	must(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
}

static void
tick(int sig)
{
	(void)sig;
}

/* As sudo has it while its terminal changes its size. */
static void
be_interrupted_often(void)
{
	const struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
	const struct sigaction sa = { .sa_handler = tick };

	must(sigaction(SIGUSR1, &sa, NULL) == 0);
	must(sigaction(SIGVTALRM, &sa, NULL) == 0);
	must(sigaction(SIGALRM, &sa, NULL) == 0);
	must(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

/* Soft and hard limit; what cannot be lowered is low enough. */
static void
set_limit(unsigned what, rlim_t n)
{
	const struct rlimit l = { n, n };

	must(setrlimit(what, &l) == 0);
}

static void
have_no_descriptor_left(void)
{
	set_limit(RLIMIT_NOFILE, 3);
}

/* As sudo and su are. */
static void
be_called_by_somebody(void)
{
	must(setresgid(4242, 0, 0) == 0 && setresuid(4242, 0, 0) == 0);
}

/* Enough for the socket, and none for a pidfd. */
static void
have_two_descriptors_left(void)
{
	int fd;

	while ((fd = dup(1)) < 12)
		must(fd >= 0);
	(void)close(fd);
	set_limit(RLIMIT_NOFILE, (rlim_t)fd + 2);
}

static void
lower_limits(void)
{
	set_limit(RLIMIT_FSIZE, 0);
	set_limit(RLIMIT_CPU, 20);
	set_limit(RLIMIT_NOFILE, 16);
	set_limit(RLIMIT_NPROC, 100);
	set_limit(RLIMIT_STACK, 1 << 20);
#ifndef __SANITIZE_ADDRESS__
	set_limit(RLIMIT_AS, 64 << 20);
#endif
}

/* In many containers root is born without it. */
static bool
may_raise_limits(void)
{
	return prctl(PR_CAPBSET_READ, (long)CAP_SYS_RESOURCE, 0L, 0L, 0L) == 1;
}

static void
lower_limits_for_good(void)
{
	lower_limits();
	lose_capability(CAP_SYS_RESOURCE);
}

/* Its user has as many descriptors on their way as a host may open. */
static void
have_many_on_their_way(void)
{
	char room[CMSG_SPACE(100 * sizeof(int))] = "";
	struct cmsghdr head = { CMSG_LEN(100 * sizeof(int)), SOL_SOCKET,
	    SCM_RIGHTS };
	struct iovec byte = { (char []){ "x" }, 1 };
	struct msghdr m = { .msg_iov = &byte, .msg_iovlen = 1,
	    .msg_control = room, .msg_controllen = sizeof(room) };
	static int pair[2];
	struct rlimit l;

	memcpy(room, &head, sizeof(head));
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	must(setresuid(helper_id, 0, 0) == 0);
	must(sendmsg(pair[0], &m, 0) == 1);
	must(setresuid(0, 0, 0) == 0);
	must(getrlimit(RLIMIT_NOFILE, &l) == 0);
	l.rlim_cur = 64;
	must(setrlimit(RLIMIT_NOFILE, &l) == 0);
	lose_capability(CAP_SYS_RESOURCE);
	lose_namespaces();
}

/* A session with a terminal, which every process of it can open. */
static void
have_a_terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), fd = -1, zero = 0;

	must(setsid() >= 0 && master >= 0);
	must(ioctl(master, TIOCSPTLCK, &zero) == 0);
	fd = ioctl(master, TIOCGPTPEER, O_RDWR);
	must(fd >= 0 && ioctl(fd, TIOCSCTTY, 0) == 0);
}

/*
 * What a helper sees of itself; 5 is ls reading the folder.  It may have
 * another number in a namespace of its own.
 */
#define READ	"cat <&3 >&1; "
#define LOOK	READ "read -r pid _ _ _ group session tty _ </proc/self/stat; " \
		"cd /proc/$pid/fd; links=$(readlink 0 1 2); cd - >&2; " \
		"{ ls /proc/self/fd; echo \"$links\"; pwd; umask; " \
		"tr '\\0' '\\n' </proc/$pid/cmdline | sed 's,.*/helper,helper,'; " \
		"tr '\\0' '\\n' </proc/$pid/environ; " \
		"grep -E '^(Uid|Gid|Groups):' /proc/$pid/status | " \
		"sed \"s/ //g; s/$I/ID/g\"; " \
		"[ $pid = $group ] && [ $pid = $session ] && echo leads $tty; } >&4"
#define IDS	"\tID\tID\tID\tID\n"
#define SEEN	"0\n1\n2\n3\n4\n5\n/dev/null\n/dev/null\n/dev/null\n/\n0077\n" \
		"/bin/sh\nhelper.sh\nPATH=/usr/bin:/bin\nLC_ALL=C\n" \
		"Uid:" IDS "Gid:" IDS "Groups:\t\nleads 0\n"

/* Soft and hard, of stack, core, files, processes, size of files, CPU. */
#define LIMITS	READ "for l in s c n p f t; do ulimit -S$l; ulimit -H$l; " \
		"done | tr '\\n' ' ' >&4"
#define OURS	"8192 8192 0 0 64 64 1024 1024 0 0 30 30 "
#define LOWER	"1024 1024 0 0 16 16 100 100 0 0 20 20 "

#define TERMINAL READ "{ (exec 5</dev/tty) 2>&1 && echo opened; } | " \
		"sed 's,.*: ,,' >&4"

static const struct run {
	const char *name, *script;
	void (*host)(void);
	int timeout_ms;
	int why;		/* -1: it answers */
	const char *raw;	/* what it must have said, if that matters */
} runs[] = {
	{ "claims", READ "cat $C >&4", NULL, 20000, -1, NULL },
	{ "claims before the request was read", "cat $C >&4; " READ, NULL,
	    20000, -1, NULL },
	{ "claims, and a bad exit status", READ "cat $C >&4; exit 9", NULL,
	    20000, -1, NULL },
	{ "claims, and death by a signal", READ "cat $C >&4; kill -SEGV $$",
	    NULL, 20000, -1, NULL },
	{ "claims in pieces", READ "head -c 9 $C >&4; sleep 0.2; "
	    "tail -c +10 $C >&4", NULL, 20000, -1, NULL },
	{ "claims, a closed socket, and no end",
	    READ "cat $C >&4; exec 3<&- 4>&-; exec sleep 100", NULL, 20000, -1,
	    NULL },
	{ "claims twice", READ "cat $C $C >&4", NULL, 20000,
	    BP_HELPER_ANSWER, NULL },
	{ "a byte too much", READ "head -c 1048577 /dev/zero >&4; "
	    "exec sleep 100", NULL, 20000, BP_HELPER_LONG, NULL },
	{ "no word", READ "exit 0", NULL, 20000, BP_HELPER_ENDED, "" },
	{ "no word, death by a signal", READ "kill -SEGV $$", NULL, 20000,
	    BP_HELPER_ENDED, "" },
	{ "dead before the request came", "exit 0", NULL, 20000,
	    BP_HELPER_ENDED, "" },
	{ "deaf", "exec sleep 100", NULL, 500, BP_HELPER_SILENT, "" },
	{ "claims, but no end", READ "cat $C >&4; exec sleep 100", NULL, 500,
	    BP_HELPER_SILENT, NULL },
	{ "bytes now and then", READ "while echo >&4; do sleep 0.1; done",
	    NULL, 500, BP_HELPER_SILENT, NULL },
	{ "bytes now and then, and a host that is interrupted",
	    READ "while echo >&4; do sleep 0.1; done", be_interrupted_often,
	    500, BP_HELPER_SILENT, NULL },
	{ "a deadline that is past", READ "cat $C >&4", NULL, -1000,
	    BP_HELPER_SILENT, "" },
	{ "its own and nothing else", LOOK, clutter, 20000, BP_HELPER_BUILD,
	    SEEN },
	{ "its own in a host without the first three", LOOK,
	    close_the_first_three, 20000, BP_HELPER_BUILD, SEEN },
	{ "its own where the socket stands already", LOOK, close_the_third,
	    20000, BP_HELPER_BUILD, SEEN },
	{ "its own in a host with many descriptors", LOOK, open_many, 20000,
	    BP_HELPER_BUILD, SEEN },
	{ "its own without close_range", LOOK, lose_close_range, 20000,
	    BP_HELPER_BUILD, SEEN },
	{ "its own without close_range in a host with many descriptors", LOOK,
	    lose_close_range_and_open_many, 20000, BP_HELPER_BUILD, SEEN },
	{ "limits", LIMITS, NULL, 20000, BP_HELPER_BUILD, OURS },
	{ "limits that the caller lowered", LIMITS, lower_limits, 20000,
	    BP_HELPER_BUILD, OURS },
	{ "limits that may not be raised", LIMITS, lower_limits_for_good,
	    20000, BP_HELPER_BUILD, LOWER },
	{ "claims in a host without a descriptor to spare", READ "cat $C >&4",
	    have_no_descriptor_left, 20000, BP_HELPER_START, NULL },
	{ "claims with a descriptor less than it takes", READ "cat $C >&4",
	    have_two_descriptors_left, 20000, -1, NULL },
	{ "claims in a host that ignores SIGCHLD", READ "cat $C >&4",
	    ignore_children, 20000, -1, NULL },
	{ "no end in a host that ignores SIGCHLD", READ "exec sleep 100",
	    ignore_children, 500, BP_HELPER_SILENT, NULL },
	{ "claims in a host that reaps all children", READ "cat $C >&4",
	    reap_all_children, 20000, -1, NULL },
	{ "no end in a host that reaps all children", READ "exec sleep 100",
	    reap_all_children, 500, BP_HELPER_SILENT, NULL },
	{ "claims in a host that blocks signals", READ "cat $C >&4",
	    block_signals, 20000, -1, NULL },
	{ "no end in a host that blocks signals", READ "exec sleep 100",
	    block_signals, 500, BP_HELPER_SILENT, NULL },
	{ "its own without a namespace", LOOK, lose_namespaces, 20000,
	    BP_HELPER_BUILD, SEEN },
	{ "no end without a namespace", READ "exec sleep 100",
	    lose_namespaces, 500, BP_HELPER_SILENT, NULL },
	{ "no end without pidfd_send_signal", READ "exec sleep 100",
	    lose_pidfd_signals, 500, BP_HELPER_SILENT, NULL },
	{ "claims without keyrings", READ "cat $C >&4", lose_keys, 20000, -1,
	    NULL },
	{ "claims while others send many descriptors", READ "cat $C >&4",
	    have_many_on_their_way, 20000, -1, NULL },
	{ "a namespace of its own, whose first is root, whoever called",
	    READ "echo $$ >&4; while read -r k v; do [ $k != PPid: ] || p=$v; "
	    "done </proc/self/status; grep -E '^[UG]id' /proc/$p/status >&4",
	    be_called_by_somebody, 20000, BP_HELPER_BUILD,
	    "2\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n" },
};

/* What a guest leaves as it was. */
struct house {
	int		 flags[1024];
	void		 (*handler[NSIG])(int);
	sigset_t	 blocked;
	struct rlimit	 limit[RLIM_NLIMITS];
	mode_t		 umask;
	uid_t		 uids[6];
	pid_t		 session, group;
	char		 cwd[256];
};

static void
look_around(struct house *h)
{
	struct sigaction sa;

	for (int fd = 0; fd < (int)COUNT(h->flags); fd++)
		h->flags[fd] = fcntl(fd, F_GETFD);
	for (int sig = 1; sig < NSIG; sig++)
		if (sigaction(sig, NULL, &sa) == 0)
			h->handler[sig] = sa.sa_handler;
	(void)sigprocmask(SIG_SETMASK, NULL, &h->blocked);
	for (unsigned i = 0; i < RLIM_NLIMITS; i++)
		(void)getrlimit(i, &h->limit[i]);
	h->umask = umask(0);
	(void)umask(h->umask);
	(void)getresuid(&h->uids[0], &h->uids[1], &h->uids[2]);
	(void)getresgid(&h->uids[3], &h->uids[4], &h->uids[5]);
	h->session = getsid(0);
	h->group = getpgrp();
	must(getcwd(h->cwd, sizeof(h->cwd)) != NULL);
}

/* What came of it, in memory that the host shares with the test. */
static struct outcome {
	bool		 ok;
	enum bp_reason	 why;
	enum bp_msg_type type;
	int64_t		 took;
	size_t		 len;
	char		 raw[4096];
	bool		 has_changed;	/* the house */
	bool		 has_lost_its_child;
	bool		 has_another_child;
} *outcome;

/* Of the exchange; each row sets its own. */
static int64_t deadline;

/* The largest request that there is: it does not fit into a socket. */
static struct bp_msg
request(void)
{
	static char ca[512 * 1024];
	struct bp_msg m = message(BP_MSG_REDEEM);

	memset(ca, 'c', sizeof(ca));
	bp_msg_give(&m, BP_F_CA_FILE, (struct bp_text){ ca, sizeof(ca) });
	return m;
}

/* A child of the host's own, that has ended: it is the host's to reap. */
static pid_t
have_a_child(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	(void)waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	return pid;
}

/* All that the helper says before its end, byte by byte. */
static bool
hear_all(struct bp_child *c, struct bp_buf *ret, enum bp_reason *reterr)
{
	while (bp_launch_hear(c, 1, deadline, ret, reterr))
		;
	return *reterr == BP_HELPER_ENDED && ret->len > 0;
}

/* It need not be claims: how it came is what is looked at here. */
static bool
judge(struct bp_text bytes, struct bp_msg *ret, enum bp_reason *reterr)
{
	struct bp_text rest = bytes, one;

	if (!bp_list_take(&rest, &one))
		return bp_refuse(reterr, BP_HELPER_BUILD);
	return (rest.len == 0 && bp_msg_read(one, ret)) ||
	    bp_refuse(reterr, BP_HELPER_ANSWER);
}

static bool
ask(const struct bp_launch *how, struct bp_text asked, struct bp_buf *bytes,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	struct bp_child c = BP_CHILD_INIT;
	enum bp_reason why = 77;
	bool ok;

	bp_buf_done(bytes);
	bytes->max = BP_MSG_MAX;
	ok = bp_launch_start(how, &c, &why) &&
	    bp_launch_say(&c, asked, deadline, &why);
	if (ok)
		bp_launch_hush(&c);
	ok = ok && hear_all(&c, bytes, &why) &&
	    judge(bp_buf_text(bytes), ret, &why);
	(void)bp_launch_end(&c, deadline);
	if (!ok)
		*reterr = why;
	return ok;
}

static _Noreturn void
be_a_host(const struct bp_launch *how, void (*oddity)(void),
    const struct bp_msg *asked)
{
	static struct house before, after;
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(16);
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(2 * BP_MSG_MAX);
	struct bp_msg m = { .type = 77 };
	int64_t start;
	pid_t own;

	alarm(60);
	own = have_a_child();
	must(bp_msg_put_framed(asked, &out));
	if (oddity != NULL)
		oddity();
	outcome->why = 77;
	look_around(&before);
	start = bp_clock_ms();
	outcome->ok = ask(how, bp_buf_text(&out), &bytes, &m, &outcome->why);
	outcome->took = bp_clock_ms() - start;
	look_around(&after);
	outcome->type = m.type;
	outcome->len = bytes.len;
	memcpy(outcome->raw, bp_buf_text(&bytes).at,
	    bytes.len < sizeof(outcome->raw) ? bytes.len
	    : sizeof(outcome->raw));
	outcome->has_changed = memcmp(&before, &after, sizeof(before)) != 0;
	outcome->has_lost_its_child = waitpid(own, NULL, WNOHANG) != own;
	outcome->has_another_child = waitpid(-1, NULL, WNOHANG) >= 0;
	_exit(0);
}

static void
visit(const struct bp_launch *how, void (*oddity)(void),
    const struct bp_msg *asked)
{
	int status = -1;
	pid_t pid;

	memset(outcome, 0, sizeof(*outcome));
	pid = fork();
	if (pid == 0)
		be_a_host(how, oddity, asked);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
write_helper(const char *script)
{
	char bytes[2048];

	(void)snprintf(bytes, sizeof(bytes), "C=%s/claims I=%u\n%s\n", folder,
	    helper_id, script);
	put("helper.sh", 0644, bytes, strlen(bytes));
}

static struct bp_launch
helper(const char *name, int64_t timeout_ms)
{
	static char program[128];

	(void)snprintf(program, sizeof(program), "%s/%s", folder, name);
	deadline = bp_clock_ms() + timeout_ms;
	return (struct bp_launch){ .program = program, .uid = helper_id,
	    .gid = helper_id };
}

static void
said(const char *expected)
{
	assert_true(outcome->len < sizeof(outcome->raw));
	outcome->raw[outcome->len] = '\0';
	assert_string_equal(outcome->raw, expected);
}

/* Is nobody left of the helper's user?  What it started may take a moment. */
static bool
are_gone(void)
{
	char look[256];

	(void)snprintf(look, sizeof(look), "for i in 1 2 3 4 5 6 7 8 9 10; do "
	    "grep -qsE '^Uid:.*\\b%u\\b' /proc/[0-9]*/status || exit 0; "
	    "sleep 0.3; done; exit 1", helper_id);
	return system(look) == 0;
}

ROWS(runs, leaves_nothing_behind)
{
	const struct run *row = *state;
	struct bp_launch how;
	struct bp_msg asked = request();

	write_helper(row->script);
	how = helper("helper", row->timeout_ms);
	visit(&how, row->host, &asked);
	assert_int_equal(outcome->ok, row->why < 0);
	assert_int_equal(outcome->why, row->why < 0 ? 77 : row->why);
	assert_int_equal(outcome->type, row->why < 0 ? BP_MSG_CLAIMS : 77);
	if (row->host == lower_limits && !may_raise_limits())
		said(LOWER);
	else if (row->raw != NULL)
		said(row->raw);
	assert_false(outcome->has_changed);
	assert_false(outcome->has_another_child);
	assert_int_equal(outcome->has_lost_its_child,
	    row->host == reap_all_children);
	assert_true(are_gone());
	if (row->why == BP_HELPER_SILENT)
		assert_between(outcome->took + 100, row->timeout_ms < 0 ? 100
		    : row->timeout_ms, row->timeout_ms + 1500);
}

/* Run the helper as somebody would who forgot setsid(). */
static _Noreturn void
be_a_careless_host(const char *program)
{
	int to[2], from[2];
	pid_t pid;
	ssize_t n;

	have_a_terminal();
	must(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		must(dup2(fcntl(to[0], F_DUPFD, 10), BP_MSG_IN) >= 0);
		must(dup2(fcntl(from[1], F_DUPFD, 10), BP_MSG_OUT) >= 0);
		if (setresuid(helper_id, helper_id, helper_id) == 0)
			(void)execl(program, program, NULL);
		_exit(127);
	}
	(void)close(to[1]);
	(void)close(from[1]);
	while ((n = read(from[0], outcome->raw + outcome->len,
	    sizeof(outcome->raw) - outcome->len)) > 0)
		outcome->len += (size_t)n;
	(void)waitpid(pid, NULL, 0);
	_exit(0);
}

TEST(a_helper_cannot_open_the_terminal_of_its_caller)
{
	struct bp_launch how;
	struct bp_msg asked = request();
	pid_t pid;

	(void)state;
	write_helper(TERMINAL);
	how = helper("helper", 20000);
	visit(&how, have_a_terminal, &asked);
	assert_false(outcome->has_changed);
	said("No such device or address\n");	/* ENXIO */

	/* and that says something, for without a session of its own it can */
	memset(outcome, 0, sizeof(*outcome));
	pid = fork();
	if (pid == 0)
		be_a_careless_host(how.program);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	said("opened\n");
}

/* What its tracer knows of a process that becomes the helper. */
struct way {
	pid_t	 pid;
	bool	 enters;		/* a call, at its next stop */
	uint64_t nr, args[3];
	bool	 renamed, closed;	/* all uids the helper's; not dumpable */
};
static struct way ways[8];

static struct way *
way_of(pid_t pid)
{
	for (size_t i = 0; i < COUNT(ways); i++)
		if (ways[i].pid == pid || ways[i].pid == 0) {
			ways[i].pid = pid;
			return &ways[i];
		}
	fail();
	return NULL;
}

static bool
has_no_capability(pid_t pid)
{
	char path[64], line[256];
	unsigned long long caps = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "CapPrm: %llx", &caps) == 1)
			break;
	if (f != NULL)
		(void)fclose(f);
	return caps == 0;
}

/* A call of the process as it begins, and what is true of it then. */
static bool
note_entry(struct way *w, const struct __ptrace_syscall_info *info)
{
	w->nr = info->entry.nr;
	memcpy(w->args, info->entry.args, sizeof(w->args));
	assert_false(w->renamed && !w->closed && has_no_capability(w->pid));
	if (w->nr != SYS_execveat)
		return false;
	assert_true(w->renamed && w->closed && has_no_capability(w->pid));
	return true;
}

static void
note_exit(struct way *w, const struct __ptrace_syscall_info *info)
{
	if (info->exit.is_error)
		return;
	if (w->nr == SYS_setresuid && w->args[0] == helper_id &&
	    w->args[1] == helper_id && w->args[2] == helper_id)
		w->renamed = true;
	if (w->nr == SYS_prctl && w->args[0] == PR_SET_DUMPABLE &&
	    w->args[1] == 0)
		w->closed = w->renamed;
}

/* True: it executes the helper's program. */
static bool
note_stop(pid_t pid, int status)
{
	struct __ptrace_syscall_info info;
	struct way *w = way_of(pid);

	if (WSTOPSIG(status) != (SIGTRAP | 0x80))
		return false;
	assert_true(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info)
	    > 0);
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		return note_entry(w, &info);
	note_exit(w, &info);
	return false;
}

static int
follow(void)
{
	int status, executed = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status)) {
			executed += note_stop(pid, status);
			(void)ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		}
	return executed;
}

/*
 * With fs.suid_dumpable 1 a new user makes a process open to all that are his,
 * and this one has the host's memory.
 */
TEST(the_hosts_memory_is_at_no_moment_open_to_the_helpers_user)
{
	struct bp_launch how;
	struct bp_msg asked = request();
	pid_t pid;

	(void)state;
	write_helper(READ "cat $C >&4");
	how = helper("helper", 20000);
	pid = fork();
	if (pid == 0) {
		must(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
		(void)raise(SIGSTOP);
		be_a_host(&how, NULL, &asked);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, NULL,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
	    PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL), 0);
	assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
	assert_int_equal(follow(), 1);
}

TEST(a_program_is_judged_where_it_is_executed)
{
	char program[64];
	struct bp_plan plan = { .program = program, .host = -1,
	    .uid = helper_id, .gid = helper_id };
	int pair[2], status = 0;
	pid_t pid;

	(void)state;
	write_helper("exit 5");
	for (int good = 0; good < 2; good++) {
		(void)snprintf(program, sizeof(program), "%s/%s", folder,
		    good ? "helper" : "public");
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0,
		    plan.ballast), 0);
		plan.sock = pair[1];
		pid = fork();
		if (pid == 0)
			bp_child_run(&plan);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), good ? 5 : 127);
		for (int i = 0; i < 2; i++) {
			(void)close(pair[i]);
			(void)close(plan.ballast[i]);
		}
	}
}

/* Who may not be started, and what cannot be. */
static const struct start {
	const char *name, *program;
	bool as_root;
	int why;
} starts[] = {
	{ "as root", "helper", true, BP_HELPER_ENDED },
	{ "a program that is missing", "missing", false, BP_HELPER_FILE },
	{ "a program that is a folder", ".", false, BP_HELPER_FILE },
	{ "a program that others may write", "public", false, BP_HELPER_FILE },
	{ "a program of another's", "others", false, BP_HELPER_FILE },
	{ "a link to a program", "link", false, BP_HELPER_FILE },
	{ "a program that is a script", "helper.sh", false, BP_HELPER_ENDED },
	{ "a program that its user may not run", "private", false,
	    BP_HELPER_ENDED },
};

ROWS(starts, is_not_started)
{
	const struct start *row = *state;
	struct bp_launch how;
	struct bp_msg asked = request();

	write_helper(READ "echo x >&4");
	how = helper(row->program, 20000);
	if (row->as_root)
		how.uid = 0;
	visit(&how, NULL, &asked);
	assert_false(outcome->ok);
	assert_int_equal(outcome->why, row->why);
	assert_false(outcome->has_changed);
	assert_false(outcome->has_another_child);
	said("");
}

static int
make_programs(void)
{
	char command[512];

	(void)snprintf(command, sizeof(command), "cd %s && mv by_script helper "
	    "&& cp helper private && chmod 0700 private && cp helper public && "
	    "chmod 0757 public && cp helper others && chown 1:1 others && "
	    "ln -s helper link", folder);
	return bring("tests/support/by_script") == 0 ? system(command) : -1;
}

static int
make_claims(void **state)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg claims = message(BP_MSG_CLAIMS);

	helper_id = 100000 + (uid_t)getpid();
	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (outcome == MAP_FAILED || make_folder(state) != 0 ||
	    !bp_msg_put_framed(&claims, &b))
		return -1;
	put("claims", 0644, b.data, b.len);
	return make_programs();
}

RUN_AS_ROOT(make_claims, remove_folder)
