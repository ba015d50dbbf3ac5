/* SPDX-License-Identifier: BSD-2-Clause */
#include "by_look_up.h"
#include "attempt/judge.h"
#include "attempt/look_up.h"
#include "attempt/whose.h"
#include "core/outage.h"
#include "core/user.h"
#include "wire/clock.h"

#include <errno.h>

/* One decision: of whom, by which answer. */
struct looking {
	struct bp_call		*call;
	struct bp_setup		*setup;
	struct bp_request	*request;
	struct bp_user_place	 place;
	struct bp_whose		 whose;
	struct bp_user_key	 key;
	struct bp_buf		 bytes;		/* of the file */
	struct bp_user		 user;		/* borrows from them */
	bool			 has_user;	/* of whatever age */
};

static void
looking_done(struct looking *l)
{
	bp_whose_done(&l->whose);
	bp_buf_done(&l->bytes);
}

static bool
is_younger(const struct looking *l, uint32_t seconds)
{
	return l->has_user && bp_clock_seconds() - l->user.time < seconds;
}

/*
 * "by the public API, 42 s ago, and it cannot be asked now: ...": what was
 * amiss stands behind MORE.
 */
static void
note_answer(struct looking *l, const char *more)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1024);
	struct bp_text amiss = bp_buf_text(&l->request->detail);
	char lent[BP_DECIMAL_MAX];
	int64_t age = bp_clock_seconds() - l->user.time;

	if (bp_buf_say(&b, "by the public API, ") &&
	    bp_buf_put(&b, bp_text_decimal((uint32_t)age, lent)) &&
	    bp_buf_say(&b, " s ago") && bp_buf_say(&b, more) &&
	    bp_buf_put(&b, *more != '\0' ? amiss : bp_text_of("")))
		bp_call_note(l->call, bp_buf_text(&b));
	bp_buf_done(&l->request->detail);
}

static bool
judge(struct looking *l, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf claims =
	    BP_BUF_INIT(BP_LOOK_UP_CLAIMS_MAX);
	static const struct bp_text none = BP_TEXT("\0\0\0\0");
	const struct bp_text *said = l->user.said.field;
	struct bp_call *c = l->call;
	struct bp_basis basis;
	struct bp_identity who;
	bool ok;

	if (!bp_look_up_claims(said[BP_F_EMAIL], &claims))
		return bp_refuse(reterr, BP_MEMORY);
	who = bp_identity_make(l->whose.sub, none, bp_buf_text(&claims));
	who.is_looked_up = who.has_api_roles = true;
	who.api_roles = said[BP_F_API_ROLES];
	who.api_id = said[BP_F_API_ID];
	ok = bp_judge(l->setup, bp_text_of(c->service), &who,
	    bp_text_of(c->user), &basis, reterr);
	bp_call_note_who(c, &who, "api");
	bp_call_note_basis(c, &l->setup->cfg, &who, &basis, ok ? BP_ADMITTED
	    : *reterr);
	return ok;
}

/* Without the cache each log-in asks again, and goes on. */
static void
keep(struct looking *l)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_DETAIL_MAX);
	enum bp_reason why;
	int error;

	if (l->setup->cfg.cache + l->setup->cfg.grace == 0 ||
	    bp_user_store(&l->place, &l->key, &l->user, &why))
		return;
	error = errno;
	/* what was said before is true no more, whoever starved this one */
	bp_user_forget(&l->place, &l->key);
	if (bp_buf_say(&b, l->place.folder) && bp_buf_say(&b, ": ") &&
	    bp_buf_say(&b, bp_file_why(why, error)))
		bp_call_log_beside(l->call, BP_FILE_UNWRITTEN,
		    bp_buf_text(&b));
}

/* So that whoever is given the address later is asked about in vain. */
static void
pin_id(struct looking *l)
{
	const struct bp_whose *w = &l->whose;
	const struct bp_pin hers = { .account = bp_text_of(l->call->user),
	    .issuer = l->setup->cfg.issuer, .sub = w->sub,
	    .api_id = l->user.said.field[BP_F_API_ID] };
	enum bp_reason why;

	if (w->sub.len == 0 || w->api_id.len > 0)
		return;
	if (bp_pin_learn_api_id(&l->setup->pins, &hers, &why)) {
		l->key.api_id = hers.api_id;	/* as it is asked for next */
		l->key.email = bp_text_of("");
	} else
		bp_call_log_beside(l->call, BP_FILE_UNWRITTEN,
		    bp_text_of("the API's id of the pinned person"));
}

static bool
ask_api(struct looking *l, enum bp_reason *reterr)
{
	struct bp_request *r = l->request;
	const struct bp_look_up who = { .place = BP_SERVICE_HERE,
	    .run = BP_PATH_RUN, .api_id = l->whose.api_id,
	    .email = l->whose.email, .may_renew = r->how.caller.uid == 0 };
	struct bp_msg said = { 0 };

	bool ok = bp_request_look_up(r, &who, &said, reterr);

	/* slower, or shorter, until somebody looks, but no reason to refuse */
	if (r->unkept.len > 0)
		bp_call_log_beside(l->call, BP_FILE_UNWRITTEN,
		    bp_buf_text(&r->unkept));
	if (!ok)
		return false;
	l->user = (struct bp_user){ bp_clock_seconds(), said };
	l->has_user = true;
	pin_id(l);
	keep(l);
	return true;
}

/*
 * What a caller of sudo found he may have made, and an answer that cannot be
 * read may be so of this one person.
 */
static bool
is_outage(const struct bp_request *r, enum bp_reason why)
{
	return r->how.caller.uid == 0 && bp_outage_is(why) && why != BP_BODY;
}

/* Of an API that is silent not every log-in finds out by itself. */
static bool
ask(struct looking *l, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_OUTAGE_MAX);
	struct bp_request *r = l->request;
	const struct bp_cache of_api = { r->cache.folder, r->cache.owner,
	    l->setup->cfg.api_url };
	int64_t now = bp_clock_seconds();
	struct bp_outage o;

	if (bp_outage_load(&of_api, now, &bytes, &o) &&
	    now - o.time <= BP_OUTAGE_GOOD) {
		bp_request_note_remembered(r, now - o.time, o.detail);
		return bp_refuse(reterr, o.why);
	}
	if (ask_api(l, reterr))
		return true;
	o = (struct bp_outage){ *reterr, bp_buf_text(&r->detail),
	    bp_clock_seconds() };
	if (is_outage(r, *reterr))
		(void)bp_outage_store(&of_api, &o);
	return false;
}

/*
 * The caller of sudo has ways to get no answer, who would get a bad one: he
 * stops sudo until it is late, or has all the helpers that he may.  So of his
 * sudo only what a helper said counts, in a time that was no less than usual.
 */
static bool
is_callers_doing(const struct bp_request *r, enum bp_reason why)
{
	if (r->how.caller.uid == 0)
		return false;
	return why == BP_HELPER_MANY || why == BP_HELPER_SILENT ||
	    why == BP_DEADLINE || (why == BP_SILENCE && r->deadline != 0);
}

/* A refusal about the person ends what was said before. */
static bool
judge_anew(struct looking *l, enum bp_reason *reterr)
{
	const struct bp_config *cfg = &l->setup->cfg;

	if (bp_setup_read_client(l->setup, reterr) &&
	    bp_request_prepare(l->request, l->setup, reterr) &&
	    ask(l, reterr)) {
		note_answer(l, "");
		return judge(l, reterr);
	}
	if (bp_reason_is_about_person(*reterr))
		bp_user_forget(&l->place, &l->key);
	if (bp_reason_row(*reterr)->class != BP_CLASS_UNAVAILABLE ||
	    is_callers_doing(l->request, *reterr) ||
	    !is_younger(l, cfg->cache + cfg->grace))
		return false;
	note_answer(l, ", and it cannot be asked now: ");
	return judge(l, reterr);
}

/* Before anything is asked: nobody is to wait for an API who is locked. */
static bool
is_open(struct looking *l, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf claims =
	    BP_BUF_INIT(BP_LOOK_UP_CLAIMS_MAX), file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_identity who;

	if (!bp_look_up_claims(l->whose.email, &claims))
		return bp_refuse(reterr, BP_MEMORY);
	who = bp_identity_make(l->whose.sub, bp_text_of(""),
	    bp_buf_text(&claims));
	if (bp_judge_locks(l->setup, &who, &file, reterr))
		return true;
	bp_call_note_who(l->call, &who, "api");
	bp_call_note(l->call, bp_buf_text(&file));
	return false;
}

static bool
find_person(struct looking *l, enum bp_reason *reterr)
{
	struct bp_whose *w = &l->whose;

	if (bp_whose(l->setup, bp_text_of(l->call->user), w, reterr))
		return true;
	if (bp_reason_row(*reterr)->class == BP_CLASS_BROKEN)
		bp_call_note(l->call, bp_buf_text(&w->pins.fault));
	return false;
}

static bool
look(struct looking *l, enum bp_reason *reterr)
{
	const struct bp_config *cfg = &l->setup->cfg;
	struct bp_whose *w = &l->whose;

	if (cfg->role_source != BP_ROLES_API)
		return bp_refuse(reterr, l->call->host->no_sign_in);
	/* that there is no ticket is of no interest any more */
	bp_call_note(l->call, bp_text_of(""));
	if (!bp_setup_read_map(l->setup, reterr) || !find_person(l, reterr) ||
	    !is_open(l, reterr))
		return false;
	l->key = (struct bp_user_key){ cfg->issuer, cfg->api_url,
	    cfg->company, w->api_id,
	    w->api_id.len > 0 ? bp_text_of("") : w->email };
	l->has_user = bp_user_load(&l->place, &l->key, bp_clock_seconds(),
	    &l->bytes, &l->user);
	if (is_younger(l, cfg->cache)) {
		note_answer(l, "");
		if (judge(l, reterr))
			return true;
	}
	return judge_anew(l, reterr);
}

bool
bp_by_look_up(struct bp_call *c, struct bp_setup *s, struct bp_request *r,
    enum bp_reason *reterr)
{
	BP_AUTO(looking_done) struct looking l = { .call = c, .setup = s,
	    .request = r, .place = BP_USER_HERE, .whose = BP_WHOSE_INIT,
	    .bytes = BP_BUF_INIT(BP_USER_FILE_MAX) };

	c->decided = look(&l, reterr);
	return c->decided;
}
