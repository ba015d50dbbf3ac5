/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.h - the tickets of this host, one after the other by their names.
 *
 * Runs in: beproductctl, as root.  Trusts: the folder's owner; what is no
 * ticket to the module is none here.
 */
#ifndef BP_CTL_WALK_H
#define BP_CTL_WALK_H

#include "attempt/holder.h"
#include "core/file.h"

/* Init with BP_WALK_INIT, end with bp_walk_done(). */
struct bp_walk {
	struct bp_ticket_place	 place;
	int			 dir;
	int64_t			 now;		/* seconds since 1970 */
	char			 name[BP_FILE_NAME_SIZE];
	struct bp_buf		 bytes;
	struct bp_ticket	 ticket;	/* borrows from them */
};
#define BP_WALK_INIT	{ .dir = -1, .bytes = BP_BUF_INIT(BP_TICKET_MAX) }
void	bp_walk_done(struct bp_walk *w);

/* The next one; false: there is no other, or no folder of root's. */
BP_MUST_USE bool bp_walk_next(struct bp_walk *w);

/* The one of that NAME; false: there is none. */
BP_MUST_USE bool bp_walk_find(struct bp_walk *w, const char *name);

/* That it waits for its session to begin. */
bool	bp_walk_is_pending(const struct bp_walk *w);

#endif
