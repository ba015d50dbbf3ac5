/*
 * finding.h - what beproductctl has to say, a line a finding.
 *
 * Runs in: beproductctl.  Trusts: nothing that it shows; control characters
 * become question marks.
 *
 *	FILE:LINE: KEY: what		on stderr: it must be mended
 *	warning: FILE:LINE: KEY: what	on stdout: it may surprise
 */
#ifndef BP_CTL_FINDING_H
#define BP_CTL_FINDING_H

#include "wire/text.h"

struct bp_where {
	const char	*file;
	unsigned	 line;		/* 0: of no line */
	struct bp_text	 key;		/* empty: of none */
};

/* Counts, too: whoever has ERRORS of more than 0 exits with 3. */
void	bp_finding_error(unsigned *errors, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* The same of what has where and what in it already, as bp_setup's. */
void	bp_finding_complaint(unsigned *errors, struct bp_text complaint);

void	bp_finding_warn(struct bp_where where, const char *format, ...)
	    __attribute__((__format__(printf, 2, 3)));

#endif
