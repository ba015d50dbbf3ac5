/* SPDX-License-Identifier: BSD-2-Clause */
#include "by_ticket.h"
#include "core/file.h"
#include "core/policy.h"

#include <errno.h>
#include <string.h>

/* "by the sign-in for sshd, 42 s ago" */
static void
note_sign_in(struct bp_call *c, const struct bp_found *f)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);
	char lent[BP_DECIMAL_MAX];

	if (bp_buf_say(&b, "by the sign-in for ") &&
	    bp_buf_put(&b, f->ticket.service) && bp_buf_say(&b, ", ") &&
	    bp_buf_put(&b, bp_text_decimal((uint32_t)f->age, lent)) &&
	    bp_buf_say(&b, " s ago"))
		bp_call_note(c, bp_buf_text(&b));
}

static bool
judge(struct bp_call *c, struct bp_setup *s, struct bp_found *f,
    enum bp_reason *reterr)
{
	struct bp_holder h = bp_call_holder(c);
	struct bp_identity who;

	if (!bp_holder_find(&h, &s->cfg, f))
		return bp_refuse(reterr, c->host->no_sign_in);
	if (!bp_setup_read_map(s, reterr))
		return false;
	who = bp_identity_of(&f->ticket.who);
	bp_call_note_who(c, &who);
	return bp_holder_admits(&h, s, f, reterr);
}

bool
bp_by_ticket(struct bp_call *c, struct bp_setup *s, enum bp_reason *reterr)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	bool is_admitted = judge(c, s, &f, reterr);

	if (f.why != NULL)
		bp_call_note(c, bp_text_of(f.why));
	else if (f.bytes.len > 0)
		note_sign_in(c, &f);
	c->decided = is_admitted;
	/* an attempt that begins now has an id of its own */
	if (is_admitted && f.ticket.attempt.len == BP_ID_SIZE)
		memcpy(c->id, f.ticket.attempt.at, BP_ID_SIZE);
	return is_admitted;
}

void
bp_by_ticket_unkept(struct bp_call *c, enum bp_reason why, int error)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);

	if (bp_buf_say(&b, "the ticket: ") && bp_buf_say(&b,
	    why == BP_FILE_UNWRITTEN || why == BP_FILE_MISSING
	    ? bp_file_words(error) : bp_reason_row(why)->log))
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

void
bp_by_ticket_keep(struct bp_call *c, const struct bp_setup *s,
    struct bp_text nonce, const struct bp_msg *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf secret =
	    BP_BUF_INIT(2 * BP_TICKET_SECRET + 1);
	struct bp_holder h = bp_call_holder(c);
	enum bp_reason why;

	if (!bp_holder_keep(&h, &s->cfg, c->id, nonce, who, &secret, &why))
		bp_by_ticket_unkept(c, why, errno);
	else if (secret.len > 0)
		send_along(c, (const char *)secret.data);
}
