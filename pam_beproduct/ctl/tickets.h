/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tickets.h - `beproductctl tickets`: the sign-ins that are remembered.
 *
 * Runs in: beproductctl, as root.  Shows no token.
 */
#ifndef BP_CTL_TICKETS_H
#define BP_CTL_TICKETS_H

#include "ctl/options.h"

/* A line each on standard output, or a JSON array.  What it exits with. */
int	bp_tickets_list(const struct bp_options *options);

/* Forget those that are named; as bp_drop().  What it exits with. */
int	bp_tickets_drop(const struct bp_options *options);

#endif
