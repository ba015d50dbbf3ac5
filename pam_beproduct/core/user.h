/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user.h - what the public API said of one of its users, kept for a while, so
 * that not every log-in by a key asks it, and some outlive its being down.
 *
 * Runs in: module and beproductctl, as root, who alone writes the folder.
 * Trusts: the folder's owner, and this host's clock: whoever can set that back
 * is root.  An answer in force is never more than what was said: roles and map
 * decide each time, as they stand then.
 *
 *   - it must serve for the provider, API, company and user alone that were
 *     asked about, each compared and none cut (`an answer about`, in test_user)
 *   - a file that is cut, of another build, from the future, another owner's or
 *     a link must be none (`no answer`, in test_user)
 */
#ifndef BP_CORE_USER_H
#define BP_CORE_USER_H

#include "core/cache.h"
#include "core/config.h"
#include "wire/limits.h"

enum {
	BP_USER_FILE_MAX = BP_USER_MAX + 4096,	/* bytes */
	BP_USER_SWEPT = 2 * BP_ANSWER_LIFE_MAX	/* seconds */
};

/* Who is asked about, of which company, where.  Borrowed; empty: not known. */
struct bp_user_key {
	struct bp_text	 issuer, api_url, company;
	struct bp_text	 api_id, email;		/* at least one */
};

/* SAID is a USER message; all in it is borrowed. */
struct bp_user {
	int64_t		 time;		/* seconds since 1970, when it was said */
	struct bp_msg	 said;
};

/* Where: the folder, whose files are OWNER's (0, but for tests). */
struct bp_user_place {
	const char	*folder;
	uid_t		 owner;
};
#define BP_USER_HERE	{ BP_PATH_CACHE, 0 }

/* How the name of such a file begins. */
#define BP_USER_KIND	"user-"

/* What FILE, a file's bytes, says, and about whom; both borrow from it. */
BP_MUST_USE bool bp_user_read(struct bp_text file, int64_t now,
    struct bp_user_key *retkey, struct bp_user *ret);

/* The answer about KEY, of whatever age, into RET, which borrows from BYTES. */
BP_MUST_USE bool bp_user_load(const struct bp_user_place *place,
    const struct bp_user_key *key, int64_t now, struct bp_buf *bytes,
    struct bp_user *ret);

/*
 * Keep U, and sweep what nobody has wanted for two weeks.
 *
 * BP_MEMORY  it is too long
 * else       as bp_file_folder() and bp_file_replace()
 */
BP_MUST_USE bool bp_user_store(const struct bp_user_place *place,
    const struct bp_user_key *key, const struct bp_user *u,
    enum bp_reason *reterr);

/* Away with it: who is no user any more must not be one by an old answer. */
void	bp_user_forget(const struct bp_user_place *place,
	    const struct bp_user_key *key);

#endif
