/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <pwd.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static void
check_user(struct bp_check *c)
{
	static const struct bp_where where = { .file = BP_HELPER_USER_NAME };
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(BP_HELPER_USER_NAME);
	if (pw == NULL)
		bp_finding_error(&c->findings, where, "the helper's user does "
		    "not exist: systemd-sysusers or useradd --system makes it");
	else if (pw->pw_uid == 0 || pw->pw_gid == 0)
		bp_finding_error(&c->findings, where,
		    "the helper's user is root, or of root's group");
}

/* It is started as its user, who must be able to run it but not to read it. */
static void
check_helper(struct bp_check *c)
{
	static const struct bp_where where = { .file = BP_PATH_HELPER };
	struct stat st;

	if (stat(BP_PATH_HELPER, &st) != 0)
		bp_finding_error(&c->findings, where, "the helper program: %s",
		    strerror(errno));
	else if (!S_ISREG(st.st_mode))
		bp_finding_error(&c->findings, where,
		    "the helper program is no plain file");
	else if (st.st_uid != 0 || (st.st_mode & 022) != 0)
		bp_finding_error(&c->findings, where, "the helper program is "
		    "not root's, or others may write it");
	else if ((st.st_mode & 01) == 0)
		bp_finding_error(&c->findings, where, "the helper program "
		    "cannot be run by its user: chmod 0711");
	else if ((st.st_mode & 044) != 0)
		bp_finding_warn(&c->findings, where,
		    "others may read the helper program, "
		    "and so attach to it as it starts: chmod 0711");
}

static bool
can_make_namespaces(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(unshare(CLONE_NEWPID) != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Here, at least: sshd's own service may be allowed less, or more. */
static void
check_parting(struct bp_check *c)
{
	static const struct bp_where where = { .file = BP_DISCOVER_USER_NAME };

	if (!can_make_namespaces() && getpwnam(BP_DISCOVER_USER_NAME) == NULL)
		bp_finding_warn(&c->findings, where, "does not exist, and no "
		    "PID namespace can be made here: a helper that somebody "
		    "has taken over reaches the one that brings the "
		    "provider's keys. systemd-sysusers or useradd --system "
		    "makes this user");
}

/* It is made when it is missing, and a sign-in goes on without. */
static void
check_cache(struct bp_check *c)
{
	static const struct bp_where where = { .file = BP_PATH_CACHE };
	struct stat st;

	if (lstat(BP_PATH_CACHE, &st) == 0 && (!S_ISDIR(st.st_mode) ||
	    st.st_uid != 0 || (st.st_mode & 022) != 0))
		bp_finding_warn(&c->findings, where,
		    "is no folder of root's alone: each "
		    "sign-in asks the provider for its addresses and keys");
}

void
bp_check_host(struct bp_check *c)
{
	check_user(c);
	check_helper(c);
	check_parting(c);
	check_cache(c);
}
