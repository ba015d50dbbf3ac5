/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.h - which of many have a text: so that thousands of people meet
 * thousands of rules and pins once, and not each of them each other.
 *
 * Runs in: beproductctl.  Trusts: nothing.  What is found may have another text
 * of the same hash: the caller compares.
 *
 *	for (size_t at = bp_index_find(&x, text);
 *	    bp_index_next(&x, text, &at, &number);)
 *		...
 */
#ifndef BP_CTL_INDEX_H
#define BP_CTL_INDEX_H

#include "wire/buf.h"

struct bp_index_entry {
	uint64_t hash;
	size_t	 number;
};

/* All zero is empty; end with bp_index_done(). */
struct bp_index {
	struct bp_index_entry	*entry;
	size_t			 n, room;
};
void	bp_index_done(struct bp_index *x);

/* NUMBER has TEXT.  False: there is no memory. */
BP_MUST_USE bool bp_index_add(struct bp_index *x, struct bp_text text,
    size_t number);

/* Once, behind the last that is added. */
void	bp_index_sort(struct bp_index *x);

/* Where those that may have TEXT begin, and the next one: by their numbers. */
size_t	bp_index_find(const struct bp_index *x, struct bp_text text);
bool	bp_index_next(const struct bp_index *x, struct bp_text text,
	    size_t *at, size_t *retnumber);

#endif
