/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/text.h"

/* In place: one '?' for what would not print never needs more room. */
static void
make_printable(char *s)
{
	struct bp_text rest = bp_text_of(s);
	bool prints = false;
	size_t at = 0;

	while (rest.len > 0) {
		size_t n = bp_text_character(rest, &prints);

		if (n > 0 && prints) {
			memmove(s + at, rest.at, n);
			at += n;
		} else
			s[at++] = '?';
		rest = bp_text_after(rest, n > 0 ? n : 1);
	}
	s[at] = '\0';
}

bool
bp_why(struct bp_why *reterr, enum bp_wire_reason reason, const char *format,
    ...)
{
	va_list args;

	reterr->reason = reason;
	va_start(args, format);
	if (vsnprintf(reterr->detail, sizeof(reterr->detail), format, args) < 0)
		reterr->detail[0] = '\0';
	va_end(args);
	make_printable(reterr->detail);
	return false;
}

enum bp_wire_reason
bp_why_of(struct bp_text error, const struct bp_why_row *rows, size_t n,
    enum bp_wire_reason otherwise)
{
	for (size_t i = 0; i < n; i++)
		if (bp_text_is(error, rows[i].error))
			return rows[i].reason;
	return otherwise;
}
