/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/hide.h"
#include "wire/ascii.h"

#include <string.h>

enum spelling { AS_IT_STANDS, PERCENT, FORM, SPELLINGS };

/* The byte that T begins with; how many it is spelt in. */
static size_t
read_byte(struct bp_text t, enum spelling how, char *ret)
{
	int high, low;

	*ret = how == FORM && t.at[0] == '+' ? ' ' : t.at[0];
	if (how == AS_IT_STANDS || t.at[0] != '%' || t.len < 3)
		return 1;
	high = bp_ascii_hex(t.at[1]);
	low = bp_ascii_hex(t.at[2]);
	if (high < 0 || low < 0)
		return 1;
	*ret = (char)(high << 4 | low);
	return 3;
}

/* The first N bytes that T spells, in how many of its own; 0: has fewer. */
static size_t
read_bytes(struct bp_text t, enum spelling how, size_t n, char *ret)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (at == t.len)
			return 0;
		at += read_byte(bp_text_after(t, at), how, &ret[i]);
	}
	return at;
}

/* How many bytes in front of T tell of SECRET. */
static size_t
told_by(struct bp_text t, struct bp_text secret)
{
	size_t n = secret.len < BP_HIDE_RUN ? secret.len : BP_HIDE_RUN;
	size_t most = 0, len;
	char run[BP_HIDE_RUN];

	for (enum spelling how = 0; how < SPELLINGS; how++) {
		len = read_bytes(t, how, n, run);
		if (len > most && memmem(secret.at, secret.len, run, n) != NULL)
			most = len;
	}
	return most;
}

/* Inside a character of UTF-8, and not at its beginning. */
static bool
is_inside(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

static size_t
told_by_any(struct bp_text t, const struct bp_text *secrets, size_t n)
{
	size_t most = 0, told;

	for (size_t i = 0; i < n && !is_inside(t.at[0]); i++) {
		told = told_by(t, secrets[i]);
		if (told > most)
			most = told;
	}
	return most;
}

/*
 * A byte is overwritten when no run that is still looked at begins with it.
 * All secrets at once: of two that share a part, the rest of one would be left.
 */
void
bp_hide(const struct bp_text *secrets, size_t n, char *said, size_t len)
{
	size_t end = 0, told;

	for (size_t at = 0; at < len; at++) {
		told = told_by_any((struct bp_text){ said + at, len - at },
		    secrets, n);
		if (at + told > end)
			end = at + told;
		while (end > at && end < len && is_inside(said[end]))
			end++;
		if (at < end)
			said[at] = '*';
	}
}

static bool
begins_with(struct bp_text t, enum spelling how, struct bp_text secret)
{
	size_t n;
	char c;

	for (size_t i = 0; i < secret.len; i++) {
		if (t.len == 0)
			return false;
		n = read_byte(t, how, &c);
		if (c != secret.at[i])
			return false;
		t = bp_text_after(t, n);
	}
	return true;
}

/* Is anything there that has another spelling? */
static bool
is_spelt(struct bp_text t)
{
	return memchr(t.at, '%', t.len) != NULL ||
	    memchr(t.at, '+', t.len) != NULL;
}

bool
bp_hide_is_held(struct bp_text secret, struct bp_text said)
{
	if (secret.len < BP_HIDE_RUN || said.len == 0)
		return false;
	if (memmem(said.at, said.len, secret.at, secret.len) != NULL)
		return true;
	if (!is_spelt(said))
		return false;
	for (; said.len > 0; said = bp_text_after(said, 1))
		if (begins_with(said, PERCENT, secret) ||
		    begins_with(said, FORM, secret))
			return true;
	return false;
}
