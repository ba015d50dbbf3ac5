/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * At its full size from the start: growing leaves copies behind.  Not cleared,
 * for most of it is never touched.  The byte above the ceiling tells a reader
 * that there is more.
 */
static bool
has_room(struct bp_buf *b, size_t len)
{
	if (len > b->max - b->len)
		return false;
	if (b->data == NULL)
		b->data = malloc(b->max + 1);
	return b->data != NULL;
}

/* LEN bytes stand behind what counts, whether or not they will count. */
static void
note_used(struct bp_buf *b, size_t len)
{
	if (b->len + len > b->used)
		b->used = b->len + len;
}

bool
bp_buf_add(struct bp_buf *b, const void *bytes, size_t len)
{
	if (len == 0)
		return true;
	if (!has_room(b, len))
		return false;
	memcpy(b->data + b->len, bytes, len);
	note_used(b, len);
	b->len += len;
	return true;
}

bool
bp_buf_put(struct bp_buf *b, struct bp_text t)
{
	return bp_buf_add(b, t.at, t.len);
}

bool
bp_buf_say(struct bp_buf *b, const char *string)
{
	return bp_buf_add(b, string, strlen(string));
}

ssize_t
bp_buf_fill(struct bp_buf *b, int fd)
{
	ssize_t n;

	if (!has_room(b, 0))
		return -1;
	n = read(fd, b->data + b->len, b->max - b->len + 1);
	if (n > 0)
		note_used(b, (size_t)n);
	if (n > 0 && !has_room(b, (size_t)n)) {
		errno = EMSGSIZE;
		return -1;
	}
	if (n > 0)
		b->len += (size_t)n;
	return n;
}

ssize_t
bp_buf_take(struct bp_buf *b, int fd, size_t most)
{
	ssize_t n;

	if (!has_room(b, most)) {
		errno = EMSGSIZE;
		return -1;
	}
	n = read(fd, b->data + b->len, most);
	if (n > 0) {
		note_used(b, (size_t)n);
		b->len += (size_t)n;
	}
	return n;
}

struct bp_text
bp_buf_text(const struct bp_buf *b)
{
	/* memchr() and its kin want a pointer even for no bytes */
	if (b->len == 0)
		return (struct bp_text){ "", 0 };
	return (struct bp_text){ (const char *)b->data, b->len };
}

void
bp_buf_done(struct bp_buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->used);
	free(b->data);
	b->data = NULL;
	b->len = b->used = 0;
}
