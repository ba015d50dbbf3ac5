/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/report_pins.h"
#include "attempt/judge.h"
#include "ctl/pin_change.h"
#include "ctl/step.h"

static void
show_persons(const struct bp_question *q, const struct bp_pins *pins)
{
	for (size_t i = 0; i < pins->n; i++) {
		const struct bp_pin *p = &pins->pin[i];

		bp_step(q->prefix, BP_TELLS, "pinned since %s: sub \"%s\" of "
		    "%s, e-mail \"%s\"", bp_pin_date(p->since).text,
		    bp_escape_text(p->sub).text,
		    bp_escape_text(p->issuer).text,
		    bp_escape_text(p->email).text);
	}
}

static void
show_verdict(const struct bp_question *q, const struct bp_identity *who,
    const struct bp_pins *pins, bool met)
{
	struct bp_escaped user = bp_escape_text(bp_text_of(q->options->user));
	const struct bp_pin person = { .issuer = q->setup->cfg.issuer,
	    .sub = who->sub, .api_id = who->api_id };
	enum bp_pin_verdict v = bp_pins_judge(pins, &person);

	if (v == BP_PIN_NONE)
		bp_step(q->prefix, BP_TELLS, "pins: %s is nobody's yet: whoever "
		    "is admitted first has it", user.text);
	else if (v == BP_PIN_OTHER_USER)
		bp_step(q->prefix, BP_NO, "pins: this person, but another user "
		    "of the public API: to settle it, beproductctl pins drop "
		    "--user %s --sub %s", user.text,
		    bp_escape_text(who->sub).text);
	else if (met)
		bp_step(q->prefix, BP_YES, "pins: %s", v == BP_PIN_HERS
		    ? "this person's" : "others', but a rule names this sub");
	else
		bp_step(q->prefix, BP_NO, "pins: %s is another person's: "
		    "beproductctl pins drop --user %s gives it to whoever signs "
		    "in next, pins add --user %s --sub %s to this person too",
		    user.text, user.text, user.text,
		    bp_escape_text(who->sub).text);
}

void
bp_report_pins(const struct bp_question *q, const struct bp_identity *who)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	enum bp_reason why = BP_ADMITTED;
	bool met;

	if (!q->setup->cfg.pin_subject) {
		bp_step(q->prefix, BP_TELLS, "pin_subject = no");
		return;
	}
	met = bp_judge_pin(q->setup, who, bp_text_of(q->options->user), &pins,
	    &why);
	if (!met && why != BP_PINNED) {
		bp_step(q->prefix, BP_NO, "pins: %.*s",
		    BP_ARGS(bp_buf_text(&pins.fault)));
		return;
	}
	show_persons(q, &pins);
	show_verdict(q, who, &pins, met);
}
