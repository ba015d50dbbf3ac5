/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/holder.h"
#include "attempt/judge.h"
#include "attempt/redeem.h"
#include "core/random.h"
#include "wire/clock.h"

enum { BOOT_MAX = 64, OPENER_MAX = 64 };

void
bp_found_done(struct bp_found *f)
{
	bp_buf_done(&f->bytes);
	bp_buf_done(&f->token);
}

/* RET borrows from BOOT. */
static bool
look_at_clocks(const struct bp_holder *h, struct bp_buf *boot,
    struct bp_moment *ret)
{
	if (!bp_proc_boot(h->proc, boot))
		return false;
	*ret = (struct bp_moment){ bp_buf_text(boot), bp_clock_boot(),
	    bp_clock_seconds() };
	return true;
}

/* In su PAM_USER is the target, and root may be anybody: these hold none. */
static bool
is_callers_own(const struct bp_holder *h)
{
	return h->caller != 0 && h->caller == h->uid;
}

static uint32_t
ticket_of(const struct bp_config *cfg, struct bp_text service)
{
	const struct bp_service *s = bp_config_service(cfg, service);

	return s == NULL ? 0 : s->ticket;
}

/* Does the SSH key of H's login stand for a sign-in, here? */
static bool
is_by_key(const struct bp_holder *h, const struct bp_config *cfg)
{
	return h->key.len > 0 && bp_config_key_ticket(cfg, h->service) > 0;
}

/* What the service allows, and what that allows which was signed in to. */
static uint32_t
life_of(const struct bp_holder *h, const struct bp_config *cfg,
    const struct bp_ticket *t)
{
	uint32_t life = ticket_of(cfg, h->service);
	uint32_t of_sign_in = ticket_of(cfg, t->service);

	return of_sign_in < life ? of_sign_in : life;
}

/* KEY: what the ticket is to be bound to; empty: to the session. */
static bool
serves(const struct bp_holder *h, const struct bp_config *cfg,
    struct bp_moment now, struct bp_text key, struct bp_found *f)
{
	const struct bp_service *s = bp_config_service(cfg, h->service);
	struct bp_ticket_use use = { .uid = h->uid, .account = h->account,
	    .config = h->config, .issuer = cfg->issuer, .key = key,
	    .now = now, .life = life_of(h, cfg, &f->ticket),
	    .recheck = s == NULL ? 0 : s->recheck };
	bool ok, is_stale;

	f->age = now.time - f->ticket.signed_in.time;
	ok = bp_ticket_serves(&f->ticket, &use, &f->why, &is_stale);
	f->may_renew = (ok || is_stale) && f->ticket.refresh_token.len > 0;
	return ok;
}

static bool
load(const struct bp_holder *h, const struct bp_buf *name,
    struct bp_moment now, struct bp_found *ret)
{
	bp_buf_done(&ret->bytes);
	return bp_ticket_load(&h->place, (const char *)name->data, now.time,
	    &ret->bytes, &ret->ticket);
}

static bool
name_key(const struct bp_holder *h, struct bp_buf *ret)
{
	return bp_ticket_key_ssh(h->key, h->account, h->uid, h->config, ret);
}

static bool
find_of_key(const struct bp_holder *h, const struct bp_config *cfg,
    struct bp_moment now, struct bp_found *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	ret->why = "no sign-in with this SSH key";
	return name_key(h, &name) && load(h, &name, now, ret) &&
	    serves(h, cfg, now, h->key, ret);
}

/*
 * To the ticket of the SSH key that opened the session, which alone has what
 * renews it.  Whoever has signed in with that key since is another sign-in.
 */
static bool
follow(const struct bp_holder *h, const struct bp_config *cfg,
    struct bp_moment now, struct bp_found *f)
{
	BP_AUTO(bp_found_done) struct bp_found from = *f;
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	f->bytes = (struct bp_buf)BP_BUF_INIT(BP_TICKET_MAX);
	f->token = (struct bp_buf)BP_BUF_INIT(BP_TOKEN_MAX);
	f->why = "the sign-in of the session's SSH key is over";
	return bp_buf_put(&name, from.ticket.source) &&
	    bp_buf_add(&name, "", 1) && load(h, &name, now, f) &&
	    f->ticket.key.len > 0 &&
	    bp_text_same(f->ticket.attempt, from.ticket.attempt) &&
	    serves(h, cfg, now, f->ticket.key, f);
}

static bool
find_of_session(const struct bp_holder *h, const struct bp_config *cfg,
    struct bp_moment now, struct bp_found *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	ret->why = "no ticket serves root, or another account's caller";
	if (!is_callers_own(h) ||
	    !bp_ticket_key(h->proc, h->uid, &name, &ret->why))
		return false;
	ret->why = "no ticket of this session";
	if (!load(h, &name, now, ret))
		return false;
	return ret->ticket.source.len > 0 ? follow(h, cfg, now, ret)
	    : serves(h, cfg, now, bp_text_of(""), ret);
}

bool
bp_holder_find(const struct bp_holder *h, const struct bp_config *cfg,
    struct bp_found *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(BOOT_MAX);
	bool by_key = is_by_key(h, cfg), ok;
	struct bp_moment now;

	bp_buf_done(&ret->bytes);
	ret->may_renew = false;
	ret->why = NULL;
	if (!by_key && h->host->ticket != BP_TICKET_HERE)
		return false;
	ret->why = "the host's clocks cannot be read";
	if (!look_at_clocks(h, &boot, &now))
		return false;
	ok = by_key ? find_of_key(h, cfg, now, ret)
	    : find_of_session(h, cfg, now, ret);
	if (ok)
		ret->why = NULL;
	return ok;
}

bool
bp_holder_admits(const struct bp_holder *h, const struct bp_setup *s,
    struct bp_found *f, enum bp_reason *reterr)
{
	struct bp_identity who = bp_identity_of(&f->ticket.who);

	/* what nobody asked for then, nobody can have said */
	if (!bp_redeem_answers(s, &f->ticket.who)) {
		f->why = "the configuration asks for something else since";
		return bp_refuse(reterr, h->host->no_sign_in);
	}
	return bp_judge(s, h->service, &who, h->account, &f->basis, reterr);
}

/* The process that will begin the session, and the login that it has yet. */
static bool
expect_session(const struct bp_holder *h, struct bp_buf *opener,
    uint32_t *retlogin)
{
	BP_AUTO(bp_process_done) struct bp_process self = BP_PROCESS_INIT;
	BP_AUTO(bp_process_done) struct bp_process parent = BP_PROCESS_INIT;
	struct bp_login login;

	if (!bp_process_read(h->proc, bp_text_of("self"), &self) ||
	    !bp_login_read(h->proc, &login))
		return false;
	*retlogin = login.session;
	if (h->host->ticket == BP_TICKET_SELF)
		return bp_ticket_opener(&self, opener);
	return bp_process_read(h->proc, self.parent, &parent) &&
	    bp_ticket_opener(&parent, opener);
}

static bool
keep_here(const struct bp_holder *h, struct bp_ticket *t, int64_t time,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	const char *why;

	if (!is_callers_own(h) ||
	    !bp_ticket_key(h->proc, h->uid, &name, &why))
		return true;
	t->name = bp_text_of((const char *)name.data);
	return bp_ticket_store(&h->place, t, time, reterr);
}

static bool
keep_pending(const struct bp_holder *h, struct bp_ticket *t, int64_t time,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	BP_AUTO(bp_buf_done) struct bp_buf opener = BP_BUF_INIT(OPENER_MAX);
	char lent[BP_DECIMAL_MAX];
	uint32_t login;

	if (!expect_session(h, &opener, &login))
		return true;
	if (!bp_random_hex(ret, BP_TICKET_SECRET) ||
	    !bp_ticket_key_pending(bp_buf_text(ret), &name) ||
	    !bp_buf_add(ret, "", 1))
		return bp_refuse(reterr, BP_RANDOM);
	t->name = bp_text_of((const char *)name.data);
	t->opener = bp_buf_text(&opener);
	t->login = bp_text_decimal(login, lent);
	return bp_ticket_store(&h->place, t, time, reterr);
}

/* What is its alone: whoever opens the session has only that it is there. */
static bool
keep_for_key(const struct bp_holder *h, struct bp_ticket *t,
    struct bp_buf *name, int64_t time, enum bp_reason *reterr)
{
	if (!name_key(h, name))
		return bp_refuse(reterr, BP_MEMORY);
	t->name = bp_text_of((const char *)name->data);
	t->key = h->key;
	return bp_ticket_store(&h->place, t, time, reterr);
}

static void
point_to(struct bp_ticket *t)
{
	t->source = t->name;
	t->key = t->nonce = t->refresh_token = t->id_token = bp_text_of("");
}

bool
bp_holder_keep(const struct bp_holder *h, const struct bp_config *cfg,
    const char *id, struct bp_text nonce, const struct bp_msg *who,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(BOOT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf key =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	struct bp_ticket t = { .uid = h->uid, .account = h->account,
	    .service = h->service, .config = h->config,
	    .attempt = bp_text_of(id), .nonce = nonce,
	    .refresh_token = who->field[BP_F_REFRESH_TOKEN],
	    .id_token = who->field[BP_F_ID_TOKEN], .who = *who };
	struct bp_moment now;

	if (h->host->ticket == BP_TICKET_NEVER ||
	    ticket_of(cfg, h->service) == 0 ||
	    !look_at_clocks(h, &boot, &now))
		return true;
	t.signed_in = t.checked = now;
	if (is_by_key(h, cfg)) {
		if (!keep_for_key(h, &t, &key, now.time, reterr))
			return false;
		point_to(&t);
	}
	return h->host->ticket == BP_TICKET_HERE
	    ? keep_here(h, &t, now.time, reterr)
	    : keep_pending(h, &t, now.time, ret, reterr);
}

bool
bp_holder_lend(const struct bp_holder *h, const struct bp_found *f,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(BOOT_MAX);
	struct bp_ticket t = f->ticket;
	struct bp_moment now;

	if (!look_at_clocks(h, &boot, &now))
		return true;
	point_to(&t);
	/* for it waits for its session as if she had signed in now */
	t.signed_in = now;
	return keep_pending(h, &t, now.time, ret, reterr);
}

/* Does the session that this process has begun fit the pending T? */
static bool
may_bind(const struct bp_holder *h, const struct bp_ticket *t,
    struct bp_moment now, struct bp_buf *retname)
{
	BP_AUTO(bp_process_done) struct bp_process self = BP_PROCESS_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf opener = BP_BUF_INIT(OPENER_MAX);
	struct bp_ticket_opening o = { .uid = h->uid, .now = now };

	if (!bp_process_read(h->proc, bp_text_of("self"), &self) ||
	    !bp_ticket_opener(&self, &opener) ||
	    !bp_login_read(h->proc, &o.login))
		return false;
	o.opener = bp_buf_text(&opener);
	return bp_ticket_may_bind(t, &o) &&
	    bp_ticket_key_login(o.login.session, h->uid, retname);
}

bool
bp_holder_open(const struct bp_holder *h, struct bp_text secret,
    struct bp_found *retleft, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(BOOT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf from =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	BP_AUTO(bp_buf_done) struct bp_buf to =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	struct bp_moment now;
	struct bp_ticket t;
	const char *pending;

	if (!bp_ticket_key_pending(secret, &from) ||
	    !look_at_clocks(h, &boot, &now))
		return true;
	pending = (const char *)from.data;
	if (!bp_ticket_load(&h->place, pending, now.time, &retleft->bytes,
	    &t))
		return true;
	/* it is for one session, whether this one is it or not */
	bp_ticket_erase(&h->place, pending);
	retleft->ticket = t;
	if (!may_bind(h, &t, now, &to))
		return true;
	t.name = bp_text_of((const char *)to.data);
	t.opener = t.login = bp_text_of("");
	if (!bp_ticket_store(&h->place, &t, now.time, reterr))
		return false;
	bp_found_done(retleft);
	return true;
}

/* The login that this process is in, if it is H's. */
static bool
name_login(const struct bp_holder *h, struct bp_buf *ret)
{
	struct bp_login login;

	return bp_login_read(h->proc, &login) &&
	    login.session != BP_LOGIN_NONE && login.uid == h->uid &&
	    bp_ticket_key_login(login.session, h->uid, ret);
}

bool
bp_holder_ending(const struct bp_holder *h, struct bp_found *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	return name_login(h, &name) && bp_ticket_load(&h->place,
	    (const char *)name.data, bp_clock_seconds(), &ret->bytes,
	    &ret->ticket);
}

bool
bp_holder_kept(const struct bp_holder *h, struct bp_found *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	const char *why;
	bool ok = h->key.len > 0 ? name_key(h, &name) : is_callers_own(h) &&
	    bp_ticket_key(h->proc, h->uid, &name, &why);

	return ok && bp_ticket_load(&h->place, (const char *)name.data,
	    bp_clock_seconds(), &ret->bytes, &ret->ticket);
}

void
bp_holder_close(const struct bp_holder *h)
{
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	if (name_login(h, &name))
		bp_ticket_erase(&h->place, (const char *)name.data);
}
