/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/proc.h"
#include "core/file.h"
#include "wire/ascii.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { PATH_SIZE = 256, NUMBER_SIZE = 16, BOOT_SIZE = 64 };

void
bp_process_done(struct bp_process *p)
{
	bp_buf_done(&p->bytes);
}

static bool
is_digits(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!bp_ascii_is_digit(t.at[i]))
			return false;
	return t.len > 0;
}

/* All of ROOT/A/B.  On false errno is ENOENT where there is no such file. */
static bool
read_all(const char *root, struct bp_text a, const char *b,
    struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf path = BP_BUF_INIT(PATH_SIZE);
	BP_AUTO(bp_file_close) int fd = -1;
	ssize_t n;

	errno = ENOMEM;
	if (!bp_buf_say(&path, root) || !bp_buf_say(&path, "/") ||
	    !bp_buf_put(&path, a) || !bp_buf_say(&path, "/") ||
	    !bp_buf_say(&path, b) || !bp_buf_add(&path, "", 1))
		return false;
	fd = open((const char *)path.data, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	do
		n = bp_buf_fill(ret, fd);
	while (n > 0 || (n < 0 && errno == EINTR));
	errno = EIO;
	return n == 0;
}

/* Without the line's end, which some of them have. */
static struct bp_text
line_of(const struct bp_buf *b)
{
	struct bp_text line, rest;

	(void)bp_text_cut(bp_buf_text(b), '\n', &line, &rest);
	return line;
}

/* A command may be named anything, `) R 1` as well: up to the last `)`. */
static bool
take_name(struct bp_text *rest)
{
	const char *end = rest->len == 0 ? NULL
	    : memrchr(rest->at, ')', rest->len);

	if (end == NULL)
		return false;
	*rest = bp_text_after(*rest, (size_t)(end - rest->at) + 1);
	return bp_text_starts(*rest, " ");
}

/* proc_pid_stat(5): the words behind the name begin with the third. */
static bool
take_words(struct bp_text rest, struct bp_process *p)
{
	struct bp_text *const into[] = { [4] = &p->parent,
	    [6] = &p->leader, [7] = &p->terminal, [22] = &p->start };
	struct bp_text word;

	rest = bp_text_after(rest, 1);
	for (size_t i = 3; i < sizeof(into) / sizeof(into[0]); i++) {
		(void)bp_text_cut(rest, ' ', &word, &rest);
		if (into[i] != NULL)
			*into[i] = word;
	}
	return is_digits(p->parent) && is_digits(p->leader) &&
	    is_digits(p->terminal) && is_digits(p->start);
}

bool
bp_process_read(const char *root, struct bp_text pid, struct bp_process *ret)
{
	struct bp_process p = *ret;
	struct bp_text rest;
	bool ok = read_all(root, pid, "stat", &p.bytes);

	/* a line's end may stand in the name, too */
	rest = bp_buf_text(&p.bytes);
	ok = ok && bp_text_cut(rest, ' ', &p.pid, &rest) &&
	    is_digits(p.pid) && take_name(&rest) && take_words(rest, &p);
	if (ok)
		*ret = p;
	else
		bp_buf_done(&p.bytes);
	return ok;
}

/* A kernel without audit has no such file: that is none, and an answer. */
static bool
read_number(const char *root, const char *name, uint32_t *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(NUMBER_SIZE);

	if (read_all(root, bp_text_of("self"), name, &b))
		return bp_text_number(line_of(&b), UINT32_MAX, ret);
	*ret = BP_LOGIN_NONE;
	return errno == ENOENT;
}

bool
bp_login_read(const char *root, struct bp_login *ret)
{
	struct bp_login l;

	if (!read_number(root, "sessionid", &l.session) ||
	    !read_number(root, "loginuid", &l.uid))
		return false;
	*ret = l;
	return true;
}

bool
bp_proc_boot(const char *root, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BOOT_SIZE);

	return read_all(root, bp_text_of("sys/kernel/random"), "boot_id",
	    &b) && line_of(&b).len > 0 && bp_buf_put(ret, line_of(&b));
}
