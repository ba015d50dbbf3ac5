/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/discover.h"

#include "support/fake_http.h"
#include "support/hear.h"

#define ISSUER	"https://id.example/ids"
#define KEYS	ISSUER "/jwks"
#define R8(x)	x x x x x x x x
#define N2048	R8("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv") "vvvvAQ"
#define DOC(issuer, authorize, token, userinfo, jwks)			\
	"{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\""	\
	authorize "\",\"token_endpoint\":\"" token "\","		\
	"\"userinfo_endpoint\":\"" userinfo "\",\"jwks_uri\":\"" jwks "\"}"
#define A	ISSUER "/a"
#define T	ISSUER "/t"
#define U	ISSUER "/u"
#define EVIL	"https://id.evil/x"

static const struct row {
	const char *name, *doc;
	enum bp_wire_reason reason;	/* NONE: a record */
} rows[] = {
	{ "all of it", DOC(ISSUER, A, T, U, KEYS), BP_WIRE_NONE },
	{ "another issuer", DOC("https://id.evil/ids", A, T, U, KEYS),
	    BP_WIRE_DISCOVERY_ISSUER },
	{ "the issuer and a slash", DOC(ISSUER "/", A, T, U, KEYS),
	    BP_WIRE_DISCOVERY_ISSUER },
	{ "no issuer", "{}", BP_WIRE_DISCOVERY_ISSUER },
	{ "another's authorization endpoint", DOC(ISSUER, EVIL, T, U, KEYS),
	    BP_WIRE_DISCOVERY_ENDPOINT },
	{ "another's token endpoint", DOC(ISSUER, A, EVIL, U, KEYS),
	    BP_WIRE_DISCOVERY_ENDPOINT },
	{ "another's UserInfo", DOC(ISSUER, A, T, EVIL, KEYS),
	    BP_WIRE_DISCOVERY_ENDPOINT },
	{ "another's keys", DOC(ISSUER, A, T, U, EVIL),
	    BP_WIRE_DISCOVERY_ENDPOINT },
	{ "a token endpoint of plain http",
	    DOC(ISSUER, A, "http://id.example/t", U, KEYS),
	    BP_WIRE_DISCOVERY_ENDPOINT },
};

ROWS(rows, is_a_record_or_refused)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg request = { .type = BP_MSG_DISCOVER }, m;
	const struct bp_listener to = listener(&b);
	struct bp_failure failure = { 0 };

	pages[0] = (struct page){
	    ISSUER "/.well-known/openid-configuration", row->doc };
	pages[1] = (struct page){ KEYS, "{\"keys\":[{\"kty\":\"RSA\","
	    "\"kid\":\"k\",\"e\":\"AQAB\",\"n\":\"" N2048 "\"}]}" };
	memset(asked, 0, sizeof(asked));
	bp_msg_give(&request, BP_F_ISSUER, bp_text_of(ISSUER));
	bp_msg_give(&request, BP_F_TIME_LEFT, bp_text_of("1000"));
	assert_int_equal(bp_discover(&request, &to, &failure),
	    row->reason == BP_WIRE_NONE);
	assert_int_equal(failure.why.reason, row->reason);
	/* of a document that is refused nothing is asked */
	assert_int_equal(asked[1], row->reason == BP_WIRE_NONE);
	if (row->reason != BP_WIRE_NONE) {
		assert_int_equal(b.len, 0);
		return;
	}
	assert_true(read_framed(bp_buf_text(&b), &m));
	assert_int_equal(m.type, BP_MSG_PROVIDER);
	assert_true(bp_text_is(m.field[BP_F_TOKEN_ENDPOINT], T));
}

RUN(NULL, NULL)
