/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/renewal.h"
#include "attempt/discover.h"
#include "attempt/renew.h"
#include "wire/clock.h"

#include <errno.h>

/* One renewal: what must be kept of it the moment it is there. */
struct renewal {
	const struct bp_holder	*holder;
	struct bp_request	*request;
	struct bp_found		*found;
	struct bp_ticket_room	 room;
};

static void
renewal_done(struct renewal *n)
{
	n->request->hear = NULL;
	bp_ticket_room_done(&n->room);
}

/* The ticket's, for as long as there is room for it. */
static const char *
name_of(const struct renewal *n)
{
	return (const char *)n->room.name.data;
}

/* Is the ticket still the one that has this token? */
static bool
is_still_there(const struct renewal *n)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_TICKET_MAX);
	struct bp_ticket there;

	return bp_ticket_load(&n->holder->place, name_of(n),
	    bp_clock_seconds(), &bytes, &there) &&
	    bp_text_same(there.refresh_token, n->found->ticket.refresh_token);
}

/* A session that has ended meanwhile, or has another sign-in, keeps none. */
static void
keep_token(void *hearer, const struct bp_msg *m)
{
	struct renewal *n = hearer;
	struct bp_found *f = n->found;
	struct bp_ticket with = f->ticket;
	enum bp_reason why;

	if (m->type != BP_MSG_TOKEN ||
	    !bp_buf_put(&f->token, m->field[BP_F_REFRESH_TOKEN]))
		return;
	f->is_too_late = !bp_ticket_room_stands(&n->room);
	if (f->is_too_late)
		return;
	with.refresh_token = bp_buf_text(&f->token);
	if (bp_ticket_fill(&n->room, &with, &why) ||
	    bp_ticket_store(&n->holder->place, &with, bp_clock_seconds(),
	    &why))
		f->ticket.refresh_token = with.refresh_token;
}

/* What the provider says now is true also where it cannot be kept. */
static void
keep_claims(struct renewal *n, const struct bp_msg *claims)
{
	struct bp_found *f = n->found;
	struct bp_ticket *t = &f->ticket;
	bool is_there = is_still_there(n);

	t->who = *claims;
	if (claims->given[BP_F_ID_TOKEN])
		t->id_token = claims->field[BP_F_ID_TOKEN];
	t->checked.since_boot = bp_clock_boot();
	t->checked.time = bp_clock_seconds();
	f->is_renewed = true;
	if (is_there && !bp_ticket_store(&n->holder->place, t,
	    t->checked.time, &f->unkept))
		f->unkept_error = errno;
}

/* Only where nobody has renewed it since, by a turn that nobody held. */
static void
forget(const struct renewal *n)
{
	if (is_still_there(n))
		bp_ticket_erase(&n->holder->place, name_of(n));
}

static bool
ask(struct renewal *n, enum bp_reason *reterr)
{
	struct bp_request *r = n->request;
	struct bp_msg claims = { 0 };

	r->hear = keep_token;
	r->hearer = n;
	if (bp_request_renew(r, &n->found->ticket, &claims, reterr)) {
		keep_claims(n, &claims);
		return true;
	}
	if (*reterr == BP_RENEWAL_REFUSED)
		forget(n);
	return false;
}

/*
 * All that the new token will need, for its caller may have left sudo next to
 * nothing.  What stands there is looked at once it is known which file it is.
 */
static bool
make_room(struct renewal *n, enum bp_reason *reterr)
{
	struct bp_found *f = n->found;
	bool ok = bp_buf_add(&f->token, "", 1) &&
	    bp_ticket_reserve(&n->holder->place, &f->ticket, &n->room,
	    reterr) && is_still_there(n);

	f->token.len = 0;
	if (!ok)
		f->why = "there is no room for a new refresh token";
	return ok || bp_refuse(reterr, BP_NO_SIGN_IN);
}

static bool
renew(const struct bp_holder *h, struct bp_request *r, struct bp_found *f,
    enum bp_reason *reterr)
{
	BP_AUTO(renewal_done) struct renewal n = { h, r, f,
	    BP_TICKET_ROOM_INIT };

	return make_room(&n, reterr) && bp_request_provider(r, reterr) &&
	    ask(&n, reterr);
}

bool
bp_renewal_of(const struct bp_holder *h, struct bp_request *r,
    struct bp_found *f, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int turn = -1;
	int64_t seen = f->ticket.checked.since_boot;
	bool serves;

	f->why = "another process is asking the provider about this sign-in";
	/* the person may have stopped the one that has it: then she is asked */
	if (!bp_request_turn(r, h->place.parent, h->place.owner,
	    f->ticket.name, &turn))
		return bp_refuse(reterr, BP_NO_SIGN_IN);
	serves = bp_holder_find(h, &r->setup->cfg, f);
	if (serves && f->ticket.checked.since_boot != seen)
		return true;
	if (!f->may_renew)
		return bp_refuse(reterr, BP_NO_SIGN_IN);
	f->why = NULL;
	return renew(h, r, f, reterr);
}
