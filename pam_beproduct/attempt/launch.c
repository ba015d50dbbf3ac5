#include "attempt/launch.h"
#include "core/file.h"
#include "core/quiet.h"
#include "wire/clock.h"

#include <sys/resource.h>
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

enum { MOMENT_MS = 500 };	/* a killed process is gone long before */

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

/* OUT goes out of the way first: it may stand where IN is to be. */
static bool
place(int in, int out)
{
	int spare = out == BP_MSG_IN ? dup(out) : out;

	return spare >= 0 && dup2(in, BP_MSG_IN) >= 0 &&
	    dup2(spare, BP_MSG_OUT) >= 0 &&
	    fcntl(BP_MSG_IN, F_SETFD, 0) == 0 &&
	    fcntl(BP_MSG_OUT, F_SETFD, 0) == 0;
}

static bool
keep_only(int in, int out)
{
	int null;

	/* away first: the host may have used up what there is to be had */
	if (!place(in, out))
		return false;
	if (syscall(SYS_close_range, BP_MSG_OUT + 1U, ~0U, 0U) != 0 &&
	    !close_each(BP_MSG_OUT + 1))
		return false;
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < BP_MSG_IN; fd++)
		if (dup2(null, fd) < 0)
			return false;
	return null < BP_MSG_IN || close(null) == 0;
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
run(const struct bp_launch *how, int in, int out)
{
	char *const argv[] = { "beproduct-helper", NULL };
	char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

	(void)umask(077);
	/* setsid: or it could type into the terminal of whoever ran sudo */
	if (setsid() >= 0 && keep_only(in, out) && chdir("/") == 0) {
		limit();	/* by now no descriptor is above it */
		if (become(how->uid, how->gid))
			(void)execve(how->program, argv, env);
	}
	_exit(127);
}

/* The parent. */

/* CLOEXEC: another thread of the host may fork, too. */
static bool
open_pipe(int *retread, int *retwrite)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	*retread = ends[0];
	*retwrite = ends[1];
	return true;
}

static bool
start(const struct bp_launch *how, struct bp_child *c)
{
	BP_AUTO(bp_file_close) int in = -1;
	BP_AUTO(bp_file_close) int out = -1;

	if (!open_pipe(&in, &c->to) || !open_pipe(&c->from, &out) ||
	    fcntl(c->to, F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(c->from, F_SETFL, O_NONBLOCK) != 0)
		return false;
	c->pid = fork();
	if (c->pid == 0)
		run(how, in, out);
	return c->pid > 0;
}

bool
bp_launch_start(const struct bp_launch *how, struct bp_child *ret,
    enum bp_reason *reterr)
{
	struct bp_child c = BP_CHILD_INIT;

	if (start(how, &c)) {
		*ret = c;
		return true;
	}
	(void)bp_launch_end(&c, 0);
	return bp_refuse(reterr, BP_HELPER_START);
}

/* False once DEADLINE is past, however often something happens before it. */
static bool
wait_for(int fd, short event, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = event };
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

bool
bp_launch_say(struct bp_child *c, struct bp_text t, int64_t deadline,
    enum bp_reason *reterr)
{
	ssize_t n;

	while (t.len > 0) {
		if (!wait_for(c->to, POLLOUT, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		n = bp_quiet_write(c->to, t);
		if (n < 0 && !is_passing(n))
			return bp_refuse(reterr, BP_HELPER_ENDED);
		if (n > 0)
			t = bp_text_after(t, (size_t)n);
	}
	return true;
}

void
bp_launch_hush(struct bp_child *c)
{
	bp_file_close(&c->to);
}

bool
bp_launch_hear(struct bp_child *c, size_t n, int64_t deadline,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	ssize_t got;

	while (n > 0) {
		if (!wait_for(c->from, POLLIN, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		got = bp_buf_take(ret, c->from, n);
		if (got < 0 && errno == EMSGSIZE)
			return bp_refuse(reterr, BP_HELPER_LONG);
		if (got == 0 || (got < 0 && !is_passing(got)))
			return bp_refuse(reterr, BP_HELPER_ENDED);
		if (got > 0)
			n -= (size_t)got;
	}
	return true;
}

bool
bp_launch_is_over(struct bp_child *c, int64_t deadline,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf none = BP_BUF_INIT(0);
	ssize_t n;

	do {
		if (!wait_for(c->from, POLLIN, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		n = bp_buf_fill(&none, c->from);
	} while (is_passing(n));
	return n == 0 || bp_refuse(reterr, BP_HELPER_ANSWER);
}

/* False once DEADLINE is past, and at least a moment: it has to die first. */
static bool
reap(pid_t pid, int64_t deadline)
{
	int64_t least = bp_clock_ms() + MOMENT_MS;
	pid_t got;

	if (deadline < least)
		deadline = least;
	while ((got = waitpid(pid, NULL, WNOHANG)) == 0 ||
	    (got < 0 && errno == EINTR)) {
		if (bp_clock_ms() > deadline)
			return false;
		(void)poll(NULL, 0, 1);
	}
	return true;
}

bool
bp_launch_end(struct bp_child *c, int64_t deadline)
{
	pid_t pid = c->pid;

	bp_file_close(&c->to);
	bp_file_close(&c->from);
	bp_file_close(&c->pidfd);
	c->pid = -1;
	/*
	 * Only what waitpid() still knows as a running child may be killed.
	 * Where the host ignores SIGCHLD, or has reaped for us (ECHILD, and
	 * fine), the number may be another process by now.
	 */
	if (pid < 0 || waitpid(pid, NULL, WNOHANG) != 0)
		return true;
	(void)kill(pid, SIGKILL);
	return reap(pid, deadline);
}
