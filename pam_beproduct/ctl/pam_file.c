/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_file.h"
#include "core/file.h"
#include "core/random.h"
#include "ctl/pam_stack.h"
#include "wire/clock.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 512, LEFT_AFTER = 60, BESIDE_MAX = 300,
    VALUE_MAX = 64 * 1024, NAMES_MAX = 64 * 1024 };

/* True, and errno ENOENT: there is none. */
static bool
read_in(const char *folder, const char *name, struct bp_buf *ret,
    bool *retthere, struct bp_buf *retwhat)
{
	char path[PATH_SIZE];
	enum bp_reason why;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	errno = 0;
	*retthere = bp_file_read(path, 0, 022, ret, retwhat, &why);
	return *retthere || (why == BP_FILE_MISSING && errno == ENOENT);
}

bool
bp_pam_file_read(const char *name, struct bp_buf *ret,
    enum bp_pam_file_at *retat, struct bp_buf *retwhat)
{
	bool is_there = false;

	*retat = BP_PAM_NOWHERE;
	if (!read_in(BP_PATH_PAM, name, ret, &is_there, retwhat))
		return false;
	if (is_there) {
		*retat = BP_PAM_IN_ETC;
		return true;
	}
	retwhat->len = 0;
	if (!read_in(BP_PATH_PAM_VENDOR, name, ret, &is_there, retwhat))
		return false;
	if (is_there)
		*retat = BP_PAM_OF_VENDOR;
	return true;
}

bool
bp_pam_file_is_vendors(const char *name)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), BP_PATH_PAM_VENDOR "/%s", name);
	return access(path, F_OK) == 0;
}

static bool
open_folder(int *ret)
{
	enum bp_reason why;

	if (bp_file_folder_if(BP_PATH_PAM, 0, ret, &why) && *ret >= 0)
		return true;
	errno = EACCES;
	return false;
}

static void
free_bytes(char **bytes)
{
	free(*bytes);
}

static bool
copy_attribute(int from, int to, const char *name)
{
	BP_AUTO(free_bytes) char *value = malloc(VALUE_MAX);
	ssize_t n;

	if (value == NULL)
		return false;
	n = fgetxattr(from, name, value, VALUE_MAX);
	return n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0;
}

/* A file system that has none has none to copy. */
static bool
copy_attributes(int from, int to)
{
	BP_AUTO(free_bytes) char *names = malloc(NAMES_MAX);
	ssize_t n;

	if (names == NULL)
		return false;
	n = flistxattr(from, names, NAMES_MAX);
	if (n < 0)
		return errno == ENOTSUP;
	for (const char *name = names; name < names + n;
	    name += strlen(name) + 1)
		if (!copy_attribute(from, to, name))
			return false;
	return true;
}

/* FD becomes like what NAME is in DIR. */
static bool
make_like(int dir, const char *name, int fd)
{
	BP_AUTO(bp_file_close) int old = openat(dir, name, O_RDONLY |
	    O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st = { .st_mode = 0644 };

	if (old < 0 && errno != ENOENT)
		return false;
	if (old >= 0 && (fstat(old, &st) != 0 || !copy_attributes(old, fd)))
		return false;
	/* last: whoever changes the owner takes bits of the mode away */
	return fchown(fd, st.st_uid, st.st_gid) == 0 &&
	    fchmod(fd, st.st_mode & 07777) == 0;
}

/* What no program takes for a service, and nobody else writes. */
static bool
name_beside(const char *name, bool is_whole, struct bp_buf *ret)
{
	return bp_buf_say(ret, ".") && bp_buf_say(ret, name) &&
	    bp_buf_say(ret, ".beproduct-") &&
	    (!is_whole || bp_random_hex(ret, 8)) && bp_buf_add(ret, "", 1);
}

static bool
put_beside(int dir, const char *beside, const char *name,
    struct bp_text text)
{
	BP_AUTO(bp_file_close) int fd = openat(dir, beside, O_WRONLY |
	    O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd >= 0 && bp_file_write(fd, text) && make_like(dir, name, fd) &&
	    fsync(fd) == 0 && renameat(dir, beside, dir, name) == 0;
}

bool
bp_pam_file_put(const char *name, struct bp_text text)
{
	BP_AUTO(bp_buf_done) struct bp_buf beside = BP_BUF_INIT(BESIDE_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf left = BP_BUF_INIT(BESIDE_MAX);
	BP_AUTO(bp_file_close) int dir = -1;
	int error;

	if (!name_beside(name, true, &beside) ||
	    !name_beside(name, false, &left)) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (!open_folder(&dir))
		return false;
	bp_file_sweep(dir, (const char *)left.data, LEFT_AFTER,
	    bp_clock_seconds());
	if (!put_beside(dir, (const char *)beside.data, name, text)) {
		error = errno;
		(void)unlinkat(dir, (const char *)beside.data, 0);
		errno = error;
		return false;
	}
	(void)fsync(dir);
	return true;
}

bool
bp_pam_file_remove(const char *name)
{
	BP_AUTO(bp_file_close) int dir = -1;

	if (!open_folder(&dir) || unlinkat(dir, name, 0) != 0)
		return false;
	(void)fsync(dir);
	return true;
}
