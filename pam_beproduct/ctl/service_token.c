/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/service_token.h"
#include "core/service_token.h"
#include "core/slot.h"
#include "ctl/drop.h"
#include "ctl/step.h"
#include "wire/clock.h"

#include <errno.h>
#include <stdio.h>

#define TOKEN_PATH	BP_PATH_STATE "/" BP_SERVICE_TOKEN_FILE

enum { TURN_MS = 60000 };	/* longer than anybody renews it */

static const struct bp_service_place here = BP_SERVICE_HERE;

static int
fail(enum bp_reason why, int error)
{
	(void)fprintf(stderr, "beproductctl: " TOKEN_PATH ": %s\n",
	    bp_file_why(why, error));
	return BP_EXIT_CONFIG;
}

static int
say_none(void)
{
	(void)puts("this host has no token for the public API");
	return BP_EXIT_REFUSED;
}

int
bp_service_token_show(const struct bp_options *options)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	int64_t now = bp_clock_seconds();
	struct bp_service_token t;
	enum bp_reason why;

	(void)options;
	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (!bp_service_token_load(&here, &bytes, &t, &why))
		return why == BP_SERVICE_TOKEN_NONE ? say_none()
		    : fail(why, errno);
	(void)printf("company=\"%s\"", bp_escape_text(t.company).text);
	(void)printf(" api_url=\"%s\"", bp_escape_text(t.api_url).text);
	(void)printf(" signed_in=%llds renewed=%llds",
	    (long long)(now - t.signed_in), (long long)(now - t.rotated));
	(void)printf(" client_id=\"%s\"", bp_escape_text(t.client_id).text);
	(void)printf(" issuer=\"%s\"\n", bp_escape_text(t.issuer).text);
	return BP_EXIT_GOOD;
}

/* As bp_drop() has a ticket's. */
static int
queue_token(const struct bp_options *options,
    const struct bp_service_token *t)
{
	static const struct bp_queue_place place = BP_QUEUE_HERE;
	const struct bp_queued q = { bp_clock_seconds(), t->issuer,
	    bp_text_of(options->config), bp_text_of("service-sign-in"),
	    t->refresh_token };
	enum bp_reason why;

	if (bp_queue_put(&place, &q, &why))
		return BP_EXIT_GOOD;
	(void)fprintf(stderr, "beproductctl: " TOKEN_PATH ": %s (%s)\n",
	    bp_reason_row(BP_NOT_REVOKED)->log, bp_reason_row(why)->log);
	return BP_EXIT_CONFIG;
}

static void
say_what_follows(const struct bp_setup *s)
{
	(void)puts("dropped: " TOKEN_PATH);
	(void)puts("What it brought last ends at the provider by time, within "
	    "hours.");
	if (s->cfg.role_source == BP_ROLES_API)
		(void)puts("role_source = api: by a key alone nobody is let in "
		    "from now on, but by what\nwas said before, for cache and "
		    "grace; `beproductctl cache drop` ends that,\n"
		    "`beproductctl service-sign-in` gives another token.");
}

static int
drop(const struct bp_options *options, const struct bp_setup *s)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	BP_AUTO(bp_file_close) int turn = -1;
	struct bp_service_token t;
	int status = BP_EXIT_GOOD;
	enum bp_reason why;

	/* or what is being renewed would come back */
	if (!bp_slot_turn_of(BP_PATH_RUN, here.owner,
	    bp_text_of(BP_SERVICE_TOKEN_FILE), TURN_MS, &turn)) {
		(void)fputs("beproductctl: another process holds the token, or "
		    "there is no place in " BP_PATH_RUN " for a turn\n",
		    stderr);
		return BP_EXIT_REFUSED;
	}
	if (bp_service_token_load(&here, &bytes, &t, &why))
		status = queue_token(options, &t);
	else if (why == BP_SERVICE_TOKEN_NONE)
		return say_none();
	else
		status = fail(why, errno);
	if (!bp_service_token_erase(&here, &why))
		return fail(why, errno);
	say_what_follows(s);
	return status;
}

int
bp_service_token_drop(const struct bp_options *options)
{
	return bp_drop_other(options, drop);
}
