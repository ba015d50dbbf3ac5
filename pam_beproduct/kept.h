/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kept.h - what authenticate decided, for the account phase on the same
 * handle.
 *
 * Runs in: the module.  Trusts: libpam to give back what it was given.
 * It names account, service and configuration, and all are compared: login
 * uses a handle for one person after the other, and a stack may name two
 * configurations, of which one asks for less.
 */
#ifndef BP_KEPT_H
#define BP_KEPT_H

#include "call.h"

/* Forget whatever stands on the handle; authenticate begins with it. */
BP_MUST_USE bool bp_kept_erase(const struct bp_call *c);

/* Keep that C's account was admitted by this attempt. */
BP_MUST_USE bool bp_kept_admit(const struct bp_call *c);

/* Was it, to the same service by the same file?  C's id becomes its. */
bool	bp_kept_is_admitted(struct bp_call *c);

#endif
