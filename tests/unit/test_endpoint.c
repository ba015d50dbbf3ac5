/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/endpoint.h"

#define ISSUER	"https://id.example/ids"

/* One endpoint elsewhere, by its place in the table; -1: none. */
static const struct elsewhere {
	const char	*name;
	int		 which;
	const char	*url;
	bool		 ok;
} rows[] = {
	{ "all of the origin", -1, "", true },
	{ "authorization elsewhere", 0, "https://evil.example/a", false },
	{ "token elsewhere", 1, "https://evil.example/a", false },
	{ "UserInfo elsewhere", 2, "https://id.example:8443/a", false },
	{ "keys elsewhere", 3, "http://id.example/a", false },
	{ "keys that are empty", 3, "", false },
	{ "keys missing", 3, NULL, false },
	{ "revocation elsewhere", 4, "https://evil.example/a", false },
	{ "revocation missing", 4, NULL, true },
	{ "the end of sessions elsewhere", 5, "https://evil.example/a",
	    false },
	{ "the end of sessions missing", 5, NULL, true },
};

ROWS(rows, are_of_the_issuer_or_not)
{
	const struct elsewhere *row = *state;
	struct bp_msg m = { .type = BP_MSG_PROVIDER };

	for (int i = 0; i < BP_ENDPOINTS; i++)
		if (i != row->which || row->url != NULL)
			bp_msg_give(&m, bp_endpoints[i].field, bp_text_of(
			    i == row->which ? row->url : ISSUER "/x"));
	assert_int_equal(bp_endpoints_are_of(&m, bp_text_of(ISSUER)),
	    row->ok);
}

TEST(they_are_all_that_a_record_has)
{
	static const char *const names[] = { "authorization_endpoint",
	    "token_endpoint", "userinfo_endpoint", "jwks_uri",
	    "revocation_endpoint", "end_session_endpoint" };

	(void)state;
	for (size_t i = 0; i < BP_ENDPOINTS; i++)
		assert_string_equal(bp_endpoints[i].name, names[i]);
}

RUN(NULL, NULL)
