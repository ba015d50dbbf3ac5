/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waiting.h - how many refresh tokens wait to be revoked (core/queue.h).
 *
 * Runs in: beproductctl, as root.  Changes nothing.
 */
#ifndef BP_CTL_WAITING_H
#define BP_CTL_WAITING_H

struct bp_waiting {
	unsigned	 n;
	long long	 oldest;	/* seconds since it waits */
};

/* Of whichever configuration; what is no entry is not counted. */
struct bp_waiting bp_waiting_count(void);

#endif
