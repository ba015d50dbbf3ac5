/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/answer.h"
#include "wire/ascii.h"
#include "wire/line.h"

static const struct bp_text brackets[] = {
	BP_TEXT("\033[200~"), BP_TEXT("\033[201~"),
};

static bool
is_around(char c)
{
	return bp_ascii_is_blank(c) || c == '\r' || c == '\n' || c == '"' ||
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

/* How often each of them stands in QUERY; false: once without a value. */
static bool
count(struct bp_text query, unsigned times[BP_PARAMS])
{
	struct bp_text name, value;
	enum bp_param param;

	while (bp_line_next(&query, &name, &value)) {
		param = bp_param_of(name);
		if (param == BP_PARAMS)
			continue;
		if (value.len == 0)
			return false;
		times[param]++;
	}
	return true;
}

static bool
is_callback(struct bp_text line)
{
	unsigned times[BP_PARAMS] = { 0 };

	return count(bp_line_query(line), times) &&
	    times[BP_PARAM_CODE] + times[BP_PARAM_ERROR] > 0 &&
	    times[BP_PARAM_CODE] <= 1 && times[BP_PARAM_ERROR] <= 1 &&
	    times[BP_PARAM_STATE] == 1 && times[BP_PARAM_ISS] <= 1;
}

/* auth-pam.c, fake_password(): as long as the answer was. */
bool
bp_answer_is_replaced(struct bp_text line)
{
	static const struct bp_text junk = BP_TEXT("\b\n\r\177INCORRECT");

	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] != junk.at[i % junk.len])
			return false;
	return line.len > 0;
}

bool
bp_answer_judge(struct bp_text line, size_t cut_at, struct bp_text *ret,
    enum bp_reason *reterr)
{
	struct bp_text t = line, code;

	if (cut_at > 0 && line.len == cut_at)
		return bp_refuse(reterr, BP_ANSWER_CUT);
	while (peel(&t))
		;
	if (t.len == 0 || t.len > BP_LINE_MAX || !bp_text_is_printable(t) ||
	    !(is_callback(t) || bp_line_bare_code(t, &code)))
		return bp_refuse(reterr, BP_NO_CODE);
	*ret = t;
	return true;
}
