/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - files about an issuer that are made again when they are missing:
 * a head, which names the build and the time, and what is kept behind it.
 *
 * Runs in: module and beproductctl, as root, who alone writes the folder.
 * Trusts: the folder's owner.
 */
#ifndef BP_CORE_CACHE_H
#define BP_CORE_CACHE_H

#include <sys/types.h>

#include "core/reason.h"

enum { BP_CACHE_HEAD = BP_BUILD_SIZE + 8 };	/* bytes */

/* Where: a folder, owned by OWNER (0, but for tests), and whose files. */
struct bp_cache {
	const char	*folder;
	uid_t		 owner;
	struct bp_text	 issuer;	/* borrowed, as the folder */
};

/*
 * The name of the file KIND about ISSUER, with its NUL appended to RET: KIND,
 * `-` and the issuer, other bytes than letters, digits, `.` and `-` as `_`,
 * cut to 200.  Two issuers may share a name: what is kept tells them apart.
 */
BP_MUST_USE bool bp_cache_name(const char *kind, struct bp_text issuer,
    struct bp_buf *ret);

/*
 * Take the head off FILE.  False, and FILE as it was: of another build, from
 * the future of NOW, or none.
 */
BP_MUST_USE bool bp_cache_take_head(struct bp_text *file, int64_t now,
    int64_t *rettime);

/* Append a head of NOW. */
BP_MUST_USE bool bp_cache_put_head(struct bp_buf *ret, int64_t now);

/* A time as it stands in a head: none before its clock's beginning. */
BP_MUST_USE bool bp_cache_take_time(struct bp_text *rest, int64_t *ret);
BP_MUST_USE bool bp_cache_put_time(struct bp_buf *ret, int64_t time);

/* All of the file KIND, its head with it, into BYTES; false: none of ours. */
BP_MUST_USE bool bp_cache_load(const struct bp_cache *c, const char *kind,
    struct bp_buf *bytes);

/* In its place BYTES.  As bp_file_folder() and bp_file_replace() */
BP_MUST_USE bool bp_cache_store(const struct bp_cache *c, const char *kind,
    struct bp_text bytes, enum bp_reason *reterr);

/* Away with it. */
void	bp_cache_forget(const struct bp_cache *c, const char *kind);

#endif
