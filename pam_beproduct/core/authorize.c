/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/authorize.h"
#include "core/item.h"
#include "core/pkce.h"
#include "core/random.h"
#include "wire/ascii.h"
#include "wire/list.h"

enum { PLAIN_MAX = 32 };

static bool
put_plain(struct bp_buf *b, struct bp_text t)
{
	for (size_t i = 0; i < t.len && i < PLAIN_MAX; i++)
		if (!bp_buf_add(b, bp_ascii_is_plain(t.at[i]) ? &t.at[i]
		    : "-", 1))
			return false;
	return true;
}

static bool
put_label(struct bp_buf *b, struct bp_text host, struct bp_text service,
    struct bp_text account)
{
	struct bp_text first, rest;

	(void)bp_text_cut(host, '.', &first, &rest);
	return put_plain(b, first) && bp_buf_say(b, "_") &&
	    put_plain(b, service) && bp_buf_say(b, "_") &&
	    put_plain(b, account);
}

bool
bp_attempt_make(struct bp_attempt *ret, struct bp_text host,
    struct bp_text service, struct bp_text account, enum bp_reason *reterr)
{
	return (put_label(&ret->label, host, service, account) &&
	    bp_buf_put(&ret->state, bp_buf_text(&ret->label)) &&
	    bp_buf_say(&ret->state, "_") &&
	    bp_random_hex(&ret->state, BP_SECRET_BYTES) &&
	    bp_random_hex(&ret->nonce, BP_SECRET_BYTES) &&
	    bp_random_hex(&ret->verifier, BP_VERIFIER_BYTES)) ||
	    bp_refuse(reterr, BP_RANDOM);
}

void
bp_attempt_done(struct bp_attempt *attempt)
{
	bp_buf_done(&attempt->label);
	bp_buf_done(&attempt->state);
	bp_buf_done(&attempt->nonce);
	bp_buf_done(&attempt->verifier);
}

bool
bp_authorize_encode(struct bp_text t, struct bp_buf *b)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < t.len; i++) {
		uint8_t c = (uint8_t)t.at[i];
		const char hex[] = { '%', digits[c >> 4], digits[c & 15] };
		bool as_is = bp_ascii_is_unreserved(t.at[i]);

		if (!bp_buf_add(b, as_is ? &t.at[i] : hex, as_is ? 1 : 3))
			return false;
	}
	return true;
}

/* By single blanks: OIDC Core 3.1.2.1. */
static bool
put_words(struct bp_buf *b, const char *name, struct bp_text content)
{
	struct bp_list list = bp_list_of(content);
	struct bp_text word;

	for (const char *before = name; bp_list_next(&list, &word);
	    before = "%20")
		if (!bp_buf_say(b, before) || !bp_authorize_encode(word, b))
			return false;
	return true;
}

static bool
put_challenge(struct bp_buf *b, const struct bp_config *cfg,
    const struct bp_attempt *attempt)
{
	return cfg->pkce != BP_PKCE_S256 ||
	    (bp_buf_say(b, "&code_challenge_method=S256&code_challenge=") &&
	    bp_pkce_challenge(bp_buf_text(&attempt->verifier), b));
}

/* Such words hold no quote: what is written is what is meant. */
static bool
put_lists(struct bp_buf *b, const struct bp_config *cfg, bool renews)
{
	BP_AUTO(bp_buf_done) struct bp_buf acr = BP_BUF_INIT(BP_SCOPES_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_SCOPES_MAX);

	return bp_item_list_put(cfg->acr_values, &acr) &&
	    bp_config_scopes(cfg, renews, &scopes) &&
	    put_words(b, "&acr_values=", bp_buf_text(&acr)) &&
	    put_words(b, "&scope=", bp_buf_text(&scopes));
}

bool
bp_authorize_address(const struct bp_config *cfg, struct bp_text endpoint,
    const struct bp_service *service, const struct bp_attempt *attempt,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	char lent[BP_DECIMAL_MAX];
	uint32_t max_age = service != NULL ? service->max_age : 0;
	const struct { const char *name; struct bp_text value; } rows[] = {
		{ "state=", bp_buf_text(&attempt->state) },
		{ "&client_id=", cfg->client_id },
		{ "&response_type=", bp_text_of("code") },
		{ "&redirect_uri=", cfg->redirect_uri },
		{ "&nonce=", bp_buf_text(&attempt->nonce) },
		/* these alone may be empty */
		{ "&prompt=", attempt->is_again ? bp_text_of("login")
		    : bp_config_prompt(cfg, service) },
		{ "&max_age=", max_age == 0 ? bp_text_of("")
		    : bp_text_decimal(max_age, lent) },
	};
	struct bp_text path, query;
	bool ok = bp_buf_put(ret, endpoint) && bp_buf_say(ret,
	    bp_text_cut(endpoint, '?', &path, &query) ? "&" : "?");

	for (size_t i = 0; ok && i < sizeof(rows) / sizeof(rows[0]); i++)
		ok = rows[i].value.len == 0 ||
		    (bp_buf_say(ret, rows[i].name) &&
		    bp_authorize_encode(rows[i].value, ret));
	return (ok && put_challenge(ret, cfg, attempt) &&
	    put_lists(ret, cfg, attempt->renews)) ||
	    bp_refuse(reterr, BP_MEMORY);
}
