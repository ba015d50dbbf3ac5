/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/look_up.h"

#include "helper/api.h"
#include "helper/request/host_token.h"

static bool
check_request(const struct bp_msg *request, struct bp_why *reterr)
{
	const bool *given = request->given;

	return given[BP_F_API_ID] || given[BP_F_EMAIL] || bp_why(reterr,
	    BP_WIRE_HELPER_BROKEN, "told nobody to ask the public API for");
}

static bool
ask(struct bp_sign_in *s, struct bp_text token, struct bp_api_user *ret,
    struct bp_why *reterr)
{
	const struct bp_msg *m = s->request;
	const struct bp_api api = { s->http, m->field[BP_F_API_URL],
	    m->field[BP_F_COMPANY], token };

	s->at_api = true;
	if (!(m->given[BP_F_API_ID] ? bp_api_by_id(&api,
	    m->field[BP_F_API_ID], ret, reterr) : bp_api_by_email(&api,
	    m->field[BP_F_EMAIL], ret, reterr)))
		return false;
	return ret->lack.reason == BP_WIRE_NONE ||
	    bp_why(reterr, ret->lack.reason, "%s", ret->lack.detail);
}

static bool
say_user(const struct bp_sign_in *s, const struct bp_api_user *user,
    const struct bp_listener *to, struct bp_why *reterr)
{
	struct bp_msg m = { BP_MSG_USER, .asked = BP_MSG_LOOK_UP };

	bp_msg_give(&m, BP_F_API_ID, bp_buf_text(&user->id));
	bp_msg_give(&m, BP_F_EMAIL, bp_buf_text(&user->email));
	bp_msg_give(&m, BP_F_API_ROLES, bp_buf_text(&user->roles));
	return bp_sign_in_keeps_secrets(s, &m, reterr) &&
	    bp_say(to, &m, reterr);
}

bool
bp_look_up(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why *why = &reterr->why;
	struct bp_text token;

	return (bp_sign_in_start(&s, request, why) &&
	    check_request(request, why) &&
	    bp_host_token_get(&s, to, &token, why) &&
	    ask(&s, token, &user, why) && say_user(&s, &user, to, why)) ||
	    bp_sign_in_fail(&s, reterr);
}
