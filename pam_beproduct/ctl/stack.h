/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.h - what a PAM service comes through, as far as it concerns us.
 *
 * Runs in: beproductctl.  Trusts: root's files.
 */
#ifndef BP_CTL_STACK_H
#define BP_CTL_STACK_H

#include "ctl/finding.h"
#include "ctl/pam_stack.h"

/* A line that is looked at again when its stack has been read. */
struct bp_mark {
	bool	 is;
	char	 file[256];
	unsigned line;
};

struct bp_stack {
	struct bp_mark	 auth, account;	/* our first line */
	struct bp_mark	 asks_first;	/* for a password, before our auth */
	struct bp_mark	 lets_in;	/* may end auth well before it */
	struct bp_mark	 wheel;		/* pam_wheel as required, before it */
	struct bp_mark	 nologin, rootok; /* behind our auth line */
	struct bp_mark	 ends_first;	/* may end account before our line */
	struct bp_mark	 loginuid;	/* pam_loginuid in session */
	struct bp_mark	 session;	/* our line behind it */
	bool		 another;	/* account module behind our line */
	bool		 has_unix;	/* pam_unix in account */
};

struct bp_stack	bp_stack_of(const char *service);

struct bp_where	bp_where_marked(const struct bp_mark *m);

#endif
