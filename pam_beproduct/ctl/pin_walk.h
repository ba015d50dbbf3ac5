/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin_walk.h - the pins of all accounts (core/pin.h), a file after the other.
 *
 * Runs in: beproductctl, as root.  Changes nothing, and makes no folder.
 */
#ifndef BP_CTL_PIN_WALK_H
#define BP_CTL_PIN_WALK_H

#include <dirent.h>

#include "core/pin.h"

/* Init with BP_PIN_WALK_INIT, end with bp_pin_walk_done(). */
struct bp_pin_walk {
	struct bp_pin_place	  place;
	int			  dir;
	struct dirent		**name;
	int			  at, n;
	struct bp_pins		  pins;		/* of what came last */
};
#define BP_PIN_WALK_INIT	{ .place = BP_PIN_HERE, .dir = -1, \
	.pins = BP_PINS_INIT }
void	bp_pin_walk_done(struct bp_pin_walk *w);

enum bp_pin_walk_step { BP_PIN_WALK_END = 0, BP_PIN_WALK_ACCOUNT,
    BP_PIN_WALK_BAD };

/* The next file; BAD: W->pins.fault says what is wrong with it. */
BP_MUST_USE enum bp_pin_walk_step bp_pin_walk_next(struct bp_pin_walk *w);

#endif
