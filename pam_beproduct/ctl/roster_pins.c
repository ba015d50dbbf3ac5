/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/roster_pins.h"
#include "ctl/pin_walk.h"

#include <stdlib.h>
#include <string.h>

void
bp_roster_pins_done(struct bp_roster_pins *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->text[i]);
	free(p->text);
	free(p->pin);
	bp_index_done(&p->by_id);
	bp_index_done(&p->by_email);
}

static bool
make_room(struct bp_roster_pins *p)
{
	size_t room = p->room == 0 ? 64 : 2 * p->room;
	struct bp_pin *pin;
	char **text;

	if (p->n < p->room)
		return true;
	pin = reallocarray(p->pin, room, sizeof(*pin));
	if (pin == NULL)
		return false;
	p->pin = pin;
	text = reallocarray(p->text, room, sizeof(*text));
	if (text == NULL)
		return false;
	p->text = text;
	p->room = room;
	return true;
}

/* T of those behind each other at *AT. */
static struct bp_text
copy(char **at, struct bp_text t)
{
	struct bp_text copied = { *at, t.len };

	if (t.len > 0)
		memcpy(*at, t.at, t.len);
	*at += t.len;
	return copied;
}

static bool
add(struct bp_roster_pins *p, const struct bp_pin *pin)
{
	struct bp_pin *to;
	char *at;

	if (!make_room(p))
		return false;
	at = malloc(pin->sub.len + pin->api_id.len + pin->email.len + 1);
	if (at == NULL)
		return false;
	p->text[p->n] = at;
	to = &p->pin[p->n++];
	*to = (struct bp_pin){ 0 };
	to->sub = copy(&at, pin->sub);
	to->api_id = copy(&at, pin->api_id);
	to->email = copy(&at, pin->email);
	/* whose id is another is another, whatever her address */
	if (to->api_id.len > 0)
		return bp_index_add(&p->by_id, to->api_id, p->n - 1);
	return to->email.len == 0 ||
	    bp_index_add(&p->by_email, to->email, p->n - 1);
}

static bool
add_file(struct bp_roster_pins *p, const struct bp_pins *pins,
    struct bp_text issuer)
{
	for (size_t i = 0; i < pins->n; i++)
		if (bp_text_same(pins->pin[i].issuer, issuer) &&
		    !add(p, &pins->pin[i]))
			return false;
	return true;
}

bool
bp_roster_pins_read(struct bp_roster_pins *p, const struct bp_setup *s,
    struct bp_buf *retfault)
{
	BP_AUTO(bp_pin_walk_done) struct bp_pin_walk w = BP_PIN_WALK_INIT;
	enum bp_pin_walk_step step;

	if (!s->cfg.pin_subject)
		return true;
	while ((step = bp_pin_walk_next(&w)) != BP_PIN_WALK_END) {
		if (step == BP_PIN_WALK_BAD) {
			retfault->len = 0;
			if (!bp_buf_put(retfault, bp_buf_text(&w.pins.fault)))
				return false;
		} else if (!add_file(p, &w.pins, s->cfg.issuer))
			return false;
	}
	bp_index_sort(&p->by_id);
	bp_index_sort(&p->by_email);
	return true;
}

/* The sub of all pins in X that have TEXT, at OFFSET of theirs. */
static bool
find(const struct bp_roster_pins *p, const struct bp_index *x,
    struct bp_text text, bool by_id, struct bp_text *ret)
{
	size_t n, at = bp_index_find(x, text);
	bool found = false;

	*ret = bp_text_of("");
	while (text.len > 0 && bp_index_next(x, text, &at, &n)) {
		const struct bp_pin *pin = &p->pin[n];

		if (!bp_text_same(by_id ? pin->api_id : pin->email, text))
			continue;
		if (found && !bp_text_same(*ret, pin->sub)) {
			*ret = bp_text_of("");
			return true;
		}
		*ret = pin->sub;
		found = true;
	}
	return found;
}

struct bp_text
bp_roster_pins_sub(const struct bp_roster_pins *p,
    const struct bp_person *person)
{
	struct bp_text sub;

	if (!find(p, &p->by_id, person->id, true, &sub))
		(void)find(p, &p->by_email, person->email, false, &sub);
	return sub;
}
