/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/index.h"

#include <stdlib.h>

void
bp_index_done(struct bp_index *x)
{
	free(x->entry);
	*x = (struct bp_index){ 0 };
}

/* FNV-1a. */
static uint64_t
hash_of(struct bp_text t)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < t.len; i++)
		h = (h ^ (uint8_t)t.at[i]) * 0x100000001b3;
	return h;
}

bool
bp_index_add(struct bp_index *x, struct bp_text text, size_t number)
{
	size_t room = x->room == 0 ? 64 : 2 * x->room;
	struct bp_index_entry *more;

	if (x->n == x->room) {
		more = reallocarray(x->entry, room, sizeof(*more));
		if (more == NULL)
			return false;
		x->entry = more;
		x->room = room;
	}
	x->entry[x->n++] = (struct bp_index_entry){ hash_of(text), number };
	return true;
}

static int
compare(const void *left, const void *right)
{
	const struct bp_index_entry *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

void
bp_index_sort(struct bp_index *x)
{
	if (x->n > 0)
		qsort(x->entry, x->n, sizeof(x->entry[0]), compare);
}

size_t
bp_index_find(const struct bp_index *x, struct bp_text text)
{
	uint64_t hash = hash_of(text);
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (x->entry[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
bp_index_next(const struct bp_index *x, struct bp_text text, size_t *at,
    size_t *retnumber)
{
	if (*at >= x->n || x->entry[*at].hash != hash_of(text))
		return false;
	*retnumber = x->entry[(*at)++].number;
	return true;
}
