/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slot.h - how many helpers one caller may have at once.
 *
 * Runs in: the module and beproductctl, as root.  Trusts: the kernel for who
 * calls; a remote name is only told apart from others.
 *
 * A slot is a lock on one byte of an empty file, far behind its end: nothing
 * is written, nothing needs sweeping, and whoever dies gives his slot back.
 */
#ifndef BP_CORE_SLOT_H
#define BP_CORE_SLOT_H

#include <sys/types.h>

#include "core/reason.h"

/*
 * The slots of a caller.  A person needs one, or a few with several terminals.
 * An address may be a whole office on a Monday morning: a sign-in holds a slot
 * for 0.1 to 0.5 s twice, so 32 admit some 60 people a second; with a provider
 * that is silent for 15 s nobody is admitted, whatever the number.
 */
enum {
	BP_SLOTS_PERSON = 8,		/* of a user of this host */
	BP_SLOTS_ADDRESS = 32,		/* of a remote address */
	BP_SLOTS_NEITHER = 16		/* root at a console, all together */
};

/*
 * And of all callers of a kind: with two processes a helper fewer than its
 * user may have (RLIMIT_NPROC, attempt/child.c), so that no caller can take
 * the last of them, and those from outside none of those inside.
 */
enum {
	BP_SLOTS_PERSONS = 128,
	BP_SLOTS_ADDRESSES = 256
};

struct bp_caller {
	uid_t		 uid;		/* the real one; 0: see rhost */
	struct bp_text	 rhost;		/* as the host has it; empty: nobody */
};

/*
 * Take a slot in the folder PATH, which is made where it is missing, and wait
 * WAIT_MS for one.  RET is a descriptor: the slot is held until all copies of
 * it are closed.  It stays -1, and that is no failure, where there is no place
 * for the file (a read-only /run is to lock nobody out) or no such locks.
 *
 * BP_HELPER_MANY   the caller, or all of his kind, have as many as they may
 * BP_HELPER_START  no descriptor is left
 */
BP_MUST_USE bool bp_slot_take(const char *path, const struct bp_caller *who,
    int wait_ms, int *ret, enum bp_reason *reterr);

/*
 * Take the caller's one turn, without waiting, and hold it as a slot: false
 * where another process of his holds it.  RET stays -1, and it is true, where
 * there is no place for the file, no such lock, or no descriptor left.
 */
BP_MUST_USE bool bp_slot_turn(const char *path, const struct bp_caller *who,
    int *ret);

/*
 * The same of all processes that name NAME, in a folder of OWNER's; waits
 * WAIT_MS for it.  Where there is no place for the file, or no descriptor, it
 * is false, and at once.
 */
BP_MUST_USE bool bp_slot_turn_of(const char *path, uid_t owner,
    struct bp_text name, int64_t wait_ms, int *ret);

#endif
