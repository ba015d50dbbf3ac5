/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/form.h"

#include "wire/ascii.h"

static const char digits[] = "0123456789ABCDEF";

/* What no decoder can take for anything else. */
static bool
is_plain(char c)
{
	return bp_ascii_is_plain(c) || c == '_';
}

static bool
encode_byte(char c, bool plus_is_space, struct bp_buf *ret)
{
	const char spelt[] = { '%', digits[(uint8_t)c >> 4],
	    digits[(uint8_t)c & 15] };

	if (c == ' ' && plus_is_space)
		return bp_buf_add(ret, "+", 1);
	return is_plain(c) ? bp_buf_add(ret, &c, 1)
	    : bp_buf_add(ret, spelt, sizeof(spelt));
}

static bool
encode(struct bp_text t, bool plus_is_space, struct bp_buf *ret)
{
	for (size_t i = 0; i < t.len; i++)
		if (!encode_byte(t.at[i], plus_is_space, ret))
			return false;
	return true;
}

bool
bp_form_encode(struct bp_text t, struct bp_buf *ret)
{
	return encode(t, true, ret);
}

bool
bp_form_encode_percent(struct bp_text t, struct bp_buf *ret)
{
	return encode(t, false, ret);
}

bool
bp_form_add(struct bp_buf *ret, const char *name, struct bp_text value)
{
	size_t before = ret->len;

	if ((ret->len == 0 || bp_buf_add(ret, "&", 1)) &&
	    bp_form_encode(bp_text_of(name), ret) &&
	    bp_buf_add(ret, "=", 1) && bp_form_encode(value, ret))
		return true;
	ret->len = before;
	return false;
}

/* The byte that T begins with, spelt in one byte or in three. */
static size_t
decode_byte(struct bp_text t, bool plus_is_space, char *ret)
{
	int high, low;

	*ret = plus_is_space && t.at[0] == '+' ? ' ' : t.at[0];
	if (t.at[0] != '%')
		return 1;
	if (t.len < 3)
		return 0;
	high = bp_ascii_hex(t.at[1]);
	low = bp_ascii_hex(t.at[2]);
	if (high < 0 || low < 0)
		return 0;
	*ret = (char)(high << 4 | low);
	return 3;
}

static bool
decode(struct bp_text t, bool plus_is_space, struct bp_buf *ret)
{
	size_t before = ret->len, n;
	char c;

	while (t.len > 0) {
		n = decode_byte(t, plus_is_space, &c);
		if (n == 0 || !bp_buf_add(ret, &c, 1)) {
			ret->len = before;
			return false;
		}
		t = bp_text_after(t, n);
	}
	return true;
}

bool
bp_form_decode(struct bp_text t, struct bp_buf *ret)
{
	return decode(t, true, ret);
}

bool
bp_form_decode_percent(struct bp_text t, struct bp_buf *ret)
{
	return decode(t, false, ret);
}
