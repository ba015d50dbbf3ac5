/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailbox.h - what is an e-mail address, and when two are the same.
 *
 * Runs in: module, helper and beproductctl: the map and the public API are to
 * mean the same person.  Trusts: nothing.
 */
#ifndef BP_WIRE_MAILBOX_H
#define BP_WIRE_MAILBOX_H

#include "wire/claim.h"
#include "wire/limits.h"

/*
 * Is this an e-mail address that a rule may map: one @ with something on
 * either side, printable ASCII, BP_MAILBOX_MAX bytes at most?
 */
bool	bp_mailbox_is_one(struct bp_text address);

/*
 * Append such an address as it is compared, its domain in small letters.
 * False, and RET as it was: it is none.
 */
BP_MUST_USE bool bp_mailbox_put(struct bp_text address, struct bp_buf *ret);

/*
 * The address that counts of what both documents say of the claim `email`:
 * UserInfo's INFO, else the id_token's TOKEN; RET is empty where neither has
 * one.  False: they differ, or one is no string.
 */
BP_MUST_USE bool bp_mailbox_choose(const struct bp_claim *info,
    const struct bp_claim *token, struct bp_text *ret);

#endif
