/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/whose.h"
#include "wire/clock.h"
#include "wire/mailbox.h"

#include <string.h>

void
bp_whose_done(struct bp_whose *w)
{
	bp_pins_done(&w->pins);
	bp_buf_done(&w->address);
}

/*
 * What an expression's group takes may be any account's name; a key is nobody.
 */
static bool
may_give(const struct bp_map_rule *rule, struct bp_text account)
{
	if (bp_map_rule_is_key(rule))
		return false;
	return (rule->is_regex && memchr(rule->account.raw.at, '\\',
	    rule->account.raw.len) != NULL) ||
	    bp_item_is(&rule->account, account);
}

static bool
read_address(const struct bp_map_rule *rule, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAILBOX_MAX);

	return bp_text_is(rule->claim, "email") && !rule->is_regex &&
	    bp_item_copy(&rule->identity, &b) &&
	    bp_mailbox_put(bp_buf_text(&b), ret);
}

/* RULE may give the account: is it to the one address that there is so far? */
static bool
take_rule(const struct bp_map_rule *rule, struct bp_whose *w)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAILBOX_MAX);

	if (!read_address(rule, &b))
		return false;
	if (w->address.len > 0)
		return bp_text_same(bp_buf_text(&b), bp_buf_text(&w->address));
	return bp_buf_put(&w->address, bp_buf_text(&b));
}

static bool
by_map(struct bp_text map, struct bp_text account, struct bp_whose *ret,
    enum bp_reason *reterr)
{
	struct bp_account_map lines = { .rest = map };
	int64_t now = bp_clock_seconds();
	bool has_ended = false;
	struct bp_map_rule rule;
	enum bp_map_step step;

	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (!may_give(&rule, account))
			continue;
		else if (bp_map_rule_has_ended(&rule, now))
			has_ended = true;
		else if (!take_rule(&rule, ret))
			return bp_refuse(reterr, ret->address.len > 0
			    ? BP_SEVERAL_KNOWN : BP_NOBODY_KNOWN);
	if (step != BP_MAP_END)
		return bp_refuse(reterr, BP_MAP);
	ret->email = bp_buf_text(&ret->address);
	return ret->address.len > 0 || bp_refuse(reterr, has_ended
	    ? BP_RULE_ENDED : BP_NOBODY_KNOWN);
}

/* Who signed in there is known by more than an address. */
bool
bp_whose(const struct bp_setup *s, struct bp_text account,
    struct bp_whose *ret, enum bp_reason *reterr)
{
	struct bp_text map = bp_buf_text(&s->map);
	struct bp_pin hers;

	if (!s->cfg.pin_subject)
		return by_map(map, account, ret, reterr);
	if (!bp_pin_whose(&s->pins, account, s->cfg.issuer, &ret->pins, &hers,
	    reterr))
		return *reterr == BP_NOBODY_KNOWN &&
		    by_map(map, account, ret, reterr);
	ret->sub = hers.sub;
	ret->api_id = hers.api_id;
	ret->email = hers.email;
	/* an address that the map names is not known to be hers */
	return hers.api_id.len + hers.email.len > 0 ||
	    bp_refuse(reterr, BP_NOBODY_KNOWN);
}
