/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/look_up.h"

#include "helper/api.h"
#include "helper/request/sign_in.h"

static bool
check_request(const struct bp_msg *request, struct bp_why *reterr)
{
	const bool *given = request->given;

	if (given[BP_F_ACCESS_TOKEN] == given[BP_F_REFRESH_TOKEN])
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "told not one token to ask the public API with");
	return given[BP_F_API_ID] || given[BP_F_EMAIL] || bp_why(reterr,
	    BP_WIRE_HELPER_BROKEN, "told nobody to ask the public API for");
}

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

static bool
get_token(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_text *ret, struct bp_why *reterr)
{
	*ret = s->request->field[BP_F_ACCESS_TOKEN];
	return s->request->given[BP_F_ACCESS_TOKEN]
	    ? bp_http_open(s->request, &s->http, reterr)
	    : refresh(s, to, ret, reterr);
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
	    check_request(request, why) && get_token(&s, to, &token, why) &&
	    ask(&s, token, &user, why) && say_user(&s, &user, to, why)) ||
	    bp_sign_in_fail(&s, reterr);
}
