/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * launch.h - start the helper, talk with it until a deadline, and end it.
 *
 * Runs in: the module, as root inside sshd, sudo or login, and beproductctl.
 * The only file that forks.  Trusts: the helper's path and user; of what it
 * says nothing, and here nothing is read into it.
 *
 * The helper gets a PID namespace where one can be made, its own user, session
 * and environment, / for a directory, /dev/null on 0-2, a socket on BP_MSG_IN
 * and BP_MSG_OUT, and no other descriptor; child.c has the rest.
 */
#ifndef BP_ATTEMPT_LAUNCH_H
#define BP_ATTEMPT_LAUNCH_H

#include <sys/types.h>

#include "core/slot.h"

struct bp_launch {
	const char	*program;	/* absolute; root's alone */
	uid_t		 uid;		/* not 0 */
	gid_t		 gid;
	uid_t		 bare_uid;	/* where it has no namespace of its own, */
	gid_t		 bare_gid;	/* if not 0 */
	const char	*run;		/* of slots, core/slot.h; NULL: as many */
	struct bp_caller caller;
};

/* A helper that runs; BP_CHILD_INIT is none.  End with bp_launch_end(). */
struct bp_child {
	pid_t	 pid;			/* -1: none */
	int	 pidfd;			/* -1: none to be had */
	int	 sock;			/* our end */
	int	 ballast;		/* -1: its guard has it (child.c) */
	int	 slot;			/* -1: none is counted */
};
#define BP_CHILD_INIT	{ -1, -1, -1, -1, -1 }

/*
 * RET is filled only on true.
 *
 * BP_HELPER_FILE    the program is missing, or others could have written it
 * BP_HELPER_MANY    this caller has too many already
 * BP_HELPER_START   no socket or process to be had
 *
 * That it could not be executed shows as BP_HELPER_ENDED later.
 */
BP_MUST_USE bool bp_launch_start(const struct bp_launch *how,
    struct bp_child *ret, enum bp_reason *reterr);

/*
 * Say all of BYTES, by DEADLINE (bp_clock_ms()).
 *
 * BP_HELPER_SILENT  it does not read them
 * BP_HELPER_ENDED   it has closed its end, or died
 */
BP_MUST_USE bool bp_launch_say(struct bp_child *c, struct bp_text bytes,
    int64_t deadline, enum bp_reason *reterr);

/* Nothing more will be said: the helper reads an end. */
void	bp_launch_hush(struct bp_child *c);

/*
 * Append exactly N bytes to RET; on false perhaps fewer.
 *
 * BP_HELPER_SILENT  they did not come in time
 * BP_HELPER_ENDED   the end came before them
 * BP_HELPER_LONG    RET has no room for them; none is read then
 */
BP_MUST_USE bool bp_launch_hear(struct bp_child *c, size_t n,
    int64_t deadline, struct bp_buf *ret, enum bp_reason *reterr);

/*
 * Has the helper closed its end, with nothing left to be read?  Waits for it.
 *
 * BP_HELPER_SILENT  it has not
 * BP_HELPER_ANSWER  there is more
 */
BP_MUST_USE bool bp_launch_is_over(struct bp_child *c, int64_t deadline,
    enum bp_reason *reterr);

/*
 * End it, whatever it does, and reap it: by DEADLINE, but within half a second
 * where that is past, and two where it is far.  False if a zombie had to be
 * left, which the caller logs.  Safe on BP_CHILD_INIT, and leaves one.
 */
bool	bp_launch_end(struct bp_child *c, int64_t deadline);

#endif
