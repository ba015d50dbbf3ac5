/*
 * suggest.h - where no rule maps somebody, the lines that would.
 *
 * Runs in: beproductctl.  A line is shown only if bp_policy_rule() says of it
 * that it gives the account: what would not map is not suggested.
 */
#ifndef BP_CTL_SUGGEST_H
#define BP_CTL_SUGGEST_H

#include "core/policy.h"

/*
 * By sub first; by e-mail only where the tenant is told by a claim (under
 * `any` every customer's administrator can type that address).  USER: NULL
 * for any, whose place a word holds.
 */
void	bp_suggest(const struct bp_config *cfg, const struct bp_identity *who,
	    const char *user, const char *prefix);

#endif
