/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fetch.h - GET a document of the provider that must be JSON.
 *
 * Runs in: the helper.  Trusts: nothing in it.
 */
#ifndef BP_HELPER_FETCH_H
#define BP_HELPER_FETCH_H

#include "helper/http.h"
#include "helper/json.h"

enum bp_fetch {
	BP_FETCH_DISCOVERY, BP_FETCH_KEYS, BP_FETCH_USERINFO, BP_FETCHES
};

/*
 * GET WHAT from URL, with BEARER if that is not empty; RET owns what came with
 * 200.
 *
 * BP_WIRE_PROVIDER_REFUSED  401 or 403 to a bearer token; the detail has the
 *                           error in its WWW-Authenticate
 * BP_WIRE_STATUS            any other status than 200; the detail has URL
 * BP_WIRE_BODY              not strict JSON with an object at the top
 * else                      as bp_http_get()
 */
BP_MUST_USE bool bp_fetch_json(struct bp_http *http, enum bp_fetch what,
    struct bp_text url, struct bp_text bearer, struct bp_json **ret,
    struct bp_why *reterr);

/* GET the key set at URL, as bp_jwks_read() gives it, into RET. */
BP_MUST_USE bool bp_fetch_keys(struct bp_http *http, struct bp_text url,
    struct bp_buf *ret, struct bp_why *reterr);

#endif
