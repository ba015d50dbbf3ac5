/*
 * step.h - one line of a report: a mark, and what it is about.
 *
 * Runs in: beproductctl.  Trusts: what is printed as it is comes from root's
 * files, whose readers let nothing pass that does not print; all else goes
 * through bp_escape() first.
 */
#ifndef BP_CTL_STEP_H
#define BP_CTL_STEP_H

#include "core/log.h"
#include "wire/claim.h"

#define BP_YES		"yes"	/* it is met, or gives the account */
#define BP_NO		"no"
#define BP_TELLS	"-"	/* it demands nothing, or only tells */
#define BP_YES_IF(met)	((met) ? BP_YES : BP_NO)

/* For %.*s. */
#define BP_ARGS(text)	(int)(text).len, (text).at

/* PREFIX, MARK, and what FORMAT makes of the rest. */
void	bp_step(const char *prefix, const char *mark, const char *format, ...)
	    __attribute__((__format__(printf, 3, 4)));

struct bp_escaped {
	char	 text[4 * BP_LOG_VALUE_MAX + 1];
};

/* T as bp_log_escape() has it. */
struct bp_escaped bp_escape(struct bp_text t);

/* The string of C in quotes, or the word for what is no string. */
struct bp_escaped bp_escape_claim(const struct bp_claim *c);

#endif
