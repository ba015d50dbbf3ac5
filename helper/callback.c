/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/callback.h"

#include "helper/form.h"
#include "wire/limits.h"
#include "wire/line.h"

/* The decoded values; of what the line lacks, empty. */
struct parameters {
	struct bp_buf	 of[BP_PARAMS];
};
#define VALUE_INIT	BP_BUF_INIT(BP_LINE_MAX)
#define PARAMETERS_INIT	{ { VALUE_INIT, VALUE_INIT, VALUE_INIT, VALUE_INIT } }

static void
parameters_done(struct parameters *p)
{
	for (size_t i = 0; i < BP_PARAMS; i++)
		bp_buf_done(&p->of[i]);
}

static bool
has(const struct parameters *p, enum bp_param param)
{
	return p->of[param].len > 0;
}

static bool
is_good(const struct bp_buf *value)
{
	return value->len > 0 && bp_text_is_printable(bp_buf_text(value));
}

static bool
read_bare(struct bp_text code, struct bp_buf *ret, struct bp_why *reterr)
{
	return (bp_form_decode_percent(code, ret) && is_good(ret)) ||
	    bp_why(reterr, BP_WIRE_NO_CODE, "answer: no good code");
}

/* Names are compared decoded, or `c%6fde` would be a second code. */
static enum bp_param
param_of(struct bp_text spelt)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LINE_MAX);

	return bp_form_decode(spelt, &b) ? bp_param_of(bp_buf_text(&b))
	    : BP_PARAMS;
}

static bool
read_pair(struct bp_text spelt, struct bp_text value, struct parameters *ret,
    struct bp_why *reterr)
{
	enum bp_param param = param_of(spelt);

	if (param == BP_PARAMS)
		return true;	/* session_state, and whatever else */
	if (has(ret, param))
		return bp_why(reterr, BP_WIRE_NO_CODE, "answer: %s twice",
		    bp_param_name(param));
	return (bp_form_decode(value, &ret->of[param]) &&
	    is_good(&ret->of[param])) || bp_why(reterr, BP_WIRE_NO_CODE,
	    "answer: %s is empty, or does not print", bp_param_name(param));
}

static bool
read_query(struct bp_text query, struct parameters *ret, struct bp_why *reterr)
{
	struct bp_text spelt, value;

	while (bp_line_next(&query, &spelt, &value))
		if (!read_pair(spelt, value, ret, reterr))
			return false;
	return has(ret, BP_PARAM_CODE) || has(ret, BP_PARAM_ERROR) ||
	    bp_why(reterr, BP_WIRE_NO_CODE, "answer: neither code nor error");
}

/* RFC 6749 4.1.2.1, OIDC Core 3.1.2.6: what the person can do about it. */
static enum bp_wire_reason
reason_of(struct bp_text error)
{
	static const struct bp_why_row errors[] = {
		{ "access_denied",		BP_WIRE_ACCESS_DENIED },
		{ "login_required",		BP_WIRE_LOGIN_REQUIRED },
		{ "consent_required",		BP_WIRE_CONSENT_REQUIRED },
		{ "interaction_required",	BP_WIRE_INTERACTION_REQUIRED },
		{ "account_selection_required",	BP_WIRE_INTERACTION_REQUIRED },
	};

	return bp_why_of(error, errors, sizeof(errors) / sizeof(errors[0]),
	    BP_WIRE_PROVIDER_REFUSED);
}

static bool
check(const struct parameters *p, const struct bp_callback_expect *expect,
    struct bp_why *reterr)
{
	struct bp_text state = bp_buf_text(&p->of[BP_PARAM_STATE]);
	struct bp_text iss = bp_buf_text(&p->of[BP_PARAM_ISS]);
	struct bp_text error = bp_buf_text(&p->of[BP_PARAM_ERROR]);

	if (state.len == 0 || !bp_text_same_secret(state, expect->state))
		return bp_why(reterr, BP_WIRE_STATE_WRONG, state.len == 0
		    ? "answer: no state" : "answer: the state is another");
	if (iss.len > 0 && !bp_text_same(iss, expect->issuer))
		return bp_why(reterr, BP_WIRE_CALLBACK_ISS, "answer: iss is "
		    "\"%.*s\", and the issuer \"%.*s\"", BP_SHOWN(iss),
		    BP_SHOWN(expect->issuer));
	if (iss.len == 0 && expect->iss_promised)
		return bp_why(reterr, BP_WIRE_ISS_MISSING,
		    "answer: no iss, and discovery promises one");
	return error.len == 0 || bp_why(reterr, reason_of(error),
	    "answer: error \"%.*s\"", BP_SHOWN(error));
}

bool
bp_callback_read(struct bp_text line, const struct bp_callback_expect *expect,
    struct bp_buf *ret, struct bp_why *reterr)
{
	BP_AUTO(parameters_done) struct parameters p = PARAMETERS_INIT;
	struct bp_text bare;

	if (line.len > BP_LINE_MAX)
		return bp_why(reterr, BP_WIRE_NO_CODE, "answer: too long");
	if (bp_line_bare_code(line, &bare))
		return read_bare(bare, ret, reterr);
	if (!read_query(bp_line_query(line), &p, reterr))
		return false;
	if (!bp_buf_put(ret, bp_buf_text(&p.of[BP_PARAM_CODE])))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "no room for the code");
	return check(&p, expect, reterr);
}
