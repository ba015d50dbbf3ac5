/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggest.h - where no rule maps somebody, the lines that would.
 *
 * Runs in: beproductctl.  A line is shown only if bp_policy_rule() says of it
 * that it gives the account: what would not map is not suggested.
 */
#ifndef BP_CTL_SUGGEST_H
#define BP_CTL_SUGGEST_H

#include "ctl/report_map.h"

/*
 * By sub first; by e-mail only where the tenant is told by a claim (under
 * `any` every customer's administrator can type that address).  Where SAID has
 * it that another person was meant, perhaps, that comes first: whoever is
 * signed in at the provider already is not asked there who it is.  Without an
 * account a word holds its place.
 */
void	bp_suggest(const struct bp_question *q, const struct bp_identity *who,
	    const struct bp_map_said *said);

#endif
