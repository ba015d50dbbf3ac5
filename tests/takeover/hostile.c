/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostile.c - a helper that an attacker has taken over: it does what NAME.mode
 * beside NAME says, one word, and says what came of it.  It heeds nothing that
 * a process can ignore; by itself it ends after half a minute.
 */
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <netinet/in.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "wire/msg.h"

enum { LIFE = 30, WHILE_MS = 1500 };	/* seconds; of an attack on others */

static char self[512];

static void
say(const char *words)
{
	if (write(BP_MSG_OUT, words, strlen(words)) < 0)
		_exit(1);
}

/* What failed, or that it did not. */
static const char *
result(bool done)
{
	return done ? "done" : strerrorname_np(errno);
}

static int64_t
now_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
heed_nothing(void)
{
	sigset_t most;

	(void)sigfillset(&most);
	(void)sigdelset(&most, SIGALRM);
	(void)sigprocmask(SIG_SETMASK, &most, NULL);
	(void)signal(SIGALRM, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, 0L, 0L, 0L, 0L);
	(void)alarm(LIFE);
}

static _Noreturn void
stay(void)
{
	(void)alarm(LIFE);	/* of its own: fork() hands none down */
	for (;;)
		(void)pause();
}

/* A process of which the host hears nothing, not even its end. */
static bool
is_apart(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		heed_nothing();
		(void)close(BP_MSG_IN);
		(void)close(BP_MSG_OUT);
	}
	return pid == 0;
}

/* Its own tracer: dead, it cannot be reaped until that one lets go. */
static void
traced(void)
{
	pid_t me = getpid();
	int ready[2];
	char c;

	(void)prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0L, 0L, 0L);
	if (pipe(ready) != 0)
		_exit(1);
	if (fork() == 0) {
		heed_nothing();
		say(ptrace(PTRACE_SEIZE, me, NULL, NULL) == 0 ? "traced"
		    : "untraced");
		if (write(ready[1], "", 1) == 1)
			stay();
	}
	if (read(ready[0], &c, 1) == 1)
		stay();
}

/* A connection to this port whose last close lasts: it has more to send. */
static int
lingering_at(in_port_t port, int seconds)
{
	static const char bytes[65536];
	const struct linger l = { 1, seconds };
	const struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) != 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		_exit(1);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	return fd;
}

static int
lingering(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int to = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(to, (struct sockaddr *)&a, len) != 0 || listen(to, 1) != 0 ||
	    getsockname(to, (struct sockaddr *)&a, &len) != 0)
		_exit(1);
	/* the other end lives on, and reads nothing */
	if (is_apart())
		stay();
	return lingering_at(a.sin_port, 60);
}

static bool
pass(int fd)
{
	union {
		struct cmsghdr	 head;
		char		 bytes[CMSG_SPACE(sizeof(int))];
	} room = { .head = { .cmsg_level = SOL_SOCKET,
	    .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec byte = { (void *)(uintptr_t)"", 1 };
	struct msghdr m = { .msg_iov = &byte, .msg_iovlen = 1,
	    .msg_control = &room, .msg_controllen = sizeof(room) };

	memcpy(CMSG_DATA(&room.head), &fd, sizeof(fd));
	return sendmsg(BP_MSG_OUT, &m, MSG_NOSIGNAL) == 1;
}

/* As itself, and as root of a user namespace of its own. */
static void
descriptor(void)
{
	int fd = lingering();

	say(result(pass(fd)));
	(void)unshare(CLONE_NEWUSER);
	say(" ");
	say(result(pass(fd)));
}

/*
 * To its last breath, and to somebody who outlives it.  By several, of whom
 * one may be running when the others are killed.
 */
static _Noreturn void
descriptor_again(const char *port)
{
	int fd = lingering_at(htons((in_port_t)atoi(port)), 20);

	say("x");
	for (int i = 0; i < 3 && fork() > 0; i++)
		;
	do
		(void)pass(fd);
	while (errno != EPIPE);
	_exit(0);
}

/* A pipe would be held by these against the host. */
static void
holds_answer(void)
{
	int empty[2];

	say("x");
	if (pipe(empty) == 0)
		(void)splice(empty[0], NULL, BP_MSG_OUT, NULL, 4096, 0);
	stay();
}

static void
holds_request(void)
{
	static const char bytes[4096];
	int full[2];

	if (pipe2(full, O_NONBLOCK) != 0)
		_exit(1);
	while (write(full[1], bytes, sizeof(bytes)) > 0)
		;
	(void)fcntl(full[1], F_SETFL, 0);
	say("x");
	(void)splice(BP_MSG_IN, NULL, full[1], NULL, 4096, 0);
	stay();
}

/* Each process of it lives a moment: no limit of a process's own ends it. */
static _Noreturn void
go_on_by_forks(void)
{
	for (int64_t end = now_ms() + LIFE * 1000; now_ms() < end;) {
		if (fork() > 0)
			_exit(0);
		(void)usleep(100000);
	}
	_exit(0);
}

static void
outlives(void)
{
	for (int i = 0; i < 3; i++)
		if (is_apart()) {
			(void)setsid();
			if (fork() > 0)
				_exit(0);
			go_on_by_forks();
		}
	say("left");
}

static void
outlives_the_host(void)
{
	say("left");
	stay();
}

static void
stopped(void)
{
	sigset_t none;

	say("x");
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)raise(SIGSTOP);
	stay();
}

static void
many_processes(void)
{
	int n = 1;

	while (n < 200 && fork() > 0)
		n++;
	if (n == 200)
		say("left");
	stay();
}

static void
kills_others(void)
{
	for (int64_t end = now_ms() + WHILE_MS; now_ms() < end;) {
		(void)kill(-1, SIGKILL);
		(void)usleep(2000);
	}
	say("tried");
}

/* Another's process of this user, by the number that /proc has for it. */
static bool
is_another(const struct dirent *d, pid_t own)
{
	char path[sizeof(d->d_name) + 16], line[256];
	unsigned uid = 0;
	FILE *f;

	if (atoi(d->d_name) <= 2 || atoi(d->d_name) == own)
		return false;
	(void)snprintf(path, sizeof(path), "/proc/%s/status", d->d_name);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Uid: %u", &uid) == 1)
			break;
	if (f != NULL)
		(void)fclose(f);
	return uid == getuid();
}

/* The best that came of it: ESRCH, then EPERM, then done. */
static int
attach_to_all(pid_t own, int best)
{
	DIR *all = opendir("/proc");
	const struct dirent *d;

	while (all != NULL && (d = readdir(all)) != NULL)
		if (is_another(d, own)) {
			if (ptrace(PTRACE_SEIZE, atoi(d->d_name), NULL, NULL)
			    == 0)
				best = 0;
			else if (best != 0)
				best = errno == EPERM || best == EPERM
				    ? EPERM : errno;
		}
	if (all != NULL)
		(void)closedir(all);
	return best;
}

static void
attaches(void)
{
	char own[16] = "";
	int best = -1;

	if (readlink("/proc/self", own, sizeof(own) - 1) < 0)
		_exit(1);
	for (int64_t end = now_ms() + WHILE_MS; now_ms() < end;)
		best = attach_to_all(atoi(own), best);
	errno = best;
	say(best == -1 ? "saw nobody" : result(best == 0));
}

/* Of whoever attaches as it starts, this one is the prey. */
static void
prey(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
	(void)usleep(20000);
	say("well");
}

/* What a good helper does, and needs half a second for. */
static void
good(void)
{
	(void)usleep(500000);
	say("well");
}

static void
keys(void)
{
	say(result(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING,
	    "user", "bp-takeover", 0) >= 0));
}

static void
setuid_program(void)
{
	char path[sizeof(self) + 8];

	(void)snprintf(path, sizeof(path), "%s.setuid", self);
	(void)execl(path, "probe", (char *)NULL);
	say(result(false));
}

static bool
has_capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
	    0 };
	struct __user_cap_data_struct d[2];

	return syscall(SYS_capget, &head, d) != 0 ||
	    (d[0].effective | d[0].permitted | d[0].inheritable |
	    d[1].effective | d[1].permitted | d[1].inheritable) != 0;
}

static void
capabilities(void)
{
	bool any = false;

	for (unsigned long cap = 0; cap <= CAP_LAST_CAP; cap++)
		any = prctl(PR_CAPBSET_READ, cap, 0L, 0L, 0L) == 1 || any;
	say(has_capabilities() ? "has some" : any ? "may gain some" : "none");
}

static void
scheduling(void)
{
	cpu_set_t set;

	(void)sched_getaffinity(0, sizeof(set), &set);
	if (getpriority(PRIO_PROCESS, 0) != 0)
		say("nice ");
	if (sched_getscheduler(0) != SCHED_OTHER)
		say("scheduler ");
	if (CPU_COUNT(&set) != sysconf(_SC_NPROCESSORS_ONLN))
		say("processors ");
	if (syscall(SYS_ioprio_get, 1, 0) >> 13 == 3)
		say("ioprio ");
	say("ordinary");
}

/* 0 to 15, as numbered by the kernel; what a sanitizer needs is not asked. */
static void
limits(void)
{
	static const struct { unsigned what; const char *name; rlim_t most; }
	rows[] = {
		{ RLIMIT_CPU, "CPU", 30 },	{ RLIMIT_FSIZE, "FSIZE", 0 },
#ifndef __SANITIZE_ADDRESS__
		{ RLIMIT_DATA, "DATA", 512UL << 20 },
		{ RLIMIT_AS, "AS", 512UL << 20 },
#endif
		{ RLIMIT_STACK, "STACK", 8UL << 20 },
		{ RLIMIT_CORE, "CORE", 0 },
		{ RLIMIT_RSS, "RSS", 512UL << 20 },
		{ RLIMIT_NPROC, "NPROC", 1024 },
		{ RLIMIT_NOFILE, "NOFILE", 64 },
		{ RLIMIT_MEMLOCK, "MEMLOCK", 64UL << 10 },
		{ RLIMIT_LOCKS, "LOCKS", 0 },
		{ RLIMIT_SIGPENDING, "SIGPENDING", 64 },
		{ RLIMIT_MSGQUEUE, "MSGQUEUE", 0 },
		{ RLIMIT_NICE, "NICE", 0 },	{ RLIMIT_RTPRIO, "RTPRIO", 0 },
		{ RLIMIT_RTTIME, "RTTIME", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rlimit l = { 1, 2 };

		(void)getrlimit(rows[i].what, &l);
		if (l.rlim_cur != rows[i].most || l.rlim_max != rows[i].most) {
			say(rows[i].name);
			say(" ");
		}
	}
	say("ours");
}

static void
drips(void)
{
	for (;;) {
		say("x");
		(void)usleep(20000);
	}
}

static void
endless(void)
{
	char bytes[4096];

	memset(bytes, 'x', sizeof(bytes));
	while (write(BP_MSG_OUT, bytes, sizeof(bytes)) > 0)
		;
}

static void
deaf(void)
{
	stay();
}

static void
closes_and_stays(void)
{
	say("left");
	(void)close(BP_MSG_IN);
	(void)close(BP_MSG_OUT);
	stay();
}

static const struct { const char *name; void (*attempt)(void); } modes[] = {
	{ "traced", traced },		{ "descriptor", descriptor },
	{ "holds_answer", holds_answer }, { "holds_request", holds_request },
	{ "outlives", outlives },	{ "stopped", stopped },
	{ "outlives_the_host", outlives_the_host },
	{ "many_processes", many_processes },
	{ "kills_others", kills_others }, { "attaches", attaches },
	{ "prey", prey },		{ "good", good },
	{ "keys", keys },		{ "setuid_program", setuid_program },
	{ "capabilities", capabilities }, { "scheduling", scheduling },
	{ "limits", limits },		{ "drips", drips },
	{ "endless", endless },		{ "deaf", deaf },
	{ "closes_and_stays", closes_and_stays },
};

static void
read_mode(char mode[64])
{
	char path[sizeof(self) + 8];
	FILE *f;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		_exit(1);
	(void)snprintf(path, sizeof(path), "%s.mode", self);
	f = fopen(path, "r");
	if (f == NULL || fgets(mode, 64, f) == NULL)
		_exit(1);
	(void)fclose(f);
}

int
main(int argc, char **argv)
{
	char mode[64] = "";

	if (argc > 0 && strcmp(argv[0], "probe") == 0) {
		say(geteuid() == 0 ? "root" : "nobody");
		return 0;
	}
	heed_nothing();
	read_mode(mode);
	if (strncmp(mode, "again:", 6) == 0)
		descriptor_again(mode + 6);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(mode, modes[i].name) == 0)
			modes[i].attempt();
	return 0;
}
