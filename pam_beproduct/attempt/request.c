/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/request.h"
#include "attempt/account.h"
#include "attempt/exchange.h"
#include "core/slot.h"
#include "wire/clock.h"
#include "wire/hide.h"

#include <unistd.h>

enum {
	GRACE_MS = 1000,	/* for the helper to say what took so long */
	MARGIN = 2		/* seconds that another may take beyond its time */
};

void
bp_request_done(struct bp_request *r)
{
	bp_buf_done(&r->record);
	bp_buf_done(&r->answer);
	bp_buf_done(&r->detail);
	bp_buf_done(&r->unkept);
}

bool
bp_request_prepare(struct bp_request *r, const struct bp_setup *setup,
    enum bp_reason *reterr)
{
	struct bp_account user = bp_account_look_up(BP_HELPER_USER_NAME);

	if (!user.found || user.uid == 0 || user.gid == 0)
		return bp_refuse(reterr, BP_HELPER_USER);
	r->setup = setup;
	r->cache = (struct bp_cache){ .folder = BP_PATH_CACHE,
	    .issuer = setup->cfg.issuer };
	r->how = (struct bp_launch){ .program = BP_PATH_HELPER,
	    .uid = user.uid, .gid = user.gid, .run = BP_PATH_RUN,
	    .caller = { getuid(), r->how.caller.rhost } };
	return true;
}

/* How long this request may take: its own time, or what the attempt has. */
static uint32_t
time_left(const struct bp_request *r, int64_t now)
{
	int64_t most = (int64_t)r->setup->cfg.timeout * 1000;

	if (r->deadline != 0 && r->deadline - now < most)
		most = r->deadline - now;
	return most > 0 ? (uint32_t)most : 0;
}

void
bp_request_note_none(struct bp_request *r)
{
	bp_buf_done(&r->detail);
}

void
bp_request_note(struct bp_request *r, struct bp_text detail)
{
	bp_buf_done(&r->detail);
	/* a detail that finds no room is only less to read */
	if (!bp_buf_put(&r->detail, detail))
		r->detail.len = 0;
	/* which a DISCOVER is not told, and a provider may know */
	bp_hide(&r->setup->secret, 1, (char *)r->detail.data, r->detail.len);
}

void
bp_request_note_remembered(struct bp_request *r, int64_t seconds,
    struct bp_text detail)
{
	char lent[BP_DECIMAL_MAX];
	struct bp_text ago = bp_text_decimal((uint32_t)seconds, lent);

	bp_request_note(r, bp_text_of("remembered since "));
	if (!bp_buf_put(&r->detail, ago) || !bp_buf_say(&r->detail, " s: ") ||
	    !bp_buf_put(&r->detail, detail))
		bp_request_note(r, detail);
}

bool
bp_request_turn(const struct bp_request *r, const char *run, uid_t owner,
    struct bp_text name, int *ret)
{
	int64_t now = bp_clock_ms();
	int64_t until = now +
	    ((int64_t)r->setup->cfg.timeout + MARGIN) * 1000;

	if (r->deadline != 0 && r->deadline < until)
		until = r->deadline;
	return bp_slot_turn_of(run, owner, name, until - now, ret);
}

static void
hear(const struct bp_request *r, const struct bp_msg *m)
{
	if (r->hear != NULL)
		r->hear(r->hearer, m);
}

/* To the last answer. */
static bool
exchange(struct bp_request *r, const struct bp_msg *m, int64_t deadline,
    struct bp_buf *bytes, struct bp_msg *ret, enum bp_reason *reterr)
{
	struct bp_exchange x = BP_EXCHANGE_INIT;
	bool ends = false, ok = bp_exchange_begin(&x, &r->how, m, deadline,
	    reterr);

	while (ok && !ends) {
		ok = bp_exchange_next(&x, bytes, ret, &ends, reterr);
		if (ok && !ends)
			hear(r, ret);
	}
	if (!bp_exchange_end(&x))
		r->unreaped = true;
	return ok;
}

void
bp_request_give_client(const struct bp_request *r, struct bp_msg *m)
{
	const struct bp_config *cfg = &r->setup->cfg;

	bp_msg_give(m, BP_F_RECORD, r->provider.bytes);
	bp_msg_give(m, BP_F_CLIENT_ID, cfg->client_id);
	bp_msg_give(m, BP_F_CLIENT_SECRET, r->setup->secret);
	if (cfg->client_auth == BP_CLIENT_BASIC)
		bp_msg_mark(m, BP_F_CLIENT_BASIC);
}

bool
bp_request_ask(struct bp_request *r, struct bp_msg *m, struct bp_buf *bytes,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	char lent[BP_DECIMAL_MAX];
	int64_t now = bp_clock_ms();
	uint32_t left = time_left(r, now);

	bp_request_note_none(r);
	if (left == 0)
		return bp_refuse(reterr, BP_DEADLINE);
	m->asked = m->type;
	bp_msg_give_number(m, BP_F_TIME_LEFT, left, lent);
	if (r->setup->ca.len > 0)
		bp_msg_give(m, BP_F_CA_FILE, bp_buf_text(&r->setup->ca));
	if (r->setup->cfg.proxy.len > 0)
		bp_msg_give(m, BP_F_PROXY, r->setup->cfg.proxy);
	if (!exchange(r, m, now + left + GRACE_MS, bytes, ret, reterr))
		return false;
	/* keys that were fetched anew stand in the helper alone */
	if (bp_msg_number(ret, BP_F_RECORD_STALE) == 1)
		bp_provider_forget(&r->cache, &r->provider,
		    bp_clock_seconds());
	if (ret->given[BP_F_DETAIL])
		bp_request_note(r, ret->field[BP_F_DETAIL]);
	return ret->type != BP_MSG_FAILED ||
	    bp_refuse(reterr, bp_reason_of_wire(ret->reason));
}
