#include "core/answer.h"

static const struct bp_text brackets[] = {
	BP_TEXT("\033[200~"), BP_TEXT("\033[201~"),
};

static bool
is_around(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' ||
	    c == '\'';
}

static bool
ends_with(struct bp_text t, struct bp_text with)
{
	return t.len >= with.len && bp_text_same((struct bp_text){
	    t.at + (t.len - with.len), with.len }, with);
}

/* One thing off either end of T; false: there is none. */
static bool
peel(struct bp_text *t)
{
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
		if (bp_text_starts(*t, brackets[i].at)) {
			*t = bp_text_after(*t, brackets[i].len);
			return true;
		}
		if (ends_with(*t, brackets[i])) {
			t->len -= brackets[i].len;
			return true;
		}
	}
	if (t->len > 0 && is_around(t->at[0])) {
		*t = bp_text_after(*t, 1);
		return true;
	}
	if (t->len > 0 && is_around(t->at[t->len - 1])) {
		t->len--;
		return true;
	}
	return false;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static bool
is_bare_code(struct bp_text t)
{
	if (t.len < BP_BARE_CODE_MIN)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (is_unreserved(t.at[i]) || t.at[i] == '/')
			continue;
		if (t.at[i] != '%' || t.len - i < 3 || !is_hex(t.at[i + 1]) ||
		    !is_hex(t.at[i + 2]))
			return false;
		i += 2;
	}
	return true;
}

static struct bp_text
query_of(struct bp_text line)
{
	struct bp_text whole, fragment, address, query;

	(void)bp_text_cut(line, '#', &whole, &fragment);
	return bp_text_cut(whole, '?', &address, &query) ? query : whole;
}

enum { CODE, STATE, ISS, ERROR, NAMES };

/* How often each name stands in QUERY with a value; false: once without. */
static bool
count(struct bp_text query, unsigned times[NAMES])
{
	static const char *const names[NAMES] = {
		[CODE] = "code", [STATE] = "state", [ISS] = "iss",
		[ERROR] = "error",
	};
	struct bp_text pair, name, value;

	while (query.len > 0) {
		(void)bp_text_cut(query, '&', &pair, &query);
		(void)bp_text_cut(pair, '=', &name, &value);
		for (size_t i = 0; i < NAMES; i++) {
			if (!bp_text_is(name, names[i]))
				continue;
			if (value.len == 0)
				return false;
			times[i]++;
		}
	}
	return true;
}

static bool
is_callback(struct bp_text line)
{
	unsigned times[NAMES] = { 0 };

	return count(query_of(line), times) &&
	    times[CODE] + times[ERROR] == 1 && times[STATE] == 1 &&
	    times[ISS] <= 1;
}

/* `code=` or `?code=` in front of a bare code, and nothing else. */
static struct bp_text
without_name(struct bp_text t)
{
	static const struct bp_text names[] = {
		BP_TEXT("code="), BP_TEXT("?code="),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bp_text_starts(t, names[i].at))
			return bp_text_after(t, names[i].len);
	return t;
}

bool
bp_answer_judge(struct bp_text line, size_t cut_at, struct bp_text *ret,
    enum bp_reason *reterr)
{
	struct bp_text t = line;

	if (cut_at > 0 && line.len == cut_at)
		return bp_refuse(reterr, BP_ANSWER_CUT);
	while (peel(&t))
		;
	if (t.len == 0 || t.len > BP_LINE_MAX || !bp_text_is_printable(t) ||
	    !(is_callback(t) || is_bare_code(without_name(t))))
		return bp_refuse(reterr, BP_NO_CODE);
	*ret = t;
	return true;
}
