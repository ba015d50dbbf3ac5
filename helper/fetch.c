/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/fetch.h"

#include "helper/challenge.h"
#include "helper/jwks.h"

static const struct {
	const char	*name;
	enum bp_accept	 accept;
} documents[BP_FETCHES] = {
	[BP_FETCH_DISCOVERY] = { "discovery", BP_ACCEPT_JSON },
	[BP_FETCH_KEYS] = { "key set", BP_ACCEPT_KEYS },
	[BP_FETCH_USERINFO] = { "UserInfo", BP_ACCEPT_JSON },
};

/* Always false.  RFC 6750 3.1: 401 invalid_token, 403 insufficient_scope. */
static bool
refuse(const char *name, const struct bp_http_answer *answer,
    struct bp_why *reterr)
{
	struct bp_text error;

	if (!bp_challenge_error(bp_buf_text(&answer->challenge), &error))
		return bp_why(reterr, BP_WIRE_PROVIDER_REFUSED,
		    "%s: status %ld", name, answer->status);
	return bp_why(reterr, BP_WIRE_PROVIDER_REFUSED,
	    "%s: status %ld, error \"%.*s\"", name, answer->status,
	    BP_SHOWN(error));
}

static bool
check_status(const char *name, const struct bp_http_answer *answer,
    struct bp_text bearer, struct bp_why *reterr)
{
	if (answer->status == 200)
		return true;
	if (bearer.len > 0 && (answer->status == 401 || answer->status == 403))
		return refuse(name, answer, reterr);
	return bp_why(reterr, BP_WIRE_STATUS, "%s: status %ld at %.*s", name,
	    answer->status, BP_SHOWN(answer->url));
}

/* RFC 7515 3.1: a signed answer begins so, and JSON does not. */
static const char *
what_is_wrong(struct bp_text body, const char *wrong)
{
	return bp_text_starts(body, "eyJ") ? "a JWT, and no JSON" : wrong;
}

bool
bp_fetch_json(struct bp_http *http, enum bp_fetch what, struct bp_text url,
    struct bp_text bearer, struct bp_json **ret, struct bp_why *reterr)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;
	const char *name = documents[what].name, *wrong;

	if (!bp_http_get(http, url, documents[what].accept, bearer, &answer,
	    reterr) || !check_status(name, &answer, bearer, reterr))
		return false;
	return bp_json_parse(bp_buf_text(&answer.body), ret, &wrong) ||
	    bp_why(reterr, BP_WIRE_BODY, "%s: %s", name,
	    what_is_wrong(bp_buf_text(&answer.body), wrong));
}

bool
bp_fetch_keys(struct bp_http *http, struct bp_text url, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(bp_json_free) struct bp_json *set = NULL;

	return bp_fetch_json(http, BP_FETCH_KEYS, url, bp_text_of(""), &set,
	    reterr) && bp_jwks_read(set, ret, reterr);
}
