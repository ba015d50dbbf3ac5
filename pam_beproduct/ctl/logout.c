/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/logout.h"
#include "core/authorize.h"
#include "core/random.h"
#include "ctl/drop.h"
#include "ctl/step.h"

#include <stdio.h>

enum { LOGOUT_MAX = 4 * BP_TOKEN_MAX, STATE_BYTES = 16 };

/* What it is for comes back with the browser alone: state goes with that. */
static bool
put_address(const struct bp_config *cfg, struct bp_text endpoint,
    const struct bp_ticket *t, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf state =
	    BP_BUF_INIT(2 * STATE_BYTES);
	bool comes_back = cfg->post_logout_redirect_uri.len > 0;
	struct bp_text none = { 0 }, path, query;
	bool ok = bp_random_hex(&state, STATE_BYTES);
	const struct { const char *name; struct bp_text value; } rows[] = {
		{ "id_token_hint=", t->id_token },
		/* of whom without it nobody could tell whose it is */
		{ "client_id=", t->id_token.len > 0 ? none : cfg->client_id },
		{ "post_logout_redirect_uri=", cfg->post_logout_redirect_uri },
		{ "state=", comes_back ? bp_buf_text(&state) : none },
	};
	const char *before = bp_text_cut(endpoint, '?', &path, &query)
	    ? "&" : "?";

	ok = ok && bp_buf_put(ret, endpoint);
	for (size_t i = 0; ok && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].value.len == 0)
			continue;
		ok = bp_buf_say(ret, before) &&
		    bp_buf_say(ret, rows[i].name) &&
		    bp_authorize_encode(rows[i].value, ret);
		before = "&";
	}
	return ok;
}

static void
show_address(const struct bp_ticket *t, const struct bp_setup *s,
    const struct bp_request *r, enum bp_reason why)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(LOGOUT_MAX);
	struct bp_text issuer = t->who.field[BP_F_ISSUER], endpoint;

	if (why != BP_ADMITTED)		/* which has been said */
		return;
	endpoint = r->provider.msg.field[BP_F_END_SESSION_ENDPOINT];
	if (!bp_text_same(issuer, s->cfg.issuer))
		(void)printf("signed in at another issuer: %s\n",
		    bp_escape_text(issuer).text);
	else if (endpoint.len == 0)
		(void)printf("the provider has no address that ends a "
		    "session\n");
	else if (put_address(&s->cfg, endpoint, t, &b))
		(void)printf("to end the session at the provider, open in the "
		    "person's browser:\n%.*s\n", BP_ARGS(bp_buf_text(&b)));
}

int
bp_logout(const struct bp_options *options)
{
	return bp_drop(options, show_address);
}
