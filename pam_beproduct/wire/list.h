/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - a list of texts inside a message: its count, then each with its
 * length.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing.
 * One item a call; what is yielded is borrowed from the content.
 *
 *	struct bp_list list = bp_list_of(content);
 *	while (bp_list_next(&list, &item))
 *		...
 */
#ifndef BP_WIRE_LIST_H
#define BP_WIRE_LIST_H

#include "wire/text.h"

struct bp_list {
	uint32_t	 left;		/* items still to come */
	struct bp_text	 rest;
};

/* The items of CONTENT; of what is no list, none. */
struct bp_list	bp_list_of(struct bp_text content);

/* False at the end, and where the content breaks off. */
BP_MUST_USE bool bp_list_next(struct bp_list *list, struct bp_text *ret);

/*
 * Is CONTENT a whole list: as many items as it says and not a byte more, at
 * most MOST of at most EACH bytes, and every one as IS demands?
 */
BP_MUST_USE bool bp_list_is_lawful(struct bp_text content, uint32_t most,
    size_t each, bool (*is)(struct bp_text));

/* Is ITEM in the list, by exact bytes? */
bool	bp_list_has(struct bp_text content, struct bp_text item);

/* How many items the list says it has. */
uint32_t bp_list_count(struct bp_text content);

/* Begin an empty list in B, which must be empty; false: no memory. */
BP_MUST_USE bool bp_list_start(struct bp_buf *b);

/* Append ITEM to the list in B: all of it, or on false nothing. */
BP_MUST_USE bool bp_list_add(struct bp_buf *b, struct bp_text item);

/* The pieces that lists, tables, messages and frames are made of. */

/* A count or a length at AT, in so many bytes, big endian. */
enum { BP_LIST_NUMBER = 4 };
uint32_t bp_list_number(const void *at);
void	bp_list_set_number(void *at, uint32_t n);

/* The length, then the bytes themselves. */
BP_MUST_USE bool bp_list_put(struct bp_buf *b, struct bp_text t);

/* The next such piece of REST, which shrinks by it. */
BP_MUST_USE bool bp_list_take(struct bp_text *rest, struct bp_text *ret);

/* The same of N at once, in order; on false some of them are done. */
BP_MUST_USE bool bp_list_put_all(struct bp_buf *b,
    struct bp_text *const texts[], size_t n);
BP_MUST_USE bool bp_list_take_all(struct bp_text *rest,
    struct bp_text *const ret[], size_t n);

/* The next N bytes of REST, which shrinks by them. */
BP_MUST_USE bool bp_list_take_bytes(struct bp_text *rest, size_t n,
    struct bp_text *ret);

#endif
