/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/account.h"
#include "ctl/check.h"
#include "ctl/pin_walk.h"

#include <string.h>
#include <unistd.h>

/* An account that is made anew under the name would be another's already. */
static void
warn_of_absent(struct bp_check *c, struct bp_text account)
{
	static const struct bp_where where = {
	    .file = BP_PATH_STATE "/pins" };
	char name[BP_ACCOUNT_MAX + 1] = "";
	struct bp_account a;

	memcpy(name, account.at, account.len);
	a = bp_account_look_up(name);
	if (!a.failed && !a.found)
		bp_finding_warn(&c->findings, where, "%s: there is no such "
		    "account: one that is made under this name will be open "
		    "to the pinned person alone (beproductctl pins drop "
		    "--user %s)", name, name);
}

void
bp_check_pins(struct bp_check *c)
{
	BP_AUTO(bp_pin_walk_done) struct bp_pin_walk w = BP_PIN_WALK_INIT;
	enum bp_pin_walk_step step;

	if (geteuid() != 0)		/* which has been said */
		return;
	while ((step = bp_pin_walk_next(&w)) != BP_PIN_WALK_END)
		if (step == BP_PIN_WALK_BAD)
			bp_finding_complaint(&c->findings,
			    bp_buf_text(&w.pins.fault));
		else
			warn_of_absent(c, w.pins.pin[0].account);
}
