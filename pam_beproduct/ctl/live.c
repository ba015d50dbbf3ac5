/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/live.h"
#include "attempt/revoke.h"
#include "core/host.h"
#include "core/words.h"
#include "ctl/escape.h"
#include "wire/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { TERMINAL_MAX = 4095 };	/* bytes of a line, silently cut */

void
bp_live_done(struct bp_live *l)
{
	bp_dialogue_done(&l->dialogue);
	bp_buf_done(&l->line);
}

static void
show_row(const char *name, struct bp_text value)
{
	(void)fprintf(stderr, "%-12s %.*s\n", name, (int)value.len, value.at);
}

static void
show_scopes(const struct bp_config *cfg, bool renews)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_SCOPES_MAX);
	struct bp_list list;
	struct bp_text scope;

	/* where they are too many the address says so */
	if (!bp_config_scopes(cfg, renews, &b))
		return;
	(void)fprintf(stderr, "%-12s ", "scopes");
	list = bp_list_of(bp_buf_text(&b));
	for (const char *between = ""; bp_list_next(&list, &scope);
	    between = ", ")
		(void)fprintf(stderr, "%s%.*s", between, (int)scope.len,
		    scope.at);
	(void)fputc('\n', stderr);
}

static void
show_client(const struct bp_live *l)
{
	const struct bp_config *cfg = &l->setup->cfg;

	show_row("issuer", cfg->issuer);
	show_row("client_id", cfg->client_id);
	show_scopes(cfg, l->dialogue.attempt.renews);
	show_row("redirect_uri", cfg->redirect_uri);
	show_row("pkce", bp_text_of(cfg->pkce == BP_PKCE_S256 ? "s256"
	    : "off"));
	if (cfg->proxy.len > 0)
		show_row("proxy", cfg->proxy);
}

static bool
have_provider(struct bp_live *l, enum bp_reason *reterr)
{
	struct bp_request *r = &l->dialogue.request;

	if (!bp_request_provider(r, reterr))
		return false;
	if (r->unkept.len > 0)
		show_row("cache", bp_buf_text(&r->unkept));
	(void)fputc('\n', stderr);
	return true;
}

/* To the line's end and not a byte further: the next try has the next line. */
static bool
read_answer(struct bp_buf *ret, enum bp_reason *reterr)
{
	ssize_t n;
	char c;

	ret->len = 0;
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n')
		/* what is too long is of no use, cut or whole */
		if (!bp_buf_add(ret, &c, 1) && ret->len < ret->max)
			return bp_refuse(reterr, BP_MEMORY);
	return (n == 1 || (n == 0 && ret->len > 0)) ||
	    bp_refuse(reterr, BP_BROKE_OFF);
}

/* For bp_dialogue_hold(). */
static bool
ask_person(void *asker, struct bp_text explain, struct bp_text *ret,
    enum bp_reason *reterr)
{
	struct bp_live *l = asker;

	(void)fprintf(stderr, "%.*s%s", (int)explain.len, explain.at,
	    bp_words_ask);
	if (!read_answer(&l->line, reterr))
		return false;
	*ret = bp_buf_text(&l->line);
	return true;
}

/* As the service would, if it remembers. */
static bool
is_renewed(const struct bp_live *l)
{
	struct bp_text service = bp_text_of(l->service != NULL ? l->service
	    : "");

	return bp_host_of(service, BP_TTY_OTHER)->ticket != BP_TICKET_NEVER &&
	    bp_config_renews(&l->setup->cfg, service);
}

static void
prepare(struct bp_live *l)
{
	struct bp_dialogue *d = &l->dialogue;

	d->service = l->for_host ? "service-sign-in" : "beproductctl";
	d->section = l->section;
	d->account = l->user != NULL ? l->user : "anyone";
	d->is_terminal = true;
	d->is_admin = true;
	d->attempt.renews = l->for_host || is_renewed(l);
	d->cut_at = isatty(STDIN_FILENO) ? TERMINAL_MAX : 0;
	d->ask = ask_person;
	d->asker = l;
	if (l->section != NULL && l->section->deadline != 0)
		d->request.deadline = bp_clock_ms() +
		    (int64_t)l->section->deadline * 1000;
}

/* Nothing of the sign-in is kept, and least of all what would go on. */
static void
end_token(struct bp_live *l)
{
	struct bp_request *r = &l->dialogue.request;
	enum bp_reason why = BP_UNDECIDED;

	if (!l->dialogue.attempt.renews || l->for_host)
		return;
	if (!l->claims.given[BP_F_REFRESH_TOKEN])
		show_row("renewal", bp_text_of("offline_access was asked for, "
		    "and no refresh token was granted: sudo will ask the "
		    "person again after recheck"));
	else if (bp_request_revoke(r, l->claims.field[BP_F_REFRESH_TOKEN],
	    &why))
		show_row("renewal", bp_text_of("a refresh token was granted, "
		    "and is revoked"));
	else
		(void)fprintf(stderr, "warning: %s: a refresh token was "
		    "granted, and is not revoked: it ends at the provider by "
		    "time (%s%s%s)\n", bp_reason_row(why)->name,
		    bp_reason_row(why)->log, r->detail.len > 0 ? ": " : "",
		    bp_escape_text(bp_buf_text(&r->detail)).text);
}

/* The sign-in is as good without it: no reason, but something to look at. */
static void
warn_left(const struct bp_live *l)
{
	if (l->dialogue.request.unreaped)
		(void)fprintf(stderr, "warning: %s: %s\n",
		    bp_reason_row(BP_HELPER_LEFT)->name,
		    bp_reason_row(BP_HELPER_LEFT)->log);
}

static bool
hold(struct bp_live *l, enum bp_reason *reterr)
{
	struct bp_dialogue *d = &l->dialogue;

	return bp_request_prepare(&d->request, l->setup, reterr) &&
	    have_provider(l, reterr) && bp_dialogue_begin(d, reterr) &&
	    bp_dialogue_hold(d, &l->claims, reterr);
}

bool
bp_live_sign_in(struct bp_live *l, struct bp_identity *ret,
    enum bp_reason *reterr)
{
	bool ok;

	prepare(l);
	show_client(l);
	ok = hold(l, reterr);
	warn_left(l);
	if (ok) {
		end_token(l);
		*ret = bp_identity_of(&l->claims);
	}
	return ok;
}
