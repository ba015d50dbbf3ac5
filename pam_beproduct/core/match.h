/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * match.h - does an expression match all of an identity, and what do its
 * groups take?
 *
 * Runs in: module and beproductctl.  Trusts: that bp_expression_read() made
 * the expression; of the identity nothing.
 * Allocates nothing.  Every place of the identity is looked at with all ways
 * that lead there at once, so that the time is bounded by lengths alone; it
 * is counted in steps, of which the caller gives so many.
 *
 * Where there are several ways, groups take what POSIX says: what stands
 * first takes the longest that lets the rest match; of alternatives that take
 * as much, the first one counts; of what repeats, the last time.
 */
#ifndef BP_CORE_MATCH_H
#define BP_CORE_MATCH_H

#include "core/expression.h"

#define BP_MATCH_MAX	320		/* bytes of an identity; a longer one
					   matches no expression */

/*
 * RETGROUP, where it is not NULL, gets what the groups took, borrowed from
 * IDENTITY: empty where one took nothing, or no part.  STEPS are taken off
 * *LEFT: at 0 it was not decided, and is false.
 */
BP_MUST_USE bool bp_match(const struct bp_expression *e,
    struct bp_text identity, uint32_t *left,
    struct bp_text retgroup[BP_GROUPS]);

#endif
