/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/redeem.h"

#include "helper/callback.h"
#include "helper/form.h"
#include "helper/request/sign_in.h"

static bool
read_line(struct bp_sign_in *s, struct bp_why *reterr)
{
	const struct bp_callback_expect expect = {
		s->request->field[BP_F_STATE], s->record.field[BP_F_ISSUER],
		s->record.given[BP_F_ISS_PROMISED]
	};

	return bp_callback_read(s->request->field[BP_F_LINE], &expect,
	    &s->spent, reterr);
}

/* RFC 6749 4.1.3, RFC 7636 4.5 */
static bool
write_form(const struct bp_sign_in *s, struct bp_buf *ret,
    struct bp_why *reterr)
{
	const struct { const char *name; struct bp_text value; } rows[] = {
		{ "grant_type", BP_TEXT("authorization_code") },
		{ "code", bp_buf_text(&s->spent) },
		{ "redirect_uri", s->request->field[BP_F_REDIRECT_URI] },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!bp_form_add(ret, rows[i].name, rows[i].value))
			return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
			    "no room for the token request");
	return !s->request->given[BP_F_CODE_VERIFIER] ||
	    bp_form_add(ret, "code_verifier",
	    s->request->field[BP_F_CODE_VERIFIER]) ||
	    bp_why(reterr, BP_WIRE_HELPER_BROKEN,
	    "no room for the token request");
}

/* Always false.  Of the two causes only this one is the same for everybody. */
static bool
explain(const struct bp_msg *request, struct bp_why *reterr)
{
	const struct bp_why first = *reterr;

	return first.reason == BP_WIRE_CODE_REFUSED &&
	    request->given[BP_F_CODE_VERIFIER] && bp_why(reterr, first.reason,
	    "%.160s; a client registered without proof key is refused so: "
	    "pkce = off", first.detail);
}

static bool
exchange(struct bp_sign_in *s, struct bp_buf *form, struct bp_why *reterr)
{
	return bp_sign_in_exchange(s, form, reterr) ||
	    explain(s->request, reterr);
}

bool
bp_redeem(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf form =
	    BP_BUF_INIT(BP_TOKEN_FORM_MAX);
	struct bp_why *why = &reterr->why;

	return (bp_sign_in_start(&s, request, why) && read_line(&s, why) &&
	    write_form(&s, &form, why) && exchange(&s, &form, why) &&
	    bp_sign_in_claims(&s, to, why)) || bp_sign_in_fail(&s, reterr);
}
