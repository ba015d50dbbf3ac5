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

enum { BP_JUDGE_DETAIL_MAX = 1024 };	/* bytes */

/*
 * By the files in S (with the map), as they stand now.  RET as
 * bp_policy_decide() has it.
 *
 * As bp_judge_locks(), bp_policy_decide() and bp_judge_pin()
 */
BP_MUST_USE bool bp_judge(const struct bp_setup *s, struct bp_text service,
    const struct bp_identity *who, struct bp_text account,
    struct bp_basis *ret, enum bp_reason *reterr);

/*
 * Is nothing of WHO locked on this host: neither the sub, at the issuer of S,
 * nor any address that a document names?  It asks nobody, so that whoever is
 * about to ask about WHO asks this first.
 *
 * As bp_lock_is_open(), with RETFILE
 */
BP_MUST_USE bool bp_judge_locks(const struct bp_setup *s,
    const struct bp_identity *who, struct bp_buf *retfile,
    enum bp_reason *reterr);

/*
 * The last step of it: is ACCOUNT nobody else's?  True also under
 * pin_subject = no.  RET has what is pinned, or the fault of that.
 *
 * BP_PINNED, or as bp_pins_load()
 */
BP_MUST_USE bool bp_judge_pin(const struct bp_setup *s,
    const struct bp_identity *who, struct bp_text account,
    struct bp_pins *ret, enum bp_reason *reterr);

/*
 * WHO signed in as ACCOUNT at NOW, and bp_judge() admits her: her pin is made
 * or brought up to date.  RETUNKEPT as bp_pin_keep() has it.
 *
 * As bp_judge_pin(): meanwhile somebody else was first
 */
BP_MUST_USE bool bp_judge_keep(const struct bp_setup *s,
    const struct bp_identity *who, struct bp_text account, int64_t now,
    enum bp_reason *retunkept, enum bp_reason *reterr);

/*
 * For the log: the lock or the pins of ACCOUNT that REASON is about; else as
 * bp_policy_detail().
 */
void	bp_judge_detail(const struct bp_setup *s,
	    const struct bp_identity *who, struct bp_text account,
	    enum bp_reason reason, struct bp_buf *ret);

#endif
