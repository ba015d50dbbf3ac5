/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - what was decided about somebody who signed in, and why: each
 * step of core/policy.h with its verdict, a line a step (step.h) on standard
 * output.
 *
 * Runs in: beproductctl.  Decides nothing: every verdict is that of the
 * function by which the module decides.
 */
#ifndef BP_CTL_REPORT_H
#define BP_CTL_REPORT_H

#include "core/policy.h"
#include "ctl/question.h"

/* All steps; how it was decided, which the last line says. */
enum bp_reason	bp_report_steps(const struct bp_question *q,
		    const struct bp_identity *who);

/* The last line alone.  DETAIL may be empty. */
void	bp_report_end(const struct bp_question *q, enum bp_reason reason,
	    struct bp_text detail);

#endif
