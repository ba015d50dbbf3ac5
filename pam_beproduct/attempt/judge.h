/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge.h - may this person use this service as this account?  The whole
 * decision, wherever who it is comes from: a sign-in, a ticket, a look-up.
 *
 * Runs in: the module and beproductctl, as root; without PAM.  Trusts: root's
 * files; of the identity nothing but that it was seen so.
 */
#ifndef BP_ATTEMPT_JUDGE_H
#define BP_ATTEMPT_JUDGE_H

#include "core/policy.h"
#include "core/setup.h"

/*
 * By the files in S (with the map), as they stand now.
 *
 * As bp_policy_decide()
 */
BP_MUST_USE bool bp_judge(const struct bp_setup *s, struct bp_text service,
    const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr);

#endif
