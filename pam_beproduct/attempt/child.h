/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.h - what stands between a copy of the host and the helper.
 *
 * Runs in: a process that is about to become the helper, as root, with every
 * signal blocked.  Another thread of the host may hold any lock for ever:
 * nothing here calls what a signal handler may not, or waits for a thread.
 */
#ifndef BP_ATTEMPT_CHILD_H
#define BP_ATTEMPT_CHILD_H

#include "attempt/launch.h"

enum { BP_CHILD_STACK = 64 * 1024 };	/* bytes, aligned as by malloc() */

struct bp_plan {
	char		*stack;		/* the child's is a copy */
	const char	*program;	/* judged again where it is executed */
	int		 sock, host;	/* the helper's end, and the host's */
	int		 ballast[2];	/* whoever is alone has his own */
	uid_t		 uid;
	gid_t		 gid;
	bool		 is_alone;	/* the first of a PID namespace */
};

/*
 * A function that ends the process on the child's stack: AddressSanitizer does
 * not know that stack, and would say so on whatever descriptor 2 is there.
 */
#define BP_ON_OWN_STACK	__attribute__((__no_sanitize_address__))

/*
 * Become the helper, or end.  Who is alone stays the first of its namespace,
 * as root, and the helper becomes its child: it cannot undo what the first
 * has promised, to end with the host, and with the first ends all that the
 * helper started.
 */
_Noreturn void	bp_child_run(const struct bp_plan *plan);

#endif
