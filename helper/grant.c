/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/grant.h"

#include <strings.h>

#include "helper/refusal.h"
#include "helper/token.h"

void
bp_grant_done(struct bp_grant *grant)
{
	bp_json_free(&grant->doc);
	bp_buf_done(&grant->scopes);
}

/* An access_token goes into a header: nothing but visible ASCII may. */
static bool
is_token(struct bp_text t)
{
	return t.len > 0 && t.len <= BP_TOKEN_MAX && bp_text_is_visible(t);
}

static bool
read_token(const struct bp_json *doc, const char *name, struct bp_text *ret,
    struct bp_why *reterr)
{
	const struct bp_json *value = bp_json_member(doc, name);

	if (!bp_json_string(value, ret))
		return bp_why(reterr, BP_WIRE_TOKEN_MISSING,
		    "token response: no string %s", name);
	return is_token(*ret) || bp_why(reterr, BP_WIRE_TOKEN_MISSING,
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
read_grant(const struct bp_grant_expect *expect, struct bp_grant *ret,
    struct bp_why *reterr)
{
	return read_token(ret->doc, "access_token", &ret->access_token,
	    reterr) && (!expect->has_id_token ||
	    read_token(ret->doc, "id_token", &ret->id_token, reterr)) &&
	    check_type(ret->doc, reterr) &&
	    read_scopes(ret->doc, expect->scopes, &ret->scopes, reterr);
}

bool
bp_grant_read(const struct bp_http_answer *answer,
    const struct bp_grant_expect *expect, struct bp_grant *ret,
    struct bp_why *reterr)
{
	const struct bp_refusal as = { "token endpoint", expect->refused,
	    BP_WIRE_PROVIDER_REFUSED };
	const char *wrong;

	if (bp_refusal_is_overload(answer))
		return bp_refusal(&as, answer, NULL, reterr);
	if (!bp_json_parse(bp_buf_text(&answer->body), &ret->doc, &wrong))
		return answer->status == 200 ? bp_why(reterr, BP_WIRE_BODY,
		    "token response: %s", wrong)
		    : bp_refusal(&as, answer, NULL, reterr);
	note_tokens(ret);
	if (answer->status != 200 ||
	    bp_json_member(ret->doc, "error") != NULL)
		return bp_refusal(&as, answer, ret->doc, reterr);
	if (is_token(ret->refresh_token))
		ret->next_token = ret->refresh_token;
	return read_grant(expect, ret, reterr);
}
