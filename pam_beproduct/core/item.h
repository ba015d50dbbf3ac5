/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * item.h - one item of a list in beproduct.conf, or one column of
 * accounts.map: bare, or "quoted", with "" for a quote inside.
 *
 * Runs in: module and beproductctl.  Trusts: nothing.
 * Allocates nothing: an item is borrowed, and still as it was written.
 */
#ifndef BP_CORE_ITEM_H
#define BP_CORE_ITEM_H

#include "wire/text.h"

struct bp_item {
	struct bp_text	 raw;		/* without the outer quotes */
	bool		 quoted;	/* then "" in raw stands for " */
};

/*
 * Take the next item off LIST, which is comma-separated; blanks around items
 * do not count.  False at the end and at a fault (an empty bare item, a
 * stray or open quote, a comma with nothing behind it); LIST is then empty
 * only at the end.  A quoted item may be empty: "".
 */
BP_MUST_USE bool bp_item_next(struct bp_text *list, struct bp_item *ret);

/*
 * The same for columns, which blanks divide: a bare one ends at the first
 * blank, so that an expression between slashes holds none (it may say
 * [[:blank:]]), nor a quote.
 */
BP_MUST_USE bool bp_item_next_column(struct bp_text *line,
    struct bp_item *ret);

/*
 * The byte that stands at I, which moves on: I begins with 0.  False at the
 * end.
 */
BP_MUST_USE bool bp_item_byte(const struct bp_item *item, size_t *i,
    char *ret);

/* Does ITEM stand for exactly T? */
bool	bp_item_is(const struct bp_item *item, struct bp_text t);

/* Append all of what ITEM stands for to RET, or on false nothing. */
BP_MUST_USE bool bp_item_copy(const struct bp_item *item, struct bp_buf *ret);

/* Append a quoted item that stands for T, or on false nothing. */
BP_MUST_USE bool bp_item_quote(struct bp_text t, struct bp_buf *ret);

/* Is T in LIST, by exact bytes?  LIST is one that the parser accepted. */
bool	bp_item_list_has(struct bp_text list, struct bp_text t);

/*
 * The items of LIST, as they are written but for quotes around them, as a list
 * of the wire (list.h) appended to RET, an empty buffer.
 */
BP_MUST_USE bool bp_item_list_put(struct bp_text list, struct bp_buf *ret);

#endif
