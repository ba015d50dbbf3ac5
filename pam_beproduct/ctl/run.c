/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/run.h"
#include "core/file.h"
#include "wire/clock.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

/* As its own: nothing of what the caller of beproductctl has set up. */
static bool
prepare_run(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr,
    int output)
{
	sigset_t all, none;

	return sigfillset(&all) == 0 && sigemptyset(&none) == 0 &&
	    posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0) == 0 &&
	    posix_spawn_file_actions_adddup2(actions, output,
	    STDOUT_FILENO) == 0 &&
	    posix_spawn_file_actions_adddup2(actions, output,
	    STDERR_FILENO) == 0 &&
	    posix_spawn_file_actions_addchdir_np(actions, "/") == 0 &&
	    posix_spawnattr_setsigdefault(attr, &all) == 0 &&
	    posix_spawnattr_setsigmask(attr, &none) == 0 &&
	    posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSID |
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) == 0;
}

static bool
start_run(const char *const argv[], int output, pid_t *ret)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	    locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	bool ok;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawnattr_init(&attr) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return false;
	}
	ok = prepare_run(&actions, &attr, output) && posix_spawn(ret, argv[0],
	    &actions, &attr, (char *const *)(uintptr_t)argv,
	    environment) == 0;
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return ok;
}

/* To the end of what it says; false: later than DEADLINE, or too much. */
static bool
listen_to(int fd, int64_t deadline, struct bp_buf *ret)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	ssize_t n = 1;

	while (n > 0) {
		left = deadline - bp_clock_ms();
		if (left <= 0 || poll(&p, 1, (int)left) != 1)
			return false;
		n = bp_buf_fill(ret, fd);
	}
	return n == 0;
}

/* Whoever has closed his output may still go on: not past the deadline. */
static bool
ended_well(pid_t pid, int64_t deadline)
{
	int status = -1;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (bp_clock_ms() >= deadline) {
			(void)kill(-pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return false;
		}
		(void)poll(NULL, 0, 1);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
bp_run(const char *const argv[], struct bp_buf *ret)
{
	BP_AUTO(bp_file_close) int output = -1;
	BP_AUTO(bp_file_close) int input = -1;
	int64_t deadline = bp_clock_ms() + BP_RUN_MS;
	bool heard, started;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	output = ends[0];
	input = ends[1];
	started = start_run(argv, input, &pid);
	bp_file_close(&input);
	if (!started)
		return false;
	heard = listen_to(output, deadline, ret);
	bp_file_close(&output);
	return ended_well(pid, heard ? deadline : 0) && heard;
}
