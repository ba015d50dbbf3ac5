/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/judge.h"
#include "wire/clock.h"

static bool
is_open(const struct bp_setup *s, enum bp_lock_kind kind,
    struct bp_text value, struct bp_buf *retfile, enum bp_reason *reterr)
{
	const struct bp_lock l = { kind, s->cfg.issuer, value };

	return bp_lock_is_open(&s->locks, &l, retfile, reterr);
}

/* Each address that DOCUMENT names, also of a claim that maps nobody. */
static bool
has_open_email(const struct bp_setup *s, const struct bp_identity *who,
    enum bp_document document, struct bp_buf *retfile, enum bp_reason *reterr)
{
	struct bp_claim c = bp_identity_said(who, bp_text_of("email"),
	    document);
	struct bp_list each = bp_list_of(c.values);
	struct bp_text address;

	while (bp_list_next(&each, &address))
		if (!is_open(s, BP_LOCK_EMAIL, address, retfile, reterr))
			return false;
	return true;
}

bool
bp_judge_locks(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_buf *retfile, enum bp_reason *reterr)
{
	return is_open(s, BP_LOCK_SUB, who->sub, retfile, reterr) &&
	    has_open_email(s, who, BP_DOC_USERINFO, retfile, reterr) &&
	    has_open_email(s, who, BP_DOC_ID_TOKEN, retfile, reterr);
}

static struct bp_pin
person_of(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account)
{
	return (struct bp_pin){ .account = account,
	    .issuer = s->cfg.issuer, .sub = who->sub, .api_id = who->api_id };
}

static bool
is_named(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account)
{
	return bp_policy_names(&s->cfg, bp_buf_text(&s->map), who, account,
	    bp_clock_seconds());
}

bool
bp_judge_pin(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account, struct bp_pins *ret, enum bp_reason *reterr)
{
	struct bp_pin person = person_of(s, who, account);
	enum bp_pin_verdict v;

	if (!s->cfg.pin_subject)
		return true;
	if (!bp_pins_load(&s->pins, account, ret, reterr))
		return false;
	v = bp_pins_judge(ret, &person);
	return bp_pin_admits(v, v == BP_PIN_OTHERS &&
	    is_named(s, who, account)) || bp_refuse(reterr, BP_PINNED);
}

bool
bp_judge(const struct bp_setup *s, struct bp_text service,
    const struct bp_identity *who, struct bp_text account,
    struct bp_basis *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;

	*ret = (struct bp_basis){ 0 };
	return bp_judge_locks(s, who, &file, reterr) &&
	    bp_policy_decide(&s->cfg, service, bp_buf_text(&s->map), who,
	    account, bp_clock_seconds(), ret, reterr) &&
	    bp_judge_pin(s, who, account, &pins, reterr);
}

/* As a rule would take it: the address of nobody who was not seen to own it. */
static struct bp_text
email_of(const struct bp_mapping *m)
{
	return m->has_address && (m->email.verified ||
	    !m->cfg->require_email_verified) ? bp_buf_text(&m->address)
	    : bp_text_of("");
}

bool
bp_judge_keep(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account, int64_t now, enum bp_reason *retunkept,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(&s->cfg, who, account, now);
	struct bp_pin person = person_of(s, who, account);
	bool may_join;

	*retunkept = BP_UNDECIDED;
	if (!s->cfg.pin_subject)
		return true;
	if (!bp_pins_load(&s->pins, account, &pins, reterr))
		return false;
	person.email = email_of(&m);
	person.since = (uint32_t)now;
	/* nearly always she is pinned, and need not be looked for in the map */
	may_join = bp_pins_judge(&pins, &person) != BP_PIN_HERS &&
	    is_named(s, who, account);
	return bp_pin_keep(&s->pins, &person, may_join, &pins, retunkept,
	    reterr);
}

/* Whose it is, of whom the first tells enough. */
static bool
say_whose(const struct bp_pins *pins, struct bp_buf *ret)
{
	char lent[BP_DECIMAL_MAX];

	return bp_buf_say(ret, "pinned to the sub ") &&
	    bp_buf_put(ret, pins->pin[0].sub) &&
	    (pins->n == 1 || (bp_buf_say(ret, ", one of ") &&
	    bp_buf_put(ret, bp_text_decimal((uint32_t)pins->n, lent))));
}

static void
say_pins(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account, enum bp_reason reason, struct bp_buf *ret)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	size_t before = ret->len;
	enum bp_reason why;

	if (bp_judge_pin(s, who, account, &pins, &why) || why != reason)
		return;
	if (!(why == BP_PINNED ? say_whose(&pins, ret)
	    : bp_buf_put(ret, bp_buf_text(&pins.fault))))
		ret->len = before;
}

void
bp_judge_detail(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_text account, enum bp_reason reason, struct bp_buf *ret)
{
	size_t before = ret->len;
	enum bp_reason why;

	if ((reason == BP_LOCKED || reason == BP_LOCK_UNTOLD) &&
	    !bp_judge_locks(s, who, ret, &why))
		return;
	bp_policy_detail(&s->cfg, who, reason, ret);
	if (ret->len == before)
		say_pins(s, who, account, reason, ret);
}
