/* SPDX-License-Identifier: BSD-2-Clause */
#include "session.h"
#include "by_ticket.h"

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

static void
bind_ticket(struct bp_call *c, struct bp_text secret)
{
	struct bp_holder h = bp_call_holder(c);
	enum bp_reason why;

	if (!bp_holder_open(&h, secret, &why))
		bp_by_ticket_unkept(c, why, errno);
}

void
bp_session_open(pam_handle_t *pamh)
{
	BP_AUTO(bp_call_done) struct bp_call c = { 0 };
	const char *secret = pam_getenv(pamh, BP_TICKET_VARIABLE);

	if (secret == NULL)
		return;
	if (bp_call_begin(pamh, BP_PHASE_SESSION, &c) && is_of_ours(&c))
		bind_ticket(&c, bp_text_of(secret));
	/* the person's shell has no use for it */
	(void)pam_putenv(pamh, BP_TICKET_VARIABLE);
}

void
bp_session_close(pam_handle_t *pamh)
{
	BP_AUTO(bp_call_done) struct bp_call c = { 0 };
	struct bp_holder h;

	if (!bp_call_begin(pamh, BP_PHASE_SESSION, &c) || !is_of_ours(&c))
		return;
	h = bp_call_holder(&c);
	bp_holder_close(&h);
}
