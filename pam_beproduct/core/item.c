/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/item.h"
#include "wire/list.h"
#include "wire/ascii.h"

#include <string.h>

/* How long T's quoted piece is, both quotes counted; 0: it stays open. */
static size_t
quoted_length(struct bp_text t)
{
	for (size_t i = 1; i < t.len; i++) {
		if (t.at[i] != '"')
			continue;
		if (i + 1 == t.len || t.at[i + 1] != '"')
			return i + 1;
		i++;	/* a pair, which stands for one */
	}
	return 0;
}

/* T begins with a quote.  RETREST is what stands behind the closing one. */
static bool
take_quoted(struct bp_text t, struct bp_item *ret, struct bp_text *retrest)
{
	size_t n = quoted_length(t);

	if (n == 0)
		return false;
	*ret = (struct bp_item){ { t.at + 1, n - 2 }, true };
	*retrest = bp_text_after(t, n);
	return true;
}

static bool
take_bare(struct bp_text bare, struct bp_item *ret)
{
	bare = bp_text_trim(bare);
	if (bare.len == 0 || memchr(bare.at, '"', bare.len) != NULL)
		return false;
	*ret = (struct bp_item){ bare, false };
	return true;
}

bool
bp_item_next(struct bp_text *list, struct bp_item *ret)
{
	struct bp_text t = bp_text_trim(*list), bare, rest;
	struct bp_item item;
	bool more;

	if (t.len == 0) {
		*list = t;
		return false;
	}
	if (t.at[0] == '"') {
		if (!take_quoted(t, &item, &rest))
			return false;
		more = bp_text_cut(rest, ',', &bare, &rest);
		if (bp_text_trim(bare).len > 0)
			return false;
	} else {
		more = bp_text_cut(t, ',', &bare, &rest);
		if (!take_bare(bare, &item))
			return false;
	}
	if (more && bp_text_trim(rest).len == 0)
		return false;
	*list = rest;
	*ret = item;
	return true;
}

static size_t
until_blank(struct bp_text t)
{
	size_t n = 0;

	while (n < t.len && !bp_ascii_is_blank(t.at[n]))
		n++;
	return n;
}

bool
bp_item_next_column(struct bp_text *line, struct bp_item *ret)
{
	struct bp_text t = bp_text_trim(*line), rest;
	struct bp_item item;
	size_t n = until_blank(t);

	if (t.len == 0) {
		*line = t;
		return false;
	}
	if (t.at[0] == '"') {
		if (!take_quoted(t, &item, &rest) ||
		    (rest.len > 0 && !bp_ascii_is_blank(rest.at[0])))
			return false;
	} else {
		if (!take_bare((struct bp_text){ t.at, n }, &item))
			return false;
		rest = bp_text_after(t, n);
	}
	*line = rest;
	*ret = item;
	return true;
}

/* I moves over the second quote of two. */
bool
bp_item_byte(const struct bp_item *item, size_t *i, char *ret)
{
	if (*i >= item->raw.len)
		return false;
	*ret = item->raw.at[(*i)++];
	if (item->quoted && *ret == '"')
		(*i)++;
	return true;
}

bool
bp_item_is(const struct bp_item *item, struct bp_text t)
{
	size_t i = 0, n = 0;
	char c;

	while (bp_item_byte(item, &i, &c))
		if (n == t.len || t.at[n++] != c)
			return false;
	return n == t.len;
}

bool
bp_item_copy(const struct bp_item *item, struct bp_buf *ret)
{
	size_t before = ret->len, i = 0;
	char c;

	while (bp_item_byte(item, &i, &c))
		if (!bp_buf_add(ret, &c, 1)) {
			ret->len = before;
			return false;
		}
	return true;
}

bool
bp_item_quote(struct bp_text t, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool ok = bp_buf_say(ret, "\"");

	for (size_t i = 0; ok && i < t.len; i++)
		ok = bp_buf_add(ret, &t.at[i], 1) &&
		    (t.at[i] != '"' || bp_buf_say(ret, "\""));
	if (ok && bp_buf_say(ret, "\""))
		return true;
	ret->len = before;
	return false;
}

bool
bp_item_list_has(struct bp_text list, struct bp_text t)
{
	struct bp_item item;

	while (bp_item_next(&list, &item))
		if (bp_item_is(&item, t))
			return true;
	return false;
}

bool
bp_item_list_put(struct bp_text list, struct bp_buf *ret)
{
	struct bp_item item;
	bool ok = bp_list_start(ret);

	while (ok && bp_item_next(&list, &item))
		ok = bp_list_add(ret, item.raw);
	return ok;
}
