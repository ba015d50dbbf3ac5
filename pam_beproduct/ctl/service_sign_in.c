/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/service_sign_in.h"
#include "attempt/look_up.h"
#include "attempt/revoke.h"
#include "core/slot.h"
#include "ctl/check.h"
#include "ctl/inquiry.h"
#include "ctl/step.h"
#include "wire/clock.h"

#include <errno.h>
#include <stdio.h>

#define TOKEN_PATH	BP_PATH_STATE "/" BP_SERVICE_TOKEN_FILE

enum { TURN_MS = 60000 };	/* longer than anybody renews it */

static const struct bp_service_place here = BP_SERVICE_HERE;

/* One call: of the sign-in what must outlive the next request. */
struct giving {
	struct bp_inquiry	 q;
	struct bp_buf		 token, api_id, email;
	struct bp_buf		 old;		/* the file's bytes */
	struct bp_service_token	 was;		/* borrows from them */
	bool			 had;
};
#define GIVING_INIT	{ .q = BP_INQUIRY_INIT,				\
    .token = BP_BUF_INIT(BP_TOKEN_MAX),					\
    .api_id = BP_BUF_INIT(BP_API_ID_MAX),				\
    .email = BP_BUF_INIT(BP_CLAIM_VALUE_MAX),				\
    .old = BP_BUF_INIT(BP_SERVICE_TOKEN_MAX) }

static void
giving_done(struct giving *g)
{
	bp_inquiry_done(&g->q);
	bp_buf_done(&g->token);
	bp_buf_done(&g->api_id);
	bp_buf_done(&g->email);
	bp_buf_done(&g->old);
}

static struct bp_request *
request_of(struct giving *g)
{
	return &g->q.live.dialogue.request;
}

static bool
has_company(const struct bp_setup *s, const struct bp_options *options)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;

	if (s->cfg.company.len > 0)
		return true;
	bp_finding_error(&said, (struct bp_where){ options->config, 0,
	    bp_text_of("company") }, "is missing from [api]: whose users are "
	    "to be asked for");
	return false;
}

static void
tell(const struct bp_config *cfg)
{
	/* one line alone begins with an address: the one to be opened */
	(void)fprintf(stderr, "This gives this host a token of its own for "
	    "the public API:\ncompany %.*s at %.*s. By it the account phase\n"
	    "learns the roles of people who come by a key and do not sign "
	    "in.\nIt reads there what the person may read who signs in now, "
	    "until it ends\nor is revoked: let it be somebody who may read "
	    "the company's users, and\nno more.  It is kept in\n" TOKEN_PATH
	    ", for root alone.\n", BP_ARGS(cfg->company),
	    BP_ARGS(cfg->api_url));
	if (cfg->role_source != BP_ROLES_API)
		(void)fputs("Nothing but `beproductctl users` asks by it as "
		    "long as role_source of\n[api] is not api.\n", stderr);
	(void)fputc('\n', stderr);
}

/* In words of a sentence: whoever reads them has only just been told. */
static int
refuse(const char *sentence, const char *more)
{
	(void)printf("refused: %s%s\n", sentence, more);
	return BP_EXIT_REFUSED;
}

static int
refuse_place(enum bp_reason why, int error)
{
	return refuse("the token cannot be kept in " TOKEN_PATH ": ",
	    bp_file_why(why, error));
}

/* What is asked of others is as the file says; of this one, all of it. */
static void
ask_all(struct giving *g)
{
	g->q.setup.cfg.role_source = BP_ROLES_BOTH;
	g->q.live.for_host = true;
	g->q.question.prefix = "";
}

static bool
keep_words(struct giving *g, const struct bp_identity *who)
{
	const struct bp_text *said = g->q.live.claims.field;

	return bp_buf_put(&g->token, said[BP_F_REFRESH_TOKEN]) &&
	    bp_buf_put(&g->api_id, said[BP_F_API_ID]) &&
	    bp_buf_put(&g->email, bp_identity_email(who).address);
}

static void
show_who(const struct giving *g, const struct bp_identity *who)
{
	struct bp_text id = bp_buf_text(&g->api_id);

	(void)printf("signed in: sub \"%s\"", bp_escape_text(who->sub).text);
	(void)printf(", e-mail \"%s\"",
	    bp_escape_text(bp_buf_text(&g->email)).text);
	(void)printf(", an active user of %s", bp_escape_text(
	    g->q.setup.cfg.company).text);
	if (id.len > 0)
		(void)printf(", id \"%s\"", bp_escape_text(id).text);
	(void)putchar('\n');
}

static bool
put_token(struct giving *g, enum bp_reason *reterr)
{
	const struct bp_config *cfg = &g->q.setup.cfg;
	int64_t now = bp_clock_seconds();
	const struct bp_service_token t = { now, now, cfg->issuer,
	    cfg->client_id, cfg->api_url, cfg->company,
	    bp_buf_text(&g->token), bp_text_of("") };
	enum bp_reason why;

	g->had = bp_service_token_load(&here, &g->old, &g->was, &why);
	return bp_service_token_store(&here, &t, reterr);
}

/* WHOSE: which token it is, in a sentence. */
static void
end_token(struct giving *g, struct bp_text token, const char *whose)
{
	struct bp_request *r = request_of(g);
	enum bp_reason why = BP_UNDECIDED;

	if (bp_request_revoke(r, token, &why))
		(void)printf("revoked: %s\n", whose);
	else
		(void)fprintf(stderr, "warning: %s: %s is not revoked: it "
		    "ends at the provider by time (%s%s%s)\n",
		    bp_reason_row(why)->name, whose, bp_reason_row(why)->log,
		    r->detail.len > 0 ? ": " : "",
		    bp_escape_text(bp_buf_text(&r->detail)).text);
}

/* At another provider, or as another client, nobody here can. */
static void
end_old(struct giving *g)
{
	const struct bp_config *cfg = &g->q.setup.cfg;

	if (!g->had)
		return;
	if (bp_text_same(g->was.issuer, cfg->issuer) &&
	    bp_text_same(g->was.client_id, cfg->client_id))
		end_token(g, g->was.refresh_token,
		    "the token that was there before");
	else
		(void)fputs("warning: the token that was there before is of "
		    "another issuer or client_id, and is not revoked: it "
		    "ends at that provider by time\n", stderr);
}

/* As the account phase will. */
static int
try_token(struct giving *g)
{
	struct bp_request *r = request_of(g);
	const struct bp_look_up who = { .place = here, .run = BP_PATH_RUN,
	    .api_id = bp_buf_text(&g->api_id),
	    .email = bp_buf_text(&g->email), .may_renew = true };
	struct bp_msg said = { 0 };
	enum bp_reason why = BP_UNDECIDED;

	if (bp_request_look_up(r, &who, &said, &why) && r->unkept.len == 0) {
		(void)puts("tried: by it this host finds this very user");
		return BP_EXIT_GOOD;
	}
	if (r->unkept.len > 0)
		why = BP_FILE_UNWRITTEN;
	(void)printf("of no use yet: %s: %s (%s%s)\n",
	    bp_reason_row(why)->name, bp_reason_row(why)->log,
	    bp_escape_text(bp_buf_text(&r->detail)).text,
	    bp_escape_text(bp_buf_text(&r->unkept)).text);
	return bp_exit_of(why);
}

/* Is there a place for the longest?  What is reserved is given back. */
static bool
try_place(struct giving *g, enum bp_reason *reterr)
{
	BP_AUTO(bp_service_room_done) struct bp_service_room room =
	    BP_SERVICE_ROOM_INIT;

	(void)g;
	return bp_service_token_reserve(&here, &room, reterr);
}

/*
 * Nobody who renews the old one must put it in the place of the new, or lose
 * the room that he has for it.
 */
static int
in_turn(struct giving *g,
    bool (*what)(struct giving *g, enum bp_reason *reterr))
{
	BP_AUTO(bp_file_close) int turn = -1;
	enum bp_reason why = BP_UNDECIDED;

	if (!bp_slot_turn_of(BP_PATH_RUN, here.owner,
	    bp_text_of(BP_SERVICE_TOKEN_FILE), TURN_MS, &turn))
		return refuse("another process holds the token, or there is "
		    "no place in " BP_PATH_RUN " for a turn", "");
	return what(g, &why) ? BP_EXIT_GOOD : refuse_place(why, errno);
}

static int
give(struct giving *g, const struct bp_identity *who)
{
	int status;

	if (!g->q.live.claims.given[BP_F_REFRESH_TOKEN])
		return refuse("no refresh token came: the provider must allow "
		    "this client the scope offline_access", "");
	if (!keep_words(g, who))
		return bp_inquiry_fail(&g->q, BP_MEMORY);
	show_who(g, who);
	status = in_turn(g, put_token);
	if (status != BP_EXIT_GOOD) {
		end_token(g, bp_buf_text(&g->token), "the new token");
		return status;
	}
	(void)puts("kept: " TOKEN_PATH);
	end_old(g);
	return try_token(g);
}

int
bp_service_sign_in(const struct bp_options *options)
{
	BP_AUTO(giving_done) struct giving g = GIVING_INIT;
	struct bp_identity who;
	enum bp_reason why;
	int status;

	if (!bp_inquiry_begin(&g.q, options, &status))
		return status;
	if (!has_company(&g.q.setup, options))
		return BP_EXIT_CONFIG;
	tell(&g.q.setup.cfg);
	ask_all(&g);
	/* before anybody signs in for nothing */
	status = in_turn(&g, try_place);
	if (status != BP_EXIT_GOOD)
		return status;
	if (!bp_inquiry_sign_in(&g.q, &who, &why))
		return bp_inquiry_fail(&g.q, why);
	return give(&g, &who);
}
