/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the clocks.
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

/* Seconds since the host began, sleep among them: for what must not last. */
int64_t	bp_clock_boot(void);

#endif
