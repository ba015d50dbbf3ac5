/*
 * redeem.h - the request REDEEM: from the pasted line to claims.  OIDC Core
 * 3.1.3 (token), 5.3 (UserInfo); RFC 6749 4.1.3; RFC 9207.
 *
 * Runs in: the helper.  Trusts: the module that asks, and of the record, of
 * the line and of what comes from the provider nothing.
 */
#ifndef BP_HELPER_REQUEST_REDEEM_H
#define BP_HELPER_REQUEST_REDEEM_H

#include "helper/serve.h"

/*
 * Append a CLAIMS message to RET.  The code is sent at most once, whatever
 * breaks.  Where no key of the record fits the id_token the keys are fetched
 * again, once; RETERR has record_stale from then on.  Where they cannot be
 * fetched, that is the reason: the token may be good.
 *
 * BP_WIRE_RECORD_BAD    no PROVIDER message, or an endpoint of another origin
 * BP_WIRE_USERINFO_SUB  UserInfo is about another, or says not about whom
 * else                  as callback.h, fetch.h, grant.h, token.h, id_token.h
 *                       and claims.h have it
 */
BP_MUST_USE bool bp_redeem(const struct bp_msg *request, struct bp_buf *ret,
    struct bp_failure *reterr);

#endif
