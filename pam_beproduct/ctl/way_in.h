/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * way_in.h - who still gets in by a service while the provider is down: root,
 * whom nothing of ours ever asks, or an account that is local by
 * configuration.
 *
 * Runs in: beproductctl, as root.  Trusts: root's files and NSS; of a person's
 * authorized_keys nothing but whether there is a key in it.  Changes nothing.
 *
 * Locks of ours are not looked at: of root and local accounts there are none.
 * Nor is what cannot be known here: from which address sshd is asked, keys
 * that a command or an authority of certificates gives it, what other modules
 * of a stack refuse (pam_access, pam_time), and whom sudoers admits.
 */
#ifndef BP_CTL_WAY_IN_H
#define BP_CTL_WAY_IN_H

#include <shadow.h>

#include "core/config.h"

enum { BP_WAY_WORDS_MAX = 1024 };	/* bytes */

struct bp_way_in {
	bool	is;		/* somebody is known to get in */
	bool	may_be;		/* if not: what is not looked at may let in */
	char	words[BP_WAY_WORDS_MAX];	/* "admin, by a password over
				   ssh"; if not, of each why not */
};

/*
 * By SERVICE, as its stack and sshd now are.  CFG: NULL where it is refused,
 * as then is everybody but root.  A service without lines of ours is judged as
 * it would be with those that README.md has.
 */
struct bp_way_in bp_way_in(const struct bp_config *cfg, const char *service);

/* What is below is way_in()'s own, apart so that it can be tested. */

enum bp_way {
	BP_WAY_KEY = 1, BP_WAY_SSH, BP_WAY_CONSOLE, BP_WAY_SU, BP_WAY_SUDO,
	/* and none, for: */
	BP_NO_WAY_BROKEN, BP_NO_WAY_OURS, BP_NO_WAY_ACCOUNT, BP_NO_WAY_EXPIRED,
	BP_NO_WAY_SHELL, BP_NO_WAY_UNLISTED, BP_NO_WAY_NOLOGIN,
	BP_NO_WAY_TERMINAL, BP_NO_WAY_ROOT, BP_NO_WAY_ACCESS, BP_NO_WAY_SSHD,
	BP_NO_WAY_UNASKED, BP_NO_WAY_PASSWORD, BP_NO_WAY_SECRET, BP_WAYS
};
bool		 bp_way_is_in(enum bp_way way);
const char	*bp_way_words(enum bp_way way);

enum bp_way_kind { BP_WAY_BY_SSH = 1, BP_WAY_BY_CONSOLE, BP_WAY_BY_SUDO };

/* Of a service and its stack. */
struct bp_way_stack {
	enum bp_way_kind kind;
	bool	is_broken;	/* libpam refuses everybody */
	bool	refuses;	/* our lines do, who is not ours */
	bool	asks;		/* for a local password */
	bool	has_account;	/* a module that says yes to such */
	bool	is_shut;	/* /etc/nologin: to all but root */
	bool	wants_listed;	/* a shell of /etc/shells */
	bool	wants_terminal;	/* of /etc/securetty, from root */
	bool	has_terminal;	/* which has one */
};

struct bp_way_account {
	bool	is_root;	/* uid 0 */
	bool	is_expired;
	bool	must_change;	/* the password, before anything else */
	bool	has_password;	/* that somebody can type */
	bool	has_key;
	bool	has_shell;	/* that does what it is told */
	bool	is_listed;	/* in /etc/shells */
};

enum bp_way_root { BP_WAY_ROOT_NO = 1, BP_WAY_ROOT_KEY, BP_WAY_ROOT_YES };

/* What sshd says about an account. */
struct bp_way_ssh {
	bool	has_said;
	bool	keeps_out;	/* by AllowUsers and its like */
	bool	asks_pam, password, dialogue, key;
	enum bp_way_root root;
	struct bp_text methods;	/* borrowed; empty: any */
};

/* SAYS: of `sshd -T`. */
struct bp_way_ssh bp_way_ssh_of(struct bp_text says);

/* SSH: of BP_WAY_BY_SSH alone. */
enum bp_way	bp_way_of(const struct bp_way_stack *stack,
		    const struct bp_way_account *account,
		    const struct bp_way_ssh *ssh);

/* Is HASH of shadow(5) one that a password may have? */
bool	bp_way_is_password(const char *hash);

/* Of TODAY, in days since 1970, as pam_unix has it. */
bool	bp_way_is_expired(const struct spwd *sp, long today);
bool	bp_way_must_change(const struct spwd *sp, long today);

/* Is there a key in FILE, authorized_keys, that may do anything? */
bool	bp_way_has_key(struct bp_text file);

/* Does CONTROL of PAM's let go on whoever our auth or account line passes? */
bool	bp_way_passes(const char *control, bool is_auth);

#endif
