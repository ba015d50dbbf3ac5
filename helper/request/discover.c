/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/discover.h"

#include <string.h>

#include "helper/fetch.h"
#include "wire/endpoint.h"
#include "wire/list.h"
#include "wire/origin.h"

enum { ADDRESS_MAX = BP_URL_MAX + 64 };	/* with what stands behind */

/* OIDC Discovery 4: a slash at the end goes. */
static bool
address_of(struct bp_text issuer, struct bp_buf *ret, struct bp_why *reterr)
{
	if (!bp_origin_is_https(issuer) ||
	    memchr(issuer.at, '?', issuer.len) != NULL)
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "the issuer is no https address without a query");
	if (issuer.at[issuer.len - 1] == '/')
		issuer.len--;
	return (bp_buf_put(ret, issuer) &&
	    bp_buf_say(ret, "/.well-known/openid-configuration")) ||
	    bp_why(reterr, BP_WIRE_HELPER_BROKEN, "the issuer is too long");
}

/* 4.3: by exact bytes. */
static bool
check_issuer(const struct bp_json *doc, struct bp_text issuer,
    struct bp_why *reterr)
{
	struct bp_text t;

	if (!bp_json_string(bp_json_member(doc, "issuer"), &t))
		return bp_why(reterr, BP_WIRE_DISCOVERY_ISSUER,
		    "discovery: no string issuer");
	return bp_text_same(t, issuer) || bp_why(reterr,
	    BP_WIRE_DISCOVERY_ISSUER, "discovery: the issuer is \"%.*s\"",
	    BP_SHOWN(t));
}

static bool
is_endpoint(const struct bp_json *value, struct bp_text issuer,
    struct bp_text *ret)
{
	return bp_json_string(value, ret) && ret->len <= BP_URL_MAX &&
	    bp_origin_is_of(*ret, issuer);
}

static bool
give_endpoints(const struct bp_json *doc, struct bp_text issuer,
    struct bp_msg *m, struct bp_why *reterr)
{
	struct bp_text url;

	for (size_t i = 0; i < BP_ENDPOINTS; i++) {
		const struct bp_endpoint *e = &bp_endpoints[i];

		if (is_endpoint(bp_json_member(doc, e->name), issuer, &url))
			bp_msg_give(m, e->field, url);
		else if (e->is_needed)
			return bp_why(reterr, BP_WIRE_DISCOVERY_ENDPOINT,
			    "discovery: %s is missing, or no https address of "
			    "the issuer's origin", e->name);
	}
	return true;
}

/* RFC 9207 3 */
static void
give_promise(const struct bp_json *doc, struct bp_msg *m)
{
	static const char name[] =
	    "authorization_response_iss_parameter_supported";

	if (bp_json_kind(bp_json_member(doc, name)) == BP_CLAIM_TRUE)
		bp_msg_mark(m, BP_F_ISS_PROMISED);
}

/* For who wants to compare; of what cannot be sent nothing is. */
static bool
put_scopes(const struct bp_json *doc, struct bp_buf *ret)
{
	const struct bp_json *list = bp_json_member(doc, "scopes_supported");
	const struct bp_json *each;
	struct bp_text t;
	unsigned n = 0;

	if (bp_json_kind(list) != BP_CLAIM_STRINGS || !bp_list_start(ret))
		return false;
	for (each = bp_json_first(list); each != NULL;
	    each = bp_json_next(each))
		if (++n > BP_LIST_MAX || !bp_json_string(each, &t) ||
		    t.len > BP_ITEM_MAX || !bp_text_is_printable(t) ||
		    !bp_list_add(ret, t))
			return false;
	return true;
}

static bool
answer(const struct bp_msg *request, struct bp_http *http,
    const struct bp_json *doc, const struct bp_listener *to,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(BP_KEYS_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf scopes =
	    BP_BUF_INIT(BP_OFFERED_MAX);
	struct bp_text issuer = request->field[BP_F_ISSUER];
	struct bp_msg m = { BP_MSG_PROVIDER, .asked = request->type };
	uint32_t date = bp_http_date(http);	/* of the document */
	char lent[BP_DECIMAL_MAX];

	bp_msg_give(&m, BP_F_ISSUER, issuer);
	if (!check_issuer(doc, issuer, reterr) ||
	    !give_endpoints(doc, issuer, &m, reterr) ||
	    !bp_fetch_keys(http, m.field[BP_F_JWKS_URI], &keys, reterr))
		return false;
	give_promise(doc, &m);
	if (put_scopes(doc, &scopes))
		bp_msg_give(&m, BP_F_SCOPES_OFFERED, bp_buf_text(&scopes));
	if (date != 0)
		bp_msg_give_number(&m, BP_F_DATE, date, lent);
	bp_msg_give(&m, BP_F_KEYS, bp_buf_text(&keys));
	return bp_say(to, &m, reterr);
}

bool
bp_discover(const struct bp_msg *request, const struct bp_listener *to,
    struct bp_failure *reterr)
{
	BP_AUTO(bp_http_close) struct bp_http *http = NULL;
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf url = BP_BUF_INIT(ADDRESS_MAX);
	struct bp_why *why = &reterr->why;

	return address_of(request->field[BP_F_ISSUER], &url, why) &&
	    bp_http_open(request, &http, why) &&
	    bp_fetch_json(http, BP_FETCH_DISCOVERY, bp_buf_text(&url),
	    bp_text_of(""), &doc, why) &&
	    answer(request, http, doc, to, why);
}
