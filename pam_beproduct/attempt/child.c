/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/child.h"
#include "core/file.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/capability.h>
#include <linux/keyctl.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
	BALLAST = BP_MSG_OUT + 1,	/* until the program is executed, */
	PROGRAM,			/* and so the program */
	DESCRIPTORS = 64		/* that the helper may have */
};

/*
 * Not by the C library, which would ask every thread of the host, whom it
 * remembers, to change as well.  On some machines the plain calls know 16 bits.
 */
#ifdef SYS_setresuid32
#define SET(what, ...)	syscall(SYS_##what##32, __VA_ARGS__)
#else
#define SET(what, ...)	syscall(SYS_##what, __VA_ARGS__)
#endif

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
close_from(unsigned first)
{
	return syscall(SYS_close_range, first, ~0U, 0U) == 0 ||
	    close_each(first);
}

/* Out of the way of the three places, where it is not. */
static int
away(int fd)
{
	return fd > BALLAST ? fd : fcntl(fd, F_DUPFD, BALLAST + 1);
}

static bool
place(const struct bp_plan *p)
{
	int sock = away(p->sock), ballast = away(p->ballast[1]);

	return sock >= 0 && ballast >= 0 && dup2(sock, BP_MSG_IN) >= 0 &&
	    dup2(sock, BP_MSG_OUT) >= 0 &&
	    dup3(ballast, BALLAST, O_CLOEXEC) >= 0;
}

static bool
keep_only_its_own(const struct bp_plan *p)
{
	int null;

	/* away first: the host may have used up what there is to be had */
	if (!place(p) || !close_from(BALLAST + 1))
		return false;
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < BP_MSG_IN; fd++)
		if (dup2(null, fd) < 0)
			return false;
	return null < BP_MSG_IN || close(null) == 0;
}

/* Judged on the descriptor that is executed: its name may be another file's. */
static bool
open_its_program(const struct bp_plan *p)
{
	enum bp_reason why;
	int fd = -1;

	return bp_file_program(p->program, 0, &fd, &why) && fd == PROGRAM;
}

/* setsid: or it could type into the terminal of whoever ran sudo. */
static bool
leave_the_caller(const struct bp_plan *p)
{
	(void)p;
	(void)umask(077);
	return setsid() >= 0 && chdir("/") == 0;
}

/* What the kernel does not let us undo, it does not let the helper use. */
static bool
run_as_anybody_does(const struct bp_plan *p)
{
	static const struct sched_param none = { 0 };
	unsigned long all[32];		/* more processors than there are */

	(void)p;
	memset(all, 0xff, sizeof(all));
	(void)sched_setscheduler(0, SCHED_OTHER, &none);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	(void)syscall(SYS_sched_setaffinity, 0, sizeof(all), all);
	(void)syscall(SYS_ioprio_set, 1 /* of one process */, 0, 0);
	return true;
}

/* Where keyctl() is not to be had, the helper has none either. */
static bool
forget_keys(const struct bp_plan *p)
{
	(void)p;
	return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS || errno == EPERM;
}

static bool
gain_nothing_by_exec(const struct bp_plan *p)
{
	(void)p;
	for (unsigned long cap = 0;
	    prctl(PR_CAPBSET_DROP, cap, 0UL, 0UL, 0UL) == 0; cap++)
		;
	return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0;
}

/* Root to the end but by name: limits may be raised, and ballast loaded. */
static bool
take_its_name(const struct bp_plan *p)
{
	return p->uid != 0 && SET(setgroups, 0L, NULL) == 0 &&
	    SET(setresgid, p->gid, p->gid, p->gid) == 0 &&
	    SET(setresuid, p->uid, 0, 0) == 0;
}

/* Where root may not go above its limit, several load ballast at once. */
static void
allow_many_descriptors(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0) {
		l.rlim_cur = l.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &l);
	}
}

/*
 * A descriptor that the helper sends would be closed by the host, and some
 * closes last as long as their owner likes: a connection that lingers.  Who
 * has more descriptors on their way than he may have open can send no other.
 * So one more than he may have lie unread in a socket that he does not have,
 * sent by us as the helper's user; they go when its holder closes it.
 */
static bool
load_ballast(const struct bp_plan *p)
{
	enum { N = DESCRIPTORS + 1 };
	union {
		struct cmsghdr	 head;
		char		 bytes[CMSG_SPACE(N * sizeof(int))];
	} room = { .head = { .cmsg_level = SOL_SOCKET,
	    .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(N * sizeof(int)) } };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1,
	    .msg_control = &room, .msg_controllen = sizeof(room) };
	int fds[N];

	(void)p;
	for (size_t i = 0; i < N; i++)
		fds[i] = PROGRAM;	/* of which the helper has none */
	memcpy(CMSG_DATA(&room.head), fds, sizeof(fds));
	allow_many_descriptors();
	return sendmsg(BALLAST, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/*
 * Ours, whatever the caller of sudo set.  NPROC counts every process of the
 * helper's user, and a look-up needs a thread; of AS a sanitizer needs all.
 * To raise one fails where less is set and that is all there is: fine.
 */
static bool
limit(const struct bp_plan *p)
{
	static const struct { unsigned what; rlim_t most; } limits[] = {
		{ RLIMIT_CORE, 0 },	{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_CPU, 30 },	{ RLIMIT_NOFILE, DESCRIPTORS },
		{ RLIMIT_NPROC, 1024 },	{ RLIMIT_STACK, 8UL << 20 },
		{ RLIMIT_MEMLOCK, 64UL << 10 }, { RLIMIT_SIGPENDING, 64 },
		{ RLIMIT_MSGQUEUE, 0 },	{ RLIMIT_NICE, 0 },
		{ RLIMIT_RTPRIO, 0 },	{ RLIMIT_RTTIME, 0 },
		{ RLIMIT_RSS, 512UL << 20 }, { RLIMIT_LOCKS, 0 },
#ifndef __SANITIZE_ADDRESS__
		{ RLIMIT_AS, 512UL << 20 }, { RLIMIT_DATA, 512UL << 20 },
#endif
	};

	(void)p;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit l = { limits[i].most, limits[i].most };

		(void)setrlimit(limits[i].what, &l);
	}
	return true;
}

/*
 * With a new user the kernel may let processes of his attach to this copy of
 * the host's memory (fs.suid_dumpable), but not if it has capabilities that
 * they lack: so those go last.
 */
static bool
become_the_helper(const struct bp_plan *p)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
	    0 };
	static const struct __user_cap_data_struct none[2];

	(void)prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L);
	return SET(setresuid, p->uid, p->uid, p->uid) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0 &&
	    syscall(SYS_capset, &head, none) == 0;
}

static bool
execute(const struct bp_plan *p)
{
	char *const argv[] = { "beproduct-helper", NULL };
	char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

	(void)p;
	return syscall(SYS_execveat, PROGRAM, "", argv, env,
	    AT_EMPTY_PATH) == 0;
}

/* In this order. */
BP_ON_OWN_STACK static int
go(void *plan)
{
	static bool (*const steps[])(const struct bp_plan *) = {
		leave_the_caller,	keep_only_its_own,
		open_its_program,	run_as_anybody_does,
		forget_keys,		gain_nothing_by_exec,
		take_its_name,		load_ballast,
		limit,			become_the_helper,
		execute,
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!steps[i](plan))
			break;
	_exit(127);
}

/* That of the caller of sudo, who may kill and stop what is his. */
static bool
leave_the_callers_name(void)
{
	return SET(setresgid, 0, 0, 0) == 0 && SET(setresuid, 0, 0, 0) == 0;
}

/* PDEATHSIG comes late for a host that has died already. */
static bool
end_with_the_host(const struct bp_plan *p)
{
	struct pollfd host = { .fd = p->sock };

	return prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L) == 0 &&
	    poll(&host, 1, 0) == 0;
}

/* And nothing of the host's, which may have used up what there is to be had. */
static bool
keep_only(int fd)
{
	return dup2(fd, STDIN_FILENO) >= 0 && close_from(STDIN_FILENO + 1);
}

/*
 * As the first of its namespace, whose end is the end of all in it.  It ends
 * only after the host has closed its end of the socket, and so needs no
 * ballast any more.
 */
BP_ON_OWN_STACK static _Noreturn void
guard(const struct bp_plan *p)
{
	struct bp_plan own = *p;
	pid_t helper, got;

	own.sock = STDIN_FILENO;
	if (!leave_the_callers_name() || !end_with_the_host(p) ||
	    !keep_only(p->sock) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, own.ballast) != 0)
		_exit(127);
	/* each of the two has half of the stack */
	helper = clone(go, p->stack + BP_CHILD_STACK / 2, SIGCHLD, &own);
	if (helper < 0 || !keep_only(own.ballast[0]))
		_exit(127);
	(void)prctl(PR_SET_NAME, "beproduct-guard", 0L, 0L, 0L);
	do
		got = waitpid(-1, NULL, 0);
	while (got >= 0 ? got != helper : errno == EINTR);
	_exit(0);
}

BP_ON_OWN_STACK void
bp_child_run(const struct bp_plan *plan)
{
	/* or our own copy of it would hide that the host has died */
	(void)close(plan->host);
	if (plan->is_alone)
		guard(plan);
	(void)go((void *)plan);
	_exit(127);
}
