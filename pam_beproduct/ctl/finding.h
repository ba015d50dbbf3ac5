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
 *
 * That is how `check` has them.  For `doctor` an error says `error: `, all of
 * it is on stdout, and what was found to be good has a line, too, `ok: `; or
 * each is an object of JSON: level, file, line (0: of none), key, what.
 */
#ifndef BP_CTL_FINDING_H
#define BP_CTL_FINDING_H

#include "wire/text.h"

struct bp_where {
	const char	*file;
	unsigned	 line;		/* 0: of no line */
	struct bp_text	 key;		/* empty: of none */
};

enum bp_findings_form {
	BP_FINDINGS_CHECK = 1, BP_FINDINGS_DOCTOR, BP_FINDINGS_JSON
};

/* Release with bp_findings_done(). */
struct bp_findings {
	enum bp_findings_form form;
	unsigned	 objects;	/* of JSON, so far */
	unsigned	 errors;	/* of more than 0: exit with 3 */
	unsigned	 warnings;
	unsigned	 outages;	/* the provider's: errors of its own */
	struct bp_buf	 said;		/* the lines so far */
};
enum { BP_FINDINGS_MAX = 1024 * 1024 };	/* past it a line may be said twice */
#define BP_FINDINGS_INIT	{ .form = BP_FINDINGS_CHECK, \
	.said = BP_BUF_INIT(BP_FINDINGS_MAX) }
void	bp_findings_done(struct bp_findings *f);

void	bp_finding_error(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));
void	bp_finding_warn(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));
void	bp_finding_note(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* For `doctor` alone. */
void	bp_finding_ok(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* An error that is the provider's, for which nothing here is to be mended. */
void	bp_finding_outage(struct bp_findings *f, struct bp_where where,
	    const char *format, ...) __attribute__((__format__(printf, 3, 4)));

/* Of JSON, what stands behind the last one. */
void	bp_findings_end(struct bp_findings *f);

/* An error that has where and what in it already, as bp_setup's complaint. */
void	bp_finding_complaint(struct bp_findings *f, struct bp_text complaint);

#endif
