/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/redeem.h"
#include "core/item.h"
#include "wire/claim.h"

/* Where the public API is asked: whose user the person is to be. */
static struct bp_text
company_of(const struct bp_config *cfg)
{
	return bp_config_asks_api(cfg) ? cfg->company : bp_text_of("");
}

/* Answers of the right type may still answer another question. */
bool
bp_redeem_answers(const struct bp_setup *s, const struct bp_msg *m)
{
	const struct bp_config *cfg = &s->cfg;
	struct bp_text wanted = bp_buf_text(&s->wanted);

	return bp_text_same(m->field[BP_F_ISSUER], cfg->issuer) &&
	    bp_text_same(m->field[BP_F_COMPANY], company_of(cfg)) &&
	    bp_claim_table_answers(m->field[BP_F_CLAIMS], wanted);
}

static bool
judge(struct bp_request *r, const struct bp_msg *m, bool *retry,
    enum bp_reason *reterr)
{
	if (m->type == BP_MSG_UNUSABLE) {
		*retry = true;
		return bp_refuse(reterr, bp_reason_of_wire(m->reason));
	}
	return bp_redeem_answers(r->setup, m) ||
	    bp_refuse(reterr, BP_HELPER_ANSWER);
}

static bool
send_redeem(struct bp_request *r, struct bp_msg *m, struct bp_msg *ret,
    bool *retry, enum bp_reason *reterr)
{
	struct bp_msg answer = { 0 };

	if (!bp_request_ask(r, m, &r->answer, &answer, reterr) ||
	    !judge(r, &answer, retry, reterr))
		return false;
	*ret = answer;
	return true;
}

void
bp_redeem_give_question(const struct bp_setup *s, struct bp_msg *m)
{
	bp_msg_give(m, BP_F_WANTED, bp_buf_text(&s->wanted));
	if (company_of(&s->cfg).len > 0) {
		bp_msg_give(m, BP_F_API_URL, s->cfg.api_url);
		bp_msg_give(m, BP_F_COMPANY, s->cfg.company);
	}
}

bool
bp_request_redeem(struct bp_request *r, const struct bp_attempt *attempt,
    struct bp_text line, struct bp_msg *ret, bool *retry,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_SCOPES_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf algs = BP_BUF_INIT(BP_ALGS_MAX);
	const struct bp_config *cfg = &r->setup->cfg;
	struct bp_msg m = { .type = BP_MSG_REDEEM };
	char lent[BP_DECIMAL_MAX];

	*retry = false;
	if (!bp_config_scopes(cfg, attempt->renews, &scopes) ||
	    !bp_item_list_put(cfg->signing_algs, &algs))
		return bp_refuse(reterr, BP_MEMORY);
	bp_request_give_client(r, &m);
	bp_msg_give(&m, BP_F_REDIRECT_URI, cfg->redirect_uri);
	bp_msg_give(&m, BP_F_SCOPES, bp_buf_text(&scopes));
	bp_msg_give(&m, BP_F_STATE, bp_buf_text(&attempt->state));
	bp_msg_give(&m, BP_F_NONCE, bp_buf_text(&attempt->nonce));
	if (cfg->pkce == BP_PKCE_S256)
		bp_msg_give(&m, BP_F_CODE_VERIFIER,
		    bp_buf_text(&attempt->verifier));
	bp_msg_give(&m, BP_F_LINE, line);
	bp_msg_give_number(&m, BP_F_CLOCK_SKEW, cfg->clock_skew, lent);
	bp_msg_give(&m, BP_F_SIGNING_ALGS, bp_buf_text(&algs));
	if (attempt->renews)
		bp_msg_mark(&m, BP_F_TOKENS_WANTED);
	bp_redeem_give_question(r->setup, &m);
	return send_redeem(r, &m, ret, retry, reterr);
}
