/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshd_says.h - what sshd does about one account, in the words of `sshd -T`.
 *
 * Runs in: beproductctl, as root.  Trusts: sshd, which root installed.
 */
#ifndef BP_CTL_SSHD_SAYS_H
#define BP_CTL_SSHD_SAYS_H

#include "wire/text.h"

#ifndef BP_PATH_SSHD
#define BP_PATH_SSHD	"/usr/sbin/sshd"
#endif

enum { BP_SSHD_SAYS_MAX = 64 * 1024 };	/* bytes */

/*
 * Ask about NAME, who comes from an address that nobody has.  RET, an empty
 * buffer with the ceiling above: also on false, what it says then.
 */
BP_MUST_USE bool bp_sshd_ask(const char *name, struct bp_buf *ret);

/* The value of KEY in what sshd SAYS; false: it says nothing about it. */
bool	bp_sshd_value(struct bp_text says, const char *key,
	    struct bp_text *ret);

#endif
