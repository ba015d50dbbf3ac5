/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ascii.h - classes of ASCII bytes, whatever the locale.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing; every byte from
 * 0x80 up is of no class.
 */
#ifndef BP_WIRE_ASCII_H
#define BP_WIRE_ASCII_H

#include <stdbool.h>

bool	bp_ascii_is_blank(char c);	/* a space or a tab */
bool	bp_ascii_is_digit(char c);
bool	bp_ascii_is_capital(char c);
bool	bp_ascii_is_small(char c);
bool	bp_ascii_is_alnum(char c);
bool	bp_ascii_is_visible(char c);	/* 0x21 to 0x7e */

/* Letters, digits, `.` and `-`: what no program takes for anything else. */
bool	bp_ascii_is_plain(char c);

/* RFC 3986 2.3: these, `_` and `~`. */
bool	bp_ascii_is_unreserved(char c);

/* A hexadecimal digit's value, of either case; -1 of another byte. */
int	bp_ascii_hex(char c);

/* The small letter for a capital; any other byte as it is. */
char	bp_ascii_small(char c);

#endif
