/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * name.h - what may be the name of an account, and of a claim.
 *
 * Runs in: module and beproductctl.  Trusts: nothing.
 */
#ifndef BP_CORE_NAME_H
#define BP_CORE_NAME_H

#include "wire/text.h"

#define BP_ACCOUNT_MAX	255		/* bytes of an account's name */

/* May this be the name of an account?  No / : or blank, no - in front. */
bool	bp_name_is_account(struct bp_text name);

/* May this be the name of a claim?  Printable, no blanks. */
bool	bp_name_is_claim(struct bp_text name);

#endif
