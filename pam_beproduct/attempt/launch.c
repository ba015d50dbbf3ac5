/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/launch.h"
#include "attempt/child.h"
#include "core/file.h"
#include "wire/clock.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	SLOT_MS = 3000,			/* to wait for a slot */
	LEAST_MS = 500, MOST_MS = 2000	/* for a killed process to be gone */
};

/* There is no descriptor to be had. */
static bool
is_full(int error)
{
	return error == EMFILE || error == ENFILE;
}

/*
 * No pipe: who writes to one from elsewhere (splice) holds it against its
 * reader for as long as he likes, in read() and in close().  CLOEXEC: another
 * thread of the host may fork, too.
 */
static bool
open_pair(int *retours, int *rettheirs)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	*retours = ends[0];
	*rettheirs = ends[1];
	return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

BP_ON_OWN_STACK static int
run(void *plan)
{
	bp_child_run(plan);
}

/*
 * A process, by clone(): fork() would call what the host has registered for
 * it.  Old kernels give no PIDFD, and a host without a descriptor to spare
 * does without.
 */
static pid_t
bear(struct bp_plan *plan, int flags, int *pidfd)
{
	char *top = plan->stack + BP_CHILD_STACK;
	pid_t pid;

	plan->is_alone = (flags & CLONE_NEWPID) != 0;
	pid = clone(run, top, flags | CLONE_PIDFD | SIGCHLD, plan, pidfd);
	if (pid < 0 && is_full(errno))
		pid = clone(run, top, flags | SIGCHLD, plan);
	return pid;
}

/* Without a guard it is the host that holds the ballast. */
static pid_t
bear_bare(struct bp_plan *plan, const struct bp_launch *how,
    struct bp_child *c)
{
	BP_AUTO(bp_file_close) int sender = -1;

	if (!open_pair(&c->ballast, &sender))
		return -1;
	plan->ballast[1] = sender;
	if (how->bare_uid != 0) {
		plan->uid = how->bare_uid;
		plan->gid = how->bare_gid;
	}
	return bear(plan, 0, &c->pidfd);
}

/*
 * With signals blocked: the host's handlers are not for a copy of it.  Where
 * no namespace can be made, without.
 */
static pid_t
bear_quietly(struct bp_plan *plan, const struct bp_launch *how,
    struct bp_child *c)
{
	sigset_t all, before;
	pid_t pid;

	/* not of the caller's stack, which he may have made a small one */
	plan->stack = malloc(BP_CHILD_STACK);
	if (plan->stack == NULL)
		return -1;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = bear(plan, CLONE_NEWPID, &c->pidfd);
	if (pid < 0)
		pid = bear_bare(plan, how, c);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(plan->stack);
	return pid;
}

static bool
start(const struct bp_launch *how, struct bp_child *c)
{
	BP_AUTO(bp_file_close) int theirs = -1;
	struct bp_plan plan = { .program = how->program, .uid = how->uid,
	    .gid = how->gid };

	if (!open_pair(&c->sock, &theirs))
		return false;
	plan.sock = theirs;
	plan.host = c->sock;
	c->pid = bear_quietly(&plan, how, c);
	return c->pid > 0;
}

/* So that the log can say it; it is the child that the judgement binds. */
static bool
is_program(const char *path, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int program = -1;

	return bp_file_program(path, 0, &program, reterr) ||
	    bp_refuse(reterr, is_full(errno) ? BP_HELPER_START
	    : BP_HELPER_FILE);
}

bool
bp_launch_start(const struct bp_launch *how, struct bp_child *ret,
    enum bp_reason *reterr)
{
	struct bp_child c = BP_CHILD_INIT;

	if (!is_program(how->program, reterr))
		return false;
	if (how->run != NULL && !bp_slot_take(how->run, &how->caller,
	    SLOT_MS, &c.slot, reterr))
		return false;
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
		if (!wait_for(c->sock, POLLOUT, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		/* MSG_NOSIGNAL: a helper that died must not end the host */
		n = send(c->sock, t.at, t.len, MSG_NOSIGNAL);
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
	(void)shutdown(c->sock, SHUT_WR);
}

bool
bp_launch_hear(struct bp_child *c, size_t n, int64_t deadline,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	ssize_t got;

	while (n > 0) {
		if (!wait_for(c->sock, POLLIN, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		got = bp_buf_take(ret, c->sock, n);
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
		if (!wait_for(c->sock, POLLIN, deadline))
			return bp_refuse(reterr, BP_HELPER_SILENT);
		n = bp_buf_fill(&none, c->sock);
	} while (is_passing(n));
	/* ECONNRESET: it did not read all that it was asked */
	return n == 0 || errno == ECONNRESET ||
	    bp_refuse(reterr, BP_HELPER_ANSWER);
}

/* A child that another process traces is dead and cannot be reaped. */
static bool
reap(const struct bp_child *c, int64_t deadline)
{
	pid_t got;

	if (c->pidfd >= 0)
		(void)wait_for(c->pidfd, POLLIN, deadline);
	while ((got = waitpid(c->pid, NULL, WNOHANG)) == 0 ||
	    (got < 0 && errno == EINTR)) {
		if (bp_clock_ms() > deadline)
			return false;
		(void)poll(NULL, 0, 1);
	}
	return true;
}

/* A killed process is gone at once; a machine that is busy may need longer. */
static int64_t
time_to_die(int64_t deadline)
{
	int64_t now = bp_clock_ms();

	if (deadline > now + MOST_MS)
		return now + MOST_MS;
	return deadline < now + LEAST_MS ? now + LEAST_MS : deadline;
}

/*
 * Only what waitpid() still knows as a running child may be killed by its
 * number.  Where the host ignores SIGCHLD, or has reaped for us (ECHILD, and
 * fine), that may be another process by now.
 */
static bool
end_process(const struct bp_child *c, int64_t deadline)
{
	if (c->pid < 0 || waitpid(c->pid, NULL, WNOHANG) != 0)
		return true;
	if (c->pidfd < 0 || (syscall(SYS_pidfd_send_signal, c->pidfd,
	    SIGKILL, NULL, 0) != 0 && errno != ESRCH))
		(void)kill(c->pid, SIGKILL);
	return reap(c, time_to_die(deadline));
}

bool
bp_launch_end(struct bp_child *c, int64_t deadline)
{
	bool ended;

	/* with its last breath it could send what the ballast kept from us */
	bp_file_close(&c->sock);
	ended = end_process(c, deadline);
	bp_file_close(&c->ballast);
	bp_file_close(&c->pidfd);
	bp_file_close(&c->slot);
	*c = (struct bp_child)BP_CHILD_INIT;
	return ended;
}
