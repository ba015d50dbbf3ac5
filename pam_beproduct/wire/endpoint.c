/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/endpoint.h"
#include "wire/origin.h"

const struct bp_endpoint bp_endpoints[BP_ENDPOINTS] = {
	{ "authorization_endpoint", BP_F_AUTHORIZATION_ENDPOINT },
	{ "token_endpoint", BP_F_TOKEN_ENDPOINT },
	{ "userinfo_endpoint", BP_F_USERINFO_ENDPOINT },
	{ "jwks_uri", BP_F_JWKS_URI },
};

bool
bp_endpoints_are_of(const struct bp_msg *m, struct bp_text issuer)
{
	for (size_t i = 0; i < BP_ENDPOINTS; i++)
		if (!bp_origin_is_of(m->field[bp_endpoints[i].field], issuer))
			return false;
	return true;
}
