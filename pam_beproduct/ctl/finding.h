/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finding.h - what beproductctl has to say, a line a finding, and each once.
 *
 * Runs in: beproductctl.  Trusts: nothing that it shows; control characters
 * become question marks.
 *
 *	FILE:LINE: KEY: what		on stderr: it must be mended
 *	warning: FILE:LINE: KEY: what	on stdout: it may surprise
 *	note: FILE:LINE: KEY: what	on stdout: good to know
 */
#ifndef BP_CTL_FINDING_H
#define BP_CTL_FINDING_H

#include "wire/text.h"

struct bp_where {
	const char	*file;
	unsigned	 line;		/* 0: of no line */
	struct bp_text	 key;		/* empty: of none */
};

/* Release with bp_findings_done(). */
struct bp_findings {
	unsigned	 errors;	/* of more than 0: exit with 3 */
	unsigned	 warnings;
	struct bp_buf	 said;		/* the lines so far */
};
enum { BP_FINDINGS_MAX = 1024 * 1024 };	/* past it a line may be said twice */
#define BP_FINDINGS_INIT	{ .said = BP_BUF_INIT(BP_FINDINGS_MAX) }
void	bp_findings_done(struct bp_findings *f);

void	bp_finding_error(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));
void	bp_finding_warn(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));
void	bp_finding_note(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* An error that has where and what in it already, as bp_setup's complaint. */
void	bp_finding_complaint(struct bp_findings *f, struct bp_text complaint);

#endif
