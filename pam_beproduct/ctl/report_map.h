/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_map.h - the part of a report that is about the account map.
 *
 * Runs in: beproductctl.
 */
#ifndef BP_CTL_REPORT_MAP_H
#define BP_CTL_REPORT_MAP_H

#include "core/policy.h"
#include "ctl/question.h"

/* What the rules came to; lines are the first of their kind, 0: none. */
struct bp_map_said {
	bool	 gives;		/* the account, or, without one, any */
	unsigned others;	/* a rule that gives it to somebody else */
	unsigned another;	/* a rule that gives the person another one */
};

/* The e-mail, and each rule with its verdict. */
struct bp_map_said bp_report_map(const struct bp_question *q,
    const struct bp_identity *who);

#endif
