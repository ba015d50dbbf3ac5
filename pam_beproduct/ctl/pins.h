/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pins.h - `beproductctl pins`: whose accounts are (core/pin.h).
 *
 * Runs in: beproductctl, as root.  What each exits with: 3 where a file of pins
 * is refused, or cannot be changed.
 */
#ifndef BP_CTL_PINS_H
#define BP_CTL_PINS_H

#include "ctl/options.h"

/* A line a person on standard output, or a JSON array. */
int	bp_pins_list(const struct bp_options *options);

/* The person --sub of this configuration's issuer is pinned to --user. */
int	bp_pins_add(const struct bp_options *options);

/* She is no more, or nobody is; 1: she was not. */
int	bp_pins_drop(const struct bp_options *options);

/* All, in the form of the files, on standard output. */
int	bp_pins_export(const struct bp_options *options);

/*
 * What that file says is pinned besides, of accounts that have no pins; a file
 * with a mistake changes nothing.  1: an account has others, and was left.
 */
int	bp_pins_import(const struct bp_options *options);

#endif
