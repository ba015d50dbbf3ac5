/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/revoke.h"
#include "attempt/discover.h"
#include "wire/clock.h"
#include "wire/hide.h"

enum { GIVE_UP = 3 };	/* more than one: it may be the token's own fault */

bool
bp_request_revoke(struct bp_request *r, struct bp_text token,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_FAILURE_MAX);
	struct bp_msg m = { .type = BP_MSG_REVOKE }, answer = { 0 };
	bool ok;

	bp_request_give_client(r, &m);
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, token);
	ok = bp_request_ask(r, &m, &bytes, &answer, reterr);
	/* a provider may repeat it, and a helper not notice */
	bp_hide(&token, 1, (char *)r->detail.data, r->detail.len);
	return ok;
}

static bool
is_by(const struct bp_drain *d, const struct bp_queued *q)
{
	return bp_text_same(q->config, d->config);
}

bool
bp_revoke_waits(const struct bp_drain *d)
{
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queued q;
	enum bp_reason why;

	if (!bp_queue_begin(&d->place, bp_clock_seconds(), &w, &why))
		return false;
	while (bp_queue_next(&w, &bytes, &q))
		if (is_by(d, &q))
			return true;
	return false;
}

/* Of these the provider would say the same again. */
static bool
is_final(enum bp_reason why)
{
	return why == BP_REVOCATION_REFUSED || why == BP_NO_REVOCATION;
}

static void
end_one(struct bp_request *r, const struct bp_drain *d,
    const struct bp_queue *w, const struct bp_queued *q,
    struct bp_drained *ret)
{
	enum bp_reason why = BP_UNDECIDED;
	bool ok = bp_request_revoke(r, q->token, &why);
	bool waits = !ok && !is_final(why);

	if (!waits)
		bp_queue_remove(w);
	if (ok)
		ret->revoked++;
	else if (waits)
		ret->failed++;
	else
		ret->ended++;
	if (!ok)
		d->say(d->context, q, why, bp_buf_text(&r->detail), waits);
}

/* Only where something waits is the provider's record worth a request. */
static bool
has_provider(struct bp_request *r, const struct bp_drain *d,
    const struct bp_queued *q, struct bp_drained *ret)
{
	enum bp_reason why = BP_UNDECIDED;

	if (r->provider.bytes.len > 0 || bp_request_provider(r, &why))
		return true;
	ret->failed++;
	d->say(d->context, q, why, bp_buf_text(&r->detail), true);
	return false;
}

void
bp_revoke_drain(struct bp_request *r, const struct bp_drain *d,
    struct bp_drained *ret)
{
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queued q;
	enum bp_reason why;

	*ret = (struct bp_drained){ 0 };
	if (!bp_queue_begin(&d->place, bp_clock_seconds(), &w, &why))
		return;
	ret->is_busy = !bp_queue_lock(&w);
	while (!ret->is_busy && ret->failed < GIVE_UP &&
	    ret->revoked + ret->ended + ret->failed < d->most &&
	    bp_queue_next(&w, &bytes, &q)) {
		if (!is_by(d, &q) ||
		    !bp_text_same(q.issuer, r->setup->cfg.issuer))
			continue;
		if (!has_provider(r, d, &q, ret))
			return;
		end_one(r, d, &w, &q, ret);
	}
}
