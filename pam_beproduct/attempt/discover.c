#include "attempt/discover.h"
#include "wire/clock.h"

/* Without a cache each sign-in asks again, and goes on. */
static void
keep(struct bp_request *r, struct bp_text message, int64_t now)
{
	enum bp_reason why;

	r->unkept = !bp_provider_store(r->cache, 0, r->setup->cfg.issuer,
	    message, now, &why);
}

static bool
discover(struct bp_request *r, enum bp_reason *reterr)
{
	struct bp_msg m = { .type = BP_MSG_DISCOVER }, answer;
	int64_t now = bp_clock_seconds();

	bp_msg_give(&m, BP_F_ISSUER, r->setup->cfg.issuer);
	if (!bp_request_ask(r, &m, &r->record, &answer, reterr) ||
	    !bp_provider_check(&answer, r->setup->cfg.issuer, reterr))
		return false;
	r->provider = (struct bp_provider){ bp_buf_text(&r->record), answer,
	    now };
	keep(r, r->provider.bytes, now);
	return true;
}

bool
bp_request_provider(struct bp_request *r, enum bp_reason *reterr)
{
	return bp_provider_load(r->cache, 0, r->setup->cfg.issuer,
	    bp_clock_seconds(), &r->record, &r->provider) || discover(r, reterr);
}
