/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * whose.h - which person has an account, where nobody signs in to say so.
 *
 * Runs in: the module, as root; without PAM.  Trusts: root's map and pins.
 *
 * A key lies in an account, and says nothing of who laid it there.  So it is
 * the person who has signed in to the account (core/pin.h), or else the one
 * whom the map alone can mean by it: where it could be two, it is nobody.
 */
#ifndef BP_ATTEMPT_WHOSE_H
#define BP_ATTEMPT_WHOSE_H

#include "core/setup.h"

/* Init with BP_WHOSE_INIT; end with bp_whose_done(). */
struct bp_whose {
	struct bp_text	 sub, api_id;	/* empty: not known */
	struct bp_text	 email;		/* as it is compared; or empty */
	struct bp_pins	 pins;		/* which they borrow from, */
	struct bp_buf	 address;	/* or from this */
};
#define BP_WHOSE_INIT	{ .pins = BP_PINS_INIT, \
	.address = BP_BUF_INIT(BP_MAILBOX_MAX) }
void	bp_whose_done(struct bp_whose *w);

/*
 * By the files in S, with the map.  On true there is an id or an address.  On
 * false the pins' fault may say more.
 *
 * BP_NOBODY_KNOWN   no rule names an e-mail address for it, or a person is
 *                   pinned of whom neither id nor address is known
 * BP_SEVERAL_KNOWN  another rule may give it to somebody else
 * BP_RULE_ENDED     each rule that may give it has ended
 * BP_MAP            a line of the map is no rule
 * BP_MEMORY, or as bp_pin_whose()
 */
BP_MUST_USE bool bp_whose(const struct bp_setup *s, struct bp_text account,
    struct bp_whose *ret, enum bp_reason *reterr);

#endif
