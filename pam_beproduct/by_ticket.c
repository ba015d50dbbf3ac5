/* SPDX-License-Identifier: BSD-2-Clause */
#include "by_ticket.h"
#include "attempt/judge.h"
#include "attempt/renewal.h"
#include "core/file.h"
#include "core/policy.h"
#include "ending.h"

#include <errno.h>
#include <string.h>

/* "by the sign-in for sshd, 42 s ago, with an SSH key, checked now" */
static void
note_sign_in(struct bp_call *c, const struct bp_found *f)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);
	char lent[BP_DECIMAL_MAX];

	if (bp_buf_say(&b, "by the sign-in for ") &&
	    bp_buf_put(&b, f->ticket.service) && bp_buf_say(&b, ", ") &&
	    bp_buf_put(&b, bp_text_decimal((uint32_t)f->age, lent)) &&
	    bp_buf_say(&b, f->ticket.key.len > 0
	    ? " s ago, with an SSH key" : " s ago") &&
	    bp_buf_say(&b, f->is_renewed ? ", checked now" : ""))
		bp_call_note(c, bp_buf_text(&b));
}

static bool
admits(struct bp_call *c, const struct bp_setup *s, struct bp_found *f,
    enum bp_reason *reterr)
{
	struct bp_holder h = bp_call_holder(c);
	struct bp_identity who = bp_identity_of(&f->ticket.who);
	bool ok = bp_holder_admits(&h, s, f, reterr);

	bp_call_note_who(c, &who, f->is_renewed ? "renewal" : "ticket");
	bp_call_note_basis(c, &s->cfg, &who, &f->basis, ok ? BP_ADMITTED
	    : *reterr);
	return ok;
}

/* What the person alone can do again at the provider. */
static bool
is_of_sign_in(enum bp_reason why)
{
	static const enum bp_reason all[] = { BP_ACR, BP_AMR, BP_ACR_TYPE,
	    BP_AMR_TYPE, BP_AUTH_TIME, BP_AUTH_TIME_PAST, BP_AUTH_TIME_AHEAD };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == why)
			return true;
	return false;
}

/* Renewals that end the ticket, and nothing else. */
static const struct { enum bp_reason why; const char *words; } ends[] = {
	{ BP_RENEWAL_REFUSED, "the provider renews the sign-in no more" },
	{ BP_TOKEN_MISSING, "the provider's renewal brings no id_token" },
	{ BP_NO_SIGN_IN, NULL },
};

static bool
ends_ticket(struct bp_found *f, enum bp_reason why)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].why == why) {
			if (ends[i].words != NULL)
				f->why = ends[i].words;
			return true;
		}
	return false;
}

static bool
renew(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    struct bp_found *f, enum bp_reason *reterr)
{
	struct bp_holder h = bp_call_holder(c);
	bool ok = bp_setup_read_client(s, reterr) &&
	    bp_request_prepare(r, s, reterr) &&
	    bp_renewal_of(&h, r, f, reterr);
	struct bp_ticket late = f->ticket;

	/* the session's end has queued the one that was spent for it */
	late.refresh_token = bp_buf_text(&f->token);
	if (f->is_too_late)
		bp_ending_ticket(c, &late);
	return ok;
}

static bool
judge_anew(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    struct bp_found *f, bool *retask, enum bp_reason *reterr)
{
	if (!renew(c, s, r, f, reterr)) {
		/* then a sign-in may end otherwise */
		*retask = bp_reason_is_about_person(*reterr);
		if (!ends_ticket(f, *reterr))
			return false;
		bp_request_note_none(r);
		return bp_refuse(reterr, c->host->no_sign_in);
	}
	if (f->unkept != BP_UNDECIDED)
		bp_by_ticket_unkept(c, f->unkept, f->unkept_error);
	return admits(c, s, f, reterr);
}

/* What could not be asked leaves the refusal as it was. */
static bool
has_changed(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    struct bp_found *f, bool *retask, enum bp_reason *reterr)
{
	enum bp_reason before = *reterr;

	if (judge_anew(c, s, r, f, retask, reterr))
		return true;
	if (!*retask)
		*reterr = before;
	*retask = true;
	return false;
}

static bool
is_lock(enum bp_reason why)
{
	return why == BP_LOCKED || why == BP_LOCK_UNTOLD;
}

/* Before anything is asked: nobody is to wait for a provider who is locked. */
static bool
is_open(struct bp_call *c, const struct bp_setup *s, const struct bp_found *f,
    struct bp_buf *retfile, enum bp_reason *reterr)
{
	struct bp_identity who = bp_identity_of(&f->ticket.who);

	if (bp_judge_locks(s, &who, retfile, reterr))
		return true;
	bp_call_note_who(c, &who, "ticket");
	return false;
}

static void
note_lock(struct bp_call *c, const struct bp_setup *s,
    const struct bp_found *f, enum bp_reason why)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);

	if (is_lock(why) && !is_open(c, s, f, &file, &why))
		bp_call_note(c, bp_buf_text(&file));
}

static bool
judge(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    struct bp_found *f, bool *retask, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_holder h = bp_call_holder(c);
	bool serves = bp_holder_find(&h, &s->cfg, f);

	*retask = true;
	if (!serves && !f->may_renew)
		return bp_refuse(reterr, c->host->no_sign_in);
	if (!bp_setup_read_map(s, reterr))
		return false;
	if (serves ? admits(c, s, f, reterr) : is_open(c, s, f, &file, reterr)
	    && judge_anew(c, s, r, f, retask, reterr))
		return true;
	if (is_lock(*reterr))
		*retask = false;
	return *retask && serves && f->may_renew && !is_of_sign_in(*reterr) &&
	    has_changed(c, s, r, f, retask, reterr);
}

/* Whose it is, or which file says nothing about it. */
static void
note_pin(struct bp_call *c, const struct bp_setup *s,
    const struct bp_found *f, enum bp_reason why)
{
	BP_AUTO(bp_buf_done) struct bp_buf detail =
	    BP_BUF_INIT(BP_JUDGE_DETAIL_MAX);
	struct bp_identity who = bp_identity_of(&f->ticket.who);

	if (why == BP_PINNED ||
	    bp_reason_row(why)->class == BP_CLASS_BROKEN)
		bp_judge_detail(s, &who, bp_text_of(c->user), why, &detail);
	if (detail.len > 0)
		bp_call_note(c, bp_buf_text(&detail));
}

void
bp_by_ticket_unkept(struct bp_call *c, enum bp_reason why, int error)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);

	if (bp_buf_say(&b, "the ticket: ") &&
	    bp_buf_say(&b, bp_file_why(why, error)))
		bp_call_log_beside(c, BP_FILE_UNWRITTEN, bp_buf_text(&b));
}

/* sshd begins the session in another process, to which this comes along. */
static void
send_along(struct bp_call *c, const char *secret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(128);

	if (bp_buf_say(&b, BP_TICKET_VARIABLE "=") &&
	    bp_buf_say(&b, secret) && bp_buf_add(&b, "", 1))
		(void)pam_putenv(c->pamh, (const char *)b.data);
}

/* What IS_KEPT, with errno, or WHY it is not. */
static void
bring(struct bp_call *c, bool is_kept, enum bp_reason why,
    struct bp_buf *secret)
{
	if (!is_kept) {
		bp_by_ticket_unkept(c, why, errno);
		secret->len = 0;
	} else if (secret->len > 0)
		send_along(c, (const char *)secret->data);
}

/*
 * A session that an SSH key opens has the key's sign-in for sudo.  In the
 * account phase it is another process that opens it.
 */
static void
lend(struct bp_call *c, const struct bp_found *f)
{
	BP_AUTO(bp_buf_done) struct bp_buf secret =
	    BP_BUF_INIT(2 * BP_TICKET_SECRET + 1);
	struct bp_holder h = bp_call_holder(c);
	enum bp_reason why = BP_UNDECIDED;
	bool is_kept;

	if (h.key.len == 0 || c->phase != BP_PHASE_AUTH)
		return;
	is_kept = bp_holder_lend(&h, f, &secret, &why);
	bring(c, is_kept, why, &secret);
}

bool
bp_by_ticket(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    bool *retask, enum bp_reason *reterr)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	bool is_admitted = judge(c, s, r, &f, retask, reterr);

	if (f.why != NULL)
		bp_call_note(c, bp_text_of(f.why));
	else if (f.bytes.len > 0)
		note_sign_in(c, &f);
	if (!is_admitted && f.bytes.len > 0) {
		note_lock(c, s, &f, *reterr);
		note_pin(c, s, &f, *reterr);
	}
	if (is_admitted)
		lend(c, &f);
	c->decided = is_admitted;
	/* an attempt that begins now has an id of its own */
	if (is_admitted && f.ticket.attempt.len == BP_ID_SIZE)
		memcpy(c->id, f.ticket.attempt.at, BP_ID_SIZE);
	return is_admitted;
}

/* In another process's environment, or here, as it is on disk. */
static bool
is_kept(const struct bp_holder *h, const struct bp_msg *who,
    const struct bp_buf *secret)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	return secret->len > 0 || (bp_holder_kept(h, &f) &&
	    bp_text_same(f.ticket.refresh_token,
	    who->field[BP_F_REFRESH_TOKEN]));
}

/* Another sign-in with the same SSH key had one, which nobody will use now. */
static void
end_former(struct bp_call *c, const struct bp_holder *h,
    const struct bp_found *former)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	if (former->bytes.len > 0 && bp_holder_kept(h, &f) &&
	    !bp_text_same(f.ticket.refresh_token,
	    former->ticket.refresh_token))
		bp_ending_ticket(c, &former->ticket);
}

void
bp_by_ticket_keep(struct bp_call *c, const struct bp_setup *s,
    struct bp_text nonce, const struct bp_msg *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf secret =
	    BP_BUF_INIT(2 * BP_TICKET_SECRET + 1);
	BP_AUTO(bp_found_done) struct bp_found former = BP_FOUND_INIT;
	struct bp_holder h = bp_call_holder(c);
	enum bp_reason why = BP_UNDECIDED;
	bool ok;

	if (h.key.len > 0 && !bp_holder_kept(&h, &former))
		bp_found_done(&former);
	ok = bp_holder_keep(&h, &s->cfg, c->id, nonce, who, &secret, &why);
	bring(c, ok, why, &secret);
	end_former(c, &h, &former);
	/* a token that nobody has is of use to nobody but who finds it */
	if (who->given[BP_F_REFRESH_TOKEN] && !is_kept(&h, who, &secret))
		bp_ending_sign_in(c, &s->cfg, who);
}
