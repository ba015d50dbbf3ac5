/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/request/sign_in.h"

#include <string.h>

#include "helper/api.h"
#include "helper/claims.h"
#include "helper/form.h"
#include "helper/id_token.h"
#include "wire/clock.h"
#include "wire/endpoint.h"
#include "wire/hide.h"
#include "wire/mailbox.h"

enum { SECRETS = 9 };

void
bp_sign_in_done(struct bp_sign_in *s)
{
	bp_http_close(&s->http);
	bp_buf_done(&s->spent);
	bp_buf_done(&s->basic);
	bp_grant_done(&s->grant);
	bp_buf_done(&s->keys);
	bp_buf_done(&s->payload);
	bp_json_free(&s->id_token);
	bp_json_free(&s->userinfo);
}

static bool
read_record(struct bp_text bytes, struct bp_msg *ret, struct bp_why *reterr)
{
	if (!bp_msg_read(bytes, ret) || ret->type != BP_MSG_PROVIDER)
		return bp_why(reterr, BP_WIRE_RECORD_BAD,
		    "the provider record is none");
	return bp_endpoints_are_of(ret, ret->field[BP_F_ISSUER]) ||
	    bp_why(reterr, BP_WIRE_RECORD_BAD,
	    "the provider record names another origin");
}

bool
bp_sign_in_start(struct bp_sign_in *s, const struct bp_msg *request,
    struct bp_why *reterr)
{
	s->request = request;
	return read_record(request->field[BP_F_RECORD], &s->record, reterr);
}

bool
bp_sign_in_post(struct bp_sign_in *s, enum bp_field field,
    struct bp_buf *form, struct bp_http_answer *ret, struct bp_why *reterr)
{
	if (!bp_client_authenticate(s->request, form, &s->basic))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "no room for the client's credentials");
	return bp_http_open(s->request, &s->http, reterr) &&
	    bp_http_post(s->http, s->record.field[field], bp_buf_text(form),
	    bp_buf_text(&s->basic), ret, reterr);
}

static bool
is_renewal(const struct bp_sign_in *s)
{
	return s->request->type == BP_MSG_RENEW;
}

bool
bp_sign_in_exchange(struct bp_sign_in *s, struct bp_buf *form,
    struct bp_why *reterr)
{
	BP_AUTO(bp_http_done) struct bp_http_answer answer =
	    BP_HTTP_ANSWER_INIT;
	const struct bp_grant_expect expect = {
		.scopes = s->request->field[BP_F_SCOPES],
		.refused = s->request->type == BP_MSG_REDEEM
		    ? BP_WIRE_CODE_REFUSED : BP_WIRE_RENEWAL_REFUSED,
		.has_id_token = s->request->type != BP_MSG_LOOK_UP &&
		    s->request->type != BP_MSG_LIST
	};

	return bp_sign_in_post(s, BP_F_TOKEN_ENDPOINT, form, &answer, reterr) &&
	    bp_grant_read(&answer, &expect, &s->grant, reterr);
}

/* RFC 6749 6: without a scope, the same is granted as before. */
bool
bp_sign_in_refresh(struct bp_sign_in *s, struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf form =
	    BP_BUF_INIT(BP_TOKEN_FORM_MAX);

	if (!bp_form_add(&form, "grant_type", bp_text_of("refresh_token")) ||
	    !bp_form_add(&form, "refresh_token",
	    s->request->field[BP_F_REFRESH_TOKEN]))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "no room for the token request");
	return bp_sign_in_exchange(s, &form, reterr);
}

/* Whose fault it is only the newer keys could tell: their failure counts. */
static bool
verify_anew(struct bp_sign_in *s, struct bp_why *reterr)
{
	struct bp_why first = *reterr, second;

	if (!bp_fetch_keys(s->http, s->record.field[BP_F_JWKS_URI], &s->keys,
	    &second))
		return bp_why(reterr, second.reason,
		    "%.120s; newer keys could not be fetched: %.90s",
		    first.detail, second.detail);
	s->record_stale = true;
	return bp_token_verify(s->grant.id_token,
	    s->request->field[BP_F_SIGNING_ALGS], bp_buf_text(&s->keys),
	    &s->payload, reterr);
}

/* The keys may have changed since the record was fetched. */
static bool
verify(struct bp_sign_in *s, struct bp_why *reterr)
{
	if (bp_token_verify(s->grant.id_token,
	    s->request->field[BP_F_SIGNING_ALGS], s->record.field[BP_F_KEYS],
	    &s->payload, reterr))
		return true;
	return (reterr->reason == BP_WIRE_TOKEN_KEY ||
	    reterr->reason == BP_WIRE_TOKEN_SIGNATURE) &&
	    verify_anew(s, reterr);
}

static bool
check_id_token(struct bp_sign_in *s, struct bp_why *reterr)
{
	const struct bp_id_token_expect expect = {
		.issuer = s->record.field[BP_F_ISSUER],
		.client_id = s->request->field[BP_F_CLIENT_ID],
		.nonce = s->request->field[BP_F_NONCE],
		.access_token = s->grant.access_token,
		.is_renewal = is_renewal(s),
		.sub = s->request->field[BP_F_SUB],
		.clock_skew = bp_msg_number(s->request, BP_F_CLOCK_SKEW),
		.now = bp_clock_seconds()
	};
	const char *wrong;

	if (!bp_json_parse(bp_buf_text(&s->payload), &s->id_token, &wrong))
		return bp_why(reterr, BP_WIRE_TOKEN_FORM, "id_token: %s",
		    wrong);
	return bp_id_token_check(s->id_token, &expect, &s->sub, reterr);
}

/* OIDC Core 5.3.2: or somebody's token brings somebody else's claims. */
static bool
get_userinfo(struct bp_sign_in *s, struct bp_why *reterr)
{
	struct bp_text sub;

	if (!bp_fetch_json(s->http, BP_FETCH_USERINFO,
	    s->record.field[BP_F_USERINFO_ENDPOINT], s->grant.access_token,
	    &s->userinfo, reterr))
		return false;
	if (!bp_json_string(bp_json_member(s->userinfo, "sub"), &sub))
		return bp_why(reterr, BP_WIRE_USERINFO_SUB,
		    "UserInfo: no string sub");
	return bp_text_same(sub, s->sub) || bp_why(reterr,
	    BP_WIRE_USERINFO_SUB, "UserInfo: sub is not the id_token's");
}

/* What the provider was sent, or sent itself; empty where it was not yet. */
static void
list_secrets(const struct bp_sign_in *s, struct bp_text ret[SECRETS])
{
	ret[0] = s->request->field[BP_F_CLIENT_SECRET];
	ret[1] = bp_buf_text(&s->spent);
	ret[2] = s->grant.access_token;
	ret[3] = s->grant.id_token;
	ret[4] = s->grant.refresh_token;
	ret[5] = bp_buf_text(&s->basic);
	ret[6] = s->request->field[BP_F_CODE_VERIFIER];
	ret[7] = s->request->field[BP_F_REFRESH_TOKEN];
	ret[8] = s->request->field[BP_F_ACCESS_TOKEN];
}

/* In part a claim cannot be shown: it is decided upon, and logged. */
bool
bp_sign_in_keeps_secrets(const struct bp_sign_in *s, const struct bp_msg *m,
    struct bp_why *reterr)
{
	static const struct {
		enum bp_field field;
		const char *what;
	} said[] = {
		{ BP_F_SUB, "sub" },
		{ BP_F_SCOPES, "a scope" },
		{ BP_F_CLAIMS, "a claim that is wanted" },
		{ BP_F_API_ID, "the public API's id" },
		{ BP_F_EMAIL, "the public API's e-mail" },
		{ BP_F_API_ROLES, "a role of the public API's" },
		{ BP_F_USERS, "a user of the public API's" },
	};
	struct bp_text secrets[SECRETS];

	list_secrets(s, secrets);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		for (size_t k = 0; k < SECRETS; k++)
			if (bp_hide_is_held(secrets[k],
			    m->field[said[i].field]))
				return bp_why(reterr, BP_WIRE_CLAIMS_SECRET,
				    "%s repeats what is secret", said[i].what);
	return true;
}

static bool
check_company(struct bp_sign_in *s, struct bp_text table,
    struct bp_api_user *ret, struct bp_why *reterr)
{
	const struct bp_text *field = s->request->field;
	const struct bp_api api = { s->http, field[BP_F_API_URL],
	    field[BP_F_COMPANY], s->grant.access_token };
	struct bp_text name = bp_text_of("email"), email;
	struct bp_claim info = bp_claim_find(table, name, BP_DOC_USERINFO);
	struct bp_claim token = bp_claim_find(table, name, BP_DOC_ID_TOKEN);

	s->at_api = true;
	if (api.url.len == 0 || api.company.len == 0)
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "told half of what to ask the public API");
	if (!bp_mailbox_choose(&info, &token, &email))
		return bp_why(reterr, BP_WIRE_API_EMAIL,
		    "UserInfo and id_token do not agree about the e-mail, or "
		    "one is no string");
	return bp_api_by_email(&api, email, ret, reterr);
}

static bool
is_of_company(struct bp_sign_in *s, struct bp_text table,
    struct bp_api_user *ret, struct bp_why *reterr)
{
	return (!s->request->given[BP_F_API_URL] &&
	    !s->request->given[BP_F_COMPANY]) ||
	    check_company(s, table, ret, reterr);
}

/* What is of no use is left out, and who needs it refuses. */
static void
give_user(const struct bp_sign_in *s, const struct bp_api_user *user,
    struct bp_msg *m)
{
	if (!s->at_api)
		return;
	bp_msg_give(m, BP_F_COMPANY, s->request->field[BP_F_COMPANY]);
	if (user->id.len > 0)
		bp_msg_give(m, BP_F_API_ID, bp_buf_text(&user->id));
	if (user->roles.len > 0)
		bp_msg_give(m, BP_F_API_ROLES, bp_buf_text(&user->roles));
	if (user->lack.reason != BP_WIRE_NONE)
		bp_msg_give(m, BP_F_DETAIL, bp_text_of(user->lack.detail));
}

/* Of a renewal the module has the next token already, in TOKEN. */
static void
give_tokens(const struct bp_sign_in *s, struct bp_msg *m)
{
	if (!s->request->given[BP_F_TOKENS_WANTED])
		return;
	bp_msg_give(m, BP_F_ID_TOKEN, s->grant.id_token);
	if (!is_renewal(s) && s->grant.next_token.len > 0)
		bp_msg_give(m, BP_F_REFRESH_TOKEN, s->grant.next_token);
}

static bool
answer(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf table =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	BP_AUTO(bp_api_user_done) struct bp_api_user user = BP_API_USER_INIT;
	struct bp_msg m = { BP_MSG_CLAIMS, .asked = s->request->type };

	if (!bp_claims_collect(s->request->field[BP_F_WANTED], s->id_token,
	    s->userinfo, &table, reterr) ||
	    !is_of_company(s, bp_buf_text(&table), &user, reterr))
		return false;
	give_user(s, &user, &m);
	bp_msg_give(&m, BP_F_ISSUER, s->record.field[BP_F_ISSUER]);
	bp_msg_give(&m, BP_F_SUB, s->sub);
	bp_msg_give(&m, BP_F_SCOPES, bp_buf_text(&s->grant.scopes));
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&table));
	if (s->record_stale)
		bp_msg_mark(&m, BP_F_RECORD_STALE);
	give_tokens(s, &m);
	return bp_sign_in_keeps_secrets(s, &m, reterr) &&
	    bp_say(to, &m, reterr);
}

bool
bp_sign_in_claims(struct bp_sign_in *s, const struct bp_listener *to,
    struct bp_why *reterr)
{
	return verify(s, reterr) && check_id_token(s, reterr) &&
	    get_userinfo(s, reterr) && answer(s, to, reterr);
}

/* An address of the record that is not there may have moved. */
static bool
has_moved(const struct bp_sign_in *s, enum bp_wire_reason reason)
{
	long status = s->http != NULL ? bp_http_status(s->http) : 0;

	return !s->at_api && (reason == BP_WIRE_NO_CONNECTION ||
	    (reason == BP_WIRE_STATUS && (status == 404 || status == 410)));
}

bool
bp_sign_in_fail(const struct bp_sign_in *s, struct bp_failure *reterr)
{
	struct bp_text secrets[SECRETS];
	char *detail = reterr->why.detail;

	list_secrets(s, secrets);
	bp_hide(secrets, SECRETS, detail, strlen(detail));
	reterr->record_stale = s->record_stale ||
	    has_moved(s, reterr->why.reason);
	return false;
}
