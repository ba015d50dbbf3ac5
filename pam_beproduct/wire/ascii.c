/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ascii.h"

bool
bp_ascii_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
bp_ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
bp_ascii_is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool
bp_ascii_is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

bool
bp_ascii_is_alnum(char c)
{
	return bp_ascii_is_digit(c) || bp_ascii_is_capital(c) ||
	    bp_ascii_is_small(c);
}

bool
bp_ascii_is_visible(char c)
{
	return c > ' ' && c <= '~';
}

bool
bp_ascii_is_plain(char c)
{
	return bp_ascii_is_alnum(c) || c == '.' || c == '-';
}

bool
bp_ascii_is_unreserved(char c)
{
	return bp_ascii_is_plain(c) || c == '_' || c == '~';
}

char
bp_ascii_small(char c)
{
	return bp_ascii_is_capital(c) ? (char)(c - 'A' + 'a') : c;
}

int
bp_ascii_hex(char c)
{
	if (bp_ascii_is_digit(c))
		return c - '0';
	c = bp_ascii_small(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
