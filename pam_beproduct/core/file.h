/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h - read a file only if the right person alone could have written it,
 * and replace one so that a reader finds the old or the new one whole.
 *
 * Runs in: module and beproductctl, as root.
 * Trusts: whoever names the path (root) and the owner of the file.
 */
#ifndef BP_CORE_FILE_H
#define BP_CORE_FILE_H

#include <sys/types.h>

#include "core/reason.h"

/*
 * Read all of PATH.
 *
 *   owner      who must own it: 0, but for tests
 *   forbidden  permission bits that it must not have: 022, for a secret 077
 *   ret        an empty buffer with the ceiling of the file; empty on false
 *   retwhat    on false: what is wrong with the file, and its mend, appended
 *              as far as there is room
 *
 * BP_FILE_MISSING    it cannot be opened
 * BP_FILE_UNTRUSTED  a symbolic link, no plain file, other owner, mode
 * BP_FILE_UNREAD     over the ceiling, no memory, or a fault in reading
 */
BP_MUST_USE bool bp_file_read(const char *path, uid_t owner,
    mode_t forbidden, struct bp_buf *ret, struct bp_buf *retwhat,
    enum bp_reason *reterr);

/*
 * A program that OWNER alone can write, no link, whether or not it can be
 * read: RET is a descriptor that is good for fexecve() alone, to be closed by
 * the caller.
 *
 * BP_FILE_MISSING, BP_FILE_UNTRUSTED
 */
BP_MUST_USE bool bp_file_program(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr);

/*
 * A folder for what we keep, made with mode 0700 where it is missing.  Of
 * another owner than OWNER, writable by others, or a link: refused.
 * RET is a descriptor, to be closed by the caller.
 *
 * BP_FILE_MISSING (errno says why), BP_FILE_UNTRUSTED
 */
BP_MUST_USE bool bp_file_folder(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr);

/*
 * The same where it is there already: true, and -1 in RET, where it is not.
 * What cannot be looked at is not missing.
 */
BP_MUST_USE bool bp_file_folder_if(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr);

/*
 * bp_file_read() of NAME in the folder DIR, which must be OWNER's alone, where
 * it is there: true, and no RETTHERE, where it is not.
 */
BP_MUST_USE bool bp_file_read_if(int dir, const char *name, uid_t owner,
    struct bp_buf *ret, bool *retthere, struct bp_buf *retwhat,
    enum bp_reason *reterr);

/* bp_file_read() of NAME in the folder DIR, which must be OWNER's alone. */
BP_MUST_USE bool bp_file_read_in(int dir, const char *name, uid_t owner,
    struct bp_buf *ret, enum bp_reason *reterr);

/*
 * Put BYTES under NAME in DIR, mode 0600, in place of what was there.  On
 * false what was there still is, and nothing else.  Also where the caller of
 * sudo forbade files (RLIMIT_FSIZE 0): that is an error here, no signal.
 * What writers of NAME that were killed left behind is removed a minute later.
 *
 * BP_FILE_UNWRITTEN (errno says why), BP_RANDOM
 */
BP_MUST_USE bool bp_file_replace(int dir, const char *name,
    struct bp_text bytes, enum bp_reason *reterr);

/*
 * The same so that it outlasts a crash of the host; and for a name that there
 * is none of yet: of two who put it there at once one does.
 *
 * BP_FILE_UNWRITTEN (errno says why: EEXIST, that it is there), BP_RANDOM
 */
BP_MUST_USE bool bp_file_keep(int dir, const char *name,
    struct bp_text bytes, enum bp_reason *reterr);
BP_MUST_USE bool bp_file_create(int dir, const char *name,
    struct bp_text bytes, enum bp_reason *reterr);

/*
 * Have the file NAME in DIR to ourselves, among those who ask, until RET, a
 * descriptor, is closed.  False: it is not there (errno is ENOENT), somebody
 * else has it, or another has come in its place meanwhile (EAGAIN).
 */
BP_MUST_USE bool bp_file_hold(int dir, const char *name, int *ret);

/*
 * Room for a file: what is put into it later cannot fail for want of space.
 * Init with BP_FILE_ROOM_INIT, end with bp_file_room_done(), which gives back
 * what was not used.
 */
struct bp_file_room {
	int		 dir, fd;	/* -1: none; the folder is borrowed */
	struct bp_buf	 beside;	/* its name there, with its NUL */
	size_t		 most;
	bool		 lasts;		/* also a crash, once it is filled */
	bool		 is_new;	/* none of its name is to be there */
};
enum { BP_FILE_BESIDE = 256 };
#define BP_FILE_ROOM_INIT	{ .dir = -1, .fd = -1, \
	.beside = BP_BUF_INIT(BP_FILE_BESIDE) }

/*
 * Room for MOST bytes for NAME in DIR, which must stay open: in place of what
 * another left who had room for NAME, and was killed.  Of two at once the
 * first loses it.
 *
 * BP_MEMORY  NAME is too long
 * else       as bp_file_replace()
 */
BP_MUST_USE bool bp_file_room_take(int dir, const char *name, size_t most,
    struct bp_file_room *ret, enum bp_reason *reterr);

/*
 * Put BYTES, MOST of them at most, under NAME in place of what was there, and
 * use the room up, also on false.  As bp_file_replace()
 */
BP_MUST_USE bool bp_file_room_fill(struct bp_file_room *room,
    const char *name, struct bp_text bytes, enum bp_reason *reterr);

void	bp_file_room_done(struct bp_file_room *room);

/*
 * The first names, MOST of them at most (and at least one may be), that follow
 * AFTER in DIR by their bytes; "" stands in front of all.  Names that begin
 * with a dot are none.  How many.
 */
enum { BP_FILE_NAME_SIZE = 256 };
size_t	bp_file_names(int dir, const char *after,
	    char (*ret)[BP_FILE_NAME_SIZE], size_t most);

/* The next one in place of NAME; false: there is no other. */
BP_MUST_USE bool bp_file_next(int dir, char name[BP_FILE_NAME_SIZE]);

/* How many such names DIR has; of thousands, not all. */
size_t	bp_file_count(int dir);

/*
 * Remove the files in DIR, of its own owner, whose names begin so and whose
 * time is more than AGE seconds away from NOW, before it or behind it: a clock
 * may have been set.
 */
void	bp_file_sweep(int dir, const char *beginning, int64_t age,
	    int64_t now);

/* All of T to FD; false (errno): a part of it at most. */
BP_MUST_USE bool bp_file_write(int fd, struct bp_text t);

/*
 * Have the folder DIR to ourselves, until it is closed; false: somebody else
 * has.  Only among those who ask.
 */
BP_MUST_USE bool bp_file_lock(int dir);

/* An errno in the kernel's words, which no locale changes. */
const char	*bp_file_words(int error);

/* WHY in the log's words, or, where that has an errno, ERROR's. */
const char	*bp_file_why(enum bp_reason why, int error);

/* For BP_AUTO: close *FD unless it is -1, and keep errno. */
void	bp_file_close(int *fd);

#endif
