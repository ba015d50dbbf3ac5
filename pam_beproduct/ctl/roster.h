/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roster.h - the company's users, as the public API has them, and what this
 * host would make of each: which accounts the map gives, and whether a service
 * would admit her.
 *
 * Runs in: beproductctl, as root.  Changes nothing.  Trusts: root's files, and
 * NSS; of the users nothing: what is said of an address is what the company's
 * administrator typed.
 *
 * Every verdict is of the function by which the module decides, of somebody
 * who was looked up (attempt/look_up.h).  Her sub is known where she is pinned:
 * by the API's id, or, where the pin has none, by the address.  What only a
 * sign-in shows is not looked at.  Of N users and M rules without an expression
 * it takes N and M looks; expressions are held against each user.
 */
#ifndef BP_CTL_ROSTER_H
#define BP_CTL_ROSTER_H

#include "core/map_rule.h"
#include "core/setup.h"
#include "ctl/roster_pins.h"
#include "wire/person.h"

/* An account that the map gives a user. */
struct bp_gain {
	char		*account;	/* owned */
	size_t		 user;		/* her number */
	bool		 exists;
	enum bp_reason	 why;		/* ADMITTED: nothing is against it */
};

struct bp_roster_user {
	struct bp_person said;		/* borrows from the message */
	struct bp_text	 sub;		/* borrowed; empty: not known */
	enum bp_reason	 why;		/* ADMITTED: she may have accounts */
	uint32_t	 admits;	/* bits: services, by roles alone */
	size_t		 first, gains;	/* in the table of gains */
};

/* Init with BP_ROSTER_INIT, end with bp_roster_done(). */
struct bp_roster {
	const struct bp_setup	*setup;		/* borrowed, with the map */
	struct bp_config	 by_api;	/* whose roles are the API's */
	struct bp_roster_user	*user;
	size_t			 users;
	struct bp_gain		*gain;
	size_t			 gains, room;
	struct bp_index		 by_account;	/* of gains */
	struct bp_map_rule	*rule;		/* of all lines */
	size_t			 rules;
	struct bp_index		 by_identity;	/* of rules, exact ones */
	struct bp_roster_pins	 pins;		/* whose subs users have */
	struct bp_buf		 fault;		/* pins that cannot be read */
	bool			 has_unseen;	/* rules by another claim */
};
#define BP_ROSTER_INIT	{ .fault = BP_BUF_INIT(BP_PINS_FAULT_MAX) }
void	bp_roster_done(struct bp_roster *r);

/*
 * R of the users in the list LIST, and SETUP's files.
 *
 * BP_HELPER_ANSWER  it is none of users
 * BP_MAP, BP_MEMORY
 */
BP_MUST_USE bool bp_roster_make(struct bp_roster *r,
    const struct bp_setup *setup, struct bp_text list,
    enum bp_reason *reterr);

/* Does SERVICE admit U, by her roles?  ADMITTED, or why not. */
enum bp_reason	bp_roster_judge(const struct bp_roster *r,
		    const struct bp_roster_user *u,
		    const struct bp_service *service);

/* Has she an account by which she could be admitted at all? */
bool	bp_roster_is_able(const struct bp_roster *r,
	    const struct bp_roster_user *u);

/* The next gain of the account of the gain N, by another user; from AT on. */
bool	bp_roster_shares(const struct bp_roster *r, size_t n, size_t *at,
	    size_t *retother);

#endif
