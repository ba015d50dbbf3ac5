#include "helper/fetch.h"

#include "helper/jwks.h"

/* RFC 6750 3.1: 401 invalid_token, 403 insufficient_scope */
static bool
is_refusal(long status, struct bp_text bearer)
{
	return bearer.len > 0 && (status == 401 || status == 403);
}

bool
bp_fetch_json(struct bp_http *http, const char *what, struct bp_text url,
    struct bp_text bearer, struct bp_json **ret, struct bp_why *reterr)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;
	const char *wrong;

	if (!bp_http_get(http, url, bearer, &answer, reterr))
		return false;
	if (answer.status != 200)
		return bp_why(reterr, is_refusal(answer.status, bearer)
		    ? BP_WIRE_PROVIDER_REFUSED : BP_WIRE_STATUS,
		    "%s: status %ld", what, answer.status);
	return bp_json_parse(bp_buf_text(&answer.body), ret, &wrong) ||
	    bp_why(reterr, BP_WIRE_BODY, "%s: %s", what, wrong);
}

bool
bp_fetch_keys(struct bp_http *http, struct bp_text url, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(bp_json_free) struct bp_json *set = NULL;

	return bp_fetch_json(http, "key set", url, bp_text_of(""), &set,
	    reterr) && bp_jwks_read(set, ret, reterr);
}
