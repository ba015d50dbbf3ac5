/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/renew.h"

#include "helper/request/sign_in.h"

static bool
say_token(const struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_why *reterr)
{
	struct bp_msg m = { BP_MSG_TOKEN, .asked = s->request->type };

	if (s->grant.next_token.len == 0 ||
	    bp_text_same_secret(s->grant.next_token,
	    s->request->field[BP_F_REFRESH_TOKEN]))
		return true;
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, s->grant.next_token);
	return bp_say(to, &m, reterr);
}

/* What is said first does not depend on whether the rest is of use. */
static bool
exchange(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_why *reterr)
{
	bool is_granted = bp_sign_in_refresh(s, reterr);

	return say_token(s, to, reterr) && is_granted;
}

bool
bp_renew(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	struct bp_why *why = &reterr->why;

	return (bp_sign_in_start(&s, request, why) &&
	    exchange(&s, to, why) &&
	    bp_sign_in_claims(&s, to, why)) || bp_sign_in_fail(&s, reterr);
}
