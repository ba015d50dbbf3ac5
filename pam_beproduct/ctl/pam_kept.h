/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_kept.h - the PAM file of a service as it was before `enable`: a file a
 * service in /var/lib/beproduct/pam.d.
 *
 * Runs in: beproductctl, as root.  Trusts: root's files.
 *
 *	written = SHA-256 of what `enable` wrote
 *	existed = yes
 *
 *	the text as it was, byte for byte
 */
#ifndef BP_CTL_PAM_KEPT_H
#define BP_CTL_PAM_KEPT_H

#include "core/file.h"
#include "core/digest.h"

/* For BP_AUTO: bp_pam_kept_done(). */
struct bp_pam_kept {
	bool		 is_there;
	bool		 existed;	/* in /etc/pam.d: else it was only the
					   vendor's */
	char		 written[BP_DIGEST_HEX + 1];
	struct bp_text	 text;		/* borrowed from FILE */
	struct bp_buf	 file;
};
enum { BP_PAM_KEPT_MAX = 128 * 1024 };
#define BP_PAM_KEPT_INIT	{ .file = BP_BUF_INIT(BP_PAM_KEPT_MAX) }
void	bp_pam_kept_done(struct bp_pam_kept *k);

/*
 * The folder, to ourselves until RET is closed; MAKE: made where it is
 * missing, else RET is -1.  On false it has been said why.
 */
BP_MUST_USE bool bp_pam_kept_open(bool make, int *ret);

/* What is kept of NAME.  False, said why: what is there makes no sense. */
BP_MUST_USE bool bp_pam_kept_read(int dir, const char *name,
    struct bp_pam_kept *ret);

/* Keep TEXT, for which WRITTEN will stand in its place. */
BP_MUST_USE bool bp_pam_kept_write(int dir, const char *name, bool existed,
    struct bp_text text, struct bp_text written);

/* Is TEXT what `enable` wrote? */
bool	bp_pam_kept_is_written(const struct bp_pam_kept *k,
	    struct bp_text text);

/* NAME is enabled no more; said if it cannot be removed. */
void	bp_pam_kept_drop(int dir, const char *name);

#endif
