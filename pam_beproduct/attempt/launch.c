#include "attempt/launch.h"
#include "core/file.h"
#include "wire/clock.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* What may answer which request, and how long it may be; FAILED always. */
static const struct rule {
	enum bp_msg_type	 asked;
	size_t			 most;		/* bytes, of the whole answer */
	enum bp_msg_type	 answers[2];
} rules[] = {
	{ BP_MSG_DISCOVER, BP_RECORD_MAX,	{ BP_MSG_PROVIDER } },
	{ BP_MSG_REDEEM, BP_MSG_MAX,	{ BP_MSG_CLAIMS, BP_MSG_UNUSABLE } },
};

static const struct rule *
rule_of(enum bp_msg_type asked)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].asked == asked)
			return &rules[i];
	return NULL;
}

bool
bp_launch_accept(enum bp_msg_type asked, struct bp_text bytes,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	const struct rule *rule = rule_of(asked);
	struct bp_msg m;

	if (bytes.len == 0)
		return bp_refuse(reterr, BP_HELPER_ENDED);
	if (rule == NULL || bytes.len > rule->most)
		return bp_refuse(reterr, BP_HELPER_LONG);
	if (bp_msg_is_foreign(bytes))
		return bp_refuse(reterr, BP_HELPER_BUILD);
	if (!bp_msg_read(bytes, &m) || m.asked != asked)
		return bp_refuse(reterr, BP_HELPER_ANSWER);
	if (m.type != BP_MSG_FAILED && m.type != rule->answers[0] &&
	    m.type != rule->answers[1])
		return bp_refuse(reterr, BP_HELPER_ANSWER);
	*ret = m;
	return true;
}

/*
 * The child.  Between fork and exec another thread's locks may be held for
 * ever: only calls that a signal handler may make.
 */

/* Kernels before 5.9 have no close_range, and some containers forbid it. */
static bool
close_each(unsigned first)
{
	_Alignas(struct dirent64) char list[2048];
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent64 *d;
	uint32_t fd;
	long n;

	while ((n = syscall(SYS_getdents64, dir, list, sizeof(list))) > 0)
		for (long at = 0; at < n; at += d->d_reclen) {
			d = (const void *)(list + at);
			if (bp_text_number(bp_text_of(d->d_name), INT32_MAX,
			    &fd) && fd >= first && fd != (uint32_t)dir)
				(void)close((int)fd);
		}
	return n == 0;
}

static bool
keep_only(int sock)
{
	int null;

	/* away first: the host may have used up what there is to be had */
	if (dup2(sock, BP_MSG_SOCKET) < 0 ||
	    fcntl(BP_MSG_SOCKET, F_SETFD, 0) != 0)
		return false;
	if (sock != BP_MSG_SOCKET)
		(void)close(sock);
	if (syscall(SYS_close_range, BP_MSG_SOCKET + 1U, ~0U, 0U) != 0 &&
	    !close_each(BP_MSG_SOCKET + 1))
		return false;
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < BP_MSG_SOCKET; fd++)
		if (dup2(null, fd) < 0)
			return false;
	return null < BP_MSG_SOCKET || close(null) == 0;
}

/*
 * Ours, whatever the caller of sudo set.  NPROC counts every process of the
 * helper's user, and a look-up needs a thread; of AS a sanitizer needs all.
 */
static void
limit(void)
{
	static const struct { unsigned what; rlim_t most; } limits[] = {
		{ RLIMIT_CORE, 0 },	{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_CPU, 30 },	{ RLIMIT_NOFILE, 64 },
		{ RLIMIT_NPROC, 1024 },	{ RLIMIT_STACK, 8UL << 20 },
#ifndef __SANITIZE_ADDRESS__
		{ RLIMIT_AS, 512UL << 20 },
#endif
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit l = { limits[i].most, limits[i].most };

		/* fails where less is set and may not be raised: fine */
		(void)setrlimit(limits[i].what, &l);
	}
}

static bool
become(uid_t uid, gid_t gid)
{
	return uid != 0 && setgroups(0, NULL) == 0 &&
	    setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

static _Noreturn void
run(const struct bp_launch *how, int sock)
{
	char *const argv[] = { "beproduct-helper", NULL };
	char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

	(void)umask(077);
	/* setsid: or it could type into the terminal of whoever ran sudo */
	if (setsid() >= 0 && keep_only(sock) && chdir("/") == 0) {
		limit();	/* by now no descriptor is above it */
		if (become(how->uid, how->gid))
			(void)execve(how->program, argv, env);
	}
	_exit(127);
}

/* The parent. */

static pid_t
start(const struct bp_launch *how, int *retsock)
{
	BP_AUTO(bp_file_close) int theirs = -1;
	int pair[2];
	pid_t pid;

	/* CLOEXEC: another thread of the host may fork, too */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	*retsock = pair[0];
	theirs = pair[1];
	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		run(how, theirs);
	return pid;
}

/* False once DEADLINE is past, however often something happens before it. */
static bool
wait_for(int sock, short event, int64_t deadline)
{
	struct pollfd p = { .fd = sock, .events = event };
	int64_t left;
	int n;

	do {
		left = deadline - bp_clock_ms();
		n = left > 0 ? poll(&p, 1, left < 60000 ? (int)left : 60000)
		    : 0;
	} while (left > 0 && (n == 0 || (n < 0 && errno == EINTR)));
	return n > 0;
}

static bool
is_passing(ssize_t n)
{
	return n < 0 && (errno == EINTR || errno == EAGAIN);
}

static bool
say(int sock, struct bp_text t, int64_t deadline, enum bp_reason *reterr)
{
	ssize_t n;

	while (t.len > 0) {
		if (!wait_for(sock, POLLOUT, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		/* MSG_NOSIGNAL: a helper that died must not end the host */
		n = send(sock, t.at, t.len, MSG_NOSIGNAL);
		if (n < 0 && !is_passing(n))
			return bp_refuse(reterr, BP_HELPER_ENDED);
		if (n > 0)
			t = bp_text_after(t, (size_t)n);
	}
	(void)shutdown(sock, SHUT_WR);
	return true;
}

static bool
hear(int sock, int64_t deadline, struct bp_buf *ret, enum bp_reason *reterr)
{
	ssize_t n;

	do {
		if (!wait_for(sock, POLLIN, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		n = bp_buf_fill(ret, sock);
	} while (n > 0 || is_passing(n));
	return n == 0 || bp_refuse(reterr, errno == EMSGSIZE ? BP_HELPER_LONG
	    : BP_HELPER_ENDED);
}

static void
finish(pid_t pid)
{
	/*
	 * Only what waitpid() still knows as a running child may be killed.
	 * Where the host ignores SIGCHLD, or has reaped for us (ECHILD, and
	 * fine), the number may be another process by now.
	 */
	if (waitpid(pid, NULL, WNOHANG) != 0)
		return;
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

bool
bp_launch_ask(const struct bp_launch *how, const struct bp_msg *request,
    struct bp_buf *bytes, struct bp_msg *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_file_close) int sock = -1;
	const struct rule *rule = rule_of(request->type);
	pid_t pid = -1;
	bool heard;

	if (rule != NULL && bp_msg_write(request, &out))
		pid = start(how, &sock);
	if (pid < 0)
		return bp_refuse(reterr, BP_HELPER_START);
	bp_buf_done(bytes);
	bytes->max = rule->most;
	heard = say(sock, bp_buf_text(&out), how->deadline, reterr) &&
	    hear(sock, how->deadline, bytes, reterr);
	finish(pid);
	return heard && bp_launch_accept(request->type, bp_buf_text(bytes),
	    ret, reterr);
}
