/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outage.h - the provider could not be reached: remembered for some seconds,
 * so that while it is silent few log-ins of this host hang on it.
 *
 * Runs in: module and beproductctl, as root.  Trusts: the folder's owner.
 * Only what DISCOVER found is kept, in which no byte of a person's has a part,
 * and only by a process that no caller could stop or starve.
 */
#ifndef BP_CORE_OUTAGE_H
#define BP_CORE_OUTAGE_H

#include "core/cache.h"

enum {
	BP_OUTAGE_GOOD = 10,		/* seconds in which nobody asks again */
	BP_OUTAGE_MAX = 2048		/* bytes of its file */
};

struct bp_outage {
	enum bp_reason	 why;
	struct bp_text	 detail;	/* borrowed from the file's bytes */
	int64_t		 time;		/* seconds since 1970 */
};

/* Does WHY say that the provider cannot be reached, whoever asks? */
bool	bp_outage_is(enum bp_reason why);

/* The last one, of whatever age, into RET, which borrows from BYTES. */
BP_MUST_USE bool bp_outage_load(const struct bp_cache *c, int64_t now,
    struct bp_buf *bytes, struct bp_outage *ret);

/* Keep it; false: the cache cannot be written, and others find out as well. */
bool	bp_outage_store(const struct bp_cache *c, const struct bp_outage *o);

/* It is over. */
void	bp_outage_forget(const struct bp_cache *c);

#endif
