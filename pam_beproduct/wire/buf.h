/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * buf.h - bytes that are owned, and bytes that are only borrowed.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing; it stores and
 * forgets.
 */
#ifndef BP_WIRE_BUF_H
#define BP_WIRE_BUF_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BP_MUST_USE	__attribute__((__warn_unused_result__))
#define BP_AUTO(done)	__attribute__((__cleanup__(done)))

/* Borrowed: somebody else's bytes, no NUL promised.  All zero is empty. */
struct bp_text {
	const char	*at;
	size_t		 len;
};

/*
 * Owned: never more than MAX bytes, erased before they are released.  Memory
 * that nothing was written to is not touched, and costs nothing.
 */
struct bp_buf {
	uint8_t		*data;		/* NULL while empty */
	size_t		 len;
	size_t		 max;
	size_t		 used;		/* the most that ever stood there */
};
#define BP_BUF_INIT(ceiling)	{ NULL, 0, (ceiling), 0 }

/* Append all of BYTES or nothing; false past the ceiling or out of memory. */
BP_MUST_USE bool bp_buf_add(struct bp_buf *b, const void *bytes, size_t len);

/* The same, of borrowed bytes and of a string up to its NUL. */
BP_MUST_USE bool bp_buf_put(struct bp_buf *b, struct bp_text t);
BP_MUST_USE bool bp_buf_say(struct bp_buf *b, const char *string);

/* Append by one read(), whose result comes back; EMSGSIZE past the ceiling. */
BP_MUST_USE ssize_t bp_buf_fill(struct bp_buf *b, int fd);

/* The same, but at most MOST bytes; EMSGSIZE, unread, without room for MOST. */
BP_MUST_USE ssize_t bp_buf_take(struct bp_buf *b, int fd, size_t most);

/* All of it, borrowed until B changes; a valid empty range of an empty B. */
struct bp_text	bp_buf_text(const struct bp_buf *b);

/* Erase and release, also what is empty, half built, or done already. */
void	bp_buf_done(struct bp_buf *b);

#endif
