/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.h - whose account is it: ours to judge, root's, or local?
 *
 * Runs in: the module and beproductctl; without PAM.  Trusts: NSS, as the
 * host does.
 */
#ifndef BP_ATTEMPT_ACCOUNT_H
#define BP_ATTEMPT_ACCOUNT_H

#include <sys/types.h>

#include "core/config.h"
#include "core/reason.h"

enum { BP_UID_NOBODY = 65534 };

/* What NSS knows of an account. */
struct bp_account {
	bool	 failed;		/* the look-up: nothing is known */
	bool	 found;
	bool	 is_same;		/* spelt as it was asked for */
	uid_t	 uid;
	gid_t	 gid;
};

struct bp_account bp_account_look_up(const char *user);

/* uid 0 is never ours, whatever any file says. */
bool	bp_account_is_root(const struct bp_account *a, const char *user);

/* What it means that an account was not found. */
enum bp_absent {
	BP_ABSENT_LOOKUP = 0,	/* the host had found it: the look-up failed */
	BP_ABSENT_LOCAL,	/* it does not exist: the stack goes on */
	BP_ABSENT_REMOTE	/* the same dialogue as for any other */
};

/*
 * Is the account, which is not root's, ours to judge?  True also for an
 * ABSENT one that somebody remote asks for.
 *
 * BP_ACCOUNT_LOOKUP, BP_LOCAL_ACCOUNT, BP_NO_ACCOUNT, BP_ACCOUNT_SPELLING
 */
BP_MUST_USE bool bp_account_is_ours(const struct bp_account *a,
    const char *user, enum bp_absent absent, const struct bp_config *cfg,
    enum bp_reason *reterr);

#endif
