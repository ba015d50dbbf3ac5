/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ini.h - a strict reader of INI text, one item a call.
 *
 * Runs in: module and beproductctl.  Trusts: nothing, though root wrote it.
 * Allocates nothing: what it yields is borrowed from the text it reads.
 *
 *	struct bp_ini ini = { .rest = text };
 *	while ((step = bp_ini_next(&ini)) == BP_INI_ITEM)
 *		...
 */
#ifndef BP_CORE_INI_H
#define BP_CORE_INI_H

#include "wire/text.h"

#define BP_INI_LINE_MAX	4096		/* bytes */

enum bp_ini_step {
	BP_INI_BAD = 0,		/* .what is wrong with .line; read no further */
	BP_INI_ITEM,
	BP_INI_END
};

struct bp_ini {
	struct bp_text	 rest;		/* still to be read */
	unsigned	 line;		/* of the item or fault, from 1 */
	struct bp_text	 section;
	struct bp_text	 key;		/* empty: the section's own header */
	struct bp_text	 value;		/* trimmed, perhaps empty */
	const char	*what;
};

/*
 * Refused: lines over BP_INI_LINE_MAX bytes, control characters (NUL and
 * carriage return among them), invalid UTF-8, a line that continues another
 * or is continued, a key before any section, and what is none of comment,
 * [section] and key = value.  Tabs count as blanks around names and values,
 * and may stand in comments; inside a name or value they are refused.
 * Which names there are, and how often, is the caller's part.
 */
BP_MUST_USE enum bp_ini_step bp_ini_next(struct bp_ini *ini);

/*
 * The next line of INI that is neither blank nor a comment (begun by one of
 * the bytes in MARKS), trimmed, by the same rules of lines: for other files
 * of this kind.
 */
BP_MUST_USE enum bp_ini_step bp_ini_line(struct bp_ini *ini,
    const char *marks, struct bp_text *ret);

#endif
