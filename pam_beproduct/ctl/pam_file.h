/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_file.h - read a service's PAM file, and replace or remove it.
 *
 * Runs in: beproductctl, as root.  Trusts: /etc/pam.d, where it is root's
 * alone; follows no link.
 */
#ifndef BP_CTL_PAM_FILE_H
#define BP_CTL_PAM_FILE_H

#include "wire/buf.h"

/* Where it was found. */
enum bp_pam_file_at { BP_PAM_NOWHERE = 0, BP_PAM_IN_ETC, BP_PAM_OF_VENDOR };

/*
 * NAME's file in /etc/pam.d, else in /usr/lib/pam.d; RET, an empty buffer with
 * a ceiling, becomes its text.  True, and NOWHERE, where there is none.  On
 * false RETWHAT says what is wrong with it: a link, not root's alone, or it
 * cannot be read.
 */
BP_MUST_USE bool bp_pam_file_read(const char *name, struct bp_buf *ret,
    enum bp_pam_file_at *retat, struct bp_buf *retwhat);

/*
 * TEXT in place of what NAME has in /etc/pam.d, with the owner, mode and
 * extended attributes of that (a security label and an ACL among them); root's
 * and 0644 where there is none.  Also a crash leaves one of the two whole, and
 * beside it a name that begins with a dot.  False (errno): nothing was changed.
 */
BP_MUST_USE bool bp_pam_file_put(const char *name, struct bp_text text);

/* Would libpam find a file of NAME's without the one in /etc/pam.d? */
bool	bp_pam_file_is_vendors(const char *name);

BP_MUST_USE bool bp_pam_file_remove(const char *name);

#endif
