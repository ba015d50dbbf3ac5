/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refusal.h - what an endpoint for clients says no by (RFC 6749 5.2, and with
 * it RFC 7009 2.2.1).
 *
 * Runs in: the helper.  Trusts: nothing.
 */
#ifndef BP_HELPER_REFUSAL_H
#define BP_HELPER_REFUSAL_H

#include "helper/http.h"
#include "helper/json.h"

struct bp_refusal {
	const char		*endpoint;	/* in the log's words */
	enum bp_wire_reason	 grant;		/* invalid_grant */
	enum bp_wire_reason	 other;		/* an error of no client's */
};

/* Of these nothing is heard but that they are: 429 and 5xx. */
bool	bp_refusal_is_overload(const struct bp_http_answer *answer);

/*
 * Always false: what ANSWER, which is none of 200 alone, means.  DOC is its
 * body; NULL where that is no JSON, or is not heard.
 *
 * BP_WIRE_CLIENT_REFUSED  an error about this host's client
 * AS's own                any other string `error`
 * BP_WIRE_STATUS          none, and another status than 200
 * BP_WIRE_BODY            200, with an error that is no string
 */
BP_MUST_USE bool bp_refusal(const struct bp_refusal *as,
    const struct bp_http_answer *answer, const struct bp_json *doc,
    struct bp_why *reterr);

#endif
