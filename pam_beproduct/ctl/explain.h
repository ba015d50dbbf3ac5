/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - `beproductctl explain`: which key and which rule decide, about
 * somebody who signs in, or about the claims that a file or a ticket has.
 *
 * Runs in: beproductctl, as root.  Keeps nothing but the provider record.
 */
#ifndef BP_CTL_EXPLAIN_H
#define BP_CTL_EXPLAIN_H

#include "ctl/options.h"

/* The report on standard output.  What beproductctl exits with. */
int	bp_explain(const struct bp_options *options);

#endif
