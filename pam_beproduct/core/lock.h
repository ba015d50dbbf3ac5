/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.h - whom this host's administrator has locked out: an account of it, or
 * an identity, by its sub or its e-mail address.
 *
 * Runs in: module and beproductctl, as root.  Trusts: the folder's owner.
 *
 * Who gains by it: whoever is locked out and comes in all the same, by a
 * sign-in, a ticket, a key, or because something is down or not to be had; and
 * whoever locks out somebody else, or root.  So
 *
 *   - a lock must need nothing but the disk: no provider, no helper, no
 *     descriptor and no lock of a file, none of which the caller of sudo could
 *     take away (`a_lock_needs_no_descriptor`, in test_lock; tests/e2e/
 *     test_lock_cases.py)
 *   - it must be a file's name, whatever the file holds: one that is empty,
 *     cut, or of another build locks (`a lock`, in test_lock)
 *   - what stands where a lock would and is none of root's plain files, and a
 *     folder that is a link, another owner's or writable by others, must
 *     refuse whoever is asked about: it may hide a lock (`no lock can be told`)
 *   - without the folder there must be none: a host that never locked anybody
 *     needs none (`nothing`)
 *   - nothing that a name holds may lead out of the folder, or to the lock of
 *     another: kind, issuer and value are a digest (`a name`)
 *   - a sub must count at its issuer alone (`a name`); of an address, which a
 *     provider may spell either way, the domain in any case (`a name`)
 *   - it must beat what was admitted before: the account's is looked for in
 *     both phases, before anything is asked or read of a sign-in, the
 *     identity's wherever a person is judged (attempt/judge.h,
 *     tests/module/test_lock.py)
 *   - root and local accounts must never be asked about (tests/module/
 *     test_lock.py)
 *   - one lock of a thousand must cost what one of one does: the folder is not
 *     read (tests/boundary/imports)
 *
 * What it does not stop: a session that has begun, root's own su, and what the
 * stack lets in without us.  An account that another name has by the same uid
 * is another account.
 */
#ifndef BP_CORE_LOCK_H
#define BP_CORE_LOCK_H

#include <sys/types.h>

#include "core/reason.h"

enum bp_lock_kind { BP_LOCK_ACCOUNT = 1, BP_LOCK_SUB, BP_LOCK_EMAIL,
    BP_LOCK_KINDS };

enum { BP_LOCK_NAME_SIZE = 128, BP_LOCK_PATH_MAX = 1024 };	/* bytes */

/* What may be locked; all is borrowed. */
struct bp_lock {
	enum bp_lock_kind kind;
	struct bp_text	 issuer;	/* of a sub */
	struct bp_text	 value;
};

/* Where: a folder, whose files are OWNER's (0, but for tests). */
struct bp_lock_place {
	const char	*parent;	/* made where it is missing */
	const char	*folder;	/* the same, in it */
	uid_t		 owner;
};
#define BP_LOCK_HERE	{ BP_PATH_STATE, BP_PATH_STATE "/locks", 0 }

/* account, sub, email */
const char	*bp_lock_word(enum bp_lock_kind kind);

/*
 * Can it be locked?  Not what no account, sub or e-mail address can be: of
 * these there is no lock.
 */
bool	bp_lock_may_be(const struct bp_lock *l);

/*
 * The name of the file of L, which may be locked, with its NUL, appended to
 * RET.  False: there is no memory.
 */
BP_MUST_USE bool bp_lock_name(const struct bp_lock *l, struct bp_buf *ret);

/*
 * Is L not locked?  On false RETFILE, an empty buffer, has what is about it.
 *
 * BP_LOCKED
 * BP_LOCK_UNTOLD  what is there is no lock, and may hide one
 * BP_MEMORY
 */
BP_MUST_USE bool bp_lock_is_open(const struct bp_lock_place *place,
    const struct bp_lock *l, struct bp_buf *retfile, enum bp_reason *reterr);

#endif
