/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_token.h - this host's own token for the public API
 * (core/service_token.h): of whom it is, and its end.
 *
 * Runs in: beproductctl, as root.
 */
#ifndef BP_CTL_SERVICE_TOKEN_H
#define BP_CTL_SERVICE_TOKEN_H

#include "ctl/options.h"

/* A line; what beproductctl exits with: 1 where there is none. */
int	bp_service_token_show(const struct bp_options *options);

/*
 * Into the queue of those that are to be revoked, the file away, and then the
 * queue, as bp_drop() does.  One that cannot be read is erased all the same.
 */
int	bp_service_token_drop(const struct bp_options *options);

#endif
