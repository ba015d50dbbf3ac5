/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enable.h - `beproductctl enable` and `disable`: our lines into the PAM file
 * of a service, and out of it again.
 *
 * Runs in: beproductctl, as root.  Trusts: root's files, once they are vetted.
 *
 * `enable` shows the change, looks at the host as it would be then as `check`
 * does, and refuses where nobody could get in by it.  `disable` needs no
 * configuration: it is wanted most where that is broken.
 */
#ifndef BP_CTL_ENABLE_H
#define BP_CTL_ENABLE_H

#include "ctl/options.h"

int	bp_enable(const struct bp_options *options);

/* Of one service, or with --all of all that were enabled. */
int	bp_disable(const struct bp_options *options);

#endif
