/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * look_up.h - the requests LOOK_UP and LIST: what the public API says of one
 * user, and of all, by this host's own token (core/service_token.h).
 *
 * Runs in: the module and beproductctl, as root; without PAM.  Trusts:
 * configuration, the token's file; of the answer what the wire lets pass and
 * what is compared here.
 *
 * The access token is used until the API refuses it.  Then
 *
 *   - one process at a time spends the refresh token, and of callers whom
 *     nobody can stop: what a caller of sudo holds he could hold for ever
 *     (`nobodys_sudo_renews_the_token`, in test_look_up)
 *   - there is room for what comes in its place before, and that is kept as
 *     soon as it is there, and else told of in R's unkept
 *     (`the_new_tokens_are_kept_before_the_user_comes`)
 *   - who had to wait looks at the file again before it asks itself
 *     (`who_waited_takes_what_another_brought`), and no other waits for that
 *     (`who_takes_what_another_brought_keeps_nobody_waiting`)
 */
#ifndef BP_ATTEMPT_LOOK_UP_H
#define BP_ATTEMPT_LOOK_UP_H

#include "attempt/request.h"
#include "core/service_token.h"

/* Who is asked about; borrowed.  By the id where there is one. */
struct bp_look_up {
	struct bp_service_place	 place;		/* of the token */
	const char		*run;		/* where turns are taken */
	struct bp_text		 api_id, email;
	bool			 may_renew;	/* the token */
};

/*
 * LOOK_UP.  RET is a USER message about the one who was asked for; it borrows
 * from R until the next request.
 *
 * BP_SERVICE_TOKEN_NONE     there is no token, or it is of another provider,
 *                           client or API
 * BP_SERVICE_TOKEN_REFUSED  by the provider or the API, for good
 * BP_SERVICE_TOKEN_OLD      it is to be renewed, and that cannot be now
 * BP_API_NO_USER, BP_API_USERS, BP_API_INACTIVE, BP_API_OTHER, BP_API_EMAIL,
 * BP_API_ROLE_TYPE, BP_CLAIMS_LONG, BP_CLAIMS_SECRET
 *                           so the API says of who was asked for
 * else                      as bp_service_token_load(), bp_request_provider()
 *                           and bp_request_ask()
 */
BP_MUST_USE bool bp_request_look_up(struct bp_request *r,
    const struct bp_look_up *who, struct bp_msg *ret, enum bp_reason *reterr);

/*
 * LIST.  RET is a USERS message; of HOW who is asked about is not looked at.
 * What is a word about a user of the other one is none here.
 *
 * BP_BODY  also where there are more than come in one answer
 * else     as bp_request_look_up()
 */
BP_MUST_USE bool bp_request_list(struct bp_request *r,
    const struct bp_look_up *how, struct bp_msg *ret,
    enum bp_reason *reterr);

/*
 * Who was looked up, as claims (wire/claim.h) appended to RET.  Enough room is
 * BP_LOOK_UP_CLAIMS_MAX.
 */
enum { BP_LOOK_UP_CLAIMS_MAX = 4 * BP_MAILBOX_MAX };
BP_MUST_USE bool bp_look_up_claims(struct bp_text email, struct bp_buf *ret);

#endif
