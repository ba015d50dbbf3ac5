/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sign_in.h - who signed in: from what the token endpoint is sent to a CLAIMS
 * message.  OIDC Core 3.1.3 (token), 12 (refresh), 5.3 (UserInfo).
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record and
 * of what comes from the provider nothing.
 *
 *	BP_AUTO(bp_sign_in_done) struct bp_sign_in s = BP_SIGN_IN_INIT;
 *
 *	return (bp_sign_in_start(&s, request, why) && ... &&
 *	    bp_sign_in_exchange(&s, form, why) &&
 *	    bp_sign_in_claims(&s, to, why)) || bp_sign_in_fail(&s, failure);
 */
#ifndef BP_HELPER_REQUEST_SIGN_IN_H
#define BP_HELPER_REQUEST_SIGN_IN_H

#include "helper/client.h"
#include "helper/fetch.h"
#include "helper/grant.h"
#include "helper/say.h"
#include "helper/token.h"

/* With a token, or a code, of which each byte is spelt in three. */
enum { BP_TOKEN_FORM_MAX = 3 * BP_TOKEN_MAX + 32 * 1024 };

/* A sign-in on its way; the request and the record are borrowed. */
struct bp_sign_in {
	const struct bp_msg	*request;
	struct bp_msg		 record;
	struct bp_http		*http;
	struct bp_buf		 spent;		/* a code that is exchanged */
	struct bp_buf		 basic;		/* credentials for a header */
	struct bp_grant		 grant;
	struct bp_buf		 keys;		/* fetched anew */
	bool			 record_stale;
	struct bp_buf		 payload;	/* of the id_token, verified */
	struct bp_json		*id_token, *userinfo;
	struct bp_text		 sub;
	bool			 at_api;	/* the provider is done with */
};
#define BP_SIGN_IN_INIT	{ .spent = BP_BUF_INIT(BP_LINE_MAX),		\
    .basic = BP_BUF_INIT(BP_BASIC_MAX),					\
    .grant = BP_GRANT_INIT, .keys = BP_BUF_INIT(BP_KEYS_MAX),		\
    .payload = BP_BUF_INIT(BP_TOKEN_MAX) }
void	bp_sign_in_done(struct bp_sign_in *s);

/*
 * Begin with REQUEST, which has client, record, nonce, scopes and the claims
 * that are wanted.  Nothing is sent.
 *
 * BP_WIRE_RECORD_BAD  no PROVIDER message, or an endpoint of another origin
 */
BP_MUST_USE bool bp_sign_in_start(struct bp_sign_in *s,
    const struct bp_msg *request, struct bp_why *reterr);

/*
 * Send FORM and the client's credentials to the endpoint that FIELD of the
 * record names: once, whatever breaks.
 *
 * As http.h has it.
 */
BP_MUST_USE bool bp_sign_in_post(struct bp_sign_in *s, enum bp_field field,
    struct bp_buf *form, struct bp_http_answer *ret, struct bp_why *reterr);

/*
 * The same, of a grant (RFC 6749 4.1.3, 6) to the token endpoint: a code, and
 * many a refresh token, has one use.
 *
 * BP_WIRE_CODE_REFUSED     invalid_grant, of a sign-in
 * BP_WIRE_RENEWAL_REFUSED  the same of a renewal
 * else                     as http.h and grant.h have it
 */
BP_MUST_USE bool bp_sign_in_exchange(struct bp_sign_in *s,
    struct bp_buf *form, struct bp_why *reterr);

/*
 * The same, of the request's refresh token: a grant from which no id_token is
 * wanted where none is looked at, in a LOOK_UP.
 */
BP_MUST_USE bool bp_sign_in_refresh(struct bp_sign_in *s,
    struct bp_why *reterr);

/*
 * Does no word of M that is decided upon, shown or kept hold a secret?
 *
 * BP_WIRE_CLAIMS_SECRET  sub, a scope, a claim that is wanted, or what the
 *                        public API says holds the client's secret, what was
 *                        spent, or a token
 */
BP_MUST_USE bool bp_sign_in_keeps_secrets(const struct bp_sign_in *s,
    const struct bp_msg *m, struct bp_why *reterr);

/*
 * Say CLAIMS, of tokens that were exchanged; with the tokens themselves where
 * the request wants them, but that of a renewal.  Where no key of the record
 * fits the id_token the keys are fetched again, once; record_stale is set from
 * then on.  Where they cannot be fetched, that is the reason: the token may be
 * good.  Where the request has an api_url, the public
 * API is asked last, for the address that counts (mailbox.h); its id and roles
 * are left out where they are of no use, and the detail says why: not everybody
 * needs them.
 *
 * BP_WIRE_USERINFO_SUB   UserInfo is about another, or says not about whom
 * BP_WIRE_API_EMAIL      the documents disagree about it, or have none
 * else                   as above, and as fetch.h, token.h, id_token.h,
 *                        claims.h and api.h have it
 */
BP_MUST_USE bool bp_sign_in_claims(struct bp_sign_in *s,
    const struct bp_listener *to, struct bp_why *reterr);

/*
 * Always false: what RETERR, which has the reason already, tells besides.  Of
 * its detail all is hidden that tells of this sign-in's secrets, whoever
 * repeated them.  The record is stale also where an address of it (the public
 * API's is none) could not be connected to, or answered with 404 or 410.
 */
BP_MUST_USE bool bp_sign_in_fail(const struct bp_sign_in *s,
    struct bp_failure *reterr);

#endif
