/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/list.h"

#include <string.h>

enum { SIZE = BP_LIST_NUMBER };

uint32_t
bp_list_number(const void *at)
{
	const uint8_t *bytes = at;
	uint32_t n = 0;

	for (size_t i = 0; i < SIZE; i++)
		n = n << 8 | bytes[i];
	return n;
}

void
bp_list_set_number(void *at, uint32_t n)
{
	uint8_t *bytes = at;

	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(n >> (24 - 8 * i));
}

bool
bp_list_take_bytes(struct bp_text *rest, size_t n, struct bp_text *ret)
{
	if (n > rest->len)
		return false;
	*ret = (struct bp_text){ rest->at, n };
	*rest = bp_text_after(*rest, n);
	return true;
}

bool
bp_list_take(struct bp_text *rest, struct bp_text *ret)
{
	struct bp_text after = *rest, size, bytes;

	if (!bp_list_take_bytes(&after, SIZE, &size) ||
	    !bp_list_take_bytes(&after, bp_list_number(size.at), &bytes))
		return false;
	*rest = after;
	*ret = bytes;
	return true;
}

bool
bp_list_take_all(struct bp_text *rest, struct bp_text *const ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!bp_list_take(rest, ret[i]))
			return false;
	return true;
}

bool
bp_list_put_all(struct bp_buf *b, struct bp_text *const texts[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!bp_list_put(b, *texts[i]))
			return false;
	return true;
}

bool
bp_list_put(struct bp_buf *b, struct bp_text t)
{
	uint8_t size[SIZE];
	size_t before = b->len;

	if (t.len > UINT32_MAX)
		return false;
	bp_list_set_number(size, (uint32_t)t.len);
	if (bp_buf_add(b, size, SIZE) && bp_buf_put(b, t))
		return true;
	b->len = before;
	return false;
}

struct bp_list
bp_list_of(struct bp_text content)
{
	struct bp_list list = { 0, content };
	struct bp_text count;

	if (bp_list_take_bytes(&list.rest, SIZE, &count))
		list.left = bp_list_number(count.at);
	return list;
}

bool
bp_list_next(struct bp_list *list, struct bp_text *ret)
{
	if (list->left == 0 || !bp_list_take(&list->rest, ret))
		return false;
	list->left--;
	return true;
}

bool
bp_list_is_lawful(struct bp_text content, uint32_t most, size_t each,
    bool (*is)(struct bp_text))
{
	struct bp_list list = bp_list_of(content);
	struct bp_text item;

	if (content.len < SIZE || list.left > most)
		return false;
	while (bp_list_next(&list, &item))
		if (item.len > each || !is(item))
			return false;
	return list.left == 0 && list.rest.len == 0;
}

bool
bp_list_has(struct bp_text content, struct bp_text item)
{
	struct bp_list list = bp_list_of(content);
	struct bp_text each;

	while (bp_list_next(&list, &each))
		if (bp_text_same(each, item))
			return true;
	return false;
}

uint32_t
bp_list_count(struct bp_text content)
{
	return bp_list_of(content).left;
}

bool
bp_list_start(struct bp_buf *b)
{
	static const uint8_t none[SIZE];

	return b->len == 0 && bp_buf_add(b, none, SIZE);
}

bool
bp_list_add(struct bp_buf *b, struct bp_text item)
{
	if (b->len < SIZE || !bp_list_put(b, item))
		return false;
	bp_list_set_number(b->data, bp_list_number(b->data) + 1);
	return true;
}
