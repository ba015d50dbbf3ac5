/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock_file.h - what stands in the file of a lock, for people: that somebody
 * is locked out is said by its name alone (core/lock.h).
 *
 * Runs in: beproductctl, as root.  Trusts: nothing that a file says.
 *
 *	[lock]
 *	kind = sub
 *	issuer = "https://id.winks.io/ids"
 *	value = "4c9e4f0e-..."
 *	since = 2026-11-30T21:12:32Z
 *	reason = "has left"
 */
#ifndef BP_CTL_LOCK_FILE_H
#define BP_CTL_LOCK_FILE_H

#include "core/file.h"
#include "core/lock.h"

enum {
	BP_LOCK_FILE_MAX = 8192,	/* bytes */
	BP_LOCK_REASON_MAX = 255
};

/* One that was read; borrows from itself.  For BP_AUTO: _done(). */
struct bp_lock_file {
	char		 name[BP_FILE_NAME_SIZE];
	struct bp_buf	 issuer, value, since, reason;
	struct bp_lock	 lock;
};
#define BP_LOCK_FILE_INIT	{ .issuer = BP_BUF_INIT(BP_LOCK_FILE_MAX), \
	.value = BP_BUF_INIT(BP_LOCK_FILE_MAX), \
	.since = BP_BUF_INIT(BP_LOCK_FILE_MAX), \
	.reason = BP_BUF_INIT(BP_LOCK_FILE_MAX) }
void	bp_lock_file_done(struct bp_lock_file *f);

/* The text of L, set at NOW for REASON, which may be empty.  False: no room. */
BP_MUST_USE bool bp_lock_file_put(const struct bp_lock *l, int64_t now,
    struct bp_text reason, struct bp_buf *ret);

/*
 * Read NAME in the folder DIR of OWNER's.  False: it is none of his plain
 * files, does not say what is locked, or not what its name says.
 */
BP_MUST_USE bool bp_lock_file_read(int dir, const char *name, uid_t owner,
    struct bp_lock_file *ret);

#endif
