/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/explain.h"
#include "ctl/claims_file.h"
#include "ctl/finding.h"
#include "ctl/inquiry.h"
#include "ctl/report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Whoever runs this names the file, and nobody is admitted by it. */
static bool
read_bytes(const char *path, struct bp_buf *ret)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd != -1) {
		while ((n = bp_buf_fill(ret, fd)) > 0)
			;
		(void)close(fd);
	}
	if (n != 0)
		bp_finding_error(&said, (struct bp_where){ .file = path },
		    "cannot be read: %s", strerror(errno));
	return n == 0;
}

static bool
read_claims(const char *path, struct bp_claims_file *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf text =
	    BP_BUF_INIT(BP_CLAIMS_FILE_MAX);
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;
	struct bp_config_error e;

	if (!read_bytes(path, &text))
		return false;
	if (bp_claims_file_read(bp_buf_text(&text), ret, &e))
		return true;
	bp_finding_error(&said, (struct bp_where){ path, e.line, e.key },
	    "%s", e.what);
	return false;
}

static int
explain_file(struct bp_inquiry *q)
{
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_identity who;
	enum bp_reason why, earlier;

	/* account and service come first in the module, too */
	if (!bp_setup_read_map(&q->setup, &why))
		return bp_question_is_open(&q->question, &earlier)
		    ? bp_inquiry_fail(q, why) : bp_inquiry_end(q, earlier);
	if (!read_claims(q->question.options->claims, &f))
		return BP_EXIT_CONFIG;
	who = bp_claims_file_identity(&f);
	return bp_exit_of(bp_report_steps(&q->question, &who));
}

static int
explain_live(struct bp_inquiry *q)
{
	struct bp_identity who;
	enum bp_reason why;

	if (!bp_inquiry_sign_in(q, &who, &why))
		return bp_inquiry_fail(q, why);
	return bp_exit_of(bp_report_steps(&q->question, &who));
}

int
bp_explain(const struct bp_options *options)
{
	BP_AUTO(bp_inquiry_done) struct bp_inquiry q = BP_INQUIRY_INIT;
	int status;

	if (!bp_inquiry_begin(&q, options, &status))
		return status;
	q.question.all_rules = true;
	return options->claims != NULL ? explain_file(&q) : explain_live(&q);
}
