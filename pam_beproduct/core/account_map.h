/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account_map.h - accounts.map: a rule a line.
 *
 * Runs in: module and beproductctl.  Trusts: that the file was vetted
 * (file.h), but no byte in it.
 * One rule a call, borrowed from the file's bytes; there is no limit on the
 * number of rules but the file's size.
 *
 * A line is a rule (map_rule.h), a comment (# in its first column) or blank,
 * and keeps the rules of lines in ini.h.
 */
#ifndef BP_CORE_ACCOUNT_MAP_H
#define BP_CORE_ACCOUNT_MAP_H

#include "core/map_rule.h"

enum { BP_MAP_MAX = 1024 * 1024 };	/* bytes of the file */

enum bp_map_step { BP_MAP_BAD = 0, BP_MAP_RULE, BP_MAP_END };

struct bp_account_map {
	struct bp_text	 rest;		/* still to be read */
	unsigned	 line;		/* of the rule or fault */
	const char	*what;		/* is wrong with it */
};

/* The next rule, checked whole: also that its expression is good. */
BP_MUST_USE enum bp_map_step bp_account_map_next(struct bp_account_map *map,
    struct bp_map_rule *ret);

/*
 * Append the claims that rules of TEXT name (sub and key apart, email always
 * named by the caller) to the list in WANTED, each once.  False, WANTED as it
 * was, and RETERR says where: a line is no rule, or they are more than
 * BP_CLAIM_WANTED_MAX in all.
 */
BP_MUST_USE bool bp_account_map_wanted(struct bp_text text,
    struct bp_buf *wanted, struct bp_account_map *reterr);

#endif
