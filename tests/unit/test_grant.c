/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/grant.h"
#include "helper/token.h"

#define A	"\"access_token\":\"at\""
#define I	"\"id_token\":\"a.b.c\""
#define B	"\"token_type\":\"Bearer\""
#define GOOD	A "," I "," B
#define R(token)	"\"refresh_token\":\"" token "\""

static bool has_id_token = true;	/* one is expected */

static bool
read_grant(long status, struct bp_text body, struct bp_grant *ret,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(64);
	struct bp_http_answer answer = BP_HTTP_ANSWER_INIT;
	bool ok;

	(void)put_texts((const char *[]){ "openid", "roles" }, 2, &scopes);
	answer.url = bp_text_of("https://id.example/token");
	answer.status = status;
	assert_true(bp_buf_put(&answer.body, body));
	ok = bp_grant_read(&answer, &(struct bp_grant_expect){
	    .scopes = bp_buf_text(&scopes), .refused = BP_WIRE_CODE_REFUSED,
	    .has_id_token = has_id_token }, ret, reterr);
	bp_buf_done(&answer.body);
	return ok;
}

static const struct granted {
	const char *name, *body;
	const char *scopes[4];
} granted[] = {
	{ "no scope: what was asked for", "{" GOOD "}", { "openid", "roles" } },
	{ "an Error that is none", "{" GOOD ",\"Error\":\"x\"}",
	    { "openid", "roles" } },
	{ "members that nobody knows", "{" GOOD ",\"expires_in\":\"soon\","
	    "\"x\":[{}],\"refresh_token\":null}", { "openid", "roles" } },
	{ "less than asked for", "{" GOOD ",\"scope\":\"openid\"}",
	    { "openid" } },
	{ "more than asked for", "{" GOOD ",\"scope\":\"a b c\"}",
	    { "a", "b", "c" } },
	{ "no scope at all",	"{" GOOD ",\"scope\":\"\"}",	{ NULL } },
	{ "spaces too many",	"{" GOOD ",\"scope\":\" a  b \"}",
	    { "a", "b" } },
	{ "commas are no spaces", "{" GOOD ",\"scope\":\"a,b\"}", { "a,b" } },
	{ "bearer in any case",	"{" A "," I ",\"token_type\":\"bEARER\"}",
	    { "openid", "roles" } },
};

ROWS(granted, is_granted)
{
	const struct granted *row = *state;
	BP_AUTO(bp_grant_done) struct bp_grant g = BP_GRANT_INIT;
	struct bp_list list;
	struct bp_text each;
	struct bp_why why;
	size_t n = 0;

	assert_true(read_grant(200, bp_text_of(row->body), &g, &why));
	assert_true(bp_text_is(g.access_token, "at"));
	assert_true(bp_text_is(g.id_token, "a.b.c"));
	list = bp_list_of(bp_buf_text(&g.scopes));
	for (; bp_list_next(&list, &each); n++)
		assert_true(row->scopes[n] != NULL &&
		    bp_text_is(each, row->scopes[n]));
	assert_null(row->scopes[n]);
}

static const struct refused {
	const char *name;
	long status;
	const char *body;
	enum bp_wire_reason reason;
	const char *detail;
} refused[] = {
	{ "a code that is refused", 400, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_CODE_REFUSED, "\"invalid_grant\", status 400" },
	{ "the same with 401",	401, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_CODE_REFUSED, "status 401" },
	{ "a client that is refused", 400, "{\"error\":\"invalid_client\"}",
	    BP_WIRE_CLIENT_REFUSED, "\"invalid_client\"" },
	{ "the same with 401, too", 401, "{\"error\":\"invalid_client\"}",
	    BP_WIRE_CLIENT_REFUSED, "status 401" },
	{ "a client without the grant", 400,
	    "{\"error\":\"unauthorized_client\"}",
	    BP_WIRE_CLIENT_REFUSED, "\"unauthorized_client\"" },
	{ "a scope that is refused", 400, "{\"error\":\"invalid_scope\"}",
	    BP_WIRE_CLIENT_REFUSED, "\"invalid_scope\"" },
	{ "a grant of another kind", 400,
	    "{\"error\":\"unsupported_grant_type\"}",
	    BP_WIRE_CLIENT_REFUSED, "\"unsupported_grant_type\"" },
	{ "a disabled person",	400, "{\"error\":\"access_denied\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"access_denied\"" },
	{ "an error nobody knows", 403, "{\"error\":\"x\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"x\", status 403" },
	{ "an error in capitals", 400, "{\"error\":\"INVALID_GRANT\"}",
	    BP_WIRE_PROVIDER_REFUSED, "INVALID_GRANT" },
	{ "an error that begins so", 400, "{\"error\":\"invalid_grant2\"}",
	    BP_WIRE_PROVIDER_REFUSED, "invalid_grant2" },
	{ "an empty error",	400, "{\"error\":\"\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"\"" },
	{ "a redirect with an error", 302, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_CODE_REFUSED, "302" },
	{ "words are shown to nobody", 400,
	    "{\"error\":\"x\",\"error_description\":\"secret\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"x\"" },
	{ "an error that does not print", 400, "{\"error\":\"\\u001b[2J\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"?[2J\"" },
	{ "too many requests",	429, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_STATUS, "429" },
	{ "down, whatever it says", 503, "{\"error\":\"invalid_client\"}",
	    BP_WIRE_STATUS, "503" },
	{ "500",		500, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_STATUS, "500" },
	{ "599",		599, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_STATUS, "599" },
	{ "400 and no JSON",	400, "Bad Request", BP_WIRE_STATUS, "400" },
	{ "400 and nothing",	400, "",	BP_WIRE_STATUS, "400" },
	{ "400 and no error",	400, "{}",	BP_WIRE_STATUS, "400" },
	{ "400 and no string",	400, "{\"error\":[\"invalid_grant\"]}",
	    BP_WIRE_STATUS, "400" },
	{ "400 and two errors",	400, "{\"error\":\"x\",\"error\":\"y\"}",
	    BP_WIRE_STATUS, "400" },
	{ "404",		404, "<html>",	BP_WIRE_STATUS,
	    "status 404 at https://id.example/token" },
	{ "201 with all of it",	201, "{" GOOD "}", BP_WIRE_STATUS, "201" },
	{ "a redirect",		302, "",	BP_WIRE_STATUS, "302" },
	{ "no status",		0, "",		BP_WIRE_STATUS, "0" },
	{ "200 and nothing",	200, "",	BP_WIRE_BODY, "token resp" },
	{ "200 and no JSON",	200, "<html>",	BP_WIRE_BODY, "token resp" },
	{ "200 and a list",	200, "[]",	BP_WIRE_BODY, "token resp" },
	{ "cut off",		200, "{" GOOD,	BP_WIRE_BODY, "token resp" },
	{ "something behind it", 200, "{" GOOD "}x", BP_WIRE_BODY, "behind" },
	{ "a token twice",	200, "{" GOOD "," A "}", BP_WIRE_BODY,
	    "twice" },
	{ "a form, as some answer", 200, "access_token=at&id_token=a.b.c",
	    BP_WIRE_BODY, "token resp" },
	{ "200 and an error",	200, "{\"error\":\"invalid_grant\"}",
	    BP_WIRE_CODE_REFUSED, "\"invalid_grant\", status 200" },
	{ "200, all of it, and an error", 200,
	    "{" GOOD ",\"error\":\"access_denied\"}",
	    BP_WIRE_PROVIDER_REFUSED, "\"access_denied\", status 200" },
	{ "200, an error, and all of it", 200,
	    "{\"error\":\"invalid_client\"," GOOD "}",
	    BP_WIRE_CLIENT_REFUSED, "\"invalid_client\", status 200" },
	{ "200, all of it, and an empty error", 200,
	    "{" GOOD ",\"error\":\"\"}", BP_WIRE_PROVIDER_REFUSED,
	    "error \"\"" },
	{ "200, all of it, and null for an error", 200,
	    "{" GOOD ",\"error\":null}", BP_WIRE_BODY, "no string" },
	{ "200, all of it, and false for an error", 200,
	    "{" GOOD ",\"error\":false}", BP_WIRE_BODY, "no string" },
	{ "200, all of it, and an error that is an object", 200,
	    "{" GOOD ",\"error\":{\"code\":1}}", BP_WIRE_BODY, "no string" },
	{ "no access_token",	200, "{" I "," B "}",
	    BP_WIRE_TOKEN_MISSING, "no string access_token" },
	{ "no id_token",	200, "{" A "," B "}",
	    BP_WIRE_TOKEN_MISSING, "no string id_token" },
	{ "null for a token",	200, "{" A "," B ",\"id_token\":null}",
	    BP_WIRE_TOKEN_MISSING, "no string id_token" },
	{ "an object for a token", 200, "{" I "," B ",\"access_token\":{}}",
	    BP_WIRE_TOKEN_MISSING, "no string access_token" },
	{ "an empty id_token",	200, "{" A "," B ",\"id_token\":\"\"}",
	    BP_WIRE_TOKEN_MISSING, "id_token of 0 bytes" },
	{ "an empty access_token", 200, "{" I "," B ",\"access_token\":\"\"}",
	    BP_WIRE_TOKEN_MISSING, "access_token of 0 bytes" },
	{ "a header in a token", 200,
	    "{" I "," B ",\"access_token\":\"a\\r\\nX: y\"}",
	    BP_WIRE_TOKEN_MISSING, "access_token of 7 bytes" },
	{ "a space in a token",	200, "{" I "," B ",\"access_token\":\"a b\"}",
	    BP_WIRE_TOKEN_MISSING, "access_token of 3 bytes" },
	{ "no token_type",	200, "{" A "," I "}", BP_WIRE_TOKEN_TYPE,
	    "token_type" },
	{ "another token_type",	200, "{" A "," I ",\"token_type\":\"DPoP\"}",
	    BP_WIRE_TOKEN_TYPE, "token_type" },
	{ "one that begins so",	200,
	    "{" A "," I ",\"token_type\":\"Bearer2\"}", BP_WIRE_TOKEN_TYPE,
	    "token_type" },
	{ "half a token_type",	200, "{" A "," I ",\"token_type\":\"Bear\"}",
	    BP_WIRE_TOKEN_TYPE, "token_type" },
	{ "a list of types",	200,
	    "{" A "," I ",\"token_type\":[\"Bearer\"]}", BP_WIRE_TOKEN_TYPE,
	    "token_type" },
	{ "scopes in a list",	200, "{" GOOD ",\"scope\":[\"openid\"]}",
	    BP_WIRE_BODY, "scope" },
	{ "null for a scope",	200, "{" GOOD ",\"scope\":null}",
	    BP_WIRE_BODY, "scope" },
	{ "a scope that does not print", 200,
	    "{" GOOD ",\"scope\":\"a\\u001b\"}", BP_WIRE_BODY, "scope" },
	{ "a tab between scopes", 200, "{" GOOD ",\"scope\":\"a\\tb\"}",
	    BP_WIRE_BODY, "scope" },
};

ROWS(refused, is_refused_for_a_reason)
{
	const struct refused *row = *state;
	BP_AUTO(bp_grant_done) struct bp_grant g = BP_GRANT_INIT;
	struct bp_why why = { .reason = BP_WIRE_NONE };

	assert_false(read_grant(row->status, bp_text_of(row->body), &g, &why));
	assert_int_equal(why.reason, row->reason);
	assert_non_null(strstr(why.detail, row->detail));
	assert_null(strstr(why.detail, "secret"));
}

/* So that nothing shows them: also what is refused, and of no use. */
static const struct noted {
	const char *name;
	long status;
	const char *body;
	const char *access_token, *id_token, *refresh_token;
	const char *next_token;		/* which is to be kept */
} noted[] = {
	{ "all three", 200, "{" GOOD "," R("rt") "}", "at", "a.b.c", "rt",
	    "rt" },
	{ "beside an error", 400, "{\"error\":\"rt\"," R("rt") "," A "}",
	    "at", "", "rt", "" },
	{ "beside an error with 200", 200, "{" GOOD "," R("rt")
	    ",\"error\":\"x\"}", "at", "a.b.c", "rt", "" },
	{ "beside no more than null for an error", 200, "{" GOOD "," R("rt")
	    ",\"error\":null}", "at", "a.b.c", "rt", "" },
	{ "with 201", 201, "{" GOOD "," R("rt") "}", "at", "a.b.c", "rt",
	    "" },
	{ "which are none", 200, "{\"access_token\":\"a b\",\"id_token\":1}",
	    "a b", "", "", "" },
	{ "and the refresh token alone", 200, "{" R("rt") "}", "", "", "rt",
	    "rt" },
	{ "beside no Bearer", 200, "{" A "," I "," R("rt") "}", "at",
	    "a.b.c", "rt", "rt" },
	{ "of which the refresh token cannot be one", 200,
	    "{" GOOD "," R("r t") "}", "at", "a.b.c", "r t", "" },
	{ "of an answer that is none", 200, "{" GOOD "}x", "", "", "", "" },
};

ROWS(noted, are_noted_whatever_comes_of_it)
{
	const struct noted *row = *state;
	BP_AUTO(bp_grant_done) struct bp_grant g = BP_GRANT_INIT;
	struct bp_why why;

	(void)!read_grant(row->status, bp_text_of(row->body), &g, &why);
	assert_true(bp_text_is(g.access_token, row->access_token));
	assert_true(bp_text_is(g.id_token, row->id_token));
	assert_true(bp_text_is(g.refresh_token, row->refresh_token));
	assert_true(bp_text_is(g.next_token, row->next_token));
}

static const struct load {
	const char *name, *head, *each, *tail;
	size_t n;
	enum bp_wire_reason reason;	/* NONE: it is granted */
} loads[] = {
	{ "the longest token", "{" I "," B ",\"access_token\":\"", "x", "\"}",
	    BP_TOKEN_MAX, BP_WIRE_NONE },
	{ "a token too long", "{" I "," B ",\"access_token\":\"", "x", "\"}",
	    BP_TOKEN_MAX + 1, BP_WIRE_TOKEN_MISSING },
	{ "an id_token too long", "{" A "," B ",\"id_token\":\"", "x", "\"}",
	    BP_TOKEN_MAX + 1, BP_WIRE_TOKEN_MISSING },
	{ "the most scopes", "{" GOOD ",\"scope\":\"", "x ", "\"}", 128,
	    BP_WIRE_NONE },
	{ "a scope too many", "{" GOOD ",\"scope\":\"", "x ", "\"}", 129,
	    BP_WIRE_BODY },
	{ "the longest scope", "{" GOOD ",\"scope\":\"", "x", "\"}", 255,
	    BP_WIRE_NONE },
	{ "a scope too long", "{" GOOD ",\"scope\":\"", "x", "\"}", 256,
	    BP_WIRE_BODY },
};

ROWS(loads, fits_or_not)
{
	const struct load *row = *state;
	BP_AUTO(bp_grant_done) struct bp_grant g = BP_GRANT_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf body = BP_BUF_INIT(256 * 1024);
	struct bp_why why = { .reason = BP_WIRE_NONE };

	assert_true(bp_buf_say(&body, row->head));
	for (size_t i = 0; i < row->n; i++)
		assert_true(bp_buf_say(&body, row->each));
	assert_true(bp_buf_say(&body, row->tail));
	assert_int_equal(read_grant(200, bp_buf_text(&body), &g, &why),
	    row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
}

/* For the public API alone: who it is nobody asks. */
TEST(an_id_token_that_nobody_looks_at_may_be_missing)
{
	static const char *const bodies[] = { "{" A "," B "}",
	    "{" A "," B ",\"id_token\":null}", "{" GOOD "}" };

	(void)state;
	has_id_token = false;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		BP_AUTO(bp_grant_done) struct bp_grant g = BP_GRANT_INIT;
		struct bp_why why;

		assert_true(read_grant(200, bp_text_of(bodies[i]), &g, &why));
		assert_true(bp_text_is(g.access_token, "at"));
	}
	has_id_token = true;
}

RUN(NULL, NULL)
