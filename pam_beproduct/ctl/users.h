/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * users.h - `beproductctl users`: the company's users with their roles, the
 * accounts that the map gives them, and whether a service would admit them.
 *
 * Runs in: beproductctl, as root.  Changes nothing but this host's own token,
 * which is renewed as a look-up renews it.
 */
#ifndef BP_CTL_USERS_H
#define BP_CTL_USERS_H

#include "ctl/options.h"

/*
 * What beproductctl exits with: 2 where the API cannot be asked, 3 also where
 * this host has no token for it, or a file of pins cannot be read.
 */
int	bp_users(const struct bp_options *options);

#endif
