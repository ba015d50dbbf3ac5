/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/explain.h"
#include "ctl/claims_file.h"
#include "ctl/finding.h"
#include "ctl/given_file.h"
#include "ctl/inquiry.h"
#include "ctl/report.h"
#include "ctl/step.h"
#include "ctl/walk.h"
#include "attempt/redeem.h"
#include "core/host.h"

#include <stdio.h>

static bool
read_claims(const char *path, struct bp_claims_file *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf text =
	    BP_BUF_INIT(BP_CLAIMS_FILE_MAX);
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;
	struct bp_config_error e;

	if (!bp_given_file_read(path, &text))
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

/* What the module looks at before it decides by the claims. */
static bool
is_of_use(const struct bp_inquiry *q, const struct bp_walk *w)
{
	const char *prefix = q->question.prefix;
	const struct bp_ticket *t = &w->ticket;
	bool is_hers = bp_text_is(t->account, q->question.options->user);
	bool answers = bp_redeem_answers(&q->setup, &t->who);

	bp_step(prefix, BP_TELLS, "ticket %s: the sign-in %s for %s, %lld s "
	    "ago, checked %lld s ago", bp_escape_text(t->name).text,
	    bp_escape_text(t->attempt).text, bp_escape_text(t->service).text,
	    (long long)(w->now - t->signed_in.time),
	    (long long)(w->now - t->checked.time));
	if (!is_hers)
		bp_step(prefix, BP_NO, "the ticket is %s's",
		    bp_escape_text(t->account).text);
	if (!answers)
		bp_step(prefix, BP_NO, "the configuration asks for something "
		    "else since");
	return is_hers && answers;
}

/* The module calls it by what it means on this host. */
static enum bp_reason
no_sign_in(const struct bp_inquiry *q)
{
	struct bp_text service = bp_text_of(q->question.options->service);

	return bp_host_of(service, BP_TTY_OTHER)->no_sign_in;
}

static int
explain_ticket(struct bp_inquiry *q)
{
	BP_AUTO(bp_walk_done) struct bp_walk w = BP_WALK_INIT;
	const char *name = q->question.options->ticket;
	struct bp_identity who;
	enum bp_reason why;

	if (!bp_setup_read_map(&q->setup, &why))
		return bp_inquiry_fail(q, why);
	if (!bp_walk_find(&w, name)) {
		(void)fprintf(stderr, "beproductctl: %s: no such ticket\n",
		    bp_escape_text(bp_text_of(name)).text);
		return BP_EXIT_REFUSED;
	}
	if (!is_of_use(q, &w)) {
		bp_report_end(&q->question, no_sign_in(q), bp_text_of(""));
		return BP_EXIT_REFUSED;
	}
	who = bp_identity_of(&w.ticket.who);
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
	if (options->ticket != NULL)
		return explain_ticket(&q);
	return options->claims != NULL ? explain_file(&q) : explain_live(&q);
}
