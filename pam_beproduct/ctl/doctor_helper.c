/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/account.h"
#include "ctl/doctor.h"
#include "wire/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START_MS = 10000, LOOK_AGAIN_MS = 10, STATUS_MAX = 8192 };

static const struct bp_where where = { .file = BP_PATH_HELPER };

/* What the kernel says of a process, /proc/PID/status. */
struct process {
	unsigned long	 uid[4], permitted, effective;
	bool		 no_new_privs;
	bool		 is_alone;	/* in a PID namespace of its own */
};

/* The rest of the line that begins with NAME; NULL: none does. */
static const char *
line_of(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at != NULL ? at + strlen(name) : NULL;
}

/* What stands below /proc/PID in NAME. */
static bool
read_of(pid_t pid, const char *name, char text[STATUS_MAX])
{
	char path[64];
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	n = fread(text, 1, STATUS_MAX - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	return n > 0;
}

static bool
read_process(pid_t pid, struct process *ret)
{
	static char status[STATUS_MAX];
	const char *uids, *permitted, *effective, *privs, *pids;
	char *end;

	if (!read_of(pid, "status", status))
		return false;
	uids = line_of(status, "\nUid:");
	permitted = line_of(status, "\nCapPrm:");
	effective = line_of(status, "\nCapEff:");
	privs = line_of(status, "\nNoNewPrivs:");
	pids = line_of(status, "\nNSpid:");
	if (uids == NULL || permitted == NULL || effective == NULL ||
	    privs == NULL)
		return false;
	for (size_t i = 0; i < 4; i++, uids = end)
		ret->uid[i] = strtoul(uids, &end, 10);
	ret->permitted = strtoul(permitted, NULL, 16);
	ret->effective = strtoul(effective, NULL, 16);
	ret->no_new_privs = strtoul(privs, NULL, 10) == 1;
	ret->is_alone = false;
	if (pids != NULL) {
		(void)strtoul(pids, &end, 10);
		ret->is_alone = *end == '\t';
	}
	return true;
}

/* The first of a namespace guards the helper, which is its one child. */
static bool
find_helper(pid_t pid, struct process *ret)
{
	char name[64], children[STATUS_MAX];

	if (!read_process(pid, ret))
		return false;
	if (!ret->is_alone)
		return true;
	(void)snprintf(name, sizeof(name), "task/%d/children", (int)pid);
	return read_of(pid, name, children) &&
	    read_process((pid_t)strtoul(children, NULL, 10), ret);
}

static bool
is_confined(const struct process *p, uid_t uid)
{
	for (size_t i = 0; i < 4; i++)
		if (p->uid[i] != uid)
			return false;
	return p->permitted == 0 && p->effective == 0 && p->no_new_privs;
}

/* Until it is what it is to be, which takes it a moment after the fork. */
static bool
wait_for(pid_t pid, uid_t uid, struct process *ret)
{
	int64_t deadline = bp_clock_ms() + START_MS;
	bool is;

	while (!(is = find_helper(pid, ret) && is_confined(ret, uid)) &&
	    bp_clock_ms() < deadline)
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	return is;
}

static void
say_started(struct bp_check *c, const struct bp_launch *how, pid_t pid)
{
	struct process p;

	if (!wait_for(pid, how->uid, &p))
		bp_finding_error(&c->findings, where, "it is started, and is "
		    "not confined as it should be: of %s alone (uid %u), "
		    "without capabilities, without a way to new ones",
		    BP_HELPER_USER_NAME, (unsigned)how->uid);
	else
		bp_finding_ok(&c->findings, where, "it starts, as %s (uid "
		    "%u), without capabilities%s", BP_HELPER_USER_NAME,
		    (unsigned)how->uid, p.is_alone
		    ? ", in a PID namespace of its own" : "");
}

/* It waits for a request, and never gets one. */
void
bp_doctor_helper(struct bp_check *c)
{
	BP_AUTO(bp_request_done) struct bp_request r = BP_REQUEST_INIT;
	struct bp_child child = BP_CHILD_INIT;
	enum bp_reason why;

	if (!bp_request_prepare(&r, &c->setup, &why) ||
	    !bp_launch_start(&r.how, &child, &why)) {
		bp_doctor_say_why(c, &r, why, where);
		return;
	}
	say_started(c, &r.how, child.pid);
	if (!bp_launch_end(&child, bp_clock_ms()))
		bp_finding_warn(&c->findings, where, "%s",
		    bp_reason_row(BP_HELPER_LEFT)->log);
}
