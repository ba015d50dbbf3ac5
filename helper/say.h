/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * say.h - an answer goes out as soon as there is one: of several, while the
 * helper works on.
 *
 * Runs in: the helper.  Trusts: its own code, and holds it to the rules of the
 * wire.
 */
#ifndef BP_HELPER_SAY_H
#define BP_HELPER_SAY_H

#include "helper/why.h"

/* Who hears the answers: HEAR takes all of FRAMED, or does not come back. */
struct bp_listener {
	void	(*hear)(void *arg, struct bp_text framed);
	void	*arg;
};

/*
 * Say M, behind its length.
 *
 * BP_WIRE_HELPER_BROKEN  it breaks a rule of the wire; nothing was said
 */
BP_MUST_USE bool bp_say(const struct bp_listener *to, const struct bp_msg *m,
    struct bp_why *reterr);

#endif
