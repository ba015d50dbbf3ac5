/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * locks.h - `beproductctl lock`, `unlock` and `locks`: who is locked out.
 *
 * Runs in: beproductctl, as root.  Trusts: the folder's owner; whoever calls
 * it for whom is to be locked.  It asks nobody, so that a lock can be set and
 * taken away with the provider down.
 */
#ifndef BP_CTL_LOCKS_H
#define BP_CTL_LOCKS_H

#include "ctl/lock_file.h"
#include "ctl/options.h"

/* Each gives what beproductctl exits with. */
int	bp_locks_set(const struct bp_options *options);
int	bp_locks_end(const struct bp_options *options);
int	bp_locks_list(const struct bp_options *options);

/* A walk over what stands in the folder; begin with BP_LOCKS_INIT. */
enum { BP_LOCKS_AHEAD = 64 };
struct bp_locks {
	struct bp_lock_place	 place;
	int			 dir;		/* -1: there is none, or odd */
	char			 last[BP_FILE_NAME_SIZE];
	char			 ahead[BP_LOCKS_AHEAD][BP_FILE_NAME_SIZE];
	size_t			 at, n;		/* of these */
	struct bp_lock_file	 file;
	bool			 is_good;	/* FILE could be read */
};
#define BP_LOCKS_INIT	{ .place = BP_LOCK_HERE, .dir = -1, \
	.file = BP_LOCK_FILE_INIT }
void	bp_locks_done(struct bp_locks *w);

/* Begin it.  False: there is something, and it is no folder of root's. */
BP_MUST_USE bool bp_locks_begin(struct bp_locks *w);

/* The next one in W->file; false: there is no other. */
BP_MUST_USE bool bp_locks_next(struct bp_locks *w);

#endif
