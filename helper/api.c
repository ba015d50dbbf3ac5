/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/api.h"

#include <inttypes.h>
#include <stdio.h>

#include "helper/challenge.h"
#include "helper/form.h"
#include "helper/json.h"
#include "wire/list.h"
#include "wire/mailbox.h"
#include "wire/person.h"

void
bp_api_user_done(struct bp_api_user *user)
{
	bp_buf_done(&user->id);
	bp_buf_done(&user->email);
	bp_buf_done(&user->roles);
}

/* One question, and whom it is about: a log line of a failure has no more. */
struct inquiry {
	const struct bp_api	*api;
	const char		*path;	/* behind which the person is named */
	bool			 by_id;
	struct bp_text		 whom;	/* as it is compared */
	bool			 is_list;	/* or of all users */
	struct bp_why		*reterr;
};

static bool
write_address(const struct inquiry *q, struct bp_text whom,
    struct bp_buf *ret)
{
	struct bp_text base = q->api->url;

	if (base.len > 0 && base.at[base.len - 1] == '/')
		base.len--;
	return bp_buf_put(ret, base) && bp_buf_say(ret, "/api/") &&
	    bp_buf_put(ret, q->api->company) &&
	    bp_buf_say(ret, "/Users/") && bp_buf_say(ret, q->path) &&
	    bp_form_encode_percent(whom, ret);
}

/* What it says no by; of the others nothing is known of the person. */
static const struct {
	long			 status;
	enum bp_wire_reason	 reason;
} refusals[] = {
	{ 401, BP_WIRE_API_TOKEN },
	{ 403, BP_WIRE_API_FORBIDDEN },
	{ 404, BP_WIRE_API_NO_USER },
};

static bool
check_status(const struct inquiry *q, const struct bp_http_answer *answer)
{
	enum bp_wire_reason reason = BP_WIRE_STATUS;
	struct bp_text error;

	if (answer->status == 200)
		return true;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].status == answer->status)
			reason = refusals[i].reason;
	/* a path that is not there says nothing of anybody */
	if (reason == BP_WIRE_API_NO_USER && q->is_list)
		reason = BP_WIRE_STATUS;
	if (!bp_challenge_error(bp_buf_text(&answer->challenge), &error))
		return bp_why(q->reterr, reason, "public API: status %ld at "
		    "%.*s, which names no error, of \"%.*s\"",
		    answer->status, BP_SHOWN(q->api->url), BP_SHOWN(q->whom));
	return bp_why(q->reterr, reason,
	    "public API: status %ld at %.*s, error \"%.*s\", of \"%.*s\"",
	    answer->status, BP_SHOWN(q->api->url), BP_SHOWN(error),
	    BP_SHOWN(q->whom));
}

/* 429: too many requests, which passes. */
static bool
get(const struct inquiry *q, struct bp_text url, struct bp_http_answer *ret)
{
	static const uint32_t waits[] = { 1, 3, 5, 15, 30 };	/* seconds */
	const struct bp_api *api = q->api;
	size_t i = 0;

	do {
		bp_http_done(ret);
		if (!bp_http_get(api->http, url, BP_ACCEPT_JSON, api->token,
		    ret, q->reterr))
			return false;
	} while (ret->status == 429 && i < sizeof(waits) / sizeof(waits[0]) &&
	    bp_http_wait(api->http, waits[i++]));
	return check_status(q, ret);
}

/* Always false: WHAT is the matter with the answer. */
static bool
no(const struct inquiry *q, enum bp_wire_reason reason, const char *what)
{
	return bp_why(q->reterr, reason, "public API: %s, of \"%.*s\"", what,
	    BP_SHOWN(q->whom));
}

/* The one user in DOC, whichever shape it has. */
static bool
find_user(const struct inquiry *q, const struct bp_json *doc,
    const struct bp_json **ret)
{
	const struct bp_json *list = bp_json_is_array(doc) ? doc
	    : bp_json_member(doc, "data");

	*ret = list == NULL ? doc : bp_json_first(list);
	if (list != NULL && !bp_json_is_array(list))
		return no(q, BP_WIRE_BODY, "data is no array");
	if (*ret == NULL)
		return no(q, BP_WIRE_API_NO_USER, "a list of nobody");
	if (list != NULL && bp_json_next(*ret) != NULL)
		return no(q, BP_WIRE_API_USERS, "a list of several");
	return bp_json_is_object(*ret) ||
	    no(q, BP_WIRE_BODY, "a user is no object");
}

/* What a path cannot hold as it is, spelt %2E or not, is none. */
static bool
is_id(struct bp_text t)
{
	return t.len > 0 && t.len <= BP_API_ID_MAX &&
	    bp_text_is_printable(t) && !bp_text_is(t, ".") &&
	    !bp_text_is(t, "..");
}

/* A number that JSON says exactly (RFC 8259 6) is its digits. */
static bool
read_id(const struct bp_json *id, struct bp_buf *ret)
{
	static const double end = 1e15;
	struct bp_text t;
	char digits[24];
	double d;

	if (bp_json_string(id, &t))
		return is_id(t) && bp_buf_put(ret, t);
	if (!bp_json_number(id, &d) || d < 0 || d >= end ||
	    (double)(int64_t)d < d)
		return false;
	(void)snprintf(digits, sizeof(digits), "%" PRId64, (int64_t)d);
	return bp_buf_say(ret, digits);
}

static bool
read_email(const struct inquiry *q, const struct bp_json *user,
    struct bp_buf *ret)
{
	struct bp_text email;

	if (!bp_json_string(bp_json_member(user, "email"), &email))
		return no(q, BP_WIRE_API_OTHER,
		    "email of the user is no string");
	return bp_mailbox_put(email, ret) || bp_why(q->reterr,
	    BP_WIRE_API_OTHER, "public API: email of the user is \"%.*s\", "
	    "which is none, of \"%.*s\"", BP_SHOWN(email),
	    BP_SHOWN(q->whom));
}

static bool
is_whom(const struct inquiry *q, const struct bp_api_user *user)
{
	struct bp_text is = bp_buf_text(q->by_id ? &user->id : &user->email);

	return bp_text_same(is, q->whom) || bp_why(q->reterr,
	    BP_WIRE_API_OTHER, "public API: %s of the user is \"%.*s\", "
	    "not \"%.*s\"", q->by_id ? "id" : "email", BP_SHOWN(is),
	    BP_SHOWN(q->whom));
}

static bool
add_role(const struct bp_json *role, struct bp_buf *ret)
{
	struct bp_text t;

	return bp_json_string(role, &t) && t.len <= BP_ITEM_MAX &&
	    bp_text_is_printable(t) && bp_list_add(ret, t);
}

/* A string is one role, whatever stands in it. */
static bool
list_roles(const struct bp_json *role, enum bp_claim_kind kind,
    struct bp_buf *ret)
{
	if (!bp_list_start(ret))
		return false;
	if (kind == BP_CLAIM_STRING)
		return add_role(role, ret);
	for (role = bp_json_first(role); role != NULL;
	    role = bp_json_next(role))
		if (!add_role(role, ret))
			return false;
	return bp_list_count(bp_buf_text(ret)) <= BP_API_ROLE_COUNT_MAX;
}

static bool
read_roles(const struct bp_json *role, struct bp_api_user *ret)
{
	enum bp_claim_kind kind = bp_json_kind(role);

	if (kind != BP_CLAIM_ABSENT && kind != BP_CLAIM_STRING &&
	    kind != BP_CLAIM_STRINGS)
		return bp_why(&ret->lack, BP_WIRE_API_ROLE_TYPE, "public API: "
		    "the user's role is no string and no list of strings");
	return list_roles(role, kind, &ret->roles) || bp_why(&ret->lack,
	    BP_WIRE_CLAIMS_LONG, "public API: the user has more than "
	    BP_SPELT(BP_API_ROLE_COUNT_MAX) " roles, or one that is longer "
	    "than " BP_SPELT(BP_ITEM_MAX) " bytes or does not print");
}

/* Of what is refused nothing is left over to be taken for the whole. */
static void
read_rest(const struct bp_json *user, struct bp_api_user *ret)
{
	if (!read_roles(bp_json_member(user, "role"), ret))
		ret->roles.len = 0;
	if (ret->id.len == 0)
		(void)!bp_why(&ret->lack, BP_WIRE_BODY, "public API: the "
		    "user's id is no printable string of at most "
		    BP_SPELT(BP_API_ID_MAX) " bytes, and no whole number");
}

/* Who it is comes before what he is. */
static bool
judge(const struct inquiry *q, const struct bp_json *user,
    struct bp_api_user *ret)
{
	if (!read_id(bp_json_member(user, "id"), &ret->id))
		ret->id.len = 0;
	if (!read_email(q, user, &ret->email) || !is_whom(q, ret))
		return false;
	if (bp_json_kind(bp_json_member(user, "active")) != BP_CLAIM_TRUE)
		return no(q, BP_WIRE_API_INACTIVE,
		    "active of the user is not true");
	read_rest(user, ret);
	return true;
}

/* WHOM as it is sent. */
static bool
fetch(const struct inquiry *q, struct bp_text whom, struct bp_json **ret)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf url = BP_BUF_INIT(BP_HTTP_URL_MAX);
	const char *wrong;

	if (!write_address(q, whom, &url))
		return bp_why(q->reterr, BP_WIRE_HELPER_BROKEN,
		    "no room for the public API's address");
	return get(q, bp_buf_text(&url), &answer) &&
	    (bp_json_parse_any(bp_buf_text(&answer.body), ret, &wrong) ||
	    no(q, BP_WIRE_BODY, wrong));
}

static bool
ask(const struct inquiry *q, struct bp_text whom, struct bp_api_user *ret)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	const struct bp_json *user;

	return fetch(q, whom, &doc) && find_user(q, doc, &user) &&
	    judge(q, user, ret);
}

bool
bp_api_by_email(const struct bp_api *api, struct bp_text email,
    struct bp_api_user *ret, struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf whom =
	    BP_BUF_INIT(BP_MAILBOX_MAX);
	struct inquiry q = { .api = api, .path = "GetByEmail?email=",
	    .reterr = reterr };

	if (!bp_mailbox_put(email, &whom))
		return bp_why(reterr, BP_WIRE_API_EMAIL,
		    "public API: \"%.*s\" is no e-mail address",
		    BP_SHOWN(email));
	q.whom = bp_buf_text(&whom);
	return ask(&q, email, ret);
}

bool
bp_api_by_id(const struct bp_api *api, struct bp_text id,
    struct bp_api_user *ret, struct bp_why *reterr)
{
	const struct inquiry q = { .api = api, .path = "GetById/",
	    .by_id = true, .whom = id, .reterr = reterr };

	if (!is_id(id))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "public API: \"%.*s\" can be no user's id",
		    BP_SHOWN(id));
	return ask(&q, id, ret);
}

/* What of a user is of no use is left empty: nobody is asked for here. */
static bool
list_user(const struct inquiry *q, const struct bp_json *user,
    struct bp_buf *ret)
{
	BP_AUTO(bp_api_user_done) struct bp_api_user u = BP_API_USER_INIT;
	struct bp_person p = { 0 };
	struct bp_text email;

	if (!bp_json_is_object(user))
		return no(q, BP_WIRE_BODY, "a user is no object");
	if (!read_id(bp_json_member(user, "id"), &u.id))
		u.id.len = 0;
	if (!bp_json_string(bp_json_member(user, "email"), &email) ||
	    !bp_mailbox_put(email, &u.email))
		u.email.len = 0;
	p.id = bp_buf_text(&u.id);
	p.email = bp_buf_text(&u.email);
	p.is_active = bp_json_kind(bp_json_member(user, "active")) ==
	    BP_CLAIM_TRUE;
	p.has_roles = read_roles(bp_json_member(user, "role"), &u);
	return (bp_person_put(ret, &p, bp_buf_text(&u.roles)) &&
	    bp_list_count(bp_buf_text(ret)) <= BP_USERS_ITEM_COUNT_MAX) ||
	    no(q, BP_WIRE_BODY, "more users than go into "
	    BP_SPELT(BP_USERS_MAX) " bytes, or " BP_SPELT(
	    BP_USERS_ITEM_COUNT_MAX) " values, so none of them is told");
}

bool
bp_api_list(const struct bp_api *api, struct bp_buf *ret,
    struct bp_why *reterr)
{
	const struct inquiry q = { .api = api, .path = "List",
	    .whom = bp_text_of("all users"), .is_list = true,
	    .reterr = reterr };
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	const struct bp_json *list, *user;

	if (!fetch(&q, bp_text_of(""), &doc))
		return false;
	list = bp_json_is_array(doc) ? doc : bp_json_member(doc, "data");
	if (!bp_json_is_array(list))
		return no(&q, BP_WIRE_BODY, "neither a list nor one in data");
	if (!bp_list_start(ret))
		return no(&q, BP_WIRE_HELPER_BROKEN, "no memory");
	for (user = bp_json_first(list); user != NULL;
	    user = bp_json_next(user))
		if (!list_user(&q, user, ret))
			return false;
	return true;
}
