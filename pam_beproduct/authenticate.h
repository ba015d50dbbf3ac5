/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticate.h - the authenticate phase, in which a person signs in.
 *
 * Runs in: the module.  Trusts: configuration and files, which root owns.
 */
#ifndef BP_AUTHENTICATE_H
#define BP_AUTHENTICATE_H

#include "call.h"

/* BP_ADMITTED, or why not.  C tells the rest to the log. */
enum bp_reason	bp_authenticate(struct bp_call *c);

#endif
