/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/host_token.h"

/* Of an answer that is of no use a new token is told all the same. */
static bool
say_token(const struct bp_sign_in *s, bool is_granted,
    const struct bp_listener *to, struct bp_why *reterr)
{
	struct bp_text token = s->grant.next_token;
	struct bp_msg m = { BP_MSG_TOKEN, .asked = s->request->type };

	if (token.len == 0 && !is_granted)
		return true;
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, token.len > 0 ? token
	    : s->request->field[BP_F_REFRESH_TOKEN]);
	if (is_granted)
		bp_msg_give(&m, BP_F_ACCESS_TOKEN, s->grant.access_token);
	return bp_say(to, &m, reterr);
}

static bool
refresh(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_text *ret, struct bp_why *reterr)
{
	bool is_granted = bp_sign_in_refresh(s, reterr);

	*ret = s->grant.access_token;
	return say_token(s, is_granted, to, reterr) && is_granted;
}

bool
bp_host_token_get(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_text *ret, struct bp_why *reterr)
{
	const bool *given = s->request->given;

	if (given[BP_F_ACCESS_TOKEN] == given[BP_F_REFRESH_TOKEN])
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "told not one token to ask the public API with");
	*ret = s->request->field[BP_F_ACCESS_TOKEN];
	return given[BP_F_ACCESS_TOKEN]
	    ? bp_http_open(s->request, &s->http, reterr)
	    : refresh(s, to, ret, reterr);
}
