/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.h - what the kernel says of a process and of the login it belongs to.
 *
 * Runs in: the module, as root.  Trusts: the kernel.
 * ROOT is "/proc", but for tests.  Numbers stay the digits that they are: what
 * they are for is to be the same, or another.
 */
#ifndef BP_CORE_PROC_H
#define BP_CORE_PROC_H

#include "wire/text.h"

enum { BP_STAT_MAX = 4096 };		/* bytes */

/* A process; init with BP_PROCESS_INIT, release with bp_process_done(). */
struct bp_process {
	struct bp_buf	 bytes;		/* the others borrow from it */
	struct bp_text	 pid, parent;
	struct bp_text	 leader;	/* of its session: setsid(2) */
	struct bp_text	 terminal;	/* its number; 0: none */
	struct bp_text	 start;		/* ticks since the host began */
};
#define BP_PROCESS_INIT	{ .bytes = BP_BUF_INIT(BP_STAT_MAX) }
void	bp_process_done(struct bp_process *p);

/* The process PID, "self" among them.  False: there is none, or no telling. */
BP_MUST_USE bool bp_process_read(const char *root, struct bp_text pid,
    struct bp_process *ret);

/*
 * The login that this process belongs to, as the kernel's audit has it: a
 * number that no other login has until the host starts again, and whose.
 */
#define BP_LOGIN_NONE	UINT32_MAX	/* a kernel without audit, too */
struct bp_login {
	uint32_t	 session, uid;
};

/* Of this process.  False: no telling, which is not "none". */
BP_MUST_USE bool bp_login_read(const char *root, struct bp_login *ret);

/* The id of the host's present run, appended to RET. */
BP_MUST_USE bool bp_proc_boot(const char *root, struct bp_buf *ret);

#endif
