/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/tickets.h"
#include "core/identity.h"
#include "ctl/drop.h"
#include "ctl/escape.h"
#include "ctl/walk.h"

#include <stdio.h>

/* What is told of a ticket, in either form. */
struct told {
	struct bp_text	 name, account, service, attempt, sub, email;
	struct bp_text	 key, source;	/* or empty */
	long long	 signed_in, checked;	/* seconds ago */
	bool		 is_pending, renews;
};

static struct told
told_of(const struct bp_walk *w)
{
	const struct bp_ticket *t = &w->ticket;
	struct bp_identity who = bp_identity_of(&t->who);

	return (struct told){ .name = t->name, .account = t->account,
	    .service = t->service, .attempt = t->attempt, .sub = who.sub,
	    .email = bp_identity_email(&who).address,
	    .key = t->key, .source = t->source,
	    .signed_in = w->now - t->signed_in.time,
	    .checked = w->now - t->checked.time,
	    .is_pending = bp_walk_is_pending(w),
	    .renews = t->refresh_token.len > 0 };
}

static void
show_quoted(const char *name, struct bp_text value)
{
	(void)printf(" %s=\"%s\"", name, bp_escape_text(value).text);
}

static void
show_line(const struct told *t)
{
	/* the random half of a pending one's is its session's secret */
	(void)printf("%s", t->is_pending ? "pending"
	    : bp_escape_text(t->name).text);
	show_quoted("account", t->account);
	show_quoted("service", t->service);
	(void)printf(" signed_in=%llds checked=%llds renews=%s attempt=%s",
	    t->signed_in, t->checked, t->renews ? "yes" : "no",
	    bp_escape_text(t->attempt).text);
	show_quoted("sub", t->sub);
	show_quoted("email", t->email);
	if (t->key.len > 0)
		show_quoted("key", t->key);
	if (t->source.len > 0)
		show_quoted("source", t->source);
	(void)putchar('\n');
}

static void
show_object(const struct told *t)
{
	(void)fputs("{", stdout);
	bp_escape_pair("name", t->is_pending ? bp_text_of("pending")
	    : t->name);
	bp_escape_pair("account", t->account);
	bp_escape_pair("service", t->service);
	bp_escape_pair("attempt", t->attempt);
	bp_escape_pair("sub", t->sub);
	bp_escape_pair("email", t->email);
	bp_escape_pair("key", t->key);
	bp_escape_pair("source", t->source);
	(void)printf("\"signed_in\": %lld, \"checked\": %lld, \"renews\": %s, "
	    "\"pending\": %s}", t->signed_in, t->checked,
	    t->renews ? "true" : "false", t->is_pending ? "true" : "false");
}

int
bp_tickets_list(const struct bp_options *options)
{
	BP_AUTO(bp_walk_done) struct bp_walk w = BP_WALK_INIT;
	const char *before = "[\n";

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	while (bp_walk_next(&w)) {
		const struct told t = told_of(&w);

		if (options->json) {
			(void)fputs(before, stdout);
			show_object(&t);
			before = ",\n";
		} else
			show_line(&t);
	}
	if (options->json)
		(void)fputs(before[0] == '[' ? "[]\n" : "\n]\n", stdout);
	return BP_EXIT_GOOD;
}

int
bp_tickets_drop(const struct bp_options *options)
{
	return bp_drop(options, NULL);
}
