/*
 * kept.h - what authenticate decided, for the account phase on the same
 * handle.
 *
 * Runs in: the module.  Trusts: libpam to give back what it was given.
 * It names account and service, and both are compared: login uses a handle
 * for one person after the other.
 */
#ifndef BP_KEPT_H
#define BP_KEPT_H

#include "call.h"

/* Forget whatever stands on the handle; authenticate begins with it. */
BP_MUST_USE bool bp_kept_erase(const struct bp_call *c);

/* Keep that this account was admitted to this service by this attempt. */
BP_MUST_USE bool bp_kept_admit(const struct bp_call *c);

/* Was it?  Then C's id becomes that of the attempt. */
bool	bp_kept_is_admitted(struct bp_call *c);

#endif
