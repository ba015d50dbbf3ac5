/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshd_access.h - does sshd let an account in at all?  AllowUsers, DenyUsers,
 * AllowGroups and DenyGroups, as sshd_config(5) has them.
 *
 * Runs in: beproductctl.  Trusts: NSS, as sshd does.
 *
 * Where people come from is not known: USER@HOST lets USER in, and keeps him
 * out only where HOST is `*`.  In these four keys sshd takes `!` and `,` for
 * letters of a name.
 */
#ifndef BP_CTL_SSHD_ACCESS_H
#define BP_CTL_SSHD_ACCESS_H

#include <sys/types.h>

#include "wire/text.h"

/* The keys as they are written, by number; NULL: there are no more. */
const char *bp_sshd_access_key(size_t number);

/*
 * Does that key keep NAME out, whose group is GID?  SAYS: what `sshd -T` says
 * for NAME.
 */
bool	bp_sshd_keeps_out(size_t number, struct bp_text says, const char *name,
	    gid_t gid);

#endif
