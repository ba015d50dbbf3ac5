/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/challenge.h"

#include <strings.h>

#include "wire/ascii.h"

/* Up to the next comma that stands in no quotes; CHALLENGES is the rest. */
static struct bp_text
next_item(struct bp_text *challenges)
{
	struct bp_text t = *challenges;
	bool is_quoted = false;
	size_t n = 0;

	while (n < t.len && (is_quoted || t.at[n] != ',')) {
		if (is_quoted && t.at[n] == '\\' && n + 1 < t.len)
			n++;
		else if (t.at[n] == '"')
			is_quoted = !is_quoted;
		n++;
	}
	*challenges = bp_text_after(t, n < t.len ? n + 1 : n);
	t.len = n;
	return bp_text_trim(t);
}

/* In front of the first parameter of a challenge its scheme stands. */
static struct bp_text
without_scheme(struct bp_text name)
{
	size_t n = name.len;

	while (n > 0 && !bp_ascii_is_blank(name.at[n - 1]))
		n--;
	return bp_text_after(name, n);
}

static bool
is_error(struct bp_text name)
{
	static const struct bp_text error = BP_TEXT("error");

	name = without_scheme(bp_text_trim(name));
	return name.len == error.len &&
	    strncasecmp(name.at, error.at, error.len) == 0;
}

static struct bp_text
without_quotes(struct bp_text value)
{
	struct bp_text inner, rest;

	if (!bp_text_starts(value, "\""))
		return value;
	(void)bp_text_cut(bp_text_after(value, 1), '"', &inner, &rest);
	return inner;
}

bool
bp_challenge_error(struct bp_text challenges, struct bp_text *ret)
{
	struct bp_text item, name, value;

	while (challenges.len > 0) {
		item = next_item(&challenges);
		if (!bp_text_cut(item, '=', &name, &value) || !is_error(name))
			continue;
		value = without_quotes(bp_text_trim(value));
		if (value.len == 0)
			return false;
		*ret = value;
		return true;
	}
	return false;
}
