/* SPDX-License-Identifier: BSD-2-Clause */
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

#include "core/account_map.h"
#include "core/config.h"
#include "core/identity.h"

/*
 * Is WHO of the company that this host is for?  Under tenant = api the helper
 * has asked, for the e-mail address: whoever has none was not asked about.
 * Whoever was looked up is the company's user, whatever tenant says.
 *
 * BP_TENANT
 */
BP_MUST_USE bool bp_policy_tenant(const struct bp_tenant *tenant,
    const struct bp_identity *who, enum bp_reason *reterr);

/*
 * Did WHO, at NOW (seconds since 1970), sign in at the provider within the
 * max_age of SERVICE (perhaps NULL), the clocks' skew aside?  OIDC Core
 * 3.1.3.7, 13.  Else nobody has signed in.
 *
 * BP_AUTH_TIME        the id_token's auth_time is missing, or of no use
 * BP_AUTH_TIME_PAST   it is longer ago
 * BP_AUTH_TIME_AHEAD  it is still to come
 */
BP_MUST_USE bool bp_policy_age(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    int64_t now, enum bp_reason *reterr);

/*
 * Does SERVICE (NULL: there is no section) admit WHO?  All require_* hold
 * together, and without any on roles nobody is admitted.
 *
 * BP_SERVICE_CLOSED, and as bp_policy_demand()
 */
BP_MUST_USE bool bp_policy_service(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    enum bp_reason *reterr);

/*
 * The steps of it, for who is to see each verdict: every decision above and
 * below is made of these, and of nothing else.
 */
enum bp_demand { BP_DEMAND_ROLE, BP_DEMAND_ALL_ROLES, BP_DEMAND_SCOPE,
    BP_DEMAND_ACR, BP_DEMAND_AMR, BP_DEMANDS };

/* The key, and what SERVICE sets it to: empty if it demands nothing. */
const char	*bp_policy_demand_key(enum bp_demand which);
struct bp_text	bp_policy_demand_of(const struct bp_service *service,
		    enum bp_demand which);

/*
 * Does WHO meet it?  Roles are those of role_source, and of both each must.
 * acr and amr count from the id_token alone: they are facts
 * of the sign-in, of which UserInfo knows nothing.
 *
 * BP_ROLE, BP_ALL_ROLES, BP_SCOPE, BP_ACR, BP_AMR
 * BP_API_ROLE_TYPE          the public API has no role of use, and is asked
 * BP_ACR_TYPE, BP_AMR_TYPE  a claim of another type, null among them
 * else                      as bp_identity_roles()
 */
BP_MUST_USE bool bp_policy_demand(const struct bp_config *cfg,
    const struct bp_service *service, enum bp_demand which,
    const struct bp_identity *who, enum bp_reason *reterr);

/* What a rule says of a person who would be ACCOUNT.  0 gives nothing. */
enum bp_verdict {
	BP_RULE_OTHER_IDENTITY = 0,
	BP_RULE_GIVES,
	BP_RULE_OTHER_ACCOUNT,
	BP_RULE_NO_VALUE,	/* no claim of that name, or none that counts */
	BP_RULE_UNVERIFIED,	/* it would, were the address verified */
	BP_RULE_DIFFERS,	/* it may, but the documents disagree */
	BP_RULE_PAST,		/* it would, had it not ended */
	BP_RULE_OF_KEY,		/* it is of no person */
	BP_RULE_VERDICTS
};

/* Steps (match.h) for all rules of a map: about 0.1 s. */
enum { BP_STEPS_MAX = 10 * 1000 * 1000 };

/* What rules are held against, put in order once for all of them. */
struct bp_mapping {
	uint32_t		  left;		/* steps; at 0 it is too dear */
	const struct bp_config	 *cfg;		/* borrowed, as the next two */
	const struct bp_identity *who;
	struct bp_text		  account;
	int64_t			  now;		/* seconds since 1970 */
	struct bp_email		  email;
	struct bp_buf		  address;	/* as rules compare it */
	bool			  has_address;
};
struct bp_mapping bp_policy_mapping(const struct bp_config *cfg,
    const struct bp_identity *who, struct bp_text account, int64_t now);
void	bp_policy_mapping_done(struct bp_mapping *m);

/* RET becomes the account that RULE gives, whichever; empty: none. */
BP_MUST_USE enum bp_verdict bp_policy_rule(struct bp_mapping *m,
    const struct bp_map_rule *rule, struct bp_buf *ret);

/*
 * Does a rule of MAP give WHO exactly ACCOUNT at NOW?  RETLINE is the line of
 * the rule that does, or would; 0: there is none.
 *
 * BP_NO_RULE           none does
 * BP_EMAIL_UNVERIFIED  one would, were the address verified
 * BP_EMAIL_DIFFERS     there is a rule for ACCOUNT by e-mail, but the
 *                      documents disagree about the address
 * BP_RULE_ENDED        one would, had it not ended
 * BP_MAP               a line of the map is no rule
 * BP_MAP_LONG          its expressions take more than BP_STEPS_MAX
 */
BP_MUST_USE bool bp_policy_map(const struct bp_config *cfg,
    struct bp_text map, const struct bp_identity *who, struct bp_text account,
    int64_t now, unsigned *retline, enum bp_reason *reterr);

/*
 * Does a rule that has WHO's sub itself, and no expression, give ACCOUNT?  So
 * root gives one account to several people.
 */
bool	bp_policy_names(const struct bp_config *cfg, struct bp_text map,
	    const struct bp_identity *who, struct bp_text account,
	    int64_t now);

/*
 * Does a rule of MAP give the SSH key KEY (ssh_key.h), whoever has it, exactly
 * ACCOUNT at NOW (seconds since 1970)?  RETLINE is its line.
 *
 * BP_NO_RULE  none does
 * BP_MAP      a line of the map is no rule
 */
BP_MUST_USE bool bp_policy_key(struct bp_text map, struct bp_text key,
    struct bp_text account, int64_t now, unsigned *retline,
    enum bp_reason *reterr);

/* What a decision rests on, for the log; whatever it came to. */
struct bp_basis {
	unsigned	 line;		/* of the map's rule; 0: of none */
	bool		 has_roles;	/* they were looked at */
};

/* The age of the sign-in, and then these three: the whole decision. */
BP_MUST_USE bool bp_policy_decide(const struct bp_config *cfg,
    struct bp_text service, struct bp_text map, const struct bp_identity *who,
    struct bp_text account, int64_t now, struct bp_basis *ret,
    enum bp_reason *reterr);

/*
 * The names of all claims that the decision and the log look at, as a list
 * appended to RET, an empty buffer that may have BP_WANTED_MAX bytes.  MAP is
 * checked whole on the way.  On false RETERR says where and what: a line is
 * no rule, or they are more than BP_CLAIM_WANTED_MAX.
 */
BP_MUST_USE bool bp_policy_wanted(const struct bp_config *cfg,
    struct bp_text map, struct bp_buf *ret, struct bp_account_map *reterr);

/*
 * For the log: those of WHO's roles that SERVICE names, of the role claim or
 * OF_API, or ALL of them (all are named by *), appended to RET with commas
 * between, until one finds no room.  False: none of these count, or there are
 * none of use.
 */
BP_MUST_USE bool bp_policy_roles(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    bool of_api, bool all, struct bp_buf *ret);

/*
 * For the log, and for whoever is shown each step: of what kind the claim is
 * that REASON is about, where it is of no use, and a number's value.  Appended
 * to RET; of another reason nothing.
 */
void	bp_policy_detail(const struct bp_config *cfg,
	    const struct bp_identity *who, enum bp_reason reason,
	    struct bp_buf *ret);

#endif
