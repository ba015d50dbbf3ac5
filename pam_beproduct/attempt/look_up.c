/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/look_up.h"
#include "attempt/discover.h"
#include "wire/claim.h"
#include "wire/clock.h"
#include "wire/hide.h"
#include "wire/list.h"
#include "wire/mailbox.h"

#include <errno.h>

/* One look-up: what must be kept of it the moment it is there. */
struct looking {
	struct bp_request	*request;
	const struct bp_look_up	*who;
	bool			 lists;		/* all, and not WHO alone */
	struct bp_buf		 bytes;		/* of the file */
	struct bp_service_token	 token;		/* borrows from them */
	struct bp_service_room	 room;
};
#define LOOKING_INIT(r, w)	{ .request = (r), .who = (w), \
	.bytes = BP_BUF_INIT(BP_SERVICE_TOKEN_MAX), \
	.room = BP_SERVICE_ROOM_INIT }

static void
looking_done(struct looking *l)
{
	l->request->hear = NULL;
	bp_buf_done(&l->bytes);
	bp_service_room_done(&l->room);
}

static bool
load(struct looking *l, enum bp_reason *reterr)
{
	bp_buf_done(&l->bytes);
	if (!bp_service_token_load(&l->who->place, &l->bytes, &l->token,
	    reterr))
		return false;
	return bp_service_token_is_of(&l->token, &l->request->setup->cfg) ||
	    bp_refuse(reterr, BP_SERVICE_TOKEN_NONE);
}

/* The helper compared already, and is believed in nothing. */
static bool
is_about(const struct bp_look_up *who, const struct bp_msg *m)
{
	BP_AUTO(bp_buf_done) struct bp_buf has = BP_BUF_INIT(BP_MAILBOX_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf asked =
	    BP_BUF_INIT(BP_MAILBOX_MAX);

	if (m->type != BP_MSG_USER)
		return true;
	if (who->api_id.len > 0)
		return bp_text_same(m->field[BP_F_API_ID], who->api_id);
	return bp_mailbox_put(m->field[BP_F_EMAIL], &has) &&
	    bp_mailbox_put(who->email, &asked) &&
	    bp_text_same(bp_buf_text(&has), bp_buf_text(&asked));
}

/* A provider may repeat them, and a helper not notice. */
static void
hide_tokens(struct looking *l)
{
	const struct bp_text secrets[] = { l->token.refresh_token,
	    l->token.access_token };
	struct bp_buf *detail = &l->request->detail;

	bp_hide(secrets, sizeof(secrets) / sizeof(secrets[0]),
	    (char *)detail->data, detail->len);
}

/* By the token in FIELD, which is one of the two. */
static bool
ask(struct looking *l, enum bp_field field, struct bp_text token,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	struct bp_request *r = l->request;
	struct bp_msg m = { .type = l->lists ? BP_MSG_LIST : BP_MSG_LOOK_UP };
	struct bp_msg answer = { 0 };

	bp_request_give_client(r, &m);
	bp_msg_give(&m, field, token);
	bp_msg_give(&m, BP_F_API_URL, r->setup->cfg.api_url);
	bp_msg_give(&m, BP_F_COMPANY, r->setup->cfg.company);
	if (!l->lists && l->who->api_id.len > 0)
		bp_msg_give(&m, BP_F_API_ID, l->who->api_id);
	else if (!l->lists)
		bp_msg_give(&m, BP_F_EMAIL, l->who->email);
	if (!bp_request_ask(r, &m, &r->answer, &answer, reterr)) {
		hide_tokens(l);
		return false;
	}
	if (!is_about(l->who, &answer))
		return bp_refuse(reterr, BP_HELPER_ANSWER);
	*ret = answer;
	return true;
}

/* BP_API_TOKEN also where there is none yet. */
static bool
by_access(struct looking *l, struct bp_msg *ret, enum bp_reason *reterr)
{
	struct bp_text token = l->token.access_token;

	return token.len > 0 ? ask(l, BP_F_ACCESS_TOKEN, token, ret, reterr)
	    : bp_refuse(reterr, BP_API_TOKEN);
}

static void
note_unkept(struct bp_request *r, enum bp_reason why, int error)
{
	bool said;

	bp_buf_done(&r->unkept);
	said = bp_buf_say(&r->unkept, "the host's token for the API: ") &&
	    bp_buf_say(&r->unkept, bp_file_why(why, error));
	(void)said;	/* what finds no room is only less to read */
}

/* What the refresh token was spent for. */
static void
keep_tokens(void *hearer, const struct bp_msg *m)
{
	struct looking *l = hearer;
	struct bp_service_token t = l->token;
	enum bp_reason why;

	if (m->type != BP_MSG_TOKEN)
		return;
	t.refresh_token = m->field[BP_F_REFRESH_TOKEN];
	t.access_token = bp_text_of("");
	if (m->given[BP_F_ACCESS_TOKEN])
		t.access_token = m->field[BP_F_ACCESS_TOKEN];
	t.rotated = bp_clock_seconds();
	if (!bp_service_token_fill(&l->room, &t, &why) &&
	    !bp_service_token_store(&l->who->place, &t, &why))
		note_unkept(l->request, why, errno);
}

static bool
spend(struct looking *l, struct bp_msg *ret, enum bp_reason *reterr)
{
	if (!bp_service_token_reserve(&l->who->place, &l->room, reterr))
		return bp_refuse(reterr, BP_SERVICE_TOKEN_OLD);
	l->request->hear = keep_tokens;
	l->request->hearer = l;
	return ask(l, BP_F_REFRESH_TOKEN, l->token.refresh_token, ret,
	    reterr);
}

/* TRIED was refused; another process may have brought another one since. */
static bool
renew(struct looking *l, const struct bp_buf *tried, struct bp_msg *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int turn = -1;

	if (!l->who->may_renew || !bp_request_turn(l->request, l->who->run,
	    l->who->place.owner, bp_text_of(BP_SERVICE_TOKEN_FILE), &turn))
		return bp_refuse(reterr, BP_SERVICE_TOKEN_OLD);
	if (!load(l, reterr))
		return false;
	if (l->token.access_token.len == 0 ||
	    bp_text_same(l->token.access_token, bp_buf_text(tried)))
		return spend(l, ret, reterr);
	/* or all who waited asked one after the other */
	bp_file_close(&turn);
	return by_access(l, ret, reterr);
}

static bool
look(struct looking *l, struct bp_msg *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf tried = BP_BUF_INIT(BP_TOKEN_MAX);

	if (!load(l, reterr) || !bp_request_provider(l->request, reterr))
		return false;
	if (!bp_buf_put(&tried, l->token.access_token))
		return bp_refuse(reterr, BP_MEMORY);
	return by_access(l, ret, reterr) ||
	    (*reterr == BP_API_TOKEN && renew(l, &tried, ret, reterr));
}

/*
 * What the API says of who was asked for; any other refusal is of our own
 * token, and no word about that person.
 */
static bool
is_of_user(enum bp_reason why)
{
	static const enum bp_reason all[] = { BP_API_EMAIL, BP_API_NO_USER,
	    BP_API_USERS, BP_API_INACTIVE, BP_API_OTHER, BP_API_ROLE_TYPE,
	    BP_CLAIMS_LONG, BP_CLAIMS_SECRET };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == why)
			return true;
	return false;
}

static enum bp_reason
of_token(enum bp_reason why)
{
	return bp_reason_is_about_person(why) && !is_of_user(why)
	    ? BP_SERVICE_TOKEN_REFUSED : why;
}

bool
bp_request_look_up(struct bp_request *r, const struct bp_look_up *who,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	BP_AUTO(looking_done) struct looking l = LOOKING_INIT(r, who);

	return look(&l, ret, reterr) || bp_refuse(reterr, of_token(*reterr));
}

bool
bp_request_list(struct bp_request *r, const struct bp_look_up *how,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	BP_AUTO(looking_done) struct looking l = LOOKING_INIT(r, how);

	l.lists = true;
	return look(&l, ret, reterr) || bp_refuse(reterr, of_token(*reterr));
}

/*
 * Nobody claims the address: root's map or the pin names it, and the API has
 * it of the user who was asked for.  So there is nothing to be verified.
 */
bool
bp_look_up_claims(struct bp_text email, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf list =
	    BP_BUF_INIT(2 * BP_MAILBOX_MAX);
	const struct bp_claim verified = { bp_text_of("email_verified"),
	    BP_DOC_USERINFO, BP_CLAIM_TRUE, BP_TEXT("\0\0\0\0") };
	struct bp_claim address = { bp_text_of("email"), BP_DOC_USERINFO,
	    BP_CLAIM_STRING, { 0 } };

	if (!bp_list_start(&list) || !bp_list_add(&list, email))
		return false;
	address.values = bp_buf_text(&list);
	return bp_claim_add(ret, &address) && bp_claim_add(ret, &verified);
}
