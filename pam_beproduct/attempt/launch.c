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

static int
run(void *plan)
{
	bp_child_run(plan);
}

/*
 * A process, by clone(): fork() would call what the host has registered for
 * it.  Old kernels give no PIDFD.
 */
static pid_t
bear(struct bp_plan *plan, const struct bp_launch *how, int flags, int *pidfd)
{
	bool is_bare = (flags & CLONE_NEWPID) == 0 && how->bare_uid != 0;

	plan->is_alone = (flags & CLONE_NEWPID) != 0;
	plan->uid = is_bare ? how->bare_uid : how->uid;
	plan->gid = is_bare ? how->bare_gid : how->gid;
	return clone(run, plan->stack + BP_CHILD_STACK, flags | SIGCHLD, plan,
	    pidfd);
}

/*
 * With signals blocked: the host's handlers are not for a copy of it.  Where
 * no namespace can be made, without.
 */
static pid_t
bear_quietly(struct bp_plan *plan, const struct bp_launch *how, int *pidfd)
{
	sigset_t all, before;
	pid_t pid = -1;

	/* not of the caller's stack, which he may have made a small one */
	plan->stack = malloc(BP_CHILD_STACK);
	if (plan->stack == NULL)
		return -1;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = bear(plan, how, CLONE_NEWPID | CLONE_PIDFD, pidfd);
	if (pid < 0)
		pid = bear(plan, how, CLONE_PIDFD, pidfd);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(plan->stack);
	return pid;
}

static bool
start(const struct bp_launch *how, int program, struct bp_child *c)
{
	BP_AUTO(bp_file_close) int in = -1;
	BP_AUTO(bp_file_close) int out = -1;
	struct bp_plan plan = { .program = program };

	if (!open_pair(&c->to, &in) || !open_pair(&c->from, &out))
		return false;
	plan.in = in;
	plan.out = out;
	plan.host[0] = c->to;
	plan.host[1] = c->from;
	c->pid = bear_quietly(&plan, how, &c->pidfd);
	return c->pid > 0;
}

bool
bp_launch_start(const struct bp_launch *how, struct bp_child *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int program = -1;
	struct bp_child c = BP_CHILD_INIT;

	if (!bp_file_program(how->program, 0, &program, reterr))
		return bp_refuse(reterr, errno == EMFILE || errno == ENFILE
		    ? BP_HELPER_START : BP_HELPER_FILE);
	if (how->run != NULL && !bp_slot_take(how->run, &how->caller,
	    SLOT_MS, &c.slot, reterr))
		return false;
	if (start(how, program, &c)) {
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
		/* MSG_NOSIGNAL: a helper that died must not end the host */
		n = send(c->to, t.at, t.len, MSG_NOSIGNAL);
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
	(void)shutdown(c->to, SHUT_WR);
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
	bool ended = end_process(c, deadline);

	/* the ballast in TO is of use while FROM can be written to */
	bp_file_close(&c->from);
	bp_file_close(&c->to);
	bp_file_close(&c->pidfd);
	bp_file_close(&c->slot);
	*c = (struct bp_child)BP_CHILD_INIT;
	return ended;
}
