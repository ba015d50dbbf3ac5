/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/pkce.h"

static const struct vector {
	const char *name, *verifier, *challenge;
} vectors[] = {
	{ "RFC 7636, appendix B",
	    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" },
	{ "FIPS 180-4, one block", "abc",
	    "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0" },
	{ "FIPS 180-4, two blocks",
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "JI1qYdIGOLjlwCaTDD5gOaM85Flk_yFn9uzt1BnbBsE" },
};

ROWS(vectors, has_this_challenge)
{
	const struct vector *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_CHALLENGE_LEN);

	assert_true(bp_pkce_challenge(bp_text_of(row->verifier), &b));
	assert_true(bp_text_is(bp_buf_text(&b), row->challenge));
}

TEST(without_room_there_is_none)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_CHALLENGE_LEN);

	(void)state;
	assert_true(bp_buf_say(&b, "x"));
	assert_false(bp_pkce_challenge(bp_text_of("abc"), &b));
	assert_true(bp_text_is(bp_buf_text(&b), "x"));
}

RUN(NULL, NULL)
