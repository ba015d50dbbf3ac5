/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/line.h"
#include "wire/ascii.h"
#include "wire/limits.h"

static const char *const names[BP_PARAMS] = {
	[BP_PARAM_CODE] = "code",	[BP_PARAM_STATE] = "state",
	[BP_PARAM_ISS] = "iss",		[BP_PARAM_ERROR] = "error",
};

const char *
bp_param_name(enum bp_param param)
{
	return names[param];
}

enum bp_param
bp_param_of(struct bp_text name)
{
	enum bp_param i = 0;

	while (i < BP_PARAMS && !bp_text_is(name, names[i]))
		i++;
	return i;
}

struct bp_text
bp_line_query(struct bp_text line)
{
	struct bp_text whole, fragment, address, query;

	(void)bp_text_cut(line, '#', &whole, &fragment);
	return bp_text_cut(whole, '?', &address, &query) ? query : whole;
}

bool
bp_line_next(struct bp_text *query, struct bp_text *retname,
    struct bp_text *retvalue)
{
	struct bp_text pair;

	if (query->len == 0)
		return false;
	(void)bp_text_cut(*query, '&', &pair, query);
	(void)bp_text_cut(pair, '=', retname, retvalue);
	return true;
}

/* `code=` or `?code=` in front of a bare code, and nothing else. */
static struct bp_text
without_name(struct bp_text t)
{
	static const struct bp_text prefixes[] = {
		BP_TEXT("code="), BP_TEXT("?code="),
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (bp_text_starts(t, prefixes[i].at))
			return bp_text_after(t, prefixes[i].len);
	return t;
}

/* The bytes of the character that T begins with; 0: none of a code. */
static size_t
character_of(struct bp_text t)
{
	if (bp_ascii_is_unreserved(t.at[0]) || t.at[0] == '/')
		return 1;
	return t.at[0] == '%' && t.len >= 3 && bp_ascii_hex(t.at[1]) >= 0 &&
	    bp_ascii_hex(t.at[2]) >= 0 ? 3 : 0;
}

bool
bp_line_bare_code(struct bp_text line, struct bp_text *ret)
{
	struct bp_text code = without_name(line), rest = code;
	size_t n;

	while (rest.len > 0 && (n = character_of(rest)) > 0)
		rest = bp_text_after(rest, n);
	if (rest.len > 0 || code.len < BP_BARE_CODE_MIN)
		return false;
	*ret = code;
	return true;
}
