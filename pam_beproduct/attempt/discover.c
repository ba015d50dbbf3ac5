/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/discover.h"
#include "attempt/account.h"
#include "core/file.h"
#include "core/outage.h"
#include "core/slot.h"
#include "wire/clock.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum {
	LOOK_AGAIN_MS = 50,	/* for what another attempt is finding out */
	MARGIN = 2,		/* seconds that it may take beyond its time */
	OWN_MS = 2000		/* for another of the same caller's */
};

/* Without what only an administrator is told, who asks for it anew. */
static bool
store(struct bp_request *r, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_RECORD_MAX);
	struct bp_msg lasting = r->provider.msg;

	lasting.given[BP_F_DATE] = false;
	lasting.given[BP_F_SCOPES_OFFERED] = false;
	if (!bp_msg_write(&lasting, &bytes))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_provider_store(&r->cache, bp_buf_text(&bytes),
	    r->provider.time, reterr);
}

/* Without a cache each sign-in asks again, and goes on. */
static void
keep(struct bp_request *r)
{
	enum bp_reason why;
	int error;
	bool said;

	bp_buf_done(&r->unkept);
	if (store(r, &why))
		return;
	error = errno;
	said = bp_buf_say(&r->unkept, r->cache.folder) &&
	    bp_buf_say(&r->unkept, ": ") &&
	    bp_buf_say(&r->unkept, bp_file_why(why, error));
	(void)said;	/* what finds no room is only less to read */
}

static bool
load(struct bp_request *r)
{
	return bp_provider_load(&r->cache, bp_clock_seconds(), &r->record,
	    &r->provider);
}

/*
 * What a caller of sudo or su could stop, or leave without descriptors, keeps
 * nobody waiting, and says nothing to others of what it found.
 */
static bool
is_root_s_own(void)
{
	return getuid() == 0;
}

/* Is an outage known, MOST seconds old at most?  Then it is the answer. */
static bool
is_known_out(struct bp_request *r, int64_t most, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_OUTAGE_MAX);
	int64_t now = bp_clock_seconds();
	struct bp_outage o;

	if (!bp_outage_load(&r->cache, now, &bytes, &o) || now - o.time > most)
		return false;
	bp_request_note_remembered(r, now - o.time, o.detail);
	return !bp_refuse(reterr, o.why);
}

/*
 * Root's own attempts wait for each other, and those of a caller of sudo or su
 * for his other ones, a moment: one of them may have been stopped by him.
 */
static int64_t
wait_until(const struct bp_request *r)
{
	int64_t most = is_root_s_own()
	    ? ((int64_t)r->setup->cfg.timeout + MARGIN) * 1000 : OWN_MS;
	int64_t until = bp_clock_ms() + most;

	return r->deadline != 0 && r->deadline < until ? r->deadline : until;
}

static bool
has_turn(const struct bp_request *r, int *turn)
{
	return is_root_s_own() ? bp_file_lock(*turn)
	    : bp_slot_turn(r->how.run, &r->how.caller, turn);
}

/*
 * Who comes while another attempt asks waits for what that one finds, or has
 * the answer at once where the provider was out before.  RETTURN: to be held
 * while asking; -1 where none is to be had, which is no reason not to ask.
 * True: it is known now, and RETFOUND says how.
 */
static bool
wait_turn(struct bp_request *r, int *retturn, bool *retfound,
    enum bp_reason *reterr)
{
	int64_t until = wait_until(r);
	enum bp_reason why;

	if (is_root_s_own() && !bp_file_folder(r->cache.folder,
	    r->cache.owner, retturn, &why))
		return false;
	while (!has_turn(r, retturn) && bp_clock_ms() < until) {
		if (is_known_out(r, BP_PROVIDER_GOOD, reterr))
			return true;
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
	*retfound = load(r);
	return *retfound || is_known_out(r, BP_OUTAGE_GOOD, reterr);
}

static void
remember(struct bp_request *r, enum bp_reason why)
{
	const struct bp_outage o = { why, bp_buf_text(&r->detail),
	    bp_clock_seconds() };

	if (is_root_s_own() && bp_outage_is(why))
		(void)bp_outage_store(&r->cache, &o);
}

/*
 * What a person's line has taken over must not reach what brings the record,
 * whose word later attempts trust: where no namespace parts them, users do.
 */
static bool
ask_apart(struct bp_request *r, struct bp_msg *m, struct bp_msg *ret,
    enum bp_reason *reterr)
{
	struct bp_account own = bp_account_look_up(BP_DISCOVER_USER_NAME);
	bool ok;

	if (own.found && own.uid != 0 && own.gid != 0) {
		r->how.bare_uid = own.uid;
		r->how.bare_gid = own.gid;
	}
	ok = bp_request_ask(r, m, &r->record, ret, reterr);
	r->how.bare_uid = r->how.bare_gid = 0;
	return ok;
}

bool
bp_request_discover(struct bp_request *r, enum bp_reason *reterr)
{
	struct bp_msg m = { .type = BP_MSG_DISCOVER }, answer;
	int64_t now = bp_clock_seconds();

	bp_msg_give(&m, BP_F_ISSUER, r->setup->cfg.issuer);
	if (!ask_apart(r, &m, &answer, reterr) ||
	    !bp_provider_check(&answer, r->setup->cfg.issuer, reterr))
		return false;
	r->provider = (struct bp_provider){ bp_buf_text(&r->record), answer,
	    now };
	return true;
}

static bool
discover(struct bp_request *r, enum bp_reason *reterr)
{
	if (!bp_request_discover(r, reterr)) {
		remember(r, *reterr);
		return false;
	}
	keep(r);
	bp_outage_forget(&r->cache);
	return true;
}

bool
bp_request_provider(struct bp_request *r, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int turn = -1;
	bool found = false;

	if (load(r))
		return true;
	if (wait_turn(r, &turn, &found, reterr))
		return found;
	return discover(r, reterr);
}
