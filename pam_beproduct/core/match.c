/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/match.h"

#include <string.h>

/* Places between the bytes of an identity: bit 0 is before the first. */
enum { WORDS = BP_MATCH_MAX / 64 + 1 };

struct places {
	uint64_t	 bit[WORDS];
};

enum direction { BACK = -1, ON = 1 };

struct match {
	const struct bp_expression *e;
	struct bp_text	 text;
	uint32_t	*left;		/* steps */
};

static const struct places nowhere;

static void
put(struct places *s, size_t at)
{
	s->bit[at / 64] |= 1ULL << at % 64;
}

static struct places
only(size_t at)
{
	struct places s = nowhere;

	put(&s, at);
	return s;
}

static bool
has(const struct places *s, size_t at)
{
	return (s->bit[at / 64] >> at % 64 & 1) != 0;
}

static bool
is_none(const struct places *s)
{
	return memcmp(s, &nowhere, sizeof(*s)) == 0;
}

static bool
is_same(const struct places *a, const struct places *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static struct places
both(const struct places *a, const struct places *b)
{
	struct places s;

	for (size_t i = 0; i < WORDS; i++)
		s.bit[i] = a->bit[i] & b->bit[i];
	return s;
}

/* Take away from S what DONE has, and add the rest to DONE. */
static void
keep_new(struct places *s, struct places *done)
{
	for (size_t i = 0; i < WORDS; i++) {
		s->bit[i] &= ~done->bit[i];
		done->bit[i] |= s->bit[i];
	}
}

static void
add(struct places *s, const struct places *more)
{
	for (size_t i = 0; i < WORDS; i++)
		s->bit[i] |= more->bit[i];
}

/* False, when no steps are left. */
static bool
step(const struct match *m)
{
	if (*m->left > 0)
		(*m->left)--;
	return *m->left > 0;
}

/* Over one byte, from the place AT. */
static void
step_over(const struct match *m, const struct bp_piece *p,
    enum direction dir, size_t at, struct places *ret)
{
	bool is_on = dir == ON, is_end = at == (is_on ? m->text.len : 0);

	if (step(m) && !is_end && bp_expression_has(m->e, p,
	    m->text.at[is_on ? at : at - 1]))
		put(ret, is_on ? at + 1 : at - 1);
}

/* Where P leads from all of FROM, taken once. */
static struct places
once(const struct match *m, const struct bp_piece *p, enum direction dir,
    const struct places *from)
{
	struct places s = nowhere, ends;

	if (p->kind == BP_PIECE_FIRST || p->kind == BP_PIECE_LAST) {
		ends = only(p->kind == BP_PIECE_FIRST ? 0 : m->text.len);
		return both(from, &ends);
	}
	for (size_t i = 0; i < WORDS; i++)
		for (uint64_t w = from->bit[i]; w != 0; w &= w - 1)
			step_over(m, p, dir, i * 64 +
			    (size_t)__builtin_ctzll(w), &s);
	return s;
}

/* How often, and how far that has come. */
struct loop {
	unsigned	 least, most, times;
	struct places	 done;		/* reached in so many times as may be */
};

static struct loop
loop_of(unsigned least, unsigned most, const struct places *from)
{
	return (struct loop){ least, most, 0, least == 0 ? *from : nowhere };
}

/*
 * One time has led from FROM to NOW: is there another one to take, and NOW
 * where it begins?  A place that was reached before, in no fewer times than
 * there must be, leads nowhere new; and where one time changes nothing, no
 * number of them does: so that there are never more times than places.
 */
static bool
goes_on(struct loop *l, const struct places *from, struct places *now)
{
	l->times++;
	if (l->times < l->least && is_same(from, now))
		l->times = l->least;
	if (l->times >= l->least)
		keep_new(now, &l->done);
	return l->times < l->most && !is_none(now);
}

static struct places
repeat_piece(const struct match *m, const struct bp_piece *p,
    enum direction dir, const struct places *from)
{
	struct loop l = loop_of(p->least, p->most, from);
	struct places before, now = *from;

	(void)step(m);
	do {
		before = now;
		now = once(m, p, dir, &before);
	} while (goes_on(&l, &before, &now));
	return l.done;
}

/* A group on its way, and the groups within it. */
struct frame {
	size_t		 at;		/* the end where it was entered */
	struct loop	 loop;
	struct places	 from;		/* of this time */
	struct places	 to;		/* of its alternatives so far */
};

static struct frame
enter(size_t at, unsigned least, unsigned most, const struct places *from)
{
	return (struct frame){ at, loop_of(least, most, from), *from, nowhere };
}

/* At the group's other end: NOW is where another time begins, or all led. */
static bool
ends(struct frame *f, struct places *now)
{
	add(&f->to, now);
	*now = f->to;
	if (goes_on(&f->loop, &f->from, now)) {
		f->from = *now;
		f->to = nowhere;
		return false;
	}
	*now = f->loop.done;
	return true;
}

static bool
is_entry(const struct bp_piece *p, enum direction dir)
{
	return p->kind == (dir == ON ? BP_PIECE_OPEN : BP_PIECE_CLOSE);
}

static bool
is_exit(const struct bp_piece *p, enum direction dir)
{
	return p->kind == (dir == ON ? BP_PIECE_CLOSE : BP_PIECE_OPEN);
}

/* Where the group that is entered at AT leads from FROM, taken so often. */
static struct places
repeat_group(const struct match *m, size_t at, enum direction dir,
    unsigned least, unsigned most, const struct places *from)
{
	struct frame frame[BP_DEPTH_MAX + 1], *f = frame;
	struct places now = *from;

	*f = enter(at, least, most, from);
	for (;;) {
		const struct bp_piece *p = &m->e->piece[at += (size_t)dir];

		if (is_entry(p, dir))
			*++f = enter(at, p->least, p->most, &now);
		else if (p->kind == BP_PIECE_BAR) {
			add(&f->to, &now);
			now = f->from;
		} else if (!is_exit(p, dir))
			now = repeat_piece(m, p, dir, &now);
		else if (!ends(f, &now))
			at = f->at;
		else if (f == frame)
			return now;
		else
			f--;
	}
}

/* Items: a piece, or a group with all that is in it. */

/* The one behind, or before, that whose nearer end is at AT. */
static size_t
beyond(const struct match *m, size_t at, enum direction dir)
{
	const struct bp_piece *p = &m->e->piece[at];

	return (is_entry(p, dir) ? p->other : at) + (size_t)dir;
}

static struct places
repeat_item(const struct match *m, size_t at, enum direction dir,
    const struct places *from)
{
	const struct bp_piece *p = &m->e->piece[at];

	return is_entry(p, dir)
	    ? repeat_group(m, at, dir, p->least, p->most, from)
	    : repeat_piece(m, p, dir, from);
}

/* Where all items from AT on, before END, lead from the place FROM. */
static struct places
walk(const struct match *m, size_t at, size_t end, enum direction dir,
    size_t from)
{
	struct places now = only(from);

	for (; at != end; at = beyond(m, at, dir))
		now = repeat_item(m, at, dir, &now);
	return now;
}

/* The last place in S that is in T as well; IF_NONE where there is none. */
static size_t
last_of_both(const struct places *s, const struct places *t, size_t if_none)
{
	struct places in = both(s, t);

	for (size_t i = WORDS; i-- > 0;)
		if (in.bit[i] != 0)
			return i * 64 + 63 - (size_t)__builtin_clzll(in.bit[i]);
	return if_none;
}

static bool
is_one(const struct places *s)
{
	unsigned words = 0;

	for (size_t i = 0; i < WORDS; i++) {
		if ((s->bit[i] & (s->bit[i] - 1)) != 0)
			return false;
		words += s->bit[i] != 0;
	}
	return words == 1;
}

/* What a group took, the last time. */
struct span {
	bool	 is;
	size_t	 from, to;
};

/*
 * The group at AT takes what is between FROM and TO: each time the longest
 * that lets the others come to TO.
 */
static struct span
last_time(const struct match *m, size_t at, size_t from, size_t to)
{
	const struct bp_piece *p = &m->e->piece[at];
	struct span s = { from < to || p->least > 0, from, from };
	unsigned least = p->least, most = p->most;

	while (s.is && (s.to < to || least > 0)) {
		struct places one = only(s.to), end = only(to);

		least -= least > 0;
		most -= most != BP_ENDLESS;
		one = repeat_group(m, at, ON, 1, 1, &one);
		if (most > 0)
			end = repeat_group(m, p->other, BACK, least, most,
			    &end);
		s.from = s.to;
		s.to = last_of_both(&one, &end, to);
		if (!step(m) || (s.to == s.from && least == 0))
			break;
	}
	return s;
}

/* The item at AT, and what it took, if it is a group that is asked for. */
static void
note(const struct match *m, size_t at, size_t from, size_t to,
    struct span span[BP_GROUPS])
{
	const struct bp_piece *p = &m->e->piece[at];

	if (p->kind == BP_PIECE_OPEN && p->group < BP_GROUPS)
		span[p->group] = last_time(m, at, from, to);
}

/* An alternative that ends before END took what is between FROM and TO. */
static void
share_out(const struct match *m, size_t at, size_t end, size_t from,
    size_t to, struct span span[BP_GROUPS])
{
	for (size_t next; at != end; at = next) {
		struct places item = only(from), rest;
		size_t here = from;

		next = beyond(m, at, ON);
		rest = item = repeat_item(m, at, ON, &item);
		if (!is_one(&item))
			rest = walk(m, end - 1, next - 1, BACK, to);
		from = last_of_both(&item, &rest, to);
		note(m, at, here, from, span);
	}
}

/* Where the alternative that begins at AT ends. */
static size_t
end_of_alternative(const struct match *m, size_t at)
{
	const struct bp_piece *p = m->e->piece;

	while (p[at].kind != BP_PIECE_BAR && p[at].kind != BP_PIECE_CLOSE)
		at = beyond(m, at, ON);
	return at;
}

/* What the groups in group NUMBER took, which itself took what SPAN says. */
static void
look_into(const struct match *m, size_t number, struct span span[BP_GROUPS])
{
	struct span s = span[number];
	size_t close = m->e->piece[m->e->open[number]].other;
	size_t end = m->e->open[number];

	while (end != close) {
		size_t at = end + 1;
		struct places led;

		end = end_of_alternative(m, at);
		led = walk(m, at, end, ON, s.from);
		if (has(&led, s.to)) {
			share_out(m, at, end, s.from, s.to, span);
			return;
		}
	}
}

/* Groups are numbered from without: what one took is known before it. */
static void
find_groups(const struct match *m, struct bp_text retgroup[BP_GROUPS])
{
	struct span span[BP_GROUPS] = { { true, 0, m->text.len } };

	for (size_t i = 0; i < BP_GROUPS; i++) {
		retgroup[i] = bp_text_of("");
		if (!span[i].is)
			continue;
		look_into(m, i, span);
		retgroup[i] = (struct bp_text){ m->text.at + span[i].from,
		    span[i].to - span[i].from };
	}
}

bool
bp_match(const struct bp_expression *e, struct bp_text identity,
    uint32_t *left, struct bp_text retgroup[BP_GROUPS])
{
	const struct match m = { e, identity, left };
	struct places begin = only(0);

	if (identity.len > BP_MATCH_MAX)
		return false;
	begin = repeat_group(&m, 0, ON, 1, 1, &begin);
	if (!has(&begin, identity.len))
		return false;
	if (retgroup != NULL)
		find_groups(&m, retgroup);
	return *left > 0;
}
