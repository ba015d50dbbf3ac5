/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/slot.h"
#include "core/file.h"
#include "wire/clock.h"

#include <sys/stat.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

enum {
	AGAIN_MS = 50,
	NETWORK = 8,			/* bytes of an IPv6 address */
	ROOM = 64,			/* bytes of the file for each caller */
	TURN = ROOM - 1,		/* of them */
	NAMED = ROOM - 2
};
_Static_assert(sizeof(off_t) == 8 && (int)BP_SLOTS_ADDRESS <= (int)NAMED,
    "a caller's bytes are his alone");

enum kind { PERSON, ADDRESS, NEITHER, KINDS };

static const struct { int one, all; } most[KINDS] = {
	[PERSON] = { BP_SLOTS_PERSON, BP_SLOTS_PERSONS },
	[ADDRESS] = { BP_SLOTS_ADDRESS, BP_SLOTS_ADDRESSES },
	[NEITHER] = { BP_SLOTS_NEITHER, BP_SLOTS_NEITHER },
};

static enum kind
kind_of(const struct bp_caller *who)
{
	if (who->uid != 0)
		return PERSON;
	return who->rhost.len > 0 ? ADDRESS : NEITHER;
}

/* FNV-1a. */
#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)

static uint64_t
mix(uint64_t h, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * 0x100000001b3;
	return h;
}

/* One network of IPv6 is one caller, who has all of its addresses. */
static uint64_t
mix_host(uint64_t h, struct bp_text rhost)
{
	char name[INET6_ADDRSTRLEN] = "";
	struct in6_addr a;

	if (rhost.len < sizeof(name))
		memcpy(name, rhost.at, rhost.len);
	if (inet_pton(AF_INET6, name, &a) == 1 && !IN6_IS_ADDR_V4MAPPED(&a))
		return mix(h, &a, NETWORK);
	return mix(h, rhost.at, rhost.len);
}

/* Above those bytes that are all callers'. */
static off_t
room_of(uint64_t h)
{
	return (off_t)((h >> 9 | UINT64_C(1) << 54) * ROOM);
}

/*
 * Where the caller's bytes begin.  Two callers who share them only wait for
 * each other; that nobody can aim at another's, it depends on when the file
 * was made, which root alone can see.
 */
static off_t
place_of(const struct stat *file, const struct bp_caller *who)
{
	enum kind kind = kind_of(who);
	uint64_t h = mix(FNV_BASIS, &file->st_ctim,
	    sizeof(file->st_ctim));

	if (kind == NEITHER)
		return (off_t)KINDS << 32;
	h = mix(h, &file->st_ino, sizeof(file->st_ino));
	return room_of(kind == PERSON ? mix(h, &who->uid, sizeof(who->uid))
	    : mix_host(h, who->rhost));
}

/* The first byte of N that nobody holds. */
static bool
lock_one(int fd, off_t first, int n)
{
	for (int i = 0; i < n; i++) {
		struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
		    .l_start = first + i, .l_len = 1 };

		if (fcntl(fd, F_OFD_SETLK, &l) == 0)
			return true;
		if (errno != EAGAIN && errno != EACCES)
			return true;	/* a file system without locks */
	}
	return false;
}

/* One of his own and one of all callers'; what FD has it may lock again. */
static bool
lock(int fd, const struct bp_caller *who)
{
	enum kind kind = kind_of(who);
	struct stat st;

	return fstat(fd, &st) != 0 ||
	    (lock_one(fd, place_of(&st, who), most[kind].one) &&
	    lock_one(fd, (off_t)kind << 32, most[kind].all));
}

/* -1, or the file; false: there is no descriptor for it. */
static bool
open_file(const char *path, uid_t owner, int *ret)
{
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	if (bp_file_folder(path, owner, &dir, &why))
		*ret = openat(dir, "helpers", O_RDWR | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	return *ret >= 0 || (errno != EMFILE && errno != ENFILE);
}

bool
bp_slot_turn(const char *path, const struct bp_caller *who, int *ret)
{
	BP_AUTO(bp_file_close) int fd = -1;
	struct stat st;

	if (!open_file(path, 0, &fd) || fd < 0 || fstat(fd, &st) != 0)
		return true;
	if (!lock_one(fd, place_of(&st, who) + TURN, 1))
		return false;
	*ret = fd;
	fd = -1;
	return true;
}

bool
bp_slot_turn_of(const char *path, uid_t owner, struct bp_text name,
    int64_t wait_ms, int *ret)
{
	BP_AUTO(bp_file_close) int fd = -1;
	off_t place = room_of(mix(FNV_BASIS, name.at, name.len)) + NAMED;
	int64_t until = bp_clock_ms() + wait_ms;

	if (!open_file(path, owner, &fd) || fd < 0)
		return false;
	while (!lock_one(fd, place, 1)) {
		if (bp_clock_ms() >= until)
			return false;
		(void)poll(NULL, 0, AGAIN_MS);
	}
	*ret = fd;
	fd = -1;
	return true;
}

bool
bp_slot_take(const char *path, const struct bp_caller *who, int wait_ms,
    int *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int fd = -1;
	int64_t until = bp_clock_ms() + wait_ms;

	if (!open_file(path, 0, &fd))
		return bp_refuse(reterr, BP_HELPER_START);
	while (fd >= 0 && !lock(fd, who)) {
		if (bp_clock_ms() >= until)
			return bp_refuse(reterr, BP_HELPER_MANY);
		(void)poll(NULL, 0, AGAIN_MS);
	}
	*ret = fd;
	fd = -1;
	return true;
}
