/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_diff.h"

#include <stdlib.h>
#include <string.h>

enum { AROUND = 3 };			/* lines that are shown besides */

/* One line without its end; false: there is none. */
static bool
next_line(struct bp_text *rest, struct bp_text *ret)
{
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t n = end != NULL ? (size_t)(end - rest->at) : rest->len;

	if (rest->len == 0)
		return false;
	*ret = (struct bp_text){ rest->at, n };
	*rest = bp_text_after(*rest, n + 1);
	return true;
}

static size_t
count(struct bp_text t)
{
	struct bp_text line;
	size_t n = 0;

	while (next_line(&t, &line))
		n++;
	return n;
}

/* Which lines of MORE are none of LESS; false: LESS has others, too. */
static bool
find_added(struct bp_text more, struct bp_text less, bool *added)
{
	struct bp_text line, wanted = { 0 };
	bool has = next_line(&less, &wanted);

	for (size_t i = 0; next_line(&more, &line); i++) {
		added[i] = !has || !bp_text_same(line, wanted);
		if (!added[i])
			has = next_line(&less, &wanted);
	}
	return !has;
}

static void
show_line(FILE *out, char mark, struct bp_text line)
{
	(void)fputc(mark, out);
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		(void)fputc((c < 0x20 && c != '\t') || c == 0x7f ? '?' : c,
		    out);
	}
	(void)fputc('\n', out);
}

/* Past the last line of the piece that begins at FROM. */
static size_t
end_of_piece(const bool *added, size_t n, size_t from)
{
	size_t end = from;

	for (size_t i = from; i < n && i <= end + 2 * AROUND; i++)
		if (added[i])
			end = i;
	return end + AROUND + 1 < n ? end + AROUND + 1 : n;
}

/* FROM and how many; a piece without lines has the one ahead of it. */
static void
show_range(FILE *out, char mark, size_t from, size_t lines)
{
	(void)fprintf(out, " %c%zu,%zu", mark, lines > 0 ? from + 1 : from,
	    lines);
}

/* Lines BEGIN to END of MORE, of which GONE are not in the other before. */
static void
show_piece(FILE *out, struct bp_text more, const bool *added, char sign,
    size_t begin, size_t end, size_t gone)
{
	struct bp_text line;
	size_t n = 0;

	for (size_t i = begin; i < end; i++)
		n += added[i];
	(void)fputs("@@", out);
	if (sign == '+')
		show_range(out, '-', begin - gone, end - begin - n);
	else
		show_range(out, '-', begin, end - begin);
	if (sign == '+')
		show_range(out, '+', begin, end - begin);
	else
		show_range(out, '+', begin - gone, end - begin - n);
	(void)fputs(" @@\n", out);
	for (size_t i = 0; i < end && next_line(&more, &line); i++)
		if (i >= begin)
			show_line(out, added[i] ? sign : ' ', line);
}

static void
show(FILE *out, struct bp_text more, const bool *added, char sign)
{
	size_t n = count(more), shown = 0, gone = 0;

	for (size_t i = 0; i < n; i++) {
		size_t begin = i > shown + AROUND ? i - AROUND : shown, end;

		if (!added[i])
			continue;
		end = end_of_piece(added, n, i);
		show_piece(out, more, added, sign, begin, end, gone);
		for (; i < end; i++)
			gone += added[i];
		shown = end;
		i--;
	}
}

bool
bp_pam_diff(FILE *out, const char *from, const char *to,
    struct bp_text before, struct bp_text after)
{
	bool is_less = count(after) < count(before);
	struct bp_text more = is_less ? before : after;
	bool *added = calloc(count(more) + 1, sizeof(*added));
	bool ok = added != NULL && find_added(more, is_less ? after : before,
	    added);

	if (ok) {
		(void)fprintf(out, "--- %s\n+++ %s\n", from, to);
		show(out, more, added, is_less ? '-' : '+');
	}
	free(added);
	return ok;
}
