/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the two clocks.
 *
 * Runs in: module, helper and beproductctl.  Trusts: the kernel.
 */
#ifndef BP_WIRE_CLOCK_H
#define BP_WIRE_CLOCK_H

#include <stdint.h>

/* Milliseconds on the clock that nobody sets: for deadlines. */
int64_t	bp_clock_ms(void);

/* Seconds since 1970, as the host believes: for what others date. */
int64_t	bp_clock_seconds(void);

#endif
