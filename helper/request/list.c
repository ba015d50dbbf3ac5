/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/list.h"

#include "helper/api.h"
#include "helper/request/host_token.h"

static bool
say_users(struct bp_sign_in *s, struct bp_text token,
    const struct bp_listener *to, struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf users = BP_BUF_INIT(BP_USERS_MAX);
	const struct bp_msg *m = s->request;
	const struct bp_api api = { s->http, m->field[BP_F_API_URL],
	    m->field[BP_F_COMPANY], token };
	struct bp_msg said = { BP_MSG_USERS, .asked = BP_MSG_LIST };

	s->at_api = true;
	if (!bp_api_list(&api, &users, reterr))
		return false;
	bp_msg_give(&said, BP_F_USERS, bp_buf_text(&users));
	return bp_sign_in_keeps_secrets(s, &said, reterr) &&
	    bp_say(to, &said, reterr);
}

bool
bp_list_users(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	struct bp_why *why = &reterr->why;
	struct bp_text token;

	return (bp_sign_in_start(&s, request, why) &&
	    bp_host_token_get(&s, to, &token, why) &&
	    say_users(&s, token, to, why)) || bp_sign_in_fail(&s, reterr);
}
