/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/drop.h"
#include "attempt/discover.h"
#include "ctl/step.h"
#include "ctl/waiting.h"
#include "ctl/walk.h"
#include "wire/clock.h"

#include <stdio.h>

enum { MOST_MS = 60000 };

/* One call of it. */
struct dropping {
	const struct bp_options	*options;
	bp_drop_visit		*visit;
	bp_drop_other_thing	*other;		/* in place of tickets */
	struct bp_setup		 setup;
	struct bp_request	 request;
	enum bp_reason		 why;		/* BP_ADMITTED: all is ready */
	int			 status;	/* what it exits with */
};

static void
dropping_done(struct dropping *d)
{
	bp_setup_done(&d->setup);
	bp_request_done(&d->request);
}

/* The worst is told: of 0 to 3 the highest. */
static void
came_to(struct dropping *d, int status)
{
	if (status > d->status)
		d->status = status;
}

static bool
get_ready(struct dropping *d, enum bp_reason *reterr)
{
	d->request.deadline = bp_clock_ms() + MOST_MS;
	return bp_setup_read_config(&d->setup, d->options->config, reterr) &&
	    bp_setup_read_client(&d->setup, reterr) &&
	    bp_request_prepare(&d->request, &d->setup, reterr) &&
	    (d->visit == NULL || bp_request_provider(&d->request, reterr));
}

static void
say_unready(const struct dropping *d)
{
	struct bp_text complaint = bp_buf_text(&d->setup.complaint);
	struct bp_text detail = bp_buf_text(&d->request.detail);

	if (complaint.len > 0)
		(void)fprintf(stderr, "beproductctl: %.*s\n",
		    BP_ARGS(complaint));
	else
		(void)fprintf(stderr, "beproductctl: %s: %s%s%s\n",
		    bp_reason_row(d->why)->name, bp_reason_row(d->why)->log,
		    detail.len > 0 ? ": " : "", bp_escape_text(detail).text);
}

static void
queue_token(struct dropping *d, const struct bp_ticket *t)
{
	static const struct bp_queue_place place = BP_QUEUE_HERE;
	const struct bp_queued q = { bp_clock_seconds(),
	    t->who.field[BP_F_ISSUER], t->config, t->attempt,
	    t->refresh_token };
	enum bp_reason why;

	if (q.token.len == 0 || bp_queue_put(&place, &q, &why))
		return;
	(void)fprintf(stderr, "beproductctl: %s: %s (%s)\n",
	    bp_escape_text(t->name).text, bp_reason_row(BP_NOT_REVOKED)->log,
	    bp_reason_row(why)->log);
	came_to(d, BP_EXIT_CONFIG);
}

/* As at a session's end: a crash between them would lose the token. */
static void
drop_one(struct dropping *d, const struct bp_walk *w)
{
	const struct bp_ticket *t = &w->ticket;

	queue_token(d, t);
	bp_ticket_erase(&w->place, w->name);
	(void)printf("dropped %s, of %s\n", bp_walk_is_pending(w) ? "pending"
	    : bp_escape_text(t->name).text, bp_escape_text(t->account).text);
	if (d->visit != NULL && t->source.len == 0)
		d->visit(t, &d->setup, &d->request, d->why);
}

/* A session's that an SSH key opened has nothing to end without the key's. */
static void
drop_source(struct dropping *d, const struct bp_walk *w)
{
	BP_AUTO(bp_walk_done) struct bp_walk source = BP_WALK_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);

	if (w->ticket.source.len > 0 &&
	    bp_buf_put(&name, w->ticket.source) &&
	    bp_buf_add(&name, "", 1) &&
	    bp_walk_find(&source, (const char *)name.data))
		drop_one(d, &source);
}

static void
drop_named(struct dropping *d)
{
	for (char **name = d->options->names; *name != NULL; name++) {
		BP_AUTO(bp_walk_done) struct bp_walk w = BP_WALK_INIT;

		if (bp_walk_find(&w, *name)) {
			drop_one(d, &w);
			drop_source(d, &w);
			continue;
		}
		(void)fprintf(stderr, "beproductctl: %s: no such ticket\n",
		    bp_escape_text(bp_text_of(*name)).text);
		came_to(d, BP_EXIT_REFUSED);
	}
}

/* Of the user, or where none is named of all. */
static void
drop_those_of(struct dropping *d, const char *user)
{
	BP_AUTO(bp_walk_done) struct bp_walk w = BP_WALK_INIT;
	unsigned n = 0;

	while (bp_walk_next(&w))
		if (user == NULL || bp_text_is(w.ticket.account, user)) {
			drop_one(d, &w);
			n++;
		}
	if (n == 0)
		(void)printf("no ticket%s%s\n", user != NULL ? " of " : "",
		    user != NULL ? bp_escape_text(bp_text_of(user)).text : "");
}

static void
say_unrevoked(void *context, const struct bp_queued *q, enum bp_reason why,
    struct bp_text detail, bool waits)
{
	(void)fprintf(stderr, "beproductctl: of the sign-in %s: %s: %s%s%s%s\n",
	    bp_escape_text(q->attempt).text, bp_reason_row(why)->name,
	    bp_reason_row(why)->log, detail.len > 0 ? ": " : "",
	    bp_escape_text(detail).text, waits ? "; its token waits" : "");
	came_to(context, !waits ? BP_EXIT_REFUSED : bp_exit_of(why));
}

static void
revoke(struct dropping *d)
{
	const struct bp_drain drain = { .place = BP_QUEUE_HERE,
	    .config = bp_text_of(d->options->config),
	    .most = BP_QUEUE_FILES, .say = say_unrevoked, .context = d };
	struct bp_drained got;

	bp_revoke_drain(&d->request, &drain, &got);
	if (got.is_busy)
		(void)printf("another process revokes what waits\n");
	else
		(void)printf("revoked %u refresh tokens\n", got.revoked);
}

static void
count_waiting(void)
{
	struct bp_waiting c = bp_waiting_count();

	if (c.n > 0)
		(void)printf("%u wait in " BP_PATH_STATE "/revoke, the oldest "
		    "for %lld s\n", c.n, c.oldest);
}

static int
drop(struct dropping *d)
{
	const struct bp_options *options = d->options;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (get_ready(d, &d->why))
		d->why = BP_ADMITTED;
	else {
		say_unready(d);
		came_to(d, bp_exit_of(d->why));
	}
	if (d->other != NULL)
		came_to(d, d->other(options, &d->setup));
	else if (options->names[0] != NULL)
		drop_named(d);
	else
		drop_those_of(d, options->user);
	if (d->why == BP_ADMITTED)
		revoke(d);
	count_waiting();
	return d->status;
}

#define DROPPING_INIT(o)	{ .options = (o), .setup = BP_SETUP_INIT, \
	.request = BP_REQUEST_INIT, .why = BP_UNDECIDED }

int
bp_drop(const struct bp_options *options, bp_drop_visit *visit)
{
	BP_AUTO(dropping_done) struct dropping d = DROPPING_INIT(options);

	d.visit = visit;
	return drop(&d);
}

int
bp_drop_other(const struct bp_options *options, bp_drop_other_thing *other)
{
	BP_AUTO(dropping_done) struct dropping d = DROPPING_INIT(options);

	d.other = other;
	return drop(&d);
}
