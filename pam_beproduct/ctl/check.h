/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - `beproductctl check`: would this host, as it is set up, sign
 * people in, and what about it will surprise?
 *
 * Runs in: beproductctl, as root.  Trusts: root's files, once they are vetted.
 * Changes nothing.
 *
 * Errors and warnings are finding.h's.  Each part looks at its own subject,
 * as far as the parts before it could read what it needs.
 */
#ifndef BP_CTL_CHECK_H
#define BP_CTL_CHECK_H

#include "core/setup.h"
#include "ctl/finding.h"
#include "ctl/options.h"

struct bp_check {
	const char	*path;		/* of the configuration */
	struct bp_setup	 setup;
	bool		 has_cfg;	/* it is good, and all of SETUP's is */
	char		 map_path[BP_PATH_MAX + 1];
	bool		 has_map;	/* and every line of it is good */
	bool		 meets_unix;	/* whom we have signed in, pam_unix */
	struct { bool auth, account; } sshd, sudo;	/* they have our line */
	struct bp_findings findings;
};

/* check_files.c: configuration, secret, ca_file and map can be used. */
void	bp_check_files(struct bp_check *c);

/* check_meaning.c: what the configuration says will surprise. */
void	bp_check_meaning(struct bp_check *c);

/* check_renewal.c: what sudo asks by itself, and what waits to be revoked. */
void	bp_check_renewal(struct bp_check *c);

/* check_service.c: this host's own token for the public API. */
void	bp_check_service(struct bp_check *c);

/* check_map.c: so will the account map. */
void	bp_check_map(struct bp_check *c);

/* check_locks.c: who is locked out on this host. */
void	bp_check_locks(struct bp_check *c);

/* check_pins.c: pins that are refused, or of accounts that do not exist. */
void	bp_check_pins(struct bp_check *c);

/* check_host.c: the helper, its users, the cache. */
void	bp_check_host(struct bp_check *c);

/* check_pam.c: where our lines stand. */
void	bp_check_pam(struct bp_check *c);

/* Of these NAME's file alone. */
void	bp_check_stack(struct bp_check *c, const char *name);

/*
 * What follows from that, which it has left behind:
 *
 * check_keys.c: accounts whose SSH keys our account line refuses.
 * check_passwords.c: accounts that are asked for a local password besides.
 * check_sudoers.c: settings that take sudo out of the hands of our auth line,
 * or make our account line refuse.
 * check_sshd.c: what sshd really does.
 */
void	bp_check_keys(struct bp_check *c);
void	bp_check_passwords(struct bp_check *c);
void	bp_check_sshd(struct bp_check *c);
void	bp_check_sudoers(struct bp_check *c);

/* One of these. */
typedef void bp_check_part(struct bp_check *c);

/* For BP_AUTO. */
void	bp_check_done(struct bp_check *c);

/*
 * Where the configuration has KEY (NULL: the section itself) of [KIND], or of
 * [KIND:NAME] where NAME is not empty.  Where it has it not: the file.
 */
struct bp_where	bp_check_where(const struct bp_check *c, const char *kind,
		    struct bp_text name, const char *key);

/* The whole of it; what beproductctl exits with. */
int	bp_check(const struct bp_options *options);

#endif
