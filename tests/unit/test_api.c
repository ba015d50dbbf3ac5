/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/api.h"

#include "support/fake_http.h"

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
	struct bp_why why = { .reason = BP_WIRE_NONE };
	bool is_domain = row->email != NULL && row->reason == 0;

	pages[0] = (struct page){ is_domain
	    ? BASE "/api/acme/Users/GetByEmail?email=al%40X.EXAMPLE" : FOUND,
	    row->body };
	statuses[0] = row->status;
	assert_int_equal(bp_api_check_user(&api, bp_text_of(row->email != NULL
	    ? row->email : EMAIL), &why), row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(asked[0], row->reason != BP_WIRE_API_EMAIL);
	if (row->reason == BP_WIRE_NONE)
		return;
	assert_non_null(strstr(why.detail, row->detail));
	assert_null(strstr(why.detail, "token"));
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
	struct bp_why why;

	pages[0] = (struct page){ row->url, "[]" };
	has_bearer[0] = false;
	assert_false(bp_api_check_user(&api, bp_text_of(row->email), &why));
	assert_int_equal(why.reason, BP_WIRE_API_NO_USER);
	assert_int_equal(asked[0], 1);
	assert_true(has_bearer[0]);
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
	struct bp_why why = { .reason = BP_WIRE_NONE };

	pages[0] = (struct page){ FOUND, AL };
	busy = row->busy;
	patience = row->patience;
	assert_int_equal(bp_api_check_user(&api, bp_text_of(EMAIL), &why),
	    row->ok);
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
	assert_false(bp_api_check_user(&api, bp_text_of(email), &why));
	assert_int_equal(why.reason, BP_WIRE_API_NO_USER);
	assert_true(strlen(url) < BP_HTTP_URL_MAX);
}

RUN(NULL, NULL)
