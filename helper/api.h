/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * api.h - BeProduct's public API: who is a user of this company, and with
 * which roles?
 *
 * Runs in: the helper.  Trusts: the module, for whose API and company it is;
 * nothing in an answer.
 *
 * The access token goes to this address and nowhere else: there are no
 * redirects (http.h).
 */
#ifndef BP_HELPER_API_H
#define BP_HELPER_API_H

#include "helper/http.h"

/* Whom to ask, and as whom; borrows all of it. */
struct bp_api {
	struct bp_http	*http;
	struct bp_text	 url;		/* the API's own, https */
	struct bp_text	 company;	/* one segment of a path */
	struct bp_text	 token;		/* the person's, or this host's */
};

/*
 * An active user.  LACK says what of the answer is of no use, where something
 * is, in words of ours alone:
 *
 * BP_WIRE_BODY           id is neither a printable string of 1 to
 *                        BP_API_ID_MAX bytes that can stand in a path, nor a
 *                        whole number below 10^15
 * BP_WIRE_API_ROLE_TYPE  role is neither absent nor a string nor an array of
 *                        strings
 * BP_WIRE_CLAIMS_LONG    more than BP_API_ROLE_COUNT_MAX roles, or one of more
 *                        than BP_ITEM_MAX bytes or that does not print
 */
struct bp_api_user {
	struct bp_buf	 id;		/* empty: of no use */
	struct bp_buf	 email;		/* as it is compared (mailbox.h) */
	struct bp_buf	 roles;		/* a list; empty: of no use */
	struct bp_why	 lack;
};
#define BP_API_USER_INIT	{ .id = BP_BUF_INIT(BP_API_ID_MAX),	\
    .email = BP_BUF_INIT(BP_MAILBOX_MAX),				\
    .roles = BP_BUF_INIT(BP_API_ROLES_MAX) }
void	bp_api_user_done(struct bp_api_user *user);

/*
 * The one user of the company with the address EMAIL, who is active and has
 * this very address (mailbox.h).  The answer is an object, an array, or an
 * object that has the array as `data`.  Asked again after 1, 3, 5, 15 and 30 s
 * while it says 429 and there is time.  On false RET is of no use.
 *
 * BP_WIRE_API_EMAIL      EMAIL is no address
 * BP_WIRE_API_TOKEN      401
 * BP_WIRE_API_FORBIDDEN  403
 * BP_WIRE_API_NO_USER    404, or an array of nobody
 * BP_WIRE_API_USERS      several
 * BP_WIRE_API_INACTIVE   `active` is not true
 * BP_WIRE_API_OTHER      `email` is another, or none
 * BP_WIRE_STATUS         any other status than 200, 429 to the last among them
 * BP_WIRE_BODY           not strict JSON, or of another shape
 * else                   as bp_http_get()
 */
BP_MUST_USE bool bp_api_by_email(const struct bp_api *api,
    struct bp_text email, struct bp_api_user *ret, struct bp_why *reterr);

/*
 * The same with this very ID, and any address that is one.
 *
 * BP_WIRE_HELPER_BROKEN  ID can be none
 * BP_WIRE_API_OTHER      `id` is another, or `email` is none
 */
BP_MUST_USE bool bp_api_by_id(const struct bp_api *api, struct bp_text id,
    struct bp_api_user *ret, struct bp_why *reterr);

/*
 * All users, as wire/person.h has them, into RET, an empty buffer of at most
 * BP_USERS_MAX bytes.  Nobody here knows of pages: what does not go into one
 * answer, or into RET, is refused whole.  On false RET is of no use.
 *
 * BP_WIRE_BODY  also where it is longer than BP_BODY_MAX or RET may be
 * else          as bp_api_by_email() has it, of 404 BP_WIRE_STATUS
 */
BP_MUST_USE bool bp_api_list(const struct bp_api *api, struct bp_buf *ret,
    struct bp_why *reterr);

#endif
