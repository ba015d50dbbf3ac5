/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * api.h - BeProduct's public API: is somebody a user of this company?
 *
 * Runs in: the helper.  Trusts: the module, for whose API and company it is;
 * nothing in an answer.
 *
 * The person's access token goes to this address and nowhere else: there are
 * no redirects (http.h).
 */
#ifndef BP_HELPER_API_H
#define BP_HELPER_API_H

#include "helper/http.h"

/* Whom to ask, and as whom; borrows all of it. */
struct bp_api {
	struct bp_http	*http;
	struct bp_text	 url;		/* the API's own, https */
	struct bp_text	 company;	/* one segment of a path */
	struct bp_text	 token;		/* the person's */
};

/*
 * Does the company have exactly one user with the address EMAIL, active, and
 * with this very address (mailbox.h)?  The answer is an object, an array, or
 * an object that has the array as `data`.  Asked again after 1, 3, 5, 15 and
 * 30 s while it says 429 and there is time.
 *
 * BP_WIRE_API_EMAIL      EMAIL is no address
 * BP_WIRE_API_TOKEN      401
 * BP_WIRE_API_FORBIDDEN  403
 * BP_WIRE_API_NO_USER    404, or an array of nobody
 * BP_WIRE_API_USERS      several
 * BP_WIRE_API_INACTIVE   `active` is not true
 * BP_WIRE_API_OTHER      `email` is another, or no string
 * BP_WIRE_STATUS         any other status than 200, 429 to the last among them
 * BP_WIRE_BODY           not strict JSON, or of another shape
 * else                   as bp_http_get()
 */
BP_MUST_USE bool bp_api_check_user(const struct bp_api *api,
    struct bp_text email, struct bp_why *reterr);

#endif
