/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/expression.h"
#include "wire/ascii.h"

#include <string.h>

/* An expression on its way into pieces. */
struct reading {
	struct bp_text		 rest;
	struct bp_expression	*e;
	uint16_t		 open;		/* the innermost group */
	unsigned		 depth;
	bool			 can_repeat;	/* what was read last */
	bool			 has_repeated;	/* already */
	/* of each open group: the one around it; does one in it repeat? */
	uint16_t		 around[BP_DEPTH_MAX + 1];
	bool			 repeats[BP_DEPTH_MAX + 1];
};

/* NULL, or what is wrong. */
typedef const char *reader(struct reading *r);
static reader read_bracket, read_group, read_group_end, read_bar, read_escape,
    read_any, read_first, read_last, read_star, read_plus, read_optional,
    read_braces;

static const struct {
	char	 c;
	reader	*read;
} readers[] = {
	{ '[', read_bracket },	{ '(', read_group },	{ ')', read_group_end },
	{ '|', read_bar },	{ '\\', read_escape },	{ '.', read_any },
	{ '^', read_first },	{ '$', read_last },	{ '*', read_star },
	{ '+', read_plus },	{ '?', read_optional },	{ '{', read_braces },
};

/* The next byte, which is there. */
static char
take(struct reading *r)
{
	char c = r->rest.at[0];

	r->rest = bp_text_after(r->rest, 1);
	return c;
}

/* There is room: each piece but the two of the whole is of a byte at least. */
static struct bp_piece *
add(struct reading *r, enum bp_piece_kind kind, bool can_repeat)
{
	struct bp_piece *p = &r->e->piece[r->e->pieces++];

	*p = (struct bp_piece){ .kind = (uint8_t)kind, .least = 1, .most = 1 };
	r->can_repeat = can_repeat;
	r->has_repeated = false;
	return p;
}

/* Sets of bytes. */

static void
put_range(uint32_t set[8], uint8_t from, uint8_t to)
{
	for (unsigned c = from; c <= to; c++)
		set[c / 32] |= 1U << c % 32;
}

/* Ranges, two bytes each. */
static const struct class {
	const char	*name, *ranges;
} classes[] = {
	{ "alpha", "AZaz" },		{ "digit", "09" },
	{ "alnum", "09AZaz" },		{ "upper", "AZ" },
	{ "lower", "az" },		{ "space", "\t\r  " },
	{ "blank", "\t\t  " },		{ "punct", "!/:@[`{~" },
	{ "print", " ~" },		{ "graph", "!~" },
	{ "cntrl", "\001\037\177\177" },	{ "xdigit", "09AFaf" },
};

static bool
put_class(uint32_t set[8], struct bp_text name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const char *range = classes[i].ranges;

		if (!bp_text_is(name, classes[i].name))
			continue;
		for (; *range != '\0'; range += 2)
			put_range(set, (uint8_t)range[0], (uint8_t)range[1]);
		return true;
	}
	return false;
}

/* [:NAME:] behind its first bracket; [.x.] and [=x=] depend on a locale. */
static bool
take_class(struct bp_text *rest, uint32_t set[8])
{
	struct bp_text name, after;

	if (!bp_text_starts(*rest, ":") || !bp_text_cut(bp_text_after(*rest,
	    1), ':', &name, &after) || !bp_text_starts(after, "]"))
		return false;
	*rest = bp_text_after(after, 1);
	return put_class(set, name);
}

static bool
begins_class(struct bp_text t)
{
	return bp_text_starts(t, "[:") || bp_text_starts(t, "[.") ||
	    bp_text_starts(t, "[=");
}

/* Is the - at the beginning of T that of a range, and not the last byte? */
static bool
is_hyphen(struct bp_text t)
{
	return t.len > 1 && t.at[0] == '-' && t.at[1] != ']';
}

/* A byte, or a range of them; behind a range no other may begin. */
static bool
take_range(struct bp_text *rest, uint32_t set[8])
{
	uint8_t from = (uint8_t)rest->at[0], to = from;

	*rest = bp_text_after(*rest, 1);
	if (is_hyphen(*rest)) {
		*rest = bp_text_after(*rest, 1);
		if (begins_class(*rest))
			return false;
		to = (uint8_t)rest->at[0];
		*rest = bp_text_after(*rest, 1);
		if (to < from || is_hyphen(*rest))
			return false;
	}
	put_range(set, from, to);
	return true;
}

static bool
take_element(struct bp_text *rest, uint32_t set[8])
{
	if (!begins_class(*rest))
		return take_range(rest, set);
	*rest = bp_text_after(*rest, 1);
	return take_class(rest, set) && !is_hyphen(*rest);
}

/* What stands between brackets, and the second of them, off REST. */
static bool
take_set(struct bp_text *rest, uint32_t set[8])
{
	bool is_negated = bp_text_starts(*rest, "^"), is_first = true;

	if (is_negated)
		*rest = bp_text_after(*rest, 1);
	while (is_first || !bp_text_starts(*rest, "]")) {
		if (rest->len == 0 || !take_element(rest, set))
			return false;
		is_first = false;
	}
	*rest = bp_text_after(*rest, 1);
	for (size_t i = 0; is_negated && i < 8; i++)
		set[i] = ~set[i];
	return true;
}

static const char *
add_set(struct reading *r, struct bp_text *rest)
{
	struct bp_expression *e = r->e;

	if (e->sets == BP_BRACKETS_MAX)
		return "the expression has more than "
		    BP_SPELT(BP_BRACKETS_MAX) " brackets";
	memset(e->set[e->sets], 0, sizeof(e->set[0]));
	if (!take_set(rest, e->set[e->sets]))
		return "the expression has a [ without ], or in it an unknown "
		    "[:class:], a range turned round, or a - that is none";
	add(r, BP_PIECE_SET, true)->byte = (uint8_t)e->sets++;
	return NULL;
}

static const char *
read_bracket(struct reading *r)
{
	return add_set(r, &r->rest);
}

static const char *
read_byte(struct reading *r, char c)
{
	add(r, BP_PIECE_BYTE, true)->byte = (uint8_t)c;
	return NULL;
}

/* What is no mark has no such meaning, but in glibc some have another. */
static bool
is_mark(char c)
{
	return bp_ascii_is_visible(c) && !bp_ascii_is_alnum(c) &&
	    memchr("<>`'", c, 4) == NULL;
}

static const char *
read_escape(struct reading *r)
{
	static const struct { char c; struct bp_text set; } letters[] = {
		{ 'w', BP_TEXT("[:alnum:]_]") },
		{ 'W', BP_TEXT("^[:alnum:]_]") },
		{ 's', BP_TEXT("[:space:]]") },
		{ 'S', BP_TEXT("^[:space:]]") },
	};
	char c = r->rest.len > 0 ? take(r) : '\0';

	if (bp_ascii_is_digit(c))
		return "the expression has a back-reference, which POSIX "
		    "extended expressions have not";
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (c == letters[i].c)
			return add_set(r, &(struct bp_text){
			    letters[i].set.at, letters[i].set.len });
	return is_mark(c) ? read_byte(r, c) : "a \\ in the expression stands "
	    "before a mark, or is \\w, \\W, \\s or \\S ([0-9] for \\d)";
}

static const char *
read_any(struct reading *r)
{
	(void)add(r, BP_PIECE_ANY, true);
	return NULL;
}

static const char *
read_first(struct reading *r)
{
	(void)add(r, BP_PIECE_FIRST, false);
	return NULL;
}

static const char *
read_last(struct reading *r)
{
	(void)add(r, BP_PIECE_LAST, false);
	return NULL;
}

static const char *
read_bar(struct reading *r)
{
	(void)add(r, BP_PIECE_BAR, false);
	return NULL;
}

/* Groups. */

static void
open_group(struct reading *r, size_t number)
{
	struct bp_expression *e = r->e;
	uint16_t at = (uint16_t)e->pieces;

	if (number < BP_GROUPS)
		e->open[number] = at;
	add(r, BP_PIECE_OPEN, false)->group = (uint16_t)number;
	r->around[r->depth] = r->open;
	r->repeats[r->depth] = false;
	r->open = at;
}

static void
close_group(struct reading *r)
{
	struct bp_expression *e = r->e;

	e->piece[r->open].other = (uint16_t)e->pieces;
	add(r, BP_PIECE_CLOSE, true)->other = r->open;
}

static const char *
read_group(struct reading *r)
{
	if (++r->depth > BP_DEPTH_MAX)
		return "the expression has groups more than "
		    BP_SPELT(BP_DEPTH_MAX) " deep";
	open_group(r, ++r->e->groups);
	return NULL;
}

static const char *
read_group_end(struct reading *r)
{
	if (r->depth == 0)
		return "the expression has a ) without (";
	close_group(r);
	r->open = r->around[r->depth];
	r->depth--;
	r->repeats[r->depth] |= r->repeats[r->depth + 1];
	return NULL;
}

/* How often. */

/*
 * The group that was read last: what repeats in it, repeats as often again,
 * and a third time is not worth the time that it takes.
 */
static const char *
repeat_group(struct reading *r, struct bp_piece *end)
{
	struct bp_piece *open = &r->e->piece[end->other];

	open->least = end->least;
	open->most = end->most;
	if (end->most == 1)
		return NULL;
	/* it was closed just now: what was noted of it still stands there */
	if (r->repeats[r->depth + 1])
		return "a group of the expression repeats within another that "
		    "does";
	r->repeats[r->depth] = true;
	return NULL;
}

static const char *
repeat(struct reading *r, uint16_t least, uint16_t most)
{
	struct bp_piece *p = &r->e->piece[r->e->pieces - 1];

	if (!r->can_repeat)
		return r->has_repeated ? "two of * + ? { } in a row in the "
		    "expression" : "nothing for a * + ? or { of the "
		    "expression to repeat";
	r->can_repeat = false;
	r->has_repeated = true;
	p->least = least;
	p->most = most;
	return p->kind == BP_PIECE_CLOSE ? repeat_group(r, p) : NULL;
}

static const char *
read_star(struct reading *r)
{
	return repeat(r, 0, BP_ENDLESS);
}

static const char *
read_plus(struct reading *r)
{
	return repeat(r, 1, BP_ENDLESS);
}

static const char *
read_optional(struct reading *r)
{
	return repeat(r, 0, 1);
}

/* What stands in braces: n, or n,m of which one may be missing. */
static bool
numbers_of(struct bp_text inside, uint32_t *retleast, uint32_t *retmost)
{
	struct bp_text n, m;
	uint32_t least = 0, most = BP_ENDLESS;
	bool has_comma = bp_text_cut(inside, ',', &n, &m);

	if ((n.len > 0 && !bp_text_number(n, BP_REPEAT_MAX, &least)) ||
	    (m.len > 0 && !bp_text_number(m, BP_REPEAT_MAX, &most)) ||
	    n.len + m.len == 0)
		return false;
	*retleast = least;
	*retmost = has_comma ? most : least;
	return true;
}

static const char *
read_braces(struct reading *r)
{
	struct bp_text inside, after;
	uint32_t least, most;

	if (!bp_text_cut(r->rest, '}', &inside, &after) ||
	    !numbers_of(inside, &least, &most) || most < least || most == 0)
		return "braces of the expression hold no {n}, {n,} or {n,m} "
		    "of 1 to " BP_SPELT(BP_REPEAT_MAX) " (or \\{ for itself)";
	r->rest = after;
	return repeat(r, (uint16_t)least, (uint16_t)most);
}

static const char *
read_next(struct reading *r)
{
	char c = take(r);

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (c == readers[i].c)
			return readers[i].read(r);
	return read_byte(r, c);
}

const char *
bp_expression_read(struct bp_text text, struct bp_expression *ret)
{
	struct reading r = { .rest = text, .e = ret };
	const char *fault = NULL;

	if (text.len == 0)
		return "the expression is empty";
	if (text.len > BP_EXPRESSION_MAX)
		return "the expression is longer than "
		    BP_SPELT(BP_EXPRESSION_MAX) " bytes";
	ret->pieces = ret->sets = ret->groups = 0;
	open_group(&r, 0);
	while (fault == NULL && r.rest.len > 0)
		fault = read_next(&r);
	if (fault == NULL && r.depth > 0)
		fault = "the expression has a ( without )";
	close_group(&r);
	return fault;
}

bool
bp_expression_has(const struct bp_expression *e, const struct bp_piece *p,
    char c)
{
	uint8_t byte = (uint8_t)c;

	switch ((enum bp_piece_kind)p->kind) {
	case BP_PIECE_BYTE:
		return byte == p->byte;
	case BP_PIECE_ANY:
		return true;
	case BP_PIECE_SET:
		return (e->set[p->byte][byte / 32] >> byte % 32 & 1) != 0;
	case BP_PIECE_OPEN:
	case BP_PIECE_CLOSE:
	case BP_PIECE_BAR:
	case BP_PIECE_FIRST:
	case BP_PIECE_LAST:
		break;
	}
	return false;
}
