/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - what is made again when it is missing: the provider's record, what
 * the public API said of people, and that either could not be reached.
 *
 * Runs in: beproductctl, as root.  Trusts: no file; shows what it says escaped.
 */
#ifndef BP_CTL_CACHE_H
#define BP_CTL_CACHE_H

#include "ctl/options.h"

/* A line a file: its kind, its age, and of whom it is. */
int	bp_cache_show(const struct bp_options *options);

/* Away with all of it: whoever comes next asks anew. */
int	bp_cache_drop(const struct bp_options *options);

#endif
