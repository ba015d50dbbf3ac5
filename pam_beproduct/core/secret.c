/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/secret.h"

static struct bp_text
without_end(struct bp_text line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* What is wrong with SECRET, behind whose line MORE stands; NULL: nothing. */
static const char *
fault_of(struct bp_text secret, struct bp_text more)
{
	if (bp_text_starts(secret, "\xef\xbb\xbf"))
		return "begins with a byte-order mark";
	if (secret.len == 0)
		return "is empty, or its first line is";
	if (more.len > 0)
		return "has more than one line";
	if (bp_text_trim(secret).len != secret.len)
		return "has blanks around the secret";
	if (!bp_text_is_printable(secret))
		return "has a control character in it, or is not UTF-8";
	if (secret.len > BP_SECRET_MAX)
		return "is longer than " BP_SPELT(BP_SECRET_MAX) " bytes";
	return NULL;
}

bool
bp_secret_of(struct bp_text file, struct bp_text *ret, const char **reterr)
{
	struct bp_text secret, more;
	const char *fault;

	/* a carriage return counts as part of a line's end only before LF */
	if (bp_text_cut(file, '\n', &secret, &more))
		secret = without_end(secret);
	fault = fault_of(secret, more);
	if (fault == NULL)
		*ret = secret;
	else
		*reterr = fault;
	return fault == NULL;
}
