/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/request/discover.h"
#include "wire/list.h"

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

#define WITH(scopes)	"{\"scopes_supported\":" scopes "," \
	"\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" A \
	"\",\"token_endpoint\":\"" T "\",\"userinfo_endpoint\":\"" U \
	"\",\"jwks_uri\":\"" KEYS "\"}"
#define S64	"ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
#define MANY4	"\"" S64 "\",\"" S64 "\",\"" S64 "\",\"" S64 "\""
#define MANY32	R8(MANY4 ",")

static const struct offer {
	const char *name, *doc;
	uint32_t date;
	int n;				/* -1: no list of them */
} offers[] = {
	{ "two scopes", WITH("[\"openid\",\"email\"]"), 1764547200, 2 },
	{ "none", WITH("[]"), 1, 0 },
	{ "no list", WITH("\"openid\""), 0, -1 },
	{ "a number among them", WITH("[\"openid\",1]"), 0, -1 },
	{ "nothing said", DOC(ISSUER, A, T, U, KEYS), 0, -1 },
	{ "one that does not print", WITH("[\"a\\u001bb\"]"), 0, -1 },
	{ "one that is too long", WITH("[\"" S64 S64 S64 S64 "\"]"), 0, -1 },
	{ "more bytes than may be sent", WITH("[" MANY32 MANY32 MANY32 MANY32
	    "\"s\"]"), 0, -1 },
	{ "more than may be sent", WITH("[" R8(R8("\"s\",\"s\",")) "\"s\"]"),
	    0, -1 },
	{ "as many as may be sent", WITH("[" R8("\"s\",\"s\",\"s\",\"s\","
	    "\"s\",\"s\",\"s\",") R8(R8("\"s\",")) "\"s\",\"s\",\"s\",\"s\","
	    "\"s\",\"s\",\"s\",\"s\"]"), 0, 128 },
};

ROWS(offers, and_a_date_are_passed_on_where_they_can_be)
{
	const struct offer *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg request = { .type = BP_MSG_DISCOVER }, m;
	const struct bp_listener to = listener(&b);
	struct bp_failure failure = { 0 };

	date = row->date;
	pages[0] = (struct page){
	    ISSUER "/.well-known/openid-configuration", row->doc };
	pages[1] = (struct page){ KEYS, "{\"keys\":[{\"kty\":\"RSA\","
	    "\"kid\":\"k\",\"e\":\"AQAB\",\"n\":\"" N2048 "\"}]}" };
	bp_msg_give(&request, BP_F_ISSUER, bp_text_of(ISSUER));
	bp_msg_give(&request, BP_F_TIME_LEFT, bp_text_of("1000"));
	assert_true(bp_discover(&request, &to, &failure));
	assert_true(read_framed(bp_buf_text(&b), &m));
	assert_int_equal(m.given[BP_F_DATE], row->date != 0);
	assert_true(bp_msg_number(&m, BP_F_DATE) == row->date);
	assert_int_equal(m.given[BP_F_SCOPES_OFFERED], row->n >= 0);
	if (row->n >= 0)
		assert_int_equal(bp_list_count(
		    m.field[BP_F_SCOPES_OFFERED]), row->n);
}

RUN(NULL, NULL)
