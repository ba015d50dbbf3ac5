/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * change.h - what `enable` and `disable` are about to do to PAM's files: shown,
 * asked about, and done.
 *
 * Runs in: beproductctl, as root.
 */
#ifndef BP_CTL_CHANGE_H
#define BP_CTL_CHANGE_H

#include "ctl/pam_edit.h"
#include "ctl/pam_file.h"
#include "ctl/pam_kept.h"

enum { BP_TARGETS = 32 };		/* services at once */

/* One service's file; owns all but what is borrowed from itself. */
struct bp_target {
	char		 name[BP_FILE_NAME_SIZE];
	enum bp_pam_file_at at;
	struct bp_buf	 now;		/* what stands there */
	struct bp_buf	 wanted;	/* what is to stand there */
	struct bp_pam_kept kept;
	bool		 differs;	/* or it goes */
	bool		 goes;		/* a copy of the vendor's */
};

/* Release with bp_change_done(). */
struct bp_change {
	int		 kept;		/* the folder, held; -1: none */
	size_t		 n;
	struct bp_target of[BP_TARGETS];
	struct bp_pam_text as[BP_TARGETS];	/* as it would be */
};
void	bp_change_done(struct bp_change *c);

/*
 * Add NAME, with its text and what is kept of it, if it is anywhere.  False:
 * its file is none that we change, or there are too many; it has been said.
 */
BP_MUST_USE bool bp_change_add(struct bp_change *c, const char *name,
    struct bp_target **ret);

/* Is anything to be done? */
bool	bp_change_is_any(const struct bp_change *c);

/* On standard output; false, and said: it cannot be shown. */
BP_MUST_USE bool bp_change_show(const struct bp_change *c);

/* Ask on the terminal; only a yes is one, and the end of input is none. */
bool	bp_change_is_wanted(void);

/* Say that it is not done; STATUS. */
int	bp_change_nothing(int status);

/*
 * Do it, all of it or nothing: one that cannot be done has those before it
 * undone.  KEEP: what stands there is kept first.  On false it has been said
 * why.
 */
BP_MUST_USE bool bp_change_make(struct bp_change *c, bool keep);

#endif
