/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grant.h - what the token endpoint answered (RFC 6749 5, OIDC Core 3.1.3.3).
 *
 * Runs in: the helper.  Trusts: nothing.
 */
#ifndef BP_HELPER_GRANT_H
#define BP_HELPER_GRANT_H

#include "helper/http.h"
#include "helper/json.h"

struct bp_grant {
	struct bp_json	*doc;		/* owned; the tokens borrow from it */
	struct bp_text	 access_token, id_token;
	struct bp_text	 refresh_token;	/* as it stands there, or empty */
	struct bp_text	 next_token;	/* the same, where it is to be kept */
	struct bp_buf	 scopes;	/* a list: what was granted */
};
#define BP_GRANT_INIT	{ .scopes = BP_BUF_INIT(BP_SCOPES_MAX) }
void	bp_grant_done(struct bp_grant *grant);

/* Borrowed. */
struct bp_grant_expect {
	struct bp_text		 scopes;	/* a list: asked for */
	enum bp_wire_reason	 refused;	/* what invalid_grant means */
	bool			 has_id_token;	/* or nobody looks at one */
};

/*
 * Judge ANSWER.  The scopes that were asked for are what is granted where the
 * answer names none (RFC 6749 5.1).
 *
 * On false, too, RET has the tokens that stand there: they are nothing to
 * show.  And next_token, wherever a 200 without an error brings one that can
 * be one: whatever else is wrong, what was exchanged may be spent by now.
 *
 * BP_WIRE_CLIENT_REFUSED    an error about this host's client
 * BP_WIRE_PROVIDER_REFUSED  any other error, whatever else the answer has
 * BP_WIRE_STATUS            429 and 5xx, whatever they say; another status
 *                           than 200 without a string `error` in JSON
 * BP_WIRE_BODY              200 without strict JSON, with an error that is no
 *                           string, or a scope that is no string of scopes
 * BP_WIRE_TOKEN_MISSING     no access_token, or none of the id_token that is
 *                           expected, that can be one
 * BP_WIRE_TOKEN_TYPE        token_type is not Bearer, in any case
 */
BP_MUST_USE bool bp_grant_read(const struct bp_http_answer *answer,
    const struct bp_grant_expect *expect, struct bp_grant *ret,
    struct bp_why *reterr);

#endif
