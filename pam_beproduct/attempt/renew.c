/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/renew.h"
#include "attempt/redeem.h"
#include "core/item.h"
#include "wire/hide.h"

/* The helper compared already, and is believed in nothing. */
static bool
is_of_the_same(const struct bp_ticket *t, const struct bp_msg *m)
{
	return bp_text_same(m->field[BP_F_SUB], t->who.field[BP_F_SUB]);
}

bool
bp_request_renew(struct bp_request *r, const struct bp_ticket *t,
    struct bp_msg *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf algs = BP_BUF_INIT(BP_ALGS_MAX);
	const struct bp_config *cfg = &r->setup->cfg;
	struct bp_msg m = { .type = BP_MSG_RENEW }, answer = { 0 };
	char lent[BP_DECIMAL_MAX];

	if (!bp_item_list_put(cfg->signing_algs, &algs))
		return bp_refuse(reterr, BP_MEMORY);
	bp_request_give_client(r, &m);
	bp_msg_give(&m, BP_F_SCOPES, t->who.field[BP_F_SCOPES]);
	bp_msg_give(&m, BP_F_NONCE, t->nonce);
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, t->refresh_token);
	bp_msg_give_number(&m, BP_F_CLOCK_SKEW, cfg->clock_skew, lent);
	bp_msg_give(&m, BP_F_SIGNING_ALGS, bp_buf_text(&algs));
	bp_msg_give(&m, BP_F_SUB, t->who.field[BP_F_SUB]);
	bp_msg_mark(&m, BP_F_TOKENS_WANTED);
	bp_redeem_give_question(r->setup, &m);
	if (!bp_request_ask(r, &m, &r->answer, &answer, reterr)) {
		/* a provider may repeat it, and a helper not notice */
		bp_hide(&t->refresh_token, 1, (char *)r->detail.data,
		    r->detail.len);
		return false;
	}
	if (!is_of_the_same(t, &answer) ||
	    !bp_redeem_answers(r->setup, &answer))
		return bp_refuse(reterr, BP_HELPER_ANSWER);
	*ret = answer;
	return true;
}
