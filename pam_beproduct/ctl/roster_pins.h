/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roster_pins.h - whose sub it is, by what pins know of her: the public API
 * knows nobody's.
 *
 * Runs in: beproductctl, as root.  Changes nothing.
 */
#ifndef BP_CTL_ROSTER_PINS_H
#define BP_CTL_ROSTER_PINS_H

#include "core/setup.h"
#include "ctl/index.h"
#include "wire/person.h"

/* All zero is empty; end with bp_roster_pins_done(). */
struct bp_roster_pins {
	struct bp_pin	*pin;		/* of the issuer's people */
	char		**text;		/* which they borrow from */
	size_t		 n, room;
	struct bp_index	 by_id, by_email;	/* without an id */
};
void	bp_roster_pins_done(struct bp_roster_pins *p);

/*
 * The pins of people of the issuer of S, none where pin_subject = no.  What
 * cannot be read is left out, and the last such file is named in RETFAULT.
 * False: there is no memory.
 */
BP_MUST_USE bool bp_roster_pins_read(struct bp_roster_pins *p,
    const struct bp_setup *s, struct bp_buf *retfault);

/* The sub of PERSON; empty: no pin knows her, or two say different subs. */
struct bp_text	bp_roster_pins_sub(const struct bp_roster_pins *p,
		    const struct bp_person *person);

#endif
