#include "helper/request/redeem.h"

#include "helper/callback.h"
#include "helper/form.h"
#include "helper/request/sign_in.h"

static bool
read_line(const struct bp_sign_in *s, struct bp_buf *retcode,
    struct bp_why *reterr)
{
	const struct bp_callback_expect expect = {
		s->request->field[BP_F_STATE], s->record.field[BP_F_ISSUER],
		s->record.given[BP_F_ISS_PROMISED]
	};

	return bp_callback_read(s->request->field[BP_F_LINE], &expect, retcode,
	    reterr);
}

/* RFC 6749 4.1.3 */
static bool
write_form(const struct bp_sign_in *s, struct bp_text code, struct bp_buf *ret,
    struct bp_why *reterr)
{
	const struct { const char *name; struct bp_text value; } rows[] = {
		{ "grant_type", BP_TEXT("authorization_code") },
		{ "code", code },
		{ "redirect_uri", s->request->field[BP_F_REDIRECT_URI] },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!bp_form_add(ret, rows[i].name, rows[i].value))
			return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
			    "no room for the token request");
	return true;
}

static bool
redeem(struct bp_sign_in *s, const struct bp_msg *request, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf code = BP_BUF_INIT(BP_LINE_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf form =
	    BP_BUF_INIT(BP_TOKEN_FORM_MAX);

	return bp_sign_in_start(s, request, reterr) &&
	    read_line(s, &code, reterr) &&
	    write_form(s, bp_buf_text(&code), &form, reterr) &&
	    bp_sign_in_exchange(s, &form, reterr) &&
	    bp_sign_in_claims(s, ret, reterr);
}

bool
bp_redeem(const struct bp_msg *request, struct bp_buf *ret,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
	bool ok = redeem(&s, request, ret, &reterr->why);

	reterr->record_stale = s.record_stale;
	return ok;
}
