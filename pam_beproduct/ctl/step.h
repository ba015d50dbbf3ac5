/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * step.h - one line of a report: a mark, and what it is about.
 *
 * Runs in: beproductctl.  Trusts: what is printed as it is comes from root's
 * files, whose readers let nothing pass that does not print; all else goes
 * through bp_escape_text() first.
 */
#ifndef BP_CTL_STEP_H
#define BP_CTL_STEP_H

#include "ctl/escape.h"

#define BP_YES		"yes"	/* it is met, or gives the account */
#define BP_NO		"no"
#define BP_TELLS	"-"	/* it demands nothing, or only tells */
#define BP_YES_IF(met)	((met) ? BP_YES : BP_NO)

/* For %.*s. */
#define BP_ARGS(text)	(int)(text).len, (text).at

/* PREFIX, MARK, and what FORMAT makes of the rest. */
void	bp_step(const char *prefix, const char *mark, const char *format, ...)
	    __attribute__((__format__(printf, 3, 4)));

#endif
