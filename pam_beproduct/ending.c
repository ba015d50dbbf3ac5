/* SPDX-License-Identifier: BSD-2-Clause */
#include "ending.h"
#include "attempt/revoke.h"
#include "core/file.h"
#include "wire/clock.h"

#include <errno.h>

/* And a second for a helper to say what took so long. */
enum { MOST_MS = 4000, MOST_TOKENS = 16 };

/* Whatever else is to be said of the call comes later, and stays. */
static void
log_aside(struct bp_call *c, enum bp_reason why, struct bp_text detail)
{
	struct bp_buf before = c->detail;

	c->detail = (struct bp_buf)BP_BUF_INIT(before.max);
	bp_call_log_beside(c, why, detail);
	bp_buf_done(&c->detail);
	c->detail = before;
}

static void
log_lost(struct bp_call *c, enum bp_reason why, int error)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);

	if (bp_buf_say(&b, "the queue: ") &&
	    bp_buf_say(&b, bp_file_why(why, error)))
		log_aside(c, BP_NOT_REVOKED, bp_buf_text(&b));
}

static void
add(struct bp_call *c, struct bp_queued q)
{
	static const struct bp_queue_place place = BP_QUEUE_HERE;
	enum bp_reason why;

	if (q.token.len == 0)
		return;
	q.time = bp_clock_seconds();
	if (!bp_queue_put(&place, &q, &why))
		log_lost(c, why, errno);
}

void
bp_ending_ticket(struct bp_call *c, const struct bp_ticket *t)
{
	add(c, (struct bp_queued){ .issuer = t->who.field[BP_F_ISSUER],
	    .config = t->config, .attempt = t->attempt,
	    .token = t->refresh_token });
}

void
bp_ending_sign_in(struct bp_call *c, const struct bp_config *cfg,
    const struct bp_msg *claims)
{
	add(c, (struct bp_queued){ .issuer = cfg->issuer,
	    .config = bp_text_of(c->config), .attempt = bp_text_of(c->id),
	    .token = claims->field[BP_F_REFRESH_TOKEN] });
}

/* "of the sign-in ID: SILENCE: 4000 ms" */
static void
log_unrevoked(void *context, const struct bp_queued *q, enum bp_reason why,
    struct bp_text detail, bool waits)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1024);

	if (bp_buf_say(&b, "of the sign-in ") && bp_buf_put(&b, q->attempt) &&
	    bp_buf_say(&b, ": ") && bp_buf_say(&b, bp_reason_row(why)->name) &&
	    bp_buf_say(&b, ": ") && bp_buf_say(&b, bp_reason_row(why)->log) &&
	    (detail.len == 0 || (bp_buf_say(&b, ": ") &&
	    bp_buf_put(&b, detail))))
		log_aside(context, waits ? BP_REVOKED_LATER : why,
		    bp_buf_text(&b));
}

static bool
get_ready(struct bp_setup *s, struct bp_request *r, const char *config,
    enum bp_reason *reterr)
{
	return bp_setup_read_config(s, config, reterr) &&
	    bp_setup_read_client(s, reterr) &&
	    bp_request_prepare(r, s, reterr);
}

static void
revoke_by(struct bp_call *c, const char *config, const struct bp_drain *d)
{
	BP_AUTO(bp_setup_done) struct bp_setup setup = BP_SETUP_INIT;
	BP_AUTO(bp_request_done) struct bp_request r = BP_REQUEST_INIT;
	struct bp_drained unused;
	enum bp_reason why;

	r.deadline = bp_clock_ms() + MOST_MS;
	if (!get_ready(&setup, &r, config, &why)) {
		log_aside(c, BP_REVOKED_LATER, setup.complaint.len > 0
		    ? bp_buf_text(&setup.complaint)
		    : bp_text_of(bp_reason_row(why)->log));
		return;
	}
	r.how.caller.rhost = bp_text_of(c->rhost);
	bp_revoke_drain(&r, d, &unused);
	if (r.unreaped)
		log_aside(c, BP_HELPER_LEFT, bp_text_of(""));
}

void
bp_ending_revoke(struct bp_call *c, struct bp_text config)
{
	BP_AUTO(bp_buf_done) struct bp_buf path = BP_BUF_INIT(BP_PATH_MAX + 1);
	const struct bp_drain d = { .place = BP_QUEUE_HERE, .config = config,
	    .most = MOST_TOKENS, .say = log_unrevoked, .context = c };

	if (bp_revoke_waits(&d) && bp_buf_put(&path, config) &&
	    bp_buf_add(&path, "", 1))
		revoke_by(c, (const char *)path.data, &d);
}
