/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/question.h"
#include "core/host.h"

struct bp_question
bp_question_of(const struct bp_options *options, const struct bp_setup *setup)
{
	struct bp_question q = { .options = options, .setup = setup,
	    .prefix = "" };

	if (options->user != NULL)
		q.account = bp_account_look_up(options->user);
	if (options->service != NULL)
		q.service = bp_config_service(&setup->cfg,
		    bp_text_of(options->service));
	return q;
}

/* As the service would meet it: over ssh everybody comes from afar. */
static enum bp_absent
absent_of(const struct bp_question *q)
{
	const char *service = q->options->service;

	return service != NULL && bp_host_of(bp_text_of(service),
	    BP_TTY_OTHER)->is_remote ? BP_ABSENT_REMOTE : BP_ABSENT_LOCAL;
}

bool
bp_question_is_ours(const struct bp_question *q, enum bp_reason *reterr)
{
	const char *user = q->options->user;

	if (user == NULL)
		return true;
	if (bp_account_is_root(&q->account, user))
		return bp_refuse(reterr, BP_ROOT);
	return bp_account_is_ours(&q->account, user, absent_of(q),
	    &q->setup->cfg, reterr) && (q->account.found ||
	    bp_refuse(reterr, BP_ACCOUNT_UNKNOWN));
}

bool
bp_question_is_unlocked(const struct bp_question *q, struct bp_buf *retfile,
    enum bp_reason *reterr)
{
	const char *user = q->options->user;
	const struct bp_lock l = { BP_LOCK_ACCOUNT,
	    .value = bp_text_of(user != NULL ? user : "") };

	return user == NULL || bp_lock_is_open(&q->setup->locks, &l, retfile,
	    reterr);
}

bool
bp_question_is_open(const struct bp_question *q, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);

	return bp_question_is_ours(q, reterr) &&
	    bp_question_is_unlocked(q, &file, reterr) &&
	    (q->options->service == NULL || bp_service_is_open(q->service) ||
	    bp_refuse(reterr, BP_SERVICE_CLOSED));
}
