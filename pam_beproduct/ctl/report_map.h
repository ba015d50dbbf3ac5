/*
 * report_map.h - the part of a report that is about the account map.
 *
 * Runs in: beproductctl.
 */
#ifndef BP_CTL_REPORT_MAP_H
#define BP_CTL_REPORT_MAP_H

#include "core/policy.h"
#include "ctl/question.h"

/*
 * The e-mail, and each rule with its verdict.  Does a rule give the account,
 * or, where none is asked for, any?
 */
bool	bp_report_map(const struct bp_question *q,
    const struct bp_identity *who);

#endif
