/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * provider.h - the provider record: what DISCOVER answered, kept in a file so
 * that a sign-in costs one connection.
 *
 * Runs in: module and beproductctl, as root, who alone writes the folder.
 * Trusts: the folder's owner; of the record only what bp_provider_check()
 * lets pass, since a helper wrote it.
 *
 * The file is a head (the build, the time) and the PROVIDER message as it
 * came, but for what only an administrator is told.  One that is missing, of
 * another build, from the future, older than an hour or unlawful is fetched
 * anew.
 */
#ifndef BP_CORE_PROVIDER_H
#define BP_CORE_PROVIDER_H

#include "core/cache.h"

enum {
	BP_PROVIDER_GOOD = 3600,	/* seconds */
	BP_PROVIDER_STALE = 60		/* seconds between two that are marked */
};

/* BYTES of a PROVIDER message; borrowed, as is all in MSG. */
struct bp_provider {
	struct bp_text	 bytes;
	struct bp_msg	 msg;
	int64_t		 time;		/* seconds since 1970, when it was fetched */
};

/*
 * Is M a PROVIDER message about ISSUER whose endpoints have its origin?
 *
 * BP_DISCOVERY_ISSUER  about another
 * BP_PROVIDER_FOREIGN  an endpoint of another origin
 */
BP_MUST_USE bool bp_provider_check(const struct bp_msg *m,
    struct bp_text issuer, enum bp_reason *reterr);

/*
 * By how many seconds this host's clock is ahead of the provider's, by the
 * Date of M, which came BEFORE and AFTER: negative where it is behind.  False:
 * M has none, or one that no clock of these years shows.  It is the provider's
 * word: nothing may depend on it but what an administrator is told.
 */
bool	bp_provider_clock(const struct bp_msg *m, int64_t before,
	    int64_t after, int64_t *ret);

/* The record in FILE, the bytes of a file; RET borrows from them. */
BP_MUST_USE bool bp_provider_read(struct bp_text file, struct bp_text issuer,
    int64_t now, struct bp_provider *ret);

/* FILE's bytes for MESSAGE, fetched at NOW, appended to RET. */
BP_MUST_USE bool bp_provider_write(struct bp_text message, int64_t now,
    struct bp_buf *ret);

/* The same by the cache. */
BP_MUST_USE bool bp_provider_load(const struct bp_cache *c, int64_t now,
    struct bp_buf *bytes, struct bp_provider *ret);
BP_MUST_USE bool bp_provider_store(const struct bp_cache *c,
    struct bp_text message, int64_t now, enum bp_reason *reterr);

/* It was old: forget the record, unless it is younger than a minute. */
void	bp_provider_forget(const struct bp_cache *c,
	    const struct bp_provider *record, int64_t now);

#endif
