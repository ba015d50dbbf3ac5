#include "helper/callback.h"

#include "helper/form.h"

enum { ERROR_SHOWN = 64 };

enum name { CODE, STATE, ISS, ERROR, NAMES };

static const char *const names[NAMES] = {
	[CODE] = "code", [STATE] = "state", [ISS] = "iss", [ERROR] = "error",
};

/* The decoded values; of what the line lacks, empty. */
struct parameters {
	struct bp_buf	 of[NAMES];
};
#define VALUE_INIT	BP_BUF_INIT(BP_LINE_MAX)
#define PARAMETERS_INIT	{ { VALUE_INIT, VALUE_INIT, VALUE_INIT, VALUE_INIT } }

static void
parameters_done(struct parameters *p)
{
	for (size_t i = 0; i < NAMES; i++)
		bp_buf_done(&p->of[i]);
}

static bool
has(const struct parameters *p, enum name name)
{
	return p->of[name].len > 0;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

/* A % is only looked at here: whether it is a good one, decoding tells. */
static bool
is_bare(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!is_unreserved(t.at[i]) && t.at[i] != '/' &&
		    t.at[i] != '%')
			return false;
	return t.len >= BP_BARE_CODE_MIN;
}

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

static bool
is_good(const struct bp_buf *value)
{
	return value->len > 0 && bp_text_is_printable(bp_buf_text(value));
}

static bool
read_bare(struct bp_text code, struct bp_buf *ret, struct bp_why *reterr)
{
	return (bp_form_decode_percent(code, ret) && is_good(ret)) ||
	    bp_why(reterr, BP_WIRE_NO_CODE, "answer: no good code");
}

static struct bp_text
query_of(struct bp_text line)
{
	struct bp_text whole, fragment, address, query;

	(void)bp_text_cut(line, '#', &whole, &fragment);
	return bp_text_cut(whole, '?', &address, &query) ? query : whole;
}

/* Names are compared decoded, or `c%6fde` would be a second code. */
static bool
name_of(struct bp_text spelt, enum name *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LINE_MAX);

	if (!bp_form_decode(spelt, &b))
		return false;
	for (size_t i = 0; i < NAMES; i++)
		if (bp_text_is(bp_buf_text(&b), names[i])) {
			*ret = (enum name)i;
			return true;
		}
	return false;
}

static bool
read_pair(struct bp_text pair, struct parameters *ret, struct bp_why *reterr)
{
	struct bp_text spelt, value;
	enum name name;

	(void)bp_text_cut(pair, '=', &spelt, &value);
	if (!name_of(spelt, &name))
		return true;	/* session_state, and whatever else */
	if (has(ret, name))
		return bp_why(reterr, BP_WIRE_NO_CODE, "answer: %s twice",
		    names[name]);
	return (bp_form_decode(value, &ret->of[name]) &&
	    is_good(&ret->of[name])) || bp_why(reterr, BP_WIRE_NO_CODE,
	    "answer: %s is empty, or does not print", names[name]);
}

static bool
read_query(struct bp_text query, struct parameters *ret, struct bp_why *reterr)
{
	struct bp_text pair;

	while (query.len > 0) {
		(void)bp_text_cut(query, '&', &pair, &query);
		if (!read_pair(pair, ret, reterr))
			return false;
	}
	return has(ret, CODE) != has(ret, ERROR) || bp_why(reterr,
	    BP_WIRE_NO_CODE, has(ret, CODE) ? "answer: code and error"
	    : "answer: neither code nor error");
}

static bool
check(const struct parameters *p, const struct bp_callback_expect *expect,
    struct bp_why *reterr)
{
	struct bp_text state = bp_buf_text(&p->of[STATE]);
	struct bp_text iss = bp_buf_text(&p->of[ISS]);
	struct bp_text error = bp_buf_text(&p->of[ERROR]);

	if (state.len == 0 || !bp_text_same_secret(state, expect->state))
		return bp_why(reterr, BP_WIRE_STATE_WRONG, state.len == 0
		    ? "answer: no state" : "answer: the state is another");
	if (iss.len > 0 && !bp_text_same(iss, expect->issuer))
		return bp_why(reterr, BP_WIRE_CALLBACK_ISS,
		    "answer: iss is not the issuer");
	if (iss.len == 0 && expect->iss_promised)
		return bp_why(reterr, BP_WIRE_ISS_MISSING,
		    "answer: no iss, and discovery promises one");
	return error.len == 0 || bp_why(reterr, BP_WIRE_PROVIDER_REFUSED,
	    "answer: error \"%.*s\"",
	    (int)(error.len < ERROR_SHOWN ? error.len : ERROR_SHOWN),
	    error.at);
}

bool
bp_callback_read(struct bp_text line, const struct bp_callback_expect *expect,
    struct bp_buf *ret, struct bp_why *reterr)
{
	BP_AUTO(parameters_done) struct parameters p = PARAMETERS_INIT;
	struct bp_text bare = without_name(line);

	if (line.len > BP_LINE_MAX)
		return bp_why(reterr, BP_WIRE_NO_CODE, "answer: too long");
	if (is_bare(bare))
		return read_bare(bare, ret, reterr);
	if (!read_query(query_of(line), &p, reterr) ||
	    !check(&p, expect, reterr))
		return false;
	return bp_buf_put(ret, bp_buf_text(&p.of[CODE])) ||
	    bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no room for the code");
}
