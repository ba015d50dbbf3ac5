/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * logout.h - `beproductctl logout`: a user's tickets are dropped, and the
 * addresses are shown that end the person's sessions at the provider (OpenID
 * Connect RP-Initiated Logout 1.0): her own browser must open them.
 *
 * Runs in: beproductctl, as root.  Such an address holds the id_token of the
 * sign-in, as the hint whose session it is: it is shown here, and nowhere else.
 */
#ifndef BP_CTL_LOGOUT_H
#define BP_CTL_LOGOUT_H

#include "ctl/options.h"

/* As bp_drop().  What it exits with. */
int	bp_logout(const struct bp_options *options);

#endif
