/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/inquiry.h"
#include "ctl/finding.h"
#include "ctl/report.h"

#include <stdio.h>

void
bp_inquiry_done(struct bp_inquiry *q)
{
	bp_setup_done(&q->setup);
	bp_live_done(&q->live);
}

bool
bp_inquiry_begin(struct bp_inquiry *q, const struct bp_options *options,
    int *retstatus)
{
	enum bp_reason why;

	*retstatus = BP_EXIT_CONFIG;
	if (!bp_is_root())
		return false;
	if (!bp_setup_read_config(&q->setup, options->config, &why)) {
		*retstatus = bp_inquiry_fail(q, why);
		return false;
	}
	q->question = bp_question_of(options, &q->setup);
	return true;
}

bool
bp_inquiry_sign_in(struct bp_inquiry *q, struct bp_identity *ret,
    enum bp_reason *reterr)
{
	q->live.setup = &q->setup;
	q->live.user = q->question.options->user;
	q->live.service = q->question.options->service;
	q->live.section = q->question.service;
	return bp_question_is_open(&q->question, reterr) &&
	    bp_setup_read_rest(&q->setup, reterr) &&
	    bp_live_sign_in(&q->live, ret, reterr);
}

static bool
has_complained(const struct bp_inquiry *q)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;
	struct bp_text complaint = bp_buf_text(&q->setup.complaint);

	if (complaint.len == 0)
		return false;
	bp_finding_error(&said, (struct bp_where){ .file = "beproductctl" },
	    "%.*s", (int)complaint.len, complaint.at);
	return true;
}

int
bp_inquiry_end(const struct bp_inquiry *q, enum bp_reason why)
{
	if (!has_complained(q))
		(void)fputc('\n', stderr);
	bp_report_end(&q->question, why,
	    bp_buf_text(&q->live.dialogue.request.detail));
	return bp_exit_of(why);
}

/* Where a file was refused, that is the whole of it; else a report's end. */
int
bp_inquiry_fail(const struct bp_inquiry *q, enum bp_reason why)
{
	return has_complained(q) ? bp_exit_of(why) : bp_inquiry_end(q, why);
}
