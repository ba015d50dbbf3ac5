/* SPDX-License-Identifier: BSD-2-Clause */
#include "session.h"
#include "by_ticket.h"
#include "ending.h"

#include <errno.h>
#include <string.h>

/* Of those alone that begin sessions, and of accounts that have tickets. */
static bool
is_of_ours(struct bp_call *c)
{
	return (c->host->ticket == BP_TICKET_PARENT ||
	    c->host->ticket == BP_TICKET_SELF) && !bp_call_is_root(c) &&
	    c->account.found;
}

/* A mistake in the line's arguments is for the log, and ends no session. */
static void
read_arguments(struct bp_call *c, int argc, const char **argv)
{
	enum bp_reason why;

	if (!bp_call_arguments(c, argc, argv, &why))
		bp_call_log_alone(c, why);
	bp_call_note(c, bp_text_of(""));
}

static void
bind_ticket(struct bp_call *c, struct bp_text secret)
{
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	struct bp_holder h = bp_call_holder(c);
	enum bp_reason why;

	if (!bp_holder_open(&h, secret, &left, &why))
		bp_by_ticket_unkept(c, why, errno);
	if (left.bytes.len > 0)
		bp_ending_ticket(c, &left.ticket);
}

void
bp_session_open(pam_handle_t *pamh, int argc, const char **argv)
{
	BP_AUTO(bp_call_done) struct bp_call c = { 0 };
	const char *secret = pam_getenv(pamh, BP_TICKET_VARIABLE);

	if (secret == NULL)
		return;
	if (bp_call_begin(pamh, BP_PHASE_SESSION, &c) && is_of_ours(&c)) {
		read_arguments(&c, argc, argv);
		bind_ticket(&c, bp_text_of(secret));
	}
	/* the person's shell has no use for it */
	(void)pam_putenv(pamh, BP_TICKET_VARIABLE);
}

/* The log is to say of which sign-in it was. */
static void
take_id(struct bp_call *c, const struct bp_ticket *t)
{
	if (t->attempt.len == BP_ID_SIZE)
		memcpy(c->id, t->attempt.at, BP_ID_SIZE);
}

void
bp_session_close(pam_handle_t *pamh, int argc, const char **argv)
{
	BP_AUTO(bp_call_done) struct bp_call c = { 0 };
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_text config;
	struct bp_holder h;

	if (!bp_call_begin(pamh, BP_PHASE_SESSION, &c) || !is_of_ours(&c))
		return;
	read_arguments(&c, argc, argv);
	h = bp_call_holder(&c);
	config = h.config;
	/* the other way round a crash between them would lose the token */
	if (bp_holder_ending(&h, &f)) {
		take_id(&c, &f.ticket);
		bp_ending_ticket(&c, &f.ticket);
		config = f.ticket.config;
	}
	bp_holder_close(&h);
	bp_ending_revoke(&c, config);
}
