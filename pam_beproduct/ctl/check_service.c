/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/service_token.h"
#include "ctl/check.h"
#include "wire/clock.h"

#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#define MEND	"`beproductctl service-sign-in` gives another"

enum { DAY = 24 * 60 * 60, OLD = 25 };	/* of 30, IdentityServer's default */

static const struct bp_where where = {
    .file = BP_PATH_STATE "/" BP_SERVICE_TOKEN_FILE };

static void
note_age(struct bp_check *c, const struct bp_service_token *t)
{
	int64_t now = bp_clock_seconds();
	long long days = (now - t->signed_in) / DAY;

	if (days >= OLD)
		bp_finding_warn(&c->findings, where, "its sign-in was %lld "
		    "days ago, and it was last renewed %lld days ago: a "
		    "provider ends it by time (IdentityServer, by default, 30 "
		    "days after the sign-in): " MEND, days,
		    (long long)(now - t->rotated) / DAY);
}

static void
look(struct bp_check *c)
{
	static const struct bp_service_place place = BP_SERVICE_HERE;
	BP_AUTO(bp_buf_done) struct bp_buf bytes =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_token t;
	enum bp_reason why;

	if (!bp_service_token_load(&place, &bytes, &t, &why))
		bp_finding_warn(&c->findings, where, "cannot be used: %s: "
		    MEND, bp_file_why(why, errno));
	else if (c->has_cfg && !bp_service_token_is_of(&t, &c->setup.cfg))
		bp_finding_warn(&c->findings, where, "came from another "
		    "issuer, or is for another client_id, base_url or company "
		    "than the configuration names, and is not used: " MEND);
	else
		note_age(c, &t);
}

/* To load it makes its folder: where none is, there is nothing to look at. */
void
bp_check_service(struct bp_check *c)
{
	bool asks = c->has_cfg && c->setup.cfg.role_source == BP_ROLES_API;
	struct stat st;

	if (geteuid() != 0)
		return;
	if (lstat(where.file, &st) == 0)
		look(c);
	else if (asks)
		bp_finding_warn(&c->findings, bp_check_where(c, "api",
		    bp_text_of(""), "role_source"), "api, and this host has "
		    "no token to ask by: who comes by a key is refused. "
		    "`beproductctl service-sign-in` gives one");
}
