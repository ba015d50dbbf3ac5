/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * name.h - what may be the name of an account, of a claim, of a mailbox.
 *
 * Runs in: module and beproductctl.  Trusts: nothing.
 */
#ifndef BP_CORE_NAME_H
#define BP_CORE_NAME_H

#include "wire/text.h"

#define BP_ACCOUNT_MAX	255		/* bytes of an account's name */
#define BP_EMAIL_MAX	320		/* bytes of an address: RFC 5321 */

/* May this be the name of an account?  No / : or blank, no - in front. */
bool	bp_name_is_account(struct bp_text name);

/* May this be the name of a claim?  Printable, no blanks. */
bool	bp_name_is_claim(struct bp_text name);

/*
 * Is this an e-mail address that a rule may map: one @ with something on
 * either side, printable ASCII, BP_EMAIL_MAX bytes at most?
 */
bool	bp_name_is_email(struct bp_text address);

/*
 * Append such an address as rules compare it, its domain in small letters.
 * False, and RET as it was: it is none.
 */
BP_MUST_USE bool bp_name_put_email(struct bp_text address,
    struct bp_buf *ret);

#endif
