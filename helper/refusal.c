/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/refusal.h"

static enum bp_wire_reason
reason_of(const struct bp_refusal *as, struct bp_text error)
{
	const struct bp_why_row errors[] = {
		{ "invalid_grant",		as->grant },
		{ "invalid_client",		BP_WIRE_CLIENT_REFUSED },
		{ "unauthorized_client",	BP_WIRE_CLIENT_REFUSED },
		{ "invalid_scope",		BP_WIRE_CLIENT_REFUSED },
		{ "unsupported_grant_type",	BP_WIRE_CLIENT_REFUSED },
	};

	return bp_why_of(error, errors, sizeof(errors) / sizeof(errors[0]),
	    as->other);
}

bool
bp_refusal_is_overload(const struct bp_http_answer *answer)
{
	return answer->status == 429 ||
	    (answer->status >= 500 && answer->status <= 599);
}

bool
bp_refusal(const struct bp_refusal *as, const struct bp_http_answer *answer,
    const struct bp_json *doc, struct bp_why *reterr)
{
	struct bp_text error;

	if (doc != NULL && bp_json_string(bp_json_member(doc, "error"),
	    &error))
		return bp_why(reterr, reason_of(as, error),
		    "%s: error \"%.*s\", status %ld", as->endpoint,
		    BP_SHOWN(error), answer->status);
	if (answer->status == 200)
		return bp_why(reterr, BP_WIRE_BODY, "%s: error is no string",
		    as->endpoint);
	return bp_why(reterr, BP_WIRE_STATUS, "%s: status %ld at %.*s",
	    as->endpoint, answer->status, BP_SHOWN(answer->url));
}
