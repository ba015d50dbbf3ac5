/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/api.h"

#include "helper/challenge.h"
#include "helper/form.h"
#include "helper/json.h"
#include "wire/mailbox.h"

static bool
write_address(const struct bp_api *api, struct bp_text email,
    struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf query =
	    BP_BUF_INIT(BP_HTTP_URL_MAX);
	struct bp_text base = api->url;

	if (base.len > 0 && base.at[base.len - 1] == '/')
		base.len--;
	return bp_form_add(&query, "email", email) && bp_buf_put(ret, base) &&
	    bp_buf_say(ret, "/api/") && bp_buf_put(ret, api->company) &&
	    bp_buf_say(ret, "/Users/GetByEmail?") &&
	    bp_buf_put(ret, bp_buf_text(&query));
}

/* One question, and whom it is about: a log line of a failure has no more. */
struct inquiry {
	const struct bp_api	*api;
	struct bp_text		 email;		/* as it is compared */
	struct bp_why		*reterr;
};

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
	if (!bp_challenge_error(bp_buf_text(&answer->challenge), &error))
		error = bp_text_of("none");
	return bp_why(q->reterr, reason,
	    "public API: status %ld at %.*s, error \"%.*s\", of \"%.*s\"",
	    answer->status, BP_SHOWN(q->api->url), BP_SHOWN(error),
	    BP_SHOWN(q->email));
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
	    BP_SHOWN(q->email));
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

static bool
has_address(const struct inquiry *q, const struct bp_json *user)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAILBOX_MAX);
	struct bp_text email;

	if (!bp_json_string(bp_json_member(user, "email"), &email))
		return no(q, BP_WIRE_API_OTHER,
		    "email of the user is no string");
	return (bp_mailbox_put(email, &b) &&
	    bp_text_same(bp_buf_text(&b), q->email)) || bp_why(q->reterr,
	    BP_WIRE_API_OTHER, "public API: email of the user is \"%.*s\", "
	    "not \"%.*s\"", BP_SHOWN(email), BP_SHOWN(q->email));
}

static bool
judge(const struct inquiry *q, const struct bp_json *doc)
{
	const struct bp_json *user;

	if (!find_user(q, doc, &user) || !has_address(q, user))
		return false;
	return bp_json_kind(bp_json_member(user, "active")) == BP_CLAIM_TRUE ||
	    no(q, BP_WIRE_API_INACTIVE, "active of the user is not true");
}

bool
bp_api_check_user(const struct bp_api *api, struct bp_text email,
    struct bp_why *reterr)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf wanted =
	    BP_BUF_INIT(BP_MAILBOX_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf url = BP_BUF_INIT(BP_HTTP_URL_MAX);
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	struct inquiry q = { api, { 0 }, reterr };
	const char *wrong;

	if (!bp_mailbox_put(email, &wanted))
		return bp_why(reterr, BP_WIRE_API_EMAIL,
		    "public API: \"%.*s\" is no e-mail address",
		    BP_SHOWN(email));
	if (!write_address(api, email, &url))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "no room for the public API's address");
	q.email = bp_buf_text(&wanted);
	if (!get(&q, bp_buf_text(&url), &answer))
		return false;
	if (!bp_json_parse_any(bp_buf_text(&answer.body), &doc, &wrong))
		return no(&q, BP_WIRE_BODY, wrong);
	return judge(&q, doc);
}
