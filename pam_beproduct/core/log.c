/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/log.h"

static bool
put_byte(struct bp_buf *b, uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char hex[] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

	return bp_buf_add(b, hex, sizeof(hex));
}

/* The first character of T, or the byte that is none; its length, 0: full. */
static size_t
put_next(struct bp_buf *b, struct bp_text t)
{
	bool prints = false;
	size_t n = bp_text_character(t, &prints);

	if (n == 0 || !prints) {
		n = n > 0 ? n : 1;
		for (size_t i = 0; i < n; i++)
			if (!put_byte(b, (uint8_t)t.at[i]))
				return 0;
		return n;
	}
	if ((t.at[0] == '"' || t.at[0] == '\\') && !bp_buf_say(b, "\\"))
		return 0;
	return bp_buf_add(b, t.at, n) ? n : 0;
}

/* How many of the first MOST bytes of T stand for themselves: nearly all. */
static size_t
plain_at(struct bp_text t, size_t most)
{
	size_t n = 0;

	while (n < t.len && n < most && t.at[n] >= ' ' && t.at[n] <= '~' &&
	    t.at[n] != '"' && t.at[n] != '\\')
		n++;
	return n;
}

/* Append them to B, and take them off T; false: there is no room. */
static bool
put_plain(struct bp_buf *b, struct bp_text *t, size_t *taken)
{
	size_t n = plain_at(*t, BP_LOG_VALUE_MAX - *taken);

	if (n > 0 && !bp_buf_add(b, t->at, n))
		return false;
	*taken += n;
	*t = bp_text_after(*t, n);
	return true;
}

bool
bp_log_escape(struct bp_buf *ret, struct bp_text value)
{
	size_t taken = 0, n;

	while (put_plain(ret, &value, &taken)) {
		if (value.len == 0 || taken == BP_LOG_VALUE_MAX)
			return true;
		if (taken + bp_text_character(value, &(bool){ false }) >
		    BP_LOG_VALUE_MAX)
			return true;
		n = put_next(ret, value);
		if (n == 0)
			return false;
		taken += n;
		value = bp_text_after(value, n);
	}
	return false;
}

void
bp_log_add(struct bp_buf *line, const char *key, struct bp_text value)
{
	size_t before = line->len;

	if (!bp_buf_say(line, " ") || !bp_buf_say(line, key) ||
	    !bp_buf_say(line, "=\"") || !bp_log_escape(line, value) ||
	    !bp_buf_say(line, "\""))
		line->len = before;
}

void
bp_log_add_word(struct bp_buf *line, const char *key, const char *word)
{
	size_t before = line->len;

	if (!bp_buf_say(line, " ") || !bp_buf_say(line, key) ||
	    !bp_buf_say(line, "=") || !bp_buf_say(line, word))
		line->len = before;
}
