/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callback.h - what the person pasted: the code in it, if it answers us.
 *
 * Runs in: the helper.  Trusts: nothing.  The module has judged the form
 * before; here it is judged again, and decoded.
 *
 * A line is a bare code or a query (wire/line.h).  Of a query's parameters
 * none stands there twice, and none is empty.
 */
#ifndef BP_HELPER_CALLBACK_H
#define BP_HELPER_CALLBACK_H

#include "helper/why.h"

struct bp_callback_expect {
	struct bp_text	 state, issuer;
	bool		 iss_promised;	/* by discovery, RFC 9207 */
};

/*
 * Append the decoded code in LINE to RET, an empty buffer; on false, too,
 * where a query has one: it is nothing to show.
 *
 * BP_WIRE_NO_CODE           neither a bare code nor a query with code or
 *                           error; a value that is empty or does not print
 * BP_WIRE_STATE_WRONG       no state, or another
 * BP_WIRE_CALLBACK_ISS      another iss, RFC 9207 2.4
 * BP_WIRE_ISS_MISSING       no iss, and one was promised
 * BP_WIRE_PROVIDER_REFUSED  error=, whether or not a code stands beside it;
 *                           the detail has its value; of access_denied,
 *                           login_required, consent_required and
 *                           interaction_required the reason of that name
 *
 * Under a wrong state nothing else is believed.
 */
BP_MUST_USE bool bp_callback_read(struct bp_text line,
    const struct bp_callback_expect *expect, struct bp_buf *ret,
    struct bp_why *reterr);

#endif
