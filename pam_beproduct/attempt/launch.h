/*
 * launch.h - run the helper once: one request, one answer.
 *
 * Runs in: the module, as root inside sshd, sudo or login, and beproductctl.
 * The only file that forks.  Trusts: the helper's path and user; of what it says only what
 * the table in launch.c admits.
 *
 * The helper gets its own user, session and environment, / for a directory,
 * /dev/null on 0-2, the socket on 3, and no other descriptor.  When a call
 * returns, it is gone and reaped, by us or by the host.
 */
#ifndef BP_ATTEMPT_LAUNCH_H
#define BP_ATTEMPT_LAUNCH_H

#include <sys/types.h>

#include "core/reason.h"

struct bp_launch {
	const char	*program;	/* absolute */
	uid_t		 uid;		/* not 0 */
	gid_t		 gid;
	int64_t		 deadline;	/* of the whole exchange, bp_clock_ms() */
};

/*
 * Ask REQUEST.
 *
 *   bytes   emptied first; gets the answer, and the ceiling that it may have
 *   ret     filled only on true; borrows from BYTES
 *   reterr  filled only on false, as by bp_launch_accept(), or
 *
 * BP_HELPER_START   no socket or process to be had, or no such request
 * BP_HELPER_ENDED   it could not be executed, or died
 * BP_HELPER_SILENT  it was killed
 */
BP_MUST_USE bool bp_launch_ask(const struct bp_launch *how,
    const struct bp_msg *request, struct bp_buf *bytes, struct bp_msg *ret,
    enum bp_reason *reterr);

/*
 * Do BYTES, all that came before the end, answer a request of type ASKED?
 *
 * BP_HELPER_ENDED   there are none
 * BP_HELPER_LONG    there are more than ASKED allows
 * BP_HELPER_BUILD   the message is of another build
 * BP_HELPER_ANSWER  not one whole message, or not one that the table admits
 *
 * A FAILED message is an answer too: the caller reads its reason.
 */
BP_MUST_USE bool bp_launch_accept(enum bp_msg_type asked, struct bp_text bytes,
    struct bp_msg *ret, enum bp_reason *reterr);

#endif
