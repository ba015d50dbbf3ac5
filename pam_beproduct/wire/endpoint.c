/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/endpoint.h"
#include "wire/origin.h"

const struct bp_endpoint bp_endpoints[BP_ENDPOINTS] = {
	{ "authorization_endpoint", BP_F_AUTHORIZATION_ENDPOINT, true },
	{ "token_endpoint", BP_F_TOKEN_ENDPOINT, true },
	{ "userinfo_endpoint", BP_F_USERINFO_ENDPOINT, true },
	{ "jwks_uri", BP_F_JWKS_URI, true },
	{ "revocation_endpoint", BP_F_REVOCATION_ENDPOINT, false },
	{ "end_session_endpoint", BP_F_END_SESSION_ENDPOINT, false },
};

static bool
is_of(const struct bp_msg *m, const struct bp_endpoint *e,
    struct bp_text issuer)
{
	return m->given[e->field] ? bp_origin_is_of(m->field[e->field], issuer)
	    : !e->is_needed;
}

bool
bp_endpoints_are_of(const struct bp_msg *m, struct bp_text issuer)
{
	for (size_t i = 0; i < BP_ENDPOINTS; i++)
		if (!is_of(m, &bp_endpoints[i], issuer))
			return false;
	return true;
}
