/* SPDX-License-Identifier: BSD-2-Clause */
#include <security/pam_modules.h>

#include "authenticate.h"
#include "by_key.h"
#include "by_ticket.h"
#include "core/answer.h"
#include "core/file.h"
#include "core/words.h"
#include "conv.h"
#include "ending.h"
#include "attempt/dialogue.h"
#include "attempt/judge.h"
#include "kept.h"
#include "wire/clock.h"

#include <errno.h>

enum { REFUSED_CODE_DELAY = 3000000 };	/* microseconds */

/* One sign-in: what each of its steps leaves to the next. */
struct login {
	struct bp_call		*call;
	struct bp_setup		 setup;
	struct bp_dialogue	 dialogue;
	char			*answer;	/* until the next, or the end */
	bool			 is_replaced;	/* an answer was, by sshd */
};

static void
login_done(struct login *l)
{
	bp_setup_done(&l->setup);
	bp_dialogue_done(&l->dialogue);
	bp_conv_forget(&l->answer);
}

/* Is anybody to be admitted here at all, and is this one ours? */
static bool
is_open(struct login *l, enum bp_reason *reterr)
{
	struct bp_call *c = l->call;
	const struct bp_service *service;

	if (!bp_setup_read_config(&l->setup, c->config, reterr) ||
	    !bp_call_is_ours(c, &l->setup.cfg, reterr) ||
	    !bp_call_is_open(c, &l->setup, reterr))
		return false;
	service = bp_config_service(&l->setup.cfg, bp_text_of(c->service));
	if (!bp_service_is_open(service))
		return bp_refuse(reterr, BP_SERVICE_CLOSED);
	bp_by_key_look(c);
	l->dialogue.section = service;
	l->dialogue.attempt.renews = c->host->ticket != BP_TICKET_NEVER &&
	    bp_config_renews(&l->setup.cfg, bp_text_of(c->service));
	l->dialogue.request.deadline = bp_call_deadline(c, service);
	l->dialogue.request.how.caller.rhost = bp_text_of(c->rhost);
	return true;
}

/* All that can be wrong here is found before anybody is asked anything. */
static bool
get_ready(struct login *l, enum bp_reason *reterr)
{
	struct bp_call *c = l->call;
	struct bp_request *r = &l->dialogue.request;

	if (!bp_setup_read_rest(&l->setup, reterr) ||
	    !bp_request_prepare(r, &l->setup, reterr))
		return false;
	if (!bp_request_provider(r, reterr))
		return false;
	/* slower for everybody until somebody looks, but no reason to refuse */
	if (r->unkept.len > 0)
		bp_call_log_beside(c, BP_FILE_UNWRITTEN,
		    bp_buf_text(&r->unkept));
	return true;
}

/*
 * Whom sshd lets in by nothing reads three times that the answer was of no
 * use: the log is to say why.  Of an account that does not exist it is so.
 */
static void
note_replaced(struct login *l, struct bp_text answer)
{
	if (!l->is_replaced && l->call->account.found &&
	    bp_answer_is_replaced(answer)) {
		l->is_replaced = true;
		bp_call_log_beside(l->call, BP_ANSWER_REPLACED,
		    bp_text_of(""));
	}
}

/* For bp_dialogue_hold(): an answer is forgotten before the next is asked. */
static bool
ask_person(void *asker, struct bp_text explain, struct bp_text *ret,
    enum bp_reason *reterr)
{
	struct login *l = asker;

	bp_conv_forget(&l->answer);
	if (!bp_conv_ask(l->call, explain, bp_words_ask, &l->answer, reterr))
		return false;
	*ret = bp_text_of(l->answer);
	note_replaced(l, *ret);
	return true;
}

/* A pin that cannot be written locks nobody out: the next one is first. */
static bool
keep_pin(struct login *l, const struct bp_identity *who,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);
	enum bp_reason unkept;
	bool ok = bp_judge_keep(&l->setup, who, bp_text_of(l->call->user),
	    bp_clock_seconds(), &unkept, reterr);

	if (ok && unkept != BP_UNDECIDED && bp_buf_say(&b, "the pin: ") &&
	    bp_buf_say(&b, bp_file_why(unkept, errno)))
		bp_call_log_beside(l->call, BP_FILE_UNWRITTEN,
		    bp_buf_text(&b));
	return ok;
}

static bool
may_enter(struct login *l, const struct bp_msg *claims, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf detail =
	    BP_BUF_INIT(BP_JUDGE_DETAIL_MAX);
	struct bp_identity who = bp_identity_of(claims);
	struct bp_call *c = l->call;
	struct bp_text account = bp_text_of(c->user);
	struct bp_basis basis;
	bool ok;

	bp_call_note_who(c, &who, "sign-in");
	/* sshd never lets it come to this; whoever does gets nothing by it */
	if (!c->account.found)
		return bp_refuse(reterr, BP_ACCOUNT_UNKNOWN);
	ok = bp_judge(&l->setup, bp_text_of(c->service), &who, account,
	    &basis, reterr);
	bp_call_note_basis(c, &l->setup.cfg, &who, &basis, ok ? BP_ADMITTED
	    : *reterr);
	if (ok && keep_pin(l, &who, reterr))
		return true;
	bp_judge_detail(&l->setup, &who, account, *reterr, &detail);
	bp_call_note(c, bp_buf_text(&detail));
	return false;
}

/* Why a ticket does not admit is not said where the person may sign in. */
static bool
has_ticket(struct login *l, bool *retask, enum bp_reason *reterr)
{
	if (bp_by_ticket(l->call, &l->setup, &l->dialogue.request, retask,
	    reterr))
		return true;
	if (!*retask)
		return false;
	bp_call_note(l->call, bp_text_of(""));
	bp_request_note_none(&l->dialogue.request);
	bp_buf_done(&l->call->who);
	l->dialogue.attempt.is_again = *reterr == BP_AUTH_TIME_PAST;
	return false;
}

static bool
ask_provider(struct login *l, enum bp_reason *reterr)
{
	struct bp_msg claims = { 0 };

	if (!get_ready(l, reterr) || !bp_dialogue_begin(&l->dialogue, reterr))
		return false;
	bp_call_log_started(l->call);
	if (!bp_dialogue_hold(&l->dialogue, &claims, reterr))
		return false;
	if (!may_enter(l, &claims, reterr)) {
		bp_ending_sign_in(l->call, &l->setup.cfg, &claims);
		return false;
	}
	bp_by_ticket_keep(l->call, &l->setup,
	    bp_buf_text(&l->dialogue.attempt.nonce), &claims);
	return true;
}

static bool
sign_in(struct login *l, enum bp_reason *reterr)
{
	bool ask = false;

	return is_open(l, reterr) &&
	    (bp_by_key(l->call, &l->setup, reterr) ||
	    has_ticket(l, &ask, reterr) ||
	    (ask && ask_provider(l, reterr))) &&
	    (bp_kept_admit(l->call) || bp_refuse(reterr, BP_MEMORY));
}

enum bp_reason
bp_authenticate(struct bp_call *c)
{
	BP_AUTO(login_done) struct login l = { .call = c,
	    .setup = BP_SETUP_INIT, .dialogue = { BP_DIALOGUE_INIT,
	    .service = c->service, .account = c->user,
	    .is_terminal = c->tty == BP_TTY_TERMINAL,
	    .is_deaf = c->host->is_deaf,
	    .cut_at = c->host->cut_at, .ask = ask_person, .asker = &l } };
	enum bp_reason why = BP_UNDECIDED;
	bool admitted = sign_in(&l, &why);

	/* guessing costs the provider a request, and is to cost time */
	if (l.dialogue.code_refused)
		(void)pam_fail_delay(c->pamh, REFUSED_CODE_DELAY);
	bp_call_note_attempt(c, &l.setup, &l.dialogue.request);
	return admitted ? BP_ADMITTED : why;
}
