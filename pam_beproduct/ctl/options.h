/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - what beproductctl was called with, and what it exits with: the
 * codes that its --help names.
 *
 * Runs in: beproductctl.
 */
#ifndef BP_CTL_OPTIONS_H
#define BP_CTL_OPTIONS_H

#include "core/reason.h"

/* Borrowed from argv; NULL where it was not given, but for CONFIG. */
struct bp_options {
	const char	*config;
	const char	*user;
	const char	*service;
	const char	*claims;
	const char	*ticket;
	const char	*sub, *email, *reason;
	bool		 all, json, yes;
	char		**names;	/* behind the command, with a NULL */
};

enum {
	BP_EXIT_GOOD = 0,
	BP_EXIT_REFUSED = 1,
	BP_EXIT_UNAVAILABLE = 2,
	BP_EXIT_CONFIG = 3,
	BP_EXIT_USAGE = 4
};

/* What says in a script how it went: of each class of reasons one. */
int	bp_exit_of(enum bp_reason reason);

/* Is it root who calls?  If not, that has been said. */
bool	bp_is_root(void);

#endif
