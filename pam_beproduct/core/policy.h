/*
 * policy.h - may this identity use this service as this account?
 *
 * Runs in: module and beproductctl.  Pure functions of their arguments.
 * Trusts: configuration and map, which root wrote; of the identity nothing
 * but that the helper saw it so.
 *
 * Each returns true for "yes"; on false RETERR says which demand was not met.
 */
#ifndef BP_CORE_POLICY_H
#define BP_CORE_POLICY_H

#include "core/config.h"
#include "core/identity.h"

/* Is WHO of the company that this host is for?  BP_TENANT */
BP_MUST_USE bool bp_policy_tenant(const struct bp_tenant *tenant,
    const struct bp_identity *who, enum bp_reason *reterr);

/*
 * Does SERVICE (NULL: there is no section) admit WHO?  All require_* hold
 * together, and without any on roles nobody is admitted.
 *
 * BP_SERVICE_CLOSED, BP_ROLE, BP_ALL_ROLES, BP_SCOPE, and as
 * bp_identity_roles()
 */
BP_MUST_USE bool bp_policy_service(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    enum bp_reason *reterr);

/*
 * Does a rule of MAP give WHO exactly ACCOUNT?
 *
 * BP_NO_RULE           none does
 * BP_EMAIL_UNVERIFIED  one would, were the address verified
 * BP_EMAIL_DIFFERS     there is a rule for ACCOUNT by e-mail, but the
 *                      documents disagree about the address
 * BP_MAP               a line of the map is no rule
 */
BP_MUST_USE bool bp_policy_map(const struct bp_config *cfg,
    struct bp_text map, const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr);

/* The three of them, in this order: the whole decision. */
BP_MUST_USE bool bp_policy_decide(const struct bp_config *cfg,
    struct bp_text service, struct bp_text map, const struct bp_identity *who,
    struct bp_text account, enum bp_reason *reterr);

/*
 * The names of all claims that the decision and the log look at, as a list
 * appended to RET, an empty buffer.  False: more than BP_CLAIM_WANTED_MAX.
 */
BP_MUST_USE bool bp_policy_wanted(const struct bp_config *cfg,
    struct bp_text map, struct bp_buf *ret);

#endif
