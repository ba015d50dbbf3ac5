/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roster_show.h - how the company's users are told: a line a user, and behind
 * them the accounts that more than one would get, and those that there are
 * none of; or an object a user.
 *
 * Runs in: beproductctl.  Trusts: nothing that it shows.
 */
#ifndef BP_CTL_ROSTER_SHOW_H
#define BP_CTL_ROSTER_SHOW_H

#include "ctl/roster.h"

/* To standard output; of the service ONLY, or, where it is NULL, of all. */
void	bp_roster_show(const struct bp_roster *r,
	    const struct bp_service *only, bool as_json);

#endif
