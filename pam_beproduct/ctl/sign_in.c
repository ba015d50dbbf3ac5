/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/sign_in.h"
#include "ctl/claims_file.h"
#include "ctl/inquiry.h"
#include "ctl/report.h"

#include <stdio.h>

/* A claims file's worth, and comments for what it cannot hold. */
enum { WRITTEN_MAX = 2 * BP_CLAIMS_FILE_MAX };

/* What is written is what can be read again: never more than a file's worth. */
static bool
write_claims(const struct bp_identity *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(WRITTEN_MAX);

	if (!bp_claims_file_write(who, &text))
		return false;
	(void)fwrite(bp_buf_text(&text).at, 1, text.len, stdout);
	return true;
}

int
bp_sign_in(const struct bp_options *options)
{
	BP_AUTO(bp_inquiry_done) struct bp_inquiry q = BP_INQUIRY_INIT;
	struct bp_identity who;
	enum bp_reason why;
	int status;

	if (!bp_inquiry_begin(&q, options, &status))
		return status;
	q.question.prefix = "# ";
	if (!bp_inquiry_sign_in(&q, &who, &why))
		return bp_inquiry_fail(&q, why);
	if (!write_claims(&who))
		return bp_inquiry_fail(&q, BP_MEMORY);
	return bp_exit_of(bp_report_steps(&q.question, &who));
}
