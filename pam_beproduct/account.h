/*
 * account.h - the account phase: was this account admitted to this service?
 *
 * Runs in: the module, also for SSH keys and at every sudo.
 */
#ifndef BP_ACCOUNT_H
#define BP_ACCOUNT_H

#include "call.h"

/* BP_ADMITTED, or why not. */
enum bp_reason	bp_account(struct bp_call *c);

#endif
