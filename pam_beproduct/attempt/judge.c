/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/judge.h"
#include "wire/clock.h"

bool
bp_judge(const struct bp_setup *s, struct bp_text service,
    const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr)
{
	return bp_policy_decide(&s->cfg, service, bp_buf_text(&s->map), who,
	    account, bp_clock_seconds(), reterr);
}
