/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/json.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wire/ascii.h"

/*
 * cJSON makes 40 times of its input, and takes much for JSON that is none; so
 * every document is scanned before it.  What the scan cannot see, names that
 * are equal only after unescaping and numbers that are infinite, is looked for
 * in the tree.
 */
enum {
	VALUES_MAX = 65536,	/* in a document, for memory's sake */
	MEMBERS_MAX = 1024,	/* in an object: they are sorted */
	NUMBER_MAX = 63		/* characters: cJSON cuts longer ones */
};

/* What may stand next. */
enum expect {
	VALUE = 1,
	VALUE_OR_END,		/* after [ */
	MEMBER,
	MEMBER_OR_END,		/* after { */
	COMMA_OR_END,
	NOTHING
};

struct scan {
	struct bp_text	 rest;
	const char	*what;			/* is wrong */
	enum expect	 expect;
	size_t		 values;
	size_t		 depth;
	bool		 may_be_array;	/* at the top */
	bool		 is_object[BP_JSON_DEPTH];
};

static bool
no(struct scan *s, const char *what)
{
	s->what = what;
	return false;
}

/* The next byte; at the end NUL, which no document has. */
static char
next(const struct scan *s)
{
	return s->rest.len > 0 ? s->rest.at[0] : '\0';
}

static void
skip(struct scan *s, size_t n)
{
	s->rest = bp_text_after(s->rest, n);
}

static bool
take(struct scan *s, char c)
{
	if (s->rest.len == 0 || s->rest.at[0] != c)
		return false;
	skip(s, 1);
	return true;
}

static void
skip_blanks(struct scan *s)
{
	while (take(s, ' ') || take(s, '\t') || take(s, '\n') || take(s, '\r'))
		;
}

static bool
take_digits(struct scan *s)
{
	size_t n = 0;

	while (n < s->rest.len && bp_ascii_is_digit(s->rest.at[n]))
		n++;
	skip(s, n);
	return n > 0;
}

static bool
take_number(struct scan *s)
{
	(void)take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return false;
	if (take(s, '.') && !take_digits(s))
		return false;
	if (!take(s, 'e') && !take(s, 'E'))
		return true;
	(void)(take(s, '+') || take(s, '-'));
	return take_digits(s);
}

static bool
scan_number(struct scan *s)
{
	size_t before = s->rest.len;

	if (!take_number(s))
		return no(s, "neither a value nor a number");
	return before - s->rest.len <= NUMBER_MAX ||
	    no(s, "a number of more than 63 characters");
}

static bool
take_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bp_text_starts(s->rest, words[i])) {
			skip(s, strlen(words[i]));
			return true;
		}
	return false;
}

/* \uXXXX, of which the backslash is taken. */
static bool
take_unit(struct scan *s, uint32_t *ret)
{
	uint32_t u = 0;

	if (!take(s, 'u') || s->rest.len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = bp_ascii_hex(s->rest.at[i]);

		if (digit < 0)
			return false;
		u = u << 4 | (uint32_t)digit;
	}
	skip(s, 4);
	*ret = u;
	return true;
}

static bool
scan_unit(struct scan *s)
{
	uint32_t high, low;

	if (!take_unit(s, &high))
		return no(s, "an escape that JSON does not know");
	if (high == 0)
		return no(s, "a NUL in a string");
	if ((high & 0xf800) != 0xd800)
		return true;
	return ((high & 0xfc00) == 0xd800 && take(s, '\\') &&
	    take_unit(s, &low) && (low & 0xfc00) == 0xdc00) ||
	    no(s, "half a surrogate pair");
}

static bool
scan_escape(struct scan *s)
{
	static const char escapes[] = "\"\\/bfnrt";

	if (s->rest.len == 0 ||
	    memchr(escapes, next(s), sizeof(escapes) - 1) == NULL)
		return scan_unit(s);
	skip(s, 1);
	return true;
}

static bool
scan_string(struct scan *s)
{
	if (!take(s, '"'))
		return no(s, "expected a string");
	while (!take(s, '"')) {
		char c = next(s);

		if (s->rest.len == 0)
			return no(s, "a string without an end");
		if ((unsigned char)c < ' ')
			return no(s, "a control character in a string");
		skip(s, 1);
		if (c == '\\' && !scan_escape(s))
			return false;
	}
	return true;
}

static bool
open_nest(struct scan *s, bool is_object)
{
	if (s->depth == BP_JSON_DEPTH)
		return no(s, "nested more than 32 deep");
	s->is_object[s->depth++] = is_object;
	s->expect = is_object ? MEMBER_OR_END : VALUE_OR_END;
	skip(s, 1);
	return true;
}

static bool
scan_value(struct scan *s)
{
	char c = next(s);

	if (++s->values > VALUES_MAX)
		return no(s, "more than 65536 values");
	if (c == '{' || c == '[')
		return open_nest(s, c == '{');
	s->expect = COMMA_OR_END;
	return c == '"' ? scan_string(s) : take_word(s) || scan_number(s);
}

static bool
scan_member(struct scan *s)
{
	if (!scan_string(s))
		return false;
	skip_blanks(s);
	if (!take(s, ':'))
		return no(s, "a name without a colon");
	s->expect = VALUE;
	return true;
}

static bool
take_end(struct scan *s)
{
	if (!take(s, s->is_object[s->depth - 1] ? '}' : ']'))
		return false;
	s->expect = --s->depth > 0 ? COMMA_OR_END : NOTHING;
	return true;
}

static bool
scan_comma(struct scan *s)
{
	if (!take(s, ','))
		return no(s, "expected a comma or an end");
	s->expect = s->is_object[s->depth - 1] ? MEMBER : VALUE;
	return true;
}

/* At least one byte on, or false: so the loop that calls this ends. */
static bool
scan_step(struct scan *s)
{
	switch (s->expect) {
	case VALUE:
		return scan_value(s);
	case VALUE_OR_END:
		return take_end(s) || scan_value(s);
	case MEMBER:
		return scan_member(s);
	case MEMBER_OR_END:
		return take_end(s) || scan_member(s);
	case COMMA_OR_END:
		return take_end(s) || scan_comma(s);
	case NOTHING:
		break;
	}
	return no(s, "something behind the end");
}

static bool
scan_document(struct scan *s)
{
	if (s->rest.len > BP_BODY_MAX)
		return no(s, "longer than 1 MiB");
	if (!bp_text_is_utf8(s->rest))
		return no(s, "not UTF-8, or a NUL");
	skip_blanks(s);
	if (next(s) != '{' && !(s->may_be_array && next(s) == '['))
		return no(s, "no object at the top");
	while (s->rest.len > 0) {
		if (!scan_step(s))
			return false;
		skip_blanks(s);
	}
	return s->expect == NOTHING || no(s, "cut off");
}

/*
 * Show VISIT every value of DOC, until it says no.  A stack instead of calls:
 * the scan has bounded the depth.
 */
static bool
walk(cJSON *doc, bool (*visit)(cJSON *value, const char **retwhat),
    const char **retwhat)
{
	cJSON *above[BP_JSON_DEPTH], *at = doc;
	size_t depth = 0;

	while (visit(at, retwhat)) {
		if (at->child != NULL) {
			above[depth++] = at;
			at = at->child;
			continue;
		}
		while (at->next == NULL && depth > 0)
			at = above[--depth];
		if (at->next == NULL)
			return true;
		at = at->next;
	}
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
has_distinct_names(const cJSON *object, const char **retwhat)
{
	const char *names[MEMBERS_MAX];
	size_t n = 0;

	for (const cJSON *m = object->child; m != NULL; m = m->next) {
		if (n == MEMBERS_MAX) {
			*retwhat = "an object of more than 1024 members";
			return false;
		}
		names[n++] = m->string;
	}
	if (n > 1)
		qsort(names, n, sizeof(names[0]), by_name);
	for (size_t i = 1; i < n; i++)
		if (strcmp(names[i - 1], names[i]) == 0) {
			*retwhat = "a member name twice in an object";
			return false;
		}
	return true;
}

static bool
is_sound(cJSON *value, const char **retwhat)
{
	if (cJSON_IsNumber(value) && !isfinite(value->valuedouble)) {
		*retwhat = "a number too large";
		return false;
	}
	return !cJSON_IsObject(value) || has_distinct_names(value, retwhat);
}

static bool
is_short(cJSON *value, const char **retwhat)
{
	(void)retwhat;
	return !cJSON_IsNumber(value) || fabs(value->valuedouble) < 0x1p63;
}

static bool
erase(cJSON *value, const char **retwhat)
{
	(void)retwhat;
	if (value->string != NULL)
		explicit_bzero(value->string, strlen(value->string));
	if (value->valuestring != NULL)
		explicit_bzero(value->valuestring, strlen(value->valuestring));
	return true;
}

/* Opaque to everybody else. */
static cJSON *
node(const struct bp_json *value)
{
	return (cJSON *)(uintptr_t)value;
}

/* cJSON wants a NUL, and to be told of it: only then it looks for the end. */
static struct bp_json *
make_tree(struct bp_text bytes)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(bytes.len + 1);

	if (!bp_buf_add(&b, bytes.at, bytes.len) || !bp_buf_add(&b, "", 1))
		return NULL;
	return (struct bp_json *)cJSON_ParseWithLengthOpts(
	    (const char *)b.data, b.len, NULL, 1);
}

static bool
parse(struct bp_text bytes, bool may_be_array, struct bp_json **ret,
    const char **retwhat)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	struct scan s = { .rest = bytes, .expect = VALUE,
	    .may_be_array = may_be_array };

	if (!scan_document(&s)) {
		*retwhat = s.what;
		return false;
	}
	doc = make_tree(bytes);
	if (doc == NULL) {
		*retwhat = "no memory";
		return false;
	}
	if (!walk(node(doc), is_sound, retwhat))
		return false;
	*ret = doc;
	doc = NULL;
	return true;
}

bool
bp_json_parse(struct bp_text bytes, struct bp_json **ret, const char **retwhat)
{
	return parse(bytes, false, ret, retwhat);
}

bool
bp_json_parse_any(struct bp_text bytes, struct bp_json **ret,
    const char **retwhat)
{
	return parse(bytes, true, ret, retwhat);
}

void
bp_json_free(struct bp_json **doc)
{
	const char *what;

	if (*doc == NULL)
		return;
	(void)walk(node(*doc), erase, &what);
	cJSON_Delete(node(*doc));
	*doc = NULL;
}

const struct bp_json *
bp_json_member(const struct bp_json *object, const char *name)
{
	return bp_json_member_text(object, bp_text_of(name));
}

const struct bp_json *
bp_json_member_text(const struct bp_json *object, struct bp_text name)
{
	if (!bp_json_is_object(object))
		return NULL;
	for (const cJSON *m = node(object)->child; m != NULL; m = m->next)
		if (bp_text_same(bp_text_of(m->string), name))
			return (const struct bp_json *)m;
	return NULL;
}

const struct bp_json *
bp_json_first(const struct bp_json *array)
{
	return bp_json_is_array(array)
	    ? (const struct bp_json *)node(array)->child : NULL;
}

const struct bp_json *
bp_json_next(const struct bp_json *element)
{
	return element != NULL ? (const struct bp_json *)node(element)->next
	    : NULL;
}

static bool
has_only_strings(const struct bp_json *array)
{
	for (const cJSON *e = node(array)->child; e != NULL; e = e->next)
		if (!cJSON_IsString(e))
			return false;
	return true;
}

enum bp_claim_kind
bp_json_kind(const struct bp_json *value)
{
	static const struct { int type; enum bp_claim_kind kind; } kinds[] = {
		{ cJSON_NULL, BP_CLAIM_NULL },
		{ cJSON_String, BP_CLAIM_STRING },
		{ cJSON_True, BP_CLAIM_TRUE },
		{ cJSON_False, BP_CLAIM_FALSE },
		{ cJSON_Number, BP_CLAIM_NUMBER },
	};

	if (value == NULL)
		return BP_CLAIM_ABSENT;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((node(value)->type & 0xff) == kinds[i].type)
			return kinds[i].kind;
	return bp_json_is_array(value) && has_only_strings(value)
	    ? BP_CLAIM_STRINGS : BP_CLAIM_OTHER;
}

bool
bp_json_is_array(const struct bp_json *value)
{
	return cJSON_IsArray(node(value)) != 0;
}

bool
bp_json_is_object(const struct bp_json *value)
{
	return cJSON_IsObject(node(value)) != 0;
}

bool
bp_json_string(const struct bp_json *value, struct bp_text *ret)
{
	if (cJSON_IsString(node(value)) == 0)
		return false;
	*ret = bp_text_of(node(value)->valuestring);
	return true;
}

bool
bp_json_number(const struct bp_json *value, double *ret)
{
	if (cJSON_IsNumber(node(value)) == 0)
		return false;
	*ret = node(value)->valuedouble;
	return true;
}

bool
bp_json_has_long_number(const struct bp_json *doc)
{
	const char *what;

	return !walk(node(doc), is_short, &what);
}
