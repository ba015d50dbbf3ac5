/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sign_in.h - `beproductctl sign-in`: who somebody is at the provider, and
 * what this host makes of it.
 *
 * Runs in: beproductctl, as root.  Keeps nothing but the provider record.
 */
#ifndef BP_CTL_SIGN_IN_H
#define BP_CTL_SIGN_IN_H

#include "ctl/options.h"

/*
 * One sign-in on this terminal.  Standard output is a claims file
 * (claims_file.h) whose comments are the report.  What beproductctl exits
 * with.
 */
int	bp_sign_in(const struct bp_options *options);

#endif
