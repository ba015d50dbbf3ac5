/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/revoke.h"

#include "helper/form.h"
#include "helper/refusal.h"
#include "helper/request/sign_in.h"

static bool
has_endpoint(const struct bp_sign_in *s, struct bp_why *reterr)
{
	return s->record.given[BP_F_REVOCATION_ENDPOINT] || bp_why(reterr,
	    BP_WIRE_NO_REVOCATION, "discovery had no revocation_endpoint");
}

static bool
write_form(const struct bp_sign_in *s, struct bp_buf *ret,
    struct bp_why *reterr)
{
	return (bp_form_add(ret, "token",
	    s->request->field[BP_F_REFRESH_TOKEN]) &&
	    bp_form_add(ret, "token_type_hint",
	    bp_text_of("refresh_token"))) || bp_why(reterr,
	    BP_WIRE_HELPER_BROKEN, "no room for the revocation request");
}

static bool
judge(const struct bp_http_answer *answer, struct bp_why *reterr)
{
	static const struct bp_refusal as = { "revocation endpoint",
	    BP_WIRE_REVOCATION_REFUSED, BP_WIRE_REVOCATION_REFUSED };
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	const char *wrong;

	if (answer->status == 200)
		return true;
	if (bp_refusal_is_overload(answer) ||
	    !bp_json_parse(bp_buf_text(&answer->body), &doc, &wrong))
		return bp_refusal(&as, answer, NULL, reterr);
	return bp_refusal(&as, answer, doc, reterr);
}

static bool
send_form(struct bp_sign_in *s, struct bp_buf *form, struct bp_why *reterr)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;

	return bp_sign_in_post(s, BP_F_REVOCATION_ENDPOINT, form, &answer,
	    reterr) && judge(&answer, reterr);
}

bool
bp_revoke(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	static const struct bp_msg revoked = { BP_MSG_REVOKED,
	    .asked = BP_MSG_REVOKE };
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf form =
	    BP_BUF_INIT(BP_TOKEN_FORM_MAX);
	struct bp_why *why = &reterr->why;

	return (bp_sign_in_start(&s, request, why) && has_endpoint(&s, why) &&
	    write_form(&s, &form, why) && send_form(&s, &form, why) &&
	    bp_say(to, &revoked, why)) || bp_sign_in_fail(&s, reterr);
}
