/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/api.h"

#include "support/fake_http.h"
#include "wire/list.h"
#include "wire/person.h"

#define BASE	"https://api.example"
#define AT	"?email=al%40x.example"
#define FOUND	BASE "/api/acme/Users/GetByEmail" AT
#define EMAIL	"al@x.example"
#define USER(email, active) "{\"id\":\"1\",\"email\":" email \
	",\"username\":\"al\",\"active\":" active "}"
#define AL	USER("\"" EMAIL "\"", "true")
#define DATA(list)	"{\"kind\":\"User\",\"data\":" list "}"

static const struct answered {
	const char *name, *body, *email;	/* NULL: EMAIL */
	long status;				/* 0: 200 */
	enum bp_wire_reason reason;		/* NONE: a user */
	const char *detail;
} answers[] = {
	{ "a user", AL, NULL, 0, 0, "" },
	{ "a list of a user", "[" AL "]", NULL, 0, 0, "" },
	{ "a user in data", DATA("[" AL "]"), NULL, 0, 0, "" },
	{ "a user in data without a kind", "{\"data\":[" AL "]}", NULL, 0, 0,
	    "" },
	{ "members in any order and more of them", "{\"active\":true,\"x\":1,"
	    "\"email\":\"" EMAIL "\"}", NULL, 0, 0, "" },
	{ "its domain in capitals there", USER("\"al@X.Example\"", "true"),
	    NULL, 0, 0, "" },
	{ "its domain in capitals here", AL, "al@X.EXAMPLE", 0, 0, "" },

	{ "another address", USER("\"bo@x.example\"", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "\"bo@x.example\"" },
	{ "its name in capitals", USER("\"Al@x.example\"", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "\"Al@x.example\"" },
	{ "an address that begins so", USER("\"" EMAIL "x\"", "true"), NULL,
	    0, BP_WIRE_API_OTHER, "\"al@x.examplex\"" },
	{ "an address with a blank", USER("\"" EMAIL " \"", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "" },
	{ "an empty address", USER("\"\"", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "" },
	{ "no address", "{\"active\":true}", NULL, 0, BP_WIRE_API_OTHER,
	    "no string" },
	{ "an address of null", USER("null", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "no string" },
	{ "a list of the address", USER("[\"" EMAIL "\"]", "true"), NULL, 0,
	    BP_WIRE_API_OTHER, "no string" },
	{ "an address of another case", "{\"Email\":\"" EMAIL
	    "\",\"active\":true}", NULL, 0, BP_WIRE_API_OTHER, "no string" },
	{ "an object of nothing", "{}", NULL, 0, BP_WIRE_API_OTHER,
	    "no string" },

	{ "inactive", USER("\"" EMAIL "\"", "false"), NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "inactive in data", DATA("[" USER("\"" EMAIL "\"", "false") "]"),
	    NULL, 0, BP_WIRE_API_INACTIVE, "not true" },
	{ "active as a string", USER("\"" EMAIL "\"", "\"true\""), NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "active by 1", USER("\"" EMAIL "\"", "1"), NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "active by null", USER("\"" EMAIL "\"", "null"), NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "active by a list", USER("\"" EMAIL "\"", "[true]"), NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "active unsaid", "{\"email\":\"" EMAIL "\"}", NULL, 0,
	    BP_WIRE_API_INACTIVE, "not true" },
	{ "active twice", "{\"email\":\"" EMAIL "\",\"active\":true,"
	    "\"active\":false}", NULL, 0, BP_WIRE_BODY, "" },

	{ "a list of nobody", "[]", NULL, 0, BP_WIRE_API_NO_USER, "nobody" },
	{ "nobody in data", DATA("[]"), NULL, 0, BP_WIRE_API_NO_USER,
	    "nobody" },
	{ "two users", "[" AL "," AL "]", NULL, 0, BP_WIRE_API_USERS,
	    "several" },
	{ "two users in data", DATA("[" AL "," USER("\"b@c\"", "true") "]"),
	    NULL, 0, BP_WIRE_API_USERS, "several" },
	{ "a user and null", "[" AL ",null]", NULL, 0, BP_WIRE_API_USERS,
	    "several" },
	{ "a list of null", "[null]", NULL, 0, BP_WIRE_BODY, "no object" },
	{ "a list of a list", "[[" AL "]]", NULL, 0, BP_WIRE_BODY,
	    "no object" },
	{ "a list of a string", "[\"" EMAIL "\"]", NULL, 0, BP_WIRE_BODY,
	    "no object" },
	{ "data of a user", DATA(AL), NULL, 0, BP_WIRE_BODY, "no array" },
	{ "data of null", DATA("null"), NULL, 0, BP_WIRE_BODY, "no array" },
	{ "data of null beside a user", "{\"data\":null,\"email\":\"" EMAIL
	    "\",\"active\":true}", NULL, 0, BP_WIRE_BODY, "no array" },
	{ "null", "null", NULL, 0, BP_WIRE_BODY, "" },
	{ "true", "true", NULL, 0, BP_WIRE_BODY, "" },
	{ "a string", "\"" EMAIL "\"", NULL, 0, BP_WIRE_BODY, "" },
	{ "no JSON", "<html>", NULL, 0, BP_WIRE_BODY, "" },
	{ "nothing", "", NULL, 0, BP_WIRE_BODY, "" },
	{ "a user and more", AL "x", NULL, 0, BP_WIRE_BODY, "" },
	{ "two lists", "[" AL "][]", NULL, 0, BP_WIRE_BODY, "" },

	{ "a token that is refused", AL, NULL, 401, BP_WIRE_API_TOKEN,
	    "status 401" },
	{ "a company of others", AL, NULL, 403, BP_WIRE_API_FORBIDDEN,
	    "status 403" },
	{ "a user that is not found", AL, NULL, 404, BP_WIRE_API_NO_USER,
	    "status 404 at " BASE },
	{ "an API that is down", AL, NULL, 503, BP_WIRE_STATUS,
	    "status 503" },
	{ "an API that moved", AL, NULL, 302, BP_WIRE_STATUS, "status 302" },
	{ "no content", "", NULL, 204, BP_WIRE_STATUS, "status 204" },
	{ "a user that was made", AL, NULL, 201, BP_WIRE_STATUS,
	    "status 201" },
	{ "an API that is gone", AL, NULL, 410, BP_WIRE_STATUS,
	    "status 410" },
	{ "no address to ask for", AL, "", 0, BP_WIRE_API_EMAIL, "" },
	{ "two addresses to ask for", AL, "a@b@c", 0, BP_WIRE_API_EMAIL,
	    "\"a@b@c\" is no" },
};

static struct bp_api
api_at(const char *url)
{
	struct bp_api api = { .url = bp_text_of(url),
	    .company = BP_TEXT("acme"), .token = BP_TEXT("token") };
	const struct bp_msg request = { .type = BP_MSG_REDEEM };
	struct bp_why why;

	assert_true(bp_http_open(&request, &api.http, &why));
	memset(asked, 0, sizeof(asked));
	memset(statuses, 0, sizeof(statuses));
	busy = patience = waited = 0;
	return api;
}

ROWS(answers, is_a_user_of_the_company_or_none)
{
	const struct answered *row = *state;
	const struct bp_api api = api_at(BASE);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why = { .reason = BP_WIRE_NONE };
	bool is_domain = row->email != NULL && row->reason == 0;

	pages[0] = (struct page){ is_domain
	    ? BASE "/api/acme/Users/GetByEmail?email=al%40X.EXAMPLE" : FOUND,
	    row->body };
	statuses[0] = row->status;
	assert_int_equal(bp_api_by_email(&api, bp_text_of(row->email != NULL
	    ? row->email : EMAIL), &user, &why), row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(asked[0], row->reason != BP_WIRE_API_EMAIL);
	if (row->reason == BP_WIRE_NONE) {
		assert_true(bp_text_is(bp_buf_text(&user.email), EMAIL));
		return;
	}
	assert_non_null(strstr(why.detail, row->detail));
	assert_null(strstr(why.detail, "token"));
}

#define MOST	"123456789012345678901234567890123456789012345678901234567890" \
	"12345678901234567890123456789012345678901234567890123456789012345678"
#define ROLE	"\"123456789012345678901234567890123456789012345678901234567" \
	"8901234567890123456789012345678901234567890123456789012345678901234" \
	"5678901234567890123456789012345678901234567890123456789012345678901" \
	"23456789012345678901234567890123456789012345678901234567890123"
#define TENS	",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\""
#define NINE	"\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\",\"r\""
#define MANY	NINE TENS TENS TENS TENS TENS

/* Of an active user, besides the address. */
static const struct told {
	const char *name, *members, *id;	/* "": of no use */
	enum bp_wire_reason lack;
	const char *roles[3];
	uint32_t n;				/* of roles */
} tells[] = {
	{ "an id", "\"id\":\"a1\"", "a1", 0, { 0 }, 0 },
	{ "an id of a number", "\"id\":17", "17", 0, { 0 }, 0 },
	{ "an id of zero", "\"id\":0", "0", 0, { 0 }, 0 },
	{ "the largest number", "\"id\":999999999999999", "999999999999999",
	    0, { 0 }, 0 },
	{ "a number that is whole", "\"id\":12.0e1", "120", 0, { 0 }, 0 },
	{ "the longest id", "\"id\":\"" MOST "\"", MOST, 0, { 0 }, 0 },
	{ "an id with blanks and marks", "\"id\":\"\u00fc / ?.\"",
	    "\xc3\xbc / ?.", 0, { 0 }, 0 },
	{ "an id of three dots", "\"id\":\"...\"", "...", 0, { 0 }, 0 },

	{ "no id", "\"x\":1", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "an id in capitals", "\"ID\":\"a\"", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "an empty id", "\"id\":\"\"", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "an id of null", "\"id\":null", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "an id of true", "\"id\":true", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "a list of an id", "\"id\":[\"a\"]", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "an id too long", "\"id\":\"" MOST "9\"", "", BP_WIRE_BODY, { 0 },
	    0 },
	{ "an id that does not print", "\"id\":\"a\\u0007\"", "",
	    BP_WIRE_BODY, { 0 }, 0 },
	{ "an id that turns the line", "\"id\":\"a\\u202eb\"", "",
	    BP_WIRE_BODY, { 0 }, 0 },
	{ "this very folder", "\"id\":\".\"", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "the folder above", "\"id\":\"..\"", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "half a number", "\"id\":1.5", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "a number below zero", "\"id\":-1", "", BP_WIRE_BODY, { 0 }, 0 },
	{ "a number too large", "\"id\":1000000000000000", "", BP_WIRE_BODY,
	    { 0 }, 0 },

	{ "no role", "\"id\":1", "1", 0, { 0 }, 0 },
	{ "a role", "\"id\":1,\"role\":\"a\"", "1", 0, { "a" }, 1 },
	{ "a role with commas", "\"id\":1,\"role\":\"a, b,c\"", "1", 0,
	    { "a, b,c" }, 1 },
	{ "an empty role", "\"id\":1,\"role\":\"\"", "1", 0, { "" }, 1 },
	{ "a list of no role", "\"id\":1,\"role\":[]", "1", 0, { 0 }, 0 },
	{ "a list of roles", "\"id\":1,\"role\":[\"b\",\"a\",\"a,b\"]", "1",
	    0, { "b", "a", "a,b" }, 3 },
	{ "a member behind the role", "\"role\":\"a\",\"id\":\"b\"", "b", 0,
	    { "a" }, 1 },
	{ "roles under another name", "\"id\":1,\"roles\":[\"a\"]", "1", 0,
	    { 0 }, 0 },
	{ "as many roles as may be", "\"id\":1,\"role\":[\"a\"," MANY "]",
	    "1", 0, { "a", "r", "r" }, 60 },
	{ "the longest role", "\"id\":1,\"role\":" ROLE "45\"", "1", 0,
	    { 0 }, 1 },

	{ "a role of null", "\"id\":1,\"role\":null", "1",
	    BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a role of a number", "\"id\":1,\"role\":1", "1",
	    BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a role of true", "\"id\":1,\"role\":true", "1",
	    BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a role of an object", "\"id\":1,\"role\":{\"a\":\"b\"}", "1",
	    BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a list with a number", "\"id\":1,\"role\":[\"a\",1]", "1",
	    BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a list of objects", "\"id\":1,\"role\":[{\"roleName\":\"a\"}]",
	    "1", BP_WIRE_API_ROLE_TYPE, { 0 }, 0 },
	{ "a role too many", "\"id\":1,\"role\":[\"a\",\"b\"," MANY "]",
	    "1", BP_WIRE_CLAIMS_LONG, { 0 }, 0 },
	{ "a role too long", "\"id\":1,\"role\":" ROLE "456\"", "1",
	    BP_WIRE_CLAIMS_LONG, { 0 }, 0 },
	{ "a long one among others", "\"id\":1,\"role\":[\"a\"," ROLE
	    "456\"]", "1", BP_WIRE_CLAIMS_LONG, { 0 }, 0 },
	{ "a role that does not print", "\"id\":1,\"role\":\"a\\u0007\"",
	    "1", BP_WIRE_CLAIMS_LONG, { 0 }, 0 },
	{ "neither id nor role", "\"role\":null", "", BP_WIRE_BODY, { 0 },
	    0 },
};

static void
assert_roles(const struct told *row, struct bp_text roles)
{
	struct bp_list list = bp_list_of(roles);
	struct bp_text t;

	/* what is of no use is no empty list */
	assert_int_equal(roles.len > 0, strstr(row->name, "neither") == NULL &&
	    (row->lack == 0 || row->lack == BP_WIRE_BODY));
	assert_int_equal(bp_list_count(roles), row->n);
	for (size_t i = 0; i < 3 && row->roles[i] != NULL; i++)
		assert_true(bp_list_next(&list, &t) &&
		    bp_text_is(t, row->roles[i]));
}

ROWS(tells, is_told_of_a_user)
{
	const struct told *row = *state;
	const struct bp_api api = api_at(BASE);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why = { .reason = BP_WIRE_NONE };
	char body[4096];

	(void)snprintf(body, sizeof(body), "{\"email\":\"" EMAIL
	    "\",\"active\":true,%s}", row->members);
	pages[0] = (struct page){ FOUND, body };
	assert_true(bp_api_by_email(&api, bp_text_of(EMAIL), &user, &why));
	assert_true(bp_text_is(bp_buf_text(&user.id), row->id));
	assert_int_equal(user.lack.reason, row->lack);
	assert_int_equal(user.lack.detail[0] != '\0', row->lack != 0);
	if (row->n > 0 && row->roles[0] == NULL)
		assert_int_equal(user.roles.len, 4 + 4 + 255);
	else
		assert_roles(row, bp_buf_text(&user.roles));
}

/* By id the address may be any: it is the one that counts from now on. */
static const struct identified {
	const char *name, *id, *url, *body;
	enum bp_wire_reason reason;
	const char *detail;		/* of a user, the address */
} identified[] = {
	{ "a user by id", "a1", "a1", "{\"id\":\"a1\",\"email\":\"a@X.example\","
	    "\"active\":true}", 0, "a@x.example" },
	{ "a user of a number", "17", "17", "[{\"id\":17,\"email\":\"a@b\","
	    "\"active\":true}]", 0, "a@b" },
	{ "any letters to ask for", "a b+c/../?x=\xc3\xbc#%2F",
	    "a%20b%2Bc%2F..%2F%3Fx%3D%C3%BC%23%252F", DATA("[{\"id\":"
	    "\"a b+c/../?x=\xc3\xbc#%2F\",\"email\":\"a@b\",\"active\":true}]"),
	    0, "a@b" },
	{ "three dots to ask for", "...", "...", "{\"id\":\"...\","
	    "\"email\":\"a@b\",\"active\":true}", 0, "a@b" },

	{ "another user", "a1", "a1", "{\"id\":\"a2\",\"email\":\"a@b\","
	    "\"active\":true}", BP_WIRE_API_OTHER,
	    "id of the user is \"a2\", not \"a1\"" },
	{ "one whose id begins so", "a1", "a1", "{\"id\":\"a12\","
	    "\"email\":\"a@b\",\"active\":true}", BP_WIRE_API_OTHER, "a12" },
	{ "an id in capitals", "a1", "a1", "{\"id\":\"A1\",\"email\":\"a@b\","
	    "\"active\":true}", BP_WIRE_API_OTHER, "A1" },
	{ "a user without an id", "a1", "a1", "{\"email\":\"a@b\","
	    "\"active\":true}", BP_WIRE_API_OTHER, "is \"\", not" },
	{ "a number that is spelt otherwise", "017", "017", "{\"id\":17,"
	    "\"email\":\"a@b\",\"active\":true}", BP_WIRE_API_OTHER, "17" },
	{ "no address of an id", "a1", "a1", "{\"id\":\"a1\",\"active\":true}",
	    BP_WIRE_API_OTHER, "no string, of \"a1\"" },
	{ "an address of an id that is none", "a1", "a1", "{\"id\":\"a1\","
	    "\"email\":\"a@b@c\",\"active\":true}", BP_WIRE_API_OTHER,
	    "\"a@b@c\", which is none" },
	{ "inactive by id", "a1", "a1", "{\"id\":\"a1\",\"email\":\"a@b\","
	    "\"active\":false,\"role\":null}", BP_WIRE_API_INACTIVE,
	    "not true, of \"a1\"" },
	{ "another who is inactive", "a1", "a1", "{\"id\":\"a2\","
	    "\"email\":\"a@b\",\"active\":false}", BP_WIRE_API_OTHER, "a2" },
	{ "nobody by id", "a1", "a1", "[]", BP_WIRE_API_NO_USER, "of \"a1\"" },

	{ "no id to ask for", "", NULL, "", BP_WIRE_HELPER_BROKEN, "\"\"" },
	{ "this very folder to ask for", ".", NULL, "", BP_WIRE_HELPER_BROKEN,
	    "\".\" can be no" },
	{ "the folder above to ask for", "..", NULL, "", BP_WIRE_HELPER_BROKEN,
	    "\"..\" can be no" },
	{ "an id too long to ask for", MOST "9", NULL, "", BP_WIRE_HELPER_BROKEN, "" },
	{ "an id to ask for that does not print", "a\a", NULL, "",
	    BP_WIRE_HELPER_BROKEN, "" },
};

ROWS(identified, is_the_user_with_this_id_or_none)
{
	const struct identified *row = *state;
	const struct bp_api api = api_at(BASE);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why = { .reason = BP_WIRE_NONE };
	char url[1024];

	(void)snprintf(url, sizeof(url), BASE "/api/acme/Users/GetById/%s",
	    row->url != NULL ? row->url : "");
	pages[0] = (struct page){ url, row->body };
	assert_int_equal(bp_api_by_id(&api, bp_text_of(row->id), &user, &why),
	    row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(asked[0], row->url != NULL);
	assert_true(row->url == NULL || has_bearer[0]);
	if (row->reason != BP_WIRE_NONE) {
		assert_non_null(strstr(why.detail, row->detail));
		return;
	}
	assert_true(bp_text_is(bp_buf_text(&user.id), row->id));
	assert_true(bp_text_is(bp_buf_text(&user.email), row->detail));
}

static const struct addressed {
	const char *name, *base, *email, *url;
} addresses[] = {
	{ "an API below a path", BASE "/v1", EMAIL,
	    BASE "/v1/api/acme/Users/GetByEmail" AT },
	{ "an API with a slash at its end", BASE "/", EMAIL, FOUND },
	{ "an address of any letters", BASE, "a&b=c?#/%+'@x",
	    BASE "/api/acme/Users/GetByEmail"
	    "?email=a%26b%3Dc%3F%23%2F%25%2B%27%40x" },
};

ROWS(addresses, is_asked_at_this_address_with_the_token)
{
	const struct addressed *row = *state;
	const struct bp_api api = api_at(row->base);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why;

	pages[0] = (struct page){ row->url, "[]" };
	has_bearer[0] = false;
	assert_false(bp_api_by_email(&api, bp_text_of(row->email), &user,
	    &why));
	assert_int_equal(why.reason, BP_WIRE_API_NO_USER);
	assert_int_equal(asked[0], 1);
	assert_true(has_bearer[0]);
}

/* Everybody: what of a user is of no use is empty, and he is there. */
#define LISTED	BASE "/api/acme/Users/List"
static const struct listed {
	const char *name, *body;
	long status;
	enum bp_wire_reason reason;	/* NONE: a list of one */
	const char *detail;		/* or id, address, active, roles */
} listed[] = {
	{ "a bare list", "[" AL "]", 0, 0, "1 al@x.example active 0" },
	{ "a list in data", DATA("[" AL "]"), 0, 0,
	    "1 al@x.example active 0" },
	{ "a domain in capitals", "[" USER("\"al@X.Example\"", "true") "]", 0,
	    0, "1 al@x.example active 0" },
	{ "one who is not active", "[" USER("\"" EMAIL "\"", "false") "]",
	    0, 0, "1 al@x.example - 0" },
	{ "active by 1", "[" USER("\"" EMAIL "\"", "1") "]", 0, 0,
	    "1 al@x.example - 0" },
	{ "no address", "[{\"id\":\"1\",\"active\":true}]", 0, 0,
	    "1 - active 0" },
	{ "an address that is none", "[" USER("\"al\"", "true") "]", 0, 0,
	    "1 - active 0" },
	{ "a number for an id", "[{\"id\":1002}]", 0, 0, "1002 - - 0" },
	{ "an id that does not print", "[{\"id\":\"\\u0007\"}]", 0, 0,
	    "- - - 0" },
	{ "an id that a path cannot hold", "[{\"id\":\"..\"}]", 0, 0,
	    "- - - 0" },
	{ "an object of nothing in a list", "[{}]", 0, 0, "- - - 0" },
	{ "one role", "[{\"role\":\"r\"}]", 0, 0, "- - - 1" },
	{ "roles", "[{\"role\":[\"r\",\"s\"]}]", 0, 0, "- - - 2" },
	{ "roles with a number", "[{\"role\":[\"r\",1]}]", 0, 0, "- - - -" },
	{ "a role that does not print", "[{\"role\":\"\\u001b[m\"}]", 0, 0,
	    "- - - -" },
	{ "a role of null", "[{\"role\":null}]", 0, 0, "- - - -" },

	{ "a list that has null", "[" AL ",null]", 0, BP_WIRE_BODY,
	    "a user is no object, of \"all users\"" },
	{ "a user for a list", AL, 0, BP_WIRE_BODY, "neither a list nor" },
	{ "data of a user for a list", DATA(AL), 0, BP_WIRE_BODY,
	    "neither a list nor" },
	{ "null for a list", "null", 0, BP_WIRE_BODY, "" },
	{ "a page for a list", "<html>", 0, BP_WIRE_BODY, "" },
	{ "a list behind a list", "[" AL "][]", 0, BP_WIRE_BODY, "" },
	{ "a list that takes no token", "", 401, BP_WIRE_API_TOKEN,
	    "which names no error" },
	{ "a list that is not for this user", "", 403,
	    BP_WIRE_API_FORBIDDEN, "status 403" },
	{ "a list that is not there", "[]", 404, BP_WIRE_STATUS,
	    "status 404" },
	{ "a list that is down", "[]", 500, BP_WIRE_STATUS, "status 500" },
};

static void
assert_one(struct bp_text users, const char *words)
{
	struct bp_list list = bp_list_of(users);
	char told[512], n[16];
	struct bp_person p;

	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_NEXT);
	(void)snprintf(n, sizeof(n), "%u", p.role_count);
	(void)snprintf(told, sizeof(told), "%.*s %.*s %s %s",
	    p.id.len > 0 ? (int)p.id.len : 1, p.id.len > 0 ? p.id.at : "-",
	    p.email.len > 0 ? (int)p.email.len : 1,
	    p.email.len > 0 ? p.email.at : "-",
	    p.is_active ? "active" : "-", p.has_roles ? n : "-");
	assert_string_equal(told, words);
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_END);
}

ROWS(listed, is_a_list_of_users_or_none)
{
	const struct listed *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf users = BP_BUF_INIT(BP_USERS_MAX);
	const struct bp_api api = api_at(BASE);
	struct bp_why why = { .reason = BP_WIRE_NONE };

	pages[0] = (struct page){ LISTED, row->body };
	statuses[0] = row->status;
	assert_int_equal(bp_api_list(&api, &users, &why),
	    row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(asked[0], 1);
	assert_true(has_bearer[0]);
	if (row->reason == BP_WIRE_NONE)
		assert_one(bp_buf_text(&users), row->detail);
	else if (strstr(why.detail, row->detail) == NULL)
		fail_msg("%s", why.detail);
}

/* No part of them is a list: who is not in it would seem to be nobody. */
static const struct many {
	const char *name, *user;
	unsigned n;
} many[] = {
	{ "more users than go into a message", "{\"id\":\"1234567890123456789"
	    "0123456789012345678901234567890123456789012345678901234567890"
	    "12345678901234567890\"}", 9000 },
	{ "more values than go into a message", "{}", 50000 },
};

ROWS(many, is_no_list)
{
	enum { ROOM = 1048000 };
	const struct many *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf users = BP_BUF_INIT(BP_USERS_MAX);
	const struct bp_api api = api_at(BASE);
	struct bp_why why = { .reason = BP_WIRE_NONE };
	char *body = malloc(ROOM + 3);
	size_t n = 1;

	assert_non_null(body);
	body[0] = '[';
	for (unsigned i = 0; i < row->n; i++)
		n += (size_t)snprintf(body + n, ROOM - n, "%s%s",
		    i > 0 ? "," : "", row->user);
	(void)snprintf(body + n, 2, "]");
	pages[0] = (struct page){ LISTED, body };
	assert_false(bp_api_list(&api, &users, &why));
	assert_int_equal(why.reason, BP_WIRE_BODY);
	assert_non_null(strstr(why.detail, "more users than go into 1047552 "
	    "bytes, or 196608 values, so none of them is told"));
	free(body);
}

static const struct waiting {
	const char *name;
	unsigned busy;			/* answers of 429 */
	uint32_t patience;		/* seconds */
	bool ok;
	unsigned asked;
	uint32_t waited;
} waits[] = {
	{ "not busy", 0, 100, true, 1, 0 },
	{ "busy once", 1, 100, true, 2, 1 },
	{ "busy twice", 2, 100, true, 3, 4 },
	{ "busy five times", 5, 100, true, 6, 54 },
	{ "busy six times", 6, 100, false, 6, 54 },
	{ "busy, and no time", 1, 0, false, 1, 0 },
	{ "busy, and time for two", 9, 8, false, 3, 4 },
};

ROWS(waits, is_asked_again_while_there_is_time)
{
	const struct waiting *row = *state;
	const struct bp_api api = api_at(BASE);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why = { .reason = BP_WIRE_NONE };

	pages[0] = (struct page){ FOUND, AL };
	busy = row->busy;
	patience = row->patience;
	assert_int_equal(bp_api_by_email(&api, bp_text_of(EMAIL), &user,
	    &why), row->ok);
	assert_int_equal(why.reason, row->ok ? BP_WIRE_NONE : BP_WIRE_STATUS);
	assert_int_equal(asked[0], row->asked);
	assert_int_equal(waited, row->waited);
	if (!row->ok)
		assert_non_null(strstr(why.detail, "status 429"));
}

TEST(the_longest_address_of_all_has_room)
{
	char base[BP_URL_MAX + 1] = BASE "/", company[BP_COMPANY_MAX + 1] = "";
	char email[321] = "", url[3000];
	struct bp_api api = api_at(base);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_why why;

	(void)state;
	memset(base + strlen(base), 'b', BP_URL_MAX - strlen(base));
	memset(company, 'c', BP_COMPANY_MAX);
	memset(email, '!', 320);
	email[318] = '@';
	email[319] = 'x';
	api.url = bp_text_of(base);
	api.company = bp_text_of(company);
	(void)snprintf(url, sizeof(url), "%s/api/%s/Users/GetByEmail?email=",
	    base, company);
	for (size_t i = 0; i < 318; i++)
		(void)strcat(url, "%21");
	(void)strcat(url, "%40x");
	pages[0] = (struct page){ url, "[]" };
	assert_false(bp_api_by_email(&api, bp_text_of(email), &user, &why));
	assert_int_equal(why.reason, BP_WIRE_API_NO_USER);
	assert_true(strlen(url) < BP_HTTP_URL_MAX);
}

RUN(NULL, NULL)
