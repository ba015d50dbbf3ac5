/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/dialogue.h"
#include "core/answer.h"
#include "core/words.h"
#include "wire/clock.h"

#include <unistd.h>

void
bp_dialogue_done(struct bp_dialogue *d)
{
	bp_request_done(&d->request);
	bp_attempt_done(&d->attempt);
	bp_buf_done(&d->address);
}

bool
bp_dialogue_begin(struct bp_dialogue *d, enum bp_reason *reterr)
{
	const struct bp_config *cfg = &d->request.setup->cfg;

	if (gethostname(d->host, sizeof(d->host)) != 0)
		d->host[0] = '\0';
	d->host[BP_HOST_SIZE - 1] = '\0';
	return bp_attempt_make(&d->attempt, bp_text_of(d->host),
	    bp_text_of(d->service), bp_text_of(d->account), reterr) &&
	    bp_authorize_address(cfg,
	    d->request.provider.msg.field[BP_F_AUTHORIZATION_ENDPOINT],
	    d->section, &d->attempt, &d->address, reterr);
}

/* LAST is what was wrong with the last answer; BP_UNDECIDED: there is none. */
static bool
ask(struct bp_dialogue *d, enum bp_reason last, struct bp_text *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_WORDS_MAX);
	const struct bp_words w = {
		.host = bp_text_of(d->host),
		.service = bp_text_of(d->service),
		.account = bp_text_of(d->account),
		.address = bp_buf_text(&d->address),
		.sentence = last == BP_UNDECIDED ? NULL
		    : bp_reason_row(last)->say,
		.detail = bp_buf_text(&d->request.detail),
		.wants_code = last == BP_ANSWER_CUT,
		.is_terminal = d->is_terminal,
		.is_deaf = d->is_deaf,
		.is_admin = d->is_admin,
	};

	if (!bp_words_explain(&w, &text))
		return bp_refuse(reterr, BP_MEMORY);
	bp_request_note_none(&d->request);
	return d->ask(d->asker, bp_buf_text(&text), ret, reterr);
}

/* One prompt and, if the line is worth it, one REDEEM. */
static bool
try_once(struct bp_dialogue *d, enum bp_reason last, struct bp_msg *ret,
    bool *retry, enum bp_reason *reterr)
{
	struct bp_request *r = &d->request;
	struct bp_text bytes, line;

	*retry = false;
	if (!ask(d, last, &bytes, reterr))
		return false;
	if (r->deadline != 0 && bp_clock_ms() > r->deadline)
		return bp_refuse(reterr, BP_DEADLINE);
	if (!bp_answer_judge(bytes, d->cut_at, &line, reterr)) {
		*retry = true;
		return false;
	}
	if (bp_request_redeem(r, &d->attempt, line, ret, retry, reterr))
		return true;
	d->code_refused = d->code_refused || *reterr == BP_CODE_REFUSED;
	return false;
}

/* What the last line lacked, and what the helper said of it. */
static void
note_last(struct bp_request *r, enum bp_reason last)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(r->detail.max);
	struct bp_text name = bp_text_of(bp_reason_row(last)->name);
	bool more = bp_buf_put(&b, name) && r->detail.len > 0 &&
	    bp_buf_say(&b, ": ") && bp_buf_put(&b, bp_buf_text(&r->detail));

	bp_request_note(r, more ? bp_buf_text(&b) : name);
}

/* Whatever is not a line of no use ends it at once. */
bool
bp_dialogue_hold(struct bp_dialogue *d, struct bp_msg *ret,
    enum bp_reason *reterr)
{
	enum bp_reason last = BP_UNDECIDED;
	bool retry;

	for (int i = 0; i < BP_ANSWER_TRIES; i++) {
		if (try_once(d, last, ret, &retry, reterr))
			return true;
		if (!retry)
			return false;
		last = *reterr;
	}
	note_last(&d->request, *reterr);
	return bp_refuse(reterr, BP_TRIES);
}
