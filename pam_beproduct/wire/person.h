/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.h - a user of the company, in the list of a USERS message.
 *
 * Runs in: helper and beproductctl; the module never asks for it.  Trusts:
 * nothing; a list that was read has printable items (msg.h).
 * One user a call, borrowed from the list.
 */
#ifndef BP_WIRE_PERSON_H
#define BP_WIRE_PERSON_H

#include "wire/limits.h"
#include "wire/list.h"

struct bp_person {
	struct bp_text	 id;		/* empty: of no use */
	struct bp_text	 email;		/* as mailbox.h has it; empty: none */
	bool		 is_active;
	bool		 has_roles;	/* else they are of no use */
	uint32_t	 role_count;
	struct bp_text	 role_items;	/* so many of a list */
};

/*
 * Append P, with the roles that stand in ROLES, a list's content, to the list
 * in B.  False: no room, and B is of no use.
 */
BP_MUST_USE bool bp_person_put(struct bp_buf *b, const struct bp_person *p,
    struct bp_text roles);

/* BAD: what comes next is no user. */
enum bp_person_step { BP_PERSON_BAD = 0, BP_PERSON_NEXT, BP_PERSON_END };
BP_MUST_USE enum bp_person_step bp_person_next(struct bp_list *list,
    struct bp_person *ret);

/* The roles of P, a list's content, in place of what RET had. */
BP_MUST_USE bool bp_person_roles(const struct bp_person *p,
    struct bp_buf *ret);

#endif
