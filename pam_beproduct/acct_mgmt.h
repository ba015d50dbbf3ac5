/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * acct_mgmt.h - the account phase: was this account admitted to this service?
 *
 * Runs in: the module, also for SSH keys and at every sudo.  Of a section that
 * observes, C is marked so: then what refuses is told to the log alone, but for
 * a lock, and for what refuses before the section is known.
 */
#ifndef BP_ACCT_MGMT_H
#define BP_ACCT_MGMT_H

#include "call.h"

/* BP_ADMITTED, or why not. */
enum bp_reason	bp_acct_mgmt(struct bp_call *c);

#endif
