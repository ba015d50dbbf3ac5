/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file.h"
#include "core/random.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LEFTOVER_AGE = 60, NAMES_AT_ONCE = 2048 };

void
bp_file_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
}

/* Asked of the descriptor: the name may be another file a moment later. */
static bool
is_trusted(int fd, mode_t type, uid_t owner, mode_t forbidden)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type &&
	    st.st_uid == owner && (st.st_mode & forbidden) == 0;
}

const char *
bp_file_words(int error)
{
	const char *words = strerrordesc_np(error);

	return words != NULL ? words : "unknown error";
}

const char *
bp_file_why(enum bp_reason why, int error)
{
	return why == BP_FILE_UNWRITTEN || why == BP_FILE_MISSING
	    ? bp_file_words(error) : bp_reason_row(why)->log;
}

static bool
say_error(struct bp_buf *b, const char *what, int error)
{
	return bp_buf_say(b, what) && bp_buf_say(b, ": ") &&
	    bp_buf_say(b, bp_file_words(error));
}

static bool
say_number(struct bp_buf *b, const char *what, uint32_t n)
{
	char lent[BP_DECIMAL_MAX];

	return bp_buf_say(b, what) && bp_buf_put(b, bp_text_decimal(n, lent));
}

static bool
say_mode(struct bp_buf *b, mode_t mode, bool is_secret)
{
	const char octal[] = { (char)('0' + (mode >> 9 & 7)),
	    (char)('0' + (mode >> 6 & 7)), (char)('0' + (mode >> 3 & 7)),
	    (char)('0' + (mode & 7)) };

	return bp_buf_say(b, "has mode ") &&
	    bp_buf_add(b, octal, sizeof(octal)) &&
	    bp_buf_say(b, is_secret
	    ? ": others than root may read or write it (chmod 0600)"
	    : ": others than root may write it (chmod 0644)");
}

/* What is_trusted() has judged by, of a file that root must own. */
static bool
say_untrusted(struct bp_buf *b, int fd, mode_t forbidden)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return bp_buf_say(b, "is no plain file");
	if (st.st_uid != 0)
		return say_number(b, "is owned by uid ", st.st_uid) &&
		    bp_buf_say(b, ", not by root (chown root)");
	return say_mode(b, st.st_mode, (forbidden & 044) != 0);
}

static bool
say_unread(struct bp_buf *b, size_t most, int error)
{
	return error == EMSGSIZE
	    ? say_number(b, "is longer than ", (uint32_t)most) &&
	    bp_buf_say(b, " bytes") : say_error(b, "cannot be read", error);
}

static enum bp_reason
unopened(int error, struct bp_buf *what)
{
	bool said = error == ELOOP ? bp_buf_say(what, "is a symbolic link")
	    : error == ENOENT ? bp_buf_say(what, "is missing")
	    : say_error(what, "cannot be opened", error);

	(void)said;
	errno = error;
	return error == ELOOP ? BP_FILE_UNTRUSTED : BP_FILE_MISSING;
}

bool
bp_file_lock(int dir)
{
	return flock(dir, LOCK_EX | LOCK_NB) == 0;
}

/* WHAT: words about the fault, as far as they find room. */
static bool
read_at(int dir, const char *name, uid_t owner, mode_t forbidden,
    struct bp_buf *ret, struct bp_buf *what, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int fd = -1;
	ssize_t n;

	/* O_NONBLOCK: a FIFO planted under this name must not hang a login */
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
	    O_NONBLOCK);
	if (fd < 0)
		return bp_refuse(reterr, unopened(errno, what));
	if (!is_trusted(fd, S_IFREG, owner, forbidden)) {
		(void)say_untrusted(what, fd, forbidden);
		return bp_refuse(reterr, BP_FILE_UNTRUSTED);
	}
	do
		n = bp_buf_fill(ret, fd);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0)
		return true;
	(void)say_unread(what, ret->max, errno);
	bp_buf_done(ret);
	return bp_refuse(reterr, BP_FILE_UNREAD);
}

bool
bp_file_read(const char *path, uid_t owner, mode_t forbidden,
    struct bp_buf *ret, struct bp_buf *retwhat, enum bp_reason *reterr)
{
	return read_at(AT_FDCWD, path, owner, forbidden, ret, retwhat, reterr);
}

bool
bp_file_read_in(int dir, const char *name, uid_t owner, struct bp_buf *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf unsaid = BP_BUF_INIT(0);

	return read_at(dir, name, owner, 022, ret, &unsaid, reterr);
}

bool
bp_file_read_if(int dir, const char *name, uid_t owner, struct bp_buf *ret,
    bool *retthere, struct bp_buf *retwhat, enum bp_reason *reterr)
{
	enum bp_reason why;

	*retthere = read_at(dir, name, owner, 022, ret, retwhat, &why);
	return *retthere || (why == BP_FILE_MISSING && errno == ENOENT) ||
	    bp_refuse(reterr, why);
}

bool
bp_file_program(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int fd = open(path, O_PATH | O_CLOEXEC |
	    O_NOFOLLOW);

	if (fd < 0)
		return bp_refuse(reterr, BP_FILE_MISSING);
	if (!is_trusted(fd, S_IFREG, owner, 022))
		return bp_refuse(reterr, BP_FILE_UNTRUSTED);
	*ret = fd;
	fd = -1;
	return true;
}

static bool
open_folder(const char *path, uid_t owner, int *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int dir = open(path, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC | O_NOFOLLOW);

	if (dir < 0)
		return bp_refuse(reterr, errno == ELOOP || errno == ENOTDIR
		    ? BP_FILE_UNTRUSTED : BP_FILE_MISSING);
	if (!is_trusted(dir, S_IFDIR, owner, 022))
		return bp_refuse(reterr, BP_FILE_UNTRUSTED);
	*ret = dir;
	dir = -1;
	return true;
}

bool
bp_file_folder(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr)
{
	bool made = mkdir(path, 0700) == 0;

	if (!made && errno != EEXIST)
		return bp_refuse(reterr, BP_FILE_MISSING);
	if (!open_folder(path, owner, ret, reterr))
		return false;
	/* whatever the caller's umask took away */
	if (made)
		(void)fchmod(*ret, 0700);
	return true;
}

bool
bp_file_folder_if(const char *path, uid_t owner, int *ret,
    enum bp_reason *reterr)
{
	enum bp_reason why;

	*ret = -1;
	return open_folder(path, owner, ret, &why) ||
	    (why == BP_FILE_MISSING && errno == ENOENT) ||
	    bp_refuse(reterr, why);
}

/* Whoever replaced it had it before, and its name is another file's now. */
static bool
is_still(int dir, const char *name, int fd)
{
	struct stat is, was;

	return fstat(fd, &was) == 0 &&
	    fstatat(dir, name, &is, AT_SYMLINK_NOFOLLOW) == 0 &&
	    is.st_ino == was.st_ino && is.st_dev == was.st_dev;
}

bool
bp_file_hold(int dir, const char *name, int *ret)
{
	BP_AUTO(bp_file_close) int fd = openat(dir, name, O_RDONLY |
	    O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	if (!bp_file_lock(fd) || !is_still(dir, name, fd)) {
		errno = EAGAIN;
		return false;
	}
	*ret = fd;
	fd = -1;
	return true;
}

bool
bp_file_write(int fd, struct bp_text t)
{
	ssize_t n;

	while (t.len > 0) {
		n = write(fd, t.at, t.len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			t = bp_text_after(t, (size_t)n);
	}
	return true;
}

/* Past RLIMIT_FSIZE write() raises SIGXFSZ in this thread, and that kills. */
static bool
write_quietly(int fd, struct bp_text t)
{
	static const struct timespec at_once = { 0, 0 };
	sigset_t size, before, pending;
	bool ok, was_pending;

	(void)sigemptyset(&size);
	(void)sigaddset(&size, SIGXFSZ);
	(void)sigpending(&pending);
	was_pending = sigismember(&pending, SIGXFSZ) == 1;
	if (pthread_sigmask(SIG_BLOCK, &size, &before) != 0)
		return false;
	ok = bp_file_write(fd, t);
	if (!ok && errno == EFBIG && !was_pending)
		(void)sigtimedwait(&size, NULL, &at_once);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

/* A name that no other writer has, nor a reader will look for. */
static bool
name_beside(const char *name, struct bp_buf *ret)
{
	return bp_buf_say(ret, ".") && bp_buf_say(ret, name) &&
	    bp_buf_say(ret, ".") && bp_random_hex(ret, 8) &&
	    bp_buf_add(ret, "", 1);
}

/* All names in DIR, from the first; NULL: it cannot be read. */
static DIR *
names_in(int dir)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = again < 0 ? NULL : fdopendir(again);

	if (all == NULL)
		bp_file_close(&again);
	return all;
}

static const struct dirent *
next_in(DIR *all)
{
	return all == NULL ? NULL : readdir(all);
}

static void
end_names(DIR *all)
{
	if (all != NULL)
		(void)closedir(all);
}

/* NAME in its place among the N that are known; one more than MOST is none. */
static size_t
insert(char (*names)[BP_FILE_NAME_SIZE], size_t n, size_t most,
    const char *name)
{
	size_t at = n;

	while (at > 0 && strcmp(name, names[at - 1]) < 0)
		at--;
	if (at == most)
		return n;
	if (n < most)
		n++;
	for (size_t i = n - 1; i > at; i--)
		memcpy(names[i], names[i - 1], sizeof(names[i]));
	memcpy(names[at], name, strlen(name) + 1);
	return n;
}

size_t
bp_file_names(int dir, const char *after, char (*ret)[BP_FILE_NAME_SIZE],
    size_t most)
{
	DIR *all = names_in(dir);
	const struct dirent *d;
	size_t n = 0;

	/* all: whoever ends or lists what is there wants none to be left */
	while ((d = next_in(all)) != NULL)
		if (d->d_name[0] != '.' && strcmp(d->d_name, after) > 0)
			n = insert(ret, n, most, d->d_name);
	end_names(all);
	return n;
}

bool
bp_file_next(int dir, char name[BP_FILE_NAME_SIZE])
{
	char next[1][BP_FILE_NAME_SIZE];

	if (bp_file_names(dir, name, next, 1) == 0)
		return false;
	memcpy(name, next[0], sizeof(next[0]));
	return true;
}

size_t
bp_file_count(int dir)
{
	DIR *all = names_in(dir);
	const struct dirent *d;
	size_t n = 0;

	for (int i = 0; i < NAMES_AT_ONCE && (d = next_in(all)) != NULL; i++)
		n += d->d_name[0] != '.';
	end_names(all);
	return n;
}

/* The folder's owner's, older than AGE; or of a clock that was set back. */
static bool
is_leftover(int dir, const char *name, int64_t age, int64_t now)
{
	struct stat st, all;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    fstat(dir, &all) == 0 && st.st_uid == all.st_uid &&
	    S_ISREG(st.st_mode) && (st.st_mtime < now - age ||
	    st.st_mtime > now + age);
}

/*
 * The caller of sudo can kill it at any moment, and again and again: what was
 * beside NAME then is taken away by whoever writes next.  Names are random, so
 * that one that was looked at is no newer file a moment later.
 */
static void
sweep(int dir, const char *beside, size_t prefix, int64_t age, int64_t now)
{
	DIR *all = names_in(dir);
	const struct dirent *d;

	for (int i = 0; i < NAMES_AT_ONCE && (d = next_in(all)) != NULL; i++)
		if (strncmp(d->d_name, beside, prefix) == 0 &&
		    is_leftover(dir, d->d_name, age, now))
			(void)unlinkat(dir, d->d_name, 0);
	end_names(all);
}

void
bp_file_sweep(int dir, const char *beginning, int64_t age, int64_t now)
{
	sweep(dir, beginning, strlen(beginning), age, now);
}

/*
 * BESIDE is new: its time is the folder's own clock.  A dot and the name and a
 * dot are what all of its kind begin with.
 */
static bool
open_new(int dir, const char *beside, size_t name, int *ret)
{
	BP_AUTO(bp_file_close) int fd = openat(dir, beside, O_WRONLY |
	    O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return false;
	/* no writer lives as long */
	sweep(dir, beside, name + 2, LEFTOVER_AGE, st.st_mtime);
	/* whatever the caller's umask took away */
	if (fchmod(fd, 0600) != 0)
		return false;
	*ret = fd;
	fd = -1;
	return true;
}

static const char *
beside_of(const struct bp_file_room *r)
{
	return (const char *)r->beside.data;
}

/* In DIR, under the name that stands in RET already. */
static bool
begin_room(int dir, const char *name, struct bp_file_room *ret,
    enum bp_reason *reterr)
{
	ret->dir = dir;
	return open_new(dir, beside_of(ret), strlen(name), &ret->fd) ||
	    bp_refuse(reterr, BP_FILE_UNWRITTEN);
}

/* By bytes: not every file system can promise room. */
static bool
write_room(int fd, size_t most)
{
	static const char none[4096];
	size_t n;

	for (; most > 0; most -= n) {
		n = most < sizeof(none) ? most : sizeof(none);
		if (!write_quietly(fd, (struct bp_text){ none, n }))
			return false;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

/*
 * Always the same: room is held for as long as a provider takes, and whoever
 * is killed meanwhile, again and again, leaves one file and no more.
 */
static bool
name_room(const char *name, struct bp_buf *ret)
{
	return bp_buf_say(ret, ".") && bp_buf_say(ret, name) &&
	    bp_buf_add(ret, ".room", sizeof(".room"));
}

bool
bp_file_room_take(int dir, const char *name, size_t most,
    struct bp_file_room *ret, enum bp_reason *reterr)
{
	ret->most = most;
	if (!name_room(name, &ret->beside))
		return bp_refuse(reterr, BP_MEMORY);
	(void)unlinkat(dir, beside_of(ret), 0);
	return begin_room(dir, name, ret, reterr) &&
	    (write_room(ret->fd, most) ||
	    bp_refuse(reterr, BP_FILE_UNWRITTEN));
}

/* A file that is new has its other name taken away as the room is done. */
static bool
take_name(struct bp_file_room *room, const char *name)
{
	if (room->is_new)
		return linkat(room->dir, beside_of(room), room->dir, name, 0)
		    == 0;
	if (renameat(room->dir, beside_of(room), room->dir, name) != 0)
		return false;
	room->dir = -1;
	return true;
}

static bool
put_in_place(struct bp_file_room *room, const char *name,
    struct bp_text bytes)
{
	return write_quietly(room->fd, bytes) &&
	    ftruncate(room->fd, (off_t)bytes.len) == 0 &&
	    (!room->lasts || fsync(room->fd) == 0) && take_name(room, name);
}

bool
bp_file_room_fill(struct bp_file_room *room, const char *name,
    struct bp_text bytes, enum bp_reason *reterr)
{
	int dir = room->dir;
	bool ok = room->fd >= 0 && bytes.len <= room->most &&
	    put_in_place(room, name, bytes);

	/* its name, too */
	if (ok && room->lasts)
		(void)fsync(dir);
	bp_file_room_done(room);
	return ok || bp_refuse(reterr, BP_FILE_UNWRITTEN);
}

void
bp_file_room_done(struct bp_file_room *room)
{
	int error = errno;

	if (room->dir >= 0)
		(void)unlinkat(room->dir, beside_of(room), 0);
	room->dir = -1;
	bp_file_close(&room->fd);
	bp_buf_done(&room->beside);
	errno = error;
}

static bool
put_file(int dir, const char *name, struct bp_text bytes, bool lasts,
    bool is_new, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_room_done) struct bp_file_room room =
	    BP_FILE_ROOM_INIT;

	room.most = bytes.len;
	room.lasts = lasts;
	room.is_new = is_new;
	if (!name_beside(name, &room.beside))
		return bp_refuse(reterr, BP_RANDOM);
	return begin_room(dir, name, &room, reterr) &&
	    bp_file_room_fill(&room, name, bytes, reterr);
}

bool
bp_file_replace(int dir, const char *name, struct bp_text bytes,
    enum bp_reason *reterr)
{
	return put_file(dir, name, bytes, false, false, reterr);
}

bool
bp_file_keep(int dir, const char *name, struct bp_text bytes,
    enum bp_reason *reterr)
{
	return put_file(dir, name, bytes, true, false, reterr);
}

bool
bp_file_create(int dir, const char *name, struct bp_text bytes,
    enum bp_reason *reterr)
{
	return put_file(dir, name, bytes, true, true, reterr);
}
