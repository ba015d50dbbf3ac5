#include "attempt/request.h"
#include "core/item.h"
#include "core/policy.h"
#include "wire/clock.h"
#include "attempt/account.h"

enum { GRACE_MS = 1000 };	/* for the helper to say what took so long */

void
bp_request_done(struct bp_request *r)
{
	bp_buf_done(&r->record);
	bp_buf_done(&r->answer);
	bp_buf_done(&r->detail);
}

bool
bp_request_prepare(struct bp_request *r, const struct bp_setup *setup,
    enum bp_reason *reterr)
{
	struct bp_account user = bp_account_look_up(BP_HELPER_USER_NAME);

	if (!user.found || user.uid == 0 || user.gid == 0)
		return bp_refuse(reterr, BP_HELPER_USER);
	r->setup = setup;
	r->cache = BP_PATH_CACHE;
	r->how = (struct bp_launch){ .program = BP_PATH_HELPER,
	    .uid = user.uid, .gid = user.gid };
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
bp_request_note(struct bp_request *r, struct bp_text detail)
{
	bp_buf_done(&r->detail);
	/* a detail that finds no room is only less to read */
	if (!bp_buf_put(&r->detail, detail))
		r->detail.len = 0;
}

/* Ask M with what all requests have; FAILED comes back as its reason. */
static bool
ask(struct bp_request *r, struct bp_msg *m, struct bp_buf *bytes,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	char lent[BP_DECIMAL_MAX];
	int64_t now = bp_clock_ms();
	uint32_t left = time_left(r, now);

	bp_request_note(r, bp_text_of(""));
	if (left == 0)
		return bp_refuse(reterr, BP_DEADLINE);
	m->asked = m->type;
	bp_msg_give_number(m, BP_F_TIME_LEFT, left, lent);
	if (r->setup->ca.len > 0)
		bp_msg_give(m, BP_F_CA_FILE, bp_buf_text(&r->setup->ca));
	r->how.deadline = now + left + GRACE_MS;
	if (!bp_launch_ask(&r->how, m, bytes, ret, reterr))
		return false;
	if (ret->given[BP_F_DETAIL])
		bp_request_note(r, ret->field[BP_F_DETAIL]);
	return ret->type != BP_MSG_FAILED ||
	    bp_refuse(reterr, bp_reason_of_wire(ret->reason));
}

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
	if (!ask(r, &m, &r->record, &answer, reterr) ||
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

/* The setting as a list of the wire. */
static bool
list_of(struct bp_text setting, struct bp_buf *ret)
{
	struct bp_item item;
	bool ok = bp_list_start(ret);

	while (ok && bp_item_next(&setting, &item))
		ok = bp_list_add(ret, item.raw);
	return ok;
}

/* Answers of the right type may still answer another question. */
static bool
is_to_the_point(const struct bp_request *r, const struct bp_msg *m,
    struct bp_text wanted)
{
	return bp_text_same(m->field[BP_F_ISSUER], r->setup->cfg.issuer) &&
	    bp_claim_table_answers(m->field[BP_F_CLAIMS], wanted);
}

static bool
judge(struct bp_request *r, const struct bp_msg *m, struct bp_text wanted,
    bool *retry, enum bp_reason *reterr)
{
	if (m->type == BP_MSG_UNUSABLE) {
		*retry = true;
		return bp_refuse(reterr, bp_reason_of_wire(m->reason));
	}
	return is_to_the_point(r, m, wanted) ||
	    bp_refuse(reterr, BP_HELPER_ANSWER);
}

static bool
send_redeem(struct bp_request *r, struct bp_msg *m, struct bp_text wanted,
    struct bp_msg *ret, bool *retry, enum bp_reason *reterr)
{
	struct bp_msg answer = { 0 };
	bool ok = ask(r, m, &r->answer, &answer, reterr) &&
	    judge(r, &answer, wanted, retry, reterr);

	/* keys that were fetched anew stand in the helper alone */
	if (bp_msg_number(&answer, BP_F_RECORD_STALE) == 1)
		bp_provider_forget(r->cache, 0, &r->provider,
		    r->setup->cfg.issuer, bp_clock_seconds());
	if (ok)
		*ret = answer;
	return ok;
}

bool
bp_request_redeem(struct bp_request *r, const struct bp_attempt *attempt,
    struct bp_text line, struct bp_msg *ret, bool *retry,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_SCOPES_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(BP_WANTED_MAX);
	const struct bp_config *cfg = &r->setup->cfg;
	struct bp_msg m = { .type = BP_MSG_REDEEM };
	char lent[BP_DECIMAL_MAX];

	*retry = false;
	if (!list_of(cfg->scopes, &scopes) || !bp_policy_wanted(cfg,
	    bp_buf_text(&r->setup->map), &wanted))
		return bp_refuse(reterr, BP_MEMORY);
	bp_msg_give(&m, BP_F_RECORD, r->provider.bytes);
	bp_msg_give(&m, BP_F_CLIENT_ID, cfg->client_id);
	bp_msg_give(&m, BP_F_CLIENT_SECRET, r->setup->secret);
	bp_msg_give(&m, BP_F_REDIRECT_URI, cfg->redirect_uri);
	bp_msg_give(&m, BP_F_SCOPES, bp_buf_text(&scopes));
	bp_msg_give(&m, BP_F_STATE, bp_buf_text(&attempt->state));
	bp_msg_give(&m, BP_F_NONCE, bp_buf_text(&attempt->nonce));
	bp_msg_give(&m, BP_F_LINE, line);
	bp_msg_give_number(&m, BP_F_CLOCK_SKEW, cfg->clock_skew, lent);
	bp_msg_give(&m, BP_F_WANTED, bp_buf_text(&wanted));
	return send_redeem(r, &m, bp_buf_text(&wanted), ret, retry, reterr);
}
