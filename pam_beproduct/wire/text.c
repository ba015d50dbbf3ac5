/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/text.h"

#include <string.h>

struct bp_text
bp_text_of(const char *string)
{
	return (struct bp_text){ string, strlen(string) };
}

bool
bp_text_same(struct bp_text a, struct bp_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
bp_text_is(struct bp_text t, const char *word)
{
	return bp_text_same(t, bp_text_of(word));
}

bool
bp_text_starts(struct bp_text t, const char *with)
{
	struct bp_text w = bp_text_of(with);

	return t.len >= w.len &&
	    bp_text_same((struct bp_text){ t.at, w.len }, w);
}

bool
bp_text_same_secret(struct bp_text a, struct bp_text b)
{
	volatile unsigned char differ = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		differ |= (unsigned char)(a.at[i] ^ b.at[i]);
	return differ == 0;
}

struct bp_text
bp_text_after(struct bp_text t, size_t n)
{
	if (t.len == 0)
		return t;
	if (n > t.len)
		n = t.len;
	return (struct bp_text){ t.at + n, t.len - n };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct bp_text
bp_text_trim(struct bp_text t)
{
	while (t.len > 0 && is_blank(t.at[t.len - 1]))
		t.len--;
	while (t.len > 0 && is_blank(t.at[0]))
		t = bp_text_after(t, 1);
	return t;
}

bool
bp_text_cut(struct bp_text t, char at, struct bp_text *left,
    struct bp_text *right)
{
	const char *p = t.len > 0 ? memchr(t.at, at, t.len) : NULL;

	*left = t;
	*right = bp_text_of("");
	if (p == NULL)
		return false;
	left->len = (size_t)(p - t.at);
	*right = (struct bp_text){ p + 1, t.len - left->len - 1 };
	return true;
}

bool
bp_text_number(struct bp_text t, uint32_t most, uint32_t *ret)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(t.at[i] - '0');
		if (n > most)
			return false;
	}
	if (t.len > 0)
		*ret = (uint32_t)n;
	return t.len > 0;
}

struct bp_text
bp_text_decimal(uint32_t n, char lent[BP_DECIMAL_MAX])
{
	size_t at = BP_DECIMAL_MAX;

	do {
		lent[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return (struct bp_text){ lent + at, BP_DECIMAL_MAX - at };
}

/* How many bytes T's first character has; 0 if it is not strict UTF-8. */
static size_t
decode(struct bp_text t, uint32_t *ret)
{
	static const struct { uint8_t mask, lead; uint32_t least; } forms[] = {
		{ 0x80, 0x00, 0 },	{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },	{ 0xf8, 0xf0, 0x10000 },
	};
	const uint8_t *p = (const uint8_t *)t.at;
	size_t more = 0;
	uint32_t c;

	while (more < 4 && (p[0] & forms[more].mask) != forms[more].lead)
		more++;
	if (more == 4 || more >= t.len)
		return 0;
	c = p[0] & (uint8_t)~forms[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	*ret = c;
	return c >= forms[more].least ? more + 1 : 0;
}

static bool
is_refused(uint32_t c)
{
	static const struct { uint32_t first, last; } refused[] = {
		{ 0x00, 0x1f },		{ 0x7f, 0x9f },		/* controls */
		{ 0x61c, 0x61c },	{ 0x200e, 0x200f },	/* bidi */
		{ 0x2028, 0x202e },	{ 0x2066, 0x2069 },
		{ 0xfeff, 0xfeff },	/* a byte-order mark */
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (c >= refused[i].first && c <= refused[i].last)
			return true;
	return false;
}

size_t
bp_text_character(struct bp_text t, bool *retprints)
{
	uint32_t c = 0;
	size_t n = t.len > 0 ? decode(t, &c) : 0;

	/* surrogates and what is past the last one are no UTF-8 at all */
	if (n == 0 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	*retprints = !is_refused(c);
	return n;
}

/*
 * Are these eight bytes all printable ASCII?  A byte that is too small, and
 * 0xff, has its top bit set in the difference, any other in the sum; to the
 * lowest such byte nothing is carried from those below, which are good.
 */
static bool
are_ascii(const char *at)
{
	static const uint64_t each = 0x0101010101010101;
	uint64_t eight;

	memcpy(&eight, at, sizeof(eight));
	return (((eight - each * ' ') | (eight + each)) & each * 0x80) == 0;
}

struct bp_text
bp_text_after_ascii(struct bp_text t)
{
	size_t n = 0;

	while (t.len - n >= sizeof(uint64_t) && are_ascii(t.at + n))
		n += sizeof(uint64_t);
	while (n < t.len && t.at[n] >= ' ' && t.at[n] <= '~')
		n++;
	return bp_text_after(t, n);
}

static bool
is_utf8(struct bp_text t, bool must_print)
{
	bool prints;

	while ((t = bp_text_after_ascii(t)).len > 0) {
		size_t n = bp_text_character(t, &prints);

		if (n == 0 || t.at[0] == '\0' || (must_print && !prints))
			return false;
		t = bp_text_after(t, n);
	}
	return true;
}

bool
bp_text_is_utf8(struct bp_text t)
{
	return is_utf8(t, false);
}

bool
bp_text_is_printable(struct bp_text t)
{
	return is_utf8(t, true);
}

bool
bp_text_is_visible(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] < 0x21 || t.at[i] > 0x7e)
			return false;
	return true;
}
