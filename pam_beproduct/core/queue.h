/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h - refresh tokens that nobody will use any more, until the provider
 * has revoked them: kept over an outage, a crash and a reboot.
 *
 * Runs in: module and beproductctl, as root.  Trusts: the folder's owner.
 *
 * Who gains by it: whoever gets at a token can act at the provider as this
 * host's client for that person, if he has the client's secret as well; and
 * whoever keeps one from the queue, or fills that, keeps it from being
 * revoked.  So
 *
 *   - a token must stand in a file of root's alone, in a folder of root's
 *     alone, and in no name (`a_token_is_roots_alone`, in test_queue)
 *   - a file must be whole or none, also where the host is killed, or the disk
 *     full (`a_full_disk_adds_nothing`)
 *   - one that is cut, longer, of another build, of another owner, or a link
 *     must be no entry, and must stay unless it is the folder's owner's and
 *     old: an entry names a file that is read, and an issuer that is asked
 *     (`no entry`)
 *   - a token must go to no other issuer, and be ended by no other
 *     configuration, than it came by: both stand beside it, and whoever works
 *     through the queue compares (attempt/revoke.h)
 *   - it must end: what is 30 days old is swept, as providers let tokens end
 *     that nobody uses (`swept`); and of more than BP_QUEUE_FILES the new ones
 *     are refused, so that none that waits is lost without a word
 *     (`where_as_many_wait_as_may_the_next_is_refused`)
 *   - one process at a time must work through it (`who_locked_it_is_alone`);
 *     to add to it nobody waits
 *
 * What it does not stop: root, and whoever reads the disk.  A new build of ours
 * takes no entry of the old one, whose tokens end at the provider by time.
 */
#ifndef BP_CORE_QUEUE_H
#define BP_CORE_QUEUE_H

#include "core/cache.h"
#include "core/config.h"
#include "core/file.h"

enum {
	BP_QUEUE_FILES = 1000,
	BP_QUEUE_AGE = 30 * 86400,	/* seconds */
	BP_QUEUE_MAX = BP_TOKEN_MAX + 8192,	/* bytes of a file */
	BP_QUEUE_AHEAD = 16		/* names that a walk reads at once */
};

/* All is borrowed: to be written from the caller, read from a file's bytes. */
struct bp_queued {
	int64_t		 time;		/* since it waits */
	struct bp_text	 issuer, config;	/* by which it came */
	struct bp_text	 attempt;	/* the id of the sign-in, in the log */
	struct bp_text	 token;
};

/* Where: a folder, whose files are OWNER's (0, but for tests). */
struct bp_queue_place {
	const char	*parent;	/* made where it is missing */
	const char	*folder;	/* the same, in it */
	uid_t		 owner;
};
#define BP_QUEUE_HERE	{ BP_PATH_STATE, BP_PATH_STATE "/revoke", 0 }

/*
 * Add Q, at Q's time, and sweep.
 *
 * BP_QUEUE_FULL  as many wait as may
 * BP_MEMORY      it is too long
 * else           as bp_file_folder() and bp_file_replace()
 */
BP_MUST_USE bool bp_queue_put(const struct bp_queue_place *place,
    const struct bp_queued *q, enum bp_reason *reterr);

/* A walk from the oldest on; begin with BP_QUEUE_INIT, end with _done(). */
struct bp_queue {
	int		 dir;
	uid_t		 owner;
	int64_t		 now;
	char		 name[BP_FILE_NAME_SIZE];	/* of what came last */
	/* what follows: to read the folder for each would take a second */
	char		 ahead[BP_QUEUE_AHEAD][BP_FILE_NAME_SIZE];
	size_t		 at, n;				/* of these */
};
#define BP_QUEUE_INIT	{ .dir = -1 }
void	bp_queue_done(struct bp_queue *w);

/* Begin it at NOW, and sweep.  As bp_file_folder() */
BP_MUST_USE bool bp_queue_begin(const struct bp_queue_place *place,
    int64_t now, struct bp_queue *ret, enum bp_reason *reterr);

/* Work through it alone, until the walk is done; false: somebody else does. */
BP_MUST_USE bool bp_queue_lock(const struct bp_queue *w);

/* The next entry, which borrows from BYTES; false: there is no other. */
BP_MUST_USE bool bp_queue_next(struct bp_queue *w, struct bp_buf *bytes,
    struct bp_queued *ret);

/* What came last waits no more. */
void	bp_queue_remove(const struct bp_queue *w);

#endif
