/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lock.h"
#include "core/digest.h"
#include "core/name.h"
#include "wire/limits.h"
#include "wire/mailbox.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>

enum { KEY_MAX = 1024 };		/* an issuer and a value, each with NUL */

const char *
bp_lock_word(enum bp_lock_kind kind)
{
	static const char *const words[BP_LOCK_KINDS] = {
		[BP_LOCK_ACCOUNT] = "account",	[BP_LOCK_SUB] = "sub",
		[BP_LOCK_EMAIL] = "email" };

	return words[kind];
}

bool
bp_lock_may_be(const struct bp_lock *l)
{
	if (l->kind == BP_LOCK_EMAIL)
		return bp_mailbox_is_one(l->value);
	if (l->kind == BP_LOCK_ACCOUNT)
		return bp_name_is_account(l->value);
	return l->value.len > 0 && l->value.len <= BP_SUB_MAX &&
	    bp_text_is_printable(l->value);
}

/* What is locked, as it is compared; no two are the same bytes. */
static bool
put_key(const struct bp_lock *l, struct bp_buf *ret)
{
	if (l->kind == BP_LOCK_EMAIL)
		return bp_mailbox_put(l->value, ret);
	return (l->kind != BP_LOCK_SUB || (bp_buf_put(ret, l->issuer) &&
	    bp_buf_add(ret, "", 1))) && bp_buf_put(ret, l->value);
}

bool
bp_lock_name(const struct bp_lock *l, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf key = BP_BUF_INIT(KEY_MAX);
	char hex[BP_DIGEST_HEX + 1];

	if (!put_key(l, &key))
		return false;
	bp_digest_hex(bp_buf_text(&key), hex);
	return bp_buf_say(ret, bp_lock_word(l->kind)) &&
	    bp_buf_say(ret, "-") && bp_buf_add(ret, hex, sizeof(hex));
}

enum found { ODD = 0, MISSING, AS_MADE };

/*
 * By its path, which no descriptor is needed for: only root can put anything
 * else there once what is above it is root's.
 */
static enum found
look_at(const char *path, mode_t type, uid_t owner)
{
	struct stat st;

	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? MISSING : ODD;
	return (st.st_mode & S_IFMT) == type && st.st_uid == owner &&
	    (st.st_mode & 022) == 0 ? AS_MADE : ODD;
}

/* FOUND, in words: is nothing there that locks? */
static bool
is_nothing(enum found found, const char *path, struct bp_buf *retfile,
    enum bp_reason *reterr)
{
	if (found == MISSING)
		return true;
	if (!bp_buf_say(retfile, path))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_refuse(reterr, found == AS_MADE ? BP_LOCKED
	    : BP_LOCK_UNTOLD);
}

static bool
is_no_lock(const struct bp_lock_place *place, const char *path,
    struct bp_buf *retfile, enum bp_reason *reterr)
{
	const char *const above[] = { place->parent, place->folder };
	enum found found;

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
		found = look_at(above[i], S_IFDIR, place->owner);
		if (found != AS_MADE)
			return is_nothing(found, above[i], retfile, reterr);
	}
	return is_nothing(look_at(path, S_IFREG, place->owner), path, retfile,
	    reterr);
}

bool
bp_lock_is_open(const struct bp_lock_place *place, const struct bp_lock *l,
    struct bp_buf *retfile, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf path =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);

	if (!bp_lock_may_be(l))
		return true;
	if (!bp_buf_say(&path, place->folder) || !bp_buf_say(&path, "/") ||
	    !bp_lock_name(l, &path))
		return bp_refuse(reterr, BP_MEMORY);
	return is_no_lock(place, (const char *)path.data, retfile, reterr);
}
