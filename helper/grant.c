/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/grant.h"

#include <strings.h>

#include "helper/token.h"

void
bp_grant_done(struct bp_grant *grant)
{
	bp_json_free(&grant->doc);
	bp_buf_done(&grant->scopes);
}

/* RFC 6749 5.2 */
static enum bp_wire_reason
reason_of(struct bp_text error)
{
	static const struct bp_why_row errors[] = {
		{ "invalid_grant",		BP_WIRE_CODE_REFUSED },
		{ "invalid_client",		BP_WIRE_CLIENT_REFUSED },
		{ "unauthorized_client",	BP_WIRE_CLIENT_REFUSED },
		{ "invalid_scope",		BP_WIRE_CLIENT_REFUSED },
		{ "unsupported_grant_type",	BP_WIRE_CLIENT_REFUSED },
	};

	return bp_why_of(error, errors, sizeof(errors) / sizeof(errors[0]));
}

static bool
is_overload(long status)
{
	return status == 429 || (status >= 500 && status <= 599);
}

/* Always false.  Whatever else the answer has, and whatever its status. */
static bool
refuse(const struct bp_http_answer *answer, const struct bp_json *error,
    struct bp_why *reterr)
{
	struct bp_text t;

	if (bp_json_string(error, &t))
		return bp_why(reterr, reason_of(t),
		    "token endpoint: error \"%.*s\", status %ld",
		    BP_SHOWN(t), answer->status);
	if (answer->status == 200)
		return bp_why(reterr, BP_WIRE_BODY,
		    "token response: error is no string");
	return bp_why(reterr, BP_WIRE_STATUS,
	    "token endpoint: status %ld at %.*s", answer->status,
	    BP_SHOWN(answer->url));
}

/* An access_token goes into a header: nothing but visible ASCII may. */
static bool
read_token(const struct bp_json *doc, const char *name, struct bp_text *ret,
    struct bp_why *reterr)
{
	const struct bp_json *value = bp_json_member(doc, name);

	if (!bp_json_string(value, ret))
		return bp_why(reterr, BP_WIRE_TOKEN_MISSING,
		    "token response: no string %s", name);
	return (ret->len > 0 && ret->len <= BP_TOKEN_MAX &&
	    bp_text_is_visible(*ret)) || bp_why(reterr, BP_WIRE_TOKEN_MISSING,
	    "token response: %s of %zu bytes cannot be one", name, ret->len);
}

static bool
check_type(const struct bp_json *doc, struct bp_why *reterr)
{
	static const struct bp_text bearer = BP_TEXT("Bearer");
	struct bp_text t;

	return (bp_json_string(bp_json_member(doc, "token_type"), &t) &&
	    t.len == bearer.len &&
	    strncasecmp(t.at, bearer.at, bearer.len) == 0) ||
	    bp_why(reterr, BP_WIRE_TOKEN_TYPE,
	    "token response: token_type is not Bearer");
}

/* RFC 6749 3.3: by single spaces; one too many adds nothing. */
static bool
list_scopes(struct bp_text scope, struct bp_buf *ret)
{
	struct bp_text each;

	if (!bp_list_start(ret))
		return false;
	while (scope.len > 0) {
		(void)bp_text_cut(scope, ' ', &each, &scope);
		if (each.len > 0 && (each.len > BP_ITEM_MAX ||
		    !bp_text_is_visible(each) || !bp_list_add(ret, each)))
			return false;
	}
	return bp_list_count(bp_buf_text(ret)) <= BP_LIST_MAX;
}

static bool
read_scopes(const struct bp_json *doc, struct bp_text asked,
    struct bp_buf *ret, struct bp_why *reterr)
{
	const struct bp_json *value = bp_json_member(doc, "scope");
	struct bp_text scope;

	if (value == NULL)
		return bp_buf_put(ret, asked) || bp_why(reterr,
		    BP_WIRE_HELPER_BROKEN, "no room for the scopes");
	return (bp_json_string(value, &scope) && list_scopes(scope, ret)) ||
	    bp_why(reterr, BP_WIRE_BODY,
	    "token response: scope is no string of scopes");
}

/* What stands there, of use or not. */
static void
note_tokens(struct bp_grant *g)
{
	const struct { const char *name; struct bp_text *token; } rows[] = {
		{ "access_token", &g->access_token },
		{ "id_token", &g->id_token },
		{ "refresh_token", &g->refresh_token },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)!bp_json_string(bp_json_member(g->doc, rows[i].name),
		    rows[i].token);
}

static bool
read_grant(struct bp_text asked, struct bp_grant *ret, struct bp_why *reterr)
{
	return read_token(ret->doc, "access_token", &ret->access_token,
	    reterr) &&
	    read_token(ret->doc, "id_token", &ret->id_token, reterr) &&
	    check_type(ret->doc, reterr) &&
	    read_scopes(ret->doc, asked, &ret->scopes, reterr);
}

bool
bp_grant_read(const struct bp_http_answer *answer, struct bp_text asked,
    struct bp_grant *ret, struct bp_why *reterr)
{
	const struct bp_json *error;
	const char *wrong;

	if (is_overload(answer->status))
		return refuse(answer, NULL, reterr);
	if (!bp_json_parse(bp_buf_text(&answer->body), &ret->doc, &wrong))
		return answer->status == 200 ? bp_why(reterr, BP_WIRE_BODY,
		    "token response: %s", wrong) : refuse(answer, NULL, reterr);
	note_tokens(ret);
	error = bp_json_member(ret->doc, "error");
	if (answer->status != 200 || error != NULL)
		return refuse(answer, error, reterr);
	return read_grant(asked, ret, reterr);
}
