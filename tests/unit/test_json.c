/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/json.h"

#include <malloc.h>

#include <cjson/cJSON.h>

#define T(literal)	BP_TEXT(literal)
#define R8(x)		x x x x x x x x
#define DEEP31(x)	R8(x) R8(x) R8(x) x x x x x x x

static const struct refusal {
	const char *name;
	struct bp_text text;
	const char *what;
} refusals[] = {
	{ "nothing at all", { NULL, 0 }, "no object" },
	{ "blanks alone", T(" \n"), "no object" },
	{ "an array at the top", T("[{}]"), "no object" },
	{ "a string at the top", T("\"a\""), "no object" },
	{ "a byte-order mark", T("\xef\xbb\xbf{}"), "no object" },
	{ "a form feed before", T("\f{}"), "no object" },
	{ "cut in an object", T("{"), "cut off" },
	{ "cut behind a colon", T("{\"a\":"), "cut off" },
	{ "cut behind a value", T("{\"a\":1"), "cut off" },
	{ "cut behind a comma", T("{\"a\":1,"), "cut off" },
	{ "cut in an array", T("{\"a\":["), "cut off" },
	{ "cut in a string", T("{\"a\":\"b"), "without an end" },
	{ "cut behind a backslash", T("{\"a\":\"\\"), "escape" },
	{ "cut in an escape", T("{\"a\":\"\\u00"), "escape" },
	{ "a second document", T("{}{}"), "behind the end" },
	{ "a comma behind", T("{},"), "behind the end" },
	{ "NUL behind", T("{}\0"), "NUL" },
	{ "NUL and more behind", T("{\"a\":1}\0{\"a\":2}"), "NUL" },
	{ "NUL as a blank", T("{\0\"a\":1}"), "NUL" },
	{ "NUL in a string", T("{\"a\":\"b\0c\"}"), "NUL" },
	{ "an escaped NUL", T("{\"a\":\"alice\\u0000.evil\"}"), "a NUL" },
	{ "an escaped NUL in a name", T("{\"a\\u0000b\":1}"), "a NUL" },
	{ "a tab in a string", T("{\"a\":\"b\tc\"}"), "control" },
	{ "a line's end in a string", T("{\"a\":\"b\nc\"}"), "control" },
	{ "control 31 in a name", T("{\"a\x1f\":1}"), "control" },
	{ "not UTF-8", T("{\"a\":\"\xff\"}"), "UTF-8" },
	{ "an overlong slash", T("{\"a\":\"\xc0\xaf\"}"), "UTF-8" },
	{ "a raw surrogate", T("{\"a\":\"\xed\xa0\x80\"}"), "UTF-8" },
	{ "a letter cut by a quote", T("{\"a\":\"\xc3\"}"), "UTF-8" },
	{ "a high half alone", T("{\"a\":\"\\ud800\"}"), "half" },
	{ "a low half alone", T("{\"a\":\"\\udc00\"}"), "half" },
	{ "two high halves", T("{\"a\":\"\\ud800\\ud800\"}"), "half" },
	{ "two low halves", T("{\"a\":\"\\udc00\\udc00\"}"), "half" },
	{ "a high half and a letter", T("{\"a\":\"\\ud800\\u0061\"}"),
	    "half" },
	{ "a high half and a low byte", T("{\"a\":\"\\ud800udc00\"}"),
	    "half" },
	{ "an unknown escape", T("{\"a\":\"\\x41\"}"), "escape" },
	{ "an escaped quote mark", T("{\"a\":\"\\'\"}"), "escape" },
	{ "an escape of no digits", T("{\"a\":\"\\u00g0\"}"), "escape" },
	{ "an escape with a sign", T("{\"a\":\"\\u+041\"}"), "escape" },
	{ "a capital U", T("{\"a\":\"\\U0041\"}"), "escape" },
	{ "a comma before the end", T("{\"a\":1,}"), "expected a string" },
	{ "a comma first", T("{,\"a\":1}"), "expected a string" },
	{ "two commas", T("{\"a\":1,,\"b\":1}"), "expected a string" },
	{ "a comma before an array's end", T("{\"a\":[1,]}"), "number" },
	{ "an array of a comma", T("{\"a\":[,]}"), "number" },
	{ "no comma", T("{\"a\":1 \"b\":2}"), "comma" },
	{ "no comma in an array", T("{\"a\":[1 2]}"), "comma" },
	{ "an array's end for an object's", T("{\"a\":1]"), "comma" },
	{ "an object's end for an array's", T("{\"a\":[1}"), "comma" },
	{ "an object opened as an array ends", T("{]"), "expected" },
	{ "a name without quotes", T("{a:1}"), "expected a string" },
	{ "a name in other quotes", T("{'a':1}"), "expected a string" },
	{ "a number for a name", T("{1:1}"), "expected a string" },
	{ "a name alone", T("{\"a\"}"), "colon" },
	{ "a colon in an array", T("{\"a\":[\"b\":1]}"), "comma" },
	{ "a comment", T("{/**/\"a\":1}"), "expected a string" },
	{ "a capital word", T("{\"a\":True}"), "number" },
	{ "a longer word", T("{\"a\":nulls}"), "comma" },
	{ "a cut word", T("{\"a\":tru}"), "number" },
	{ "no number", T("{\"a\":NaN}"), "number" },
	{ "infinity", T("{\"a\":Infinity}"), "number" },
	{ "a zero in front", T("{\"a\":0123}"), "comma" },
	{ "two zeros", T("{\"a\":00}"), "comma" },
	{ "a minus and two zeros", T("{\"a\":-01}"), "comma" },
	{ "a point and nothing", T("{\"a\":1.}"), "number" },
	{ "a point in front", T("{\"a\":.5}"), "number" },
	{ "a point and an exponent", T("{\"a\":1.e5}"), "number" },
	{ "an exponent of nothing", T("{\"a\":1e}"), "number" },
	{ "an exponent of a sign", T("{\"a\":1e+}"), "number" },
	{ "an exponent with a point", T("{\"a\":1e5.5}"), "comma" },
	{ "a plus", T("{\"a\":+1}"), "number" },
	{ "a minus", T("{\"a\":-}"), "number" },
	{ "two minuses", T("{\"a\":--1}"), "number" },
	{ "hexadecimal", T("{\"a\":0x10}"), "comma" },
	{ "1e400", T("{\"a\":1e400}"), "too large" },
	{ "-1e400 deep inside", T("{\"a\":[{\"b\":[0,-1e400]}]}"),
	    "too large" },
	{ "a number of 64 digits", T("{\"a\":" R8("12345678") "}"),
	    "63 characters" },
	{ "a name twice", T("{\"a\":1,\"a\":1}"), "twice" },
	{ "a name twice, far apart", T("{\"a\":1,\"c\":2,\"b\":3,\"a\":4}"),
	    "twice" },
	{ "a name twice, once escaped", T("{\"a\":1,\"\\u0061\":1}"),
	    "twice" },
	{ "a slash twice, once escaped", T("{\"/\":1,\"\\/\":1}"), "twice" },
	{ "an empty name twice", T("{\"\":1,\"\":1}"), "twice" },
	{ "a name twice, deep inside",
	    T("{\"a\":[[],{\"b\":{\"c\":1,\"c\":1}}]}"), "twice" },
	{ "a name twice behind a nest",
	    T("{\"a\":{\"b\":{}},\"c\":{\"d\":1,\"d\":1}}"), "twice" },
	{ "33 deep", T("{\"a\":" DEEP31("[") "[" "]" DEEP31("]") "}"),
	    "32 deep" },
	{ "33 deep in objects",
	    T("{\"a\":" DEEP31("{\"a\":") "{}" DEEP31("}") "}"), "32 deep" },
};

ROWS(refusals, is_refused)
{
	const struct refusal *row = *state;
	struct bp_json *doc = (void *)(uintptr_t)77;
	const char *what = "";

	assert_false(bp_json_parse(row->text, &doc, &what));
	assert_non_null(strstr(what, row->what));
	assert_ptr_equal(doc, (void *)(uintptr_t)77);
}

/* Lawful, and what its member "a" then is. */
static const struct lawful {
	const char *name;
	struct bp_text text;
	enum bp_claim_kind kind;
	const char *string;
	double number;
} lawful[] = {
	{ "an empty object", T("{}"), BP_CLAIM_ABSENT, NULL, 0 },
	{ "blanks everywhere", T(" \t\r\n{ \"a\" : [ \"b\" , \"c\" ] } \n"),
	    BP_CLAIM_STRINGS, NULL, 0 },
	{ "only the same letter in another case", T("{\"A\":1,\"b\":2}"),
	    BP_CLAIM_ABSENT, NULL, 0 },
	{ "both cases", T("{\"A\":true,\"a\":false}"), BP_CLAIM_FALSE,
	    NULL, 0 },
	{ "a longer name first", T("{\"ab\":true,\"a\":null}"), BP_CLAIM_NULL,
	    NULL, 0 },
	{ "true", T("{\"a\":true}"), BP_CLAIM_TRUE, NULL, 0 },
	{ "an object", T("{\"a\":{}}"), BP_CLAIM_OTHER, NULL, 0 },
	{ "an array of none", T("{\"a\":[]}"), BP_CLAIM_STRINGS, NULL, 0 },
	{ "an array of strings and more", T("{\"a\":[\"b\",1]}"),
	    BP_CLAIM_OTHER, NULL, 0 },
	{ "an array of an array", T("{\"a\":[[]]}"), BP_CLAIM_OTHER, NULL, 0 },
	{ "an empty string", T("{\"a\":\"\"}"), BP_CLAIM_STRING, "", 0 },
	{ "an escaped name", T("{\"\\u0061\":\"b\"}"), BP_CLAIM_STRING, "b",
	    0 },
	{ "every escape",
	    T("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00C9\"}"),
	    BP_CLAIM_STRING, "\"\\/\b\f\n\r\t\xc3\xa9\xc3\x89", 0 },
	{ "a pair of surrogates", T("{\"a\":\"\\uD83d\\uDe00\"}"),
	    BP_CLAIM_STRING, "\xf0\x9f\x98\x80", 0 },
	{ "the last of a plane", T("{\"a\":\"\\ud83f\\udfff\"}"),
	    BP_CLAIM_STRING, "\xf0\x9f\xbf\xbf", 0 },
	{ "the same letter raw", T("{\"a\":\"\xf0\x9f\x98\x80\x7f\"}"),
	    BP_CLAIM_STRING, "\xf0\x9f\x98\x80\x7f", 0 },
	{ "an escaped backslash before u", T("{\"a\":\"\\\\u0000\"}"),
	    BP_CLAIM_STRING, "\\u0000", 0 },
	{ "a number", T("{\"a\":1700000000}"), BP_CLAIM_NUMBER, NULL, 17e8 },
	{ "a number past 31 bits", T("{\"a\":4102444800}"), BP_CLAIM_NUMBER,
	    NULL, 4102444800.0 },
	{ "every digit", T("{\"a\":1234567890}"), BP_CLAIM_NUMBER, NULL,
	    1234567890 },
	{ "a fraction", T("{\"a\":-0.5e+1}"), BP_CLAIM_NUMBER, NULL, -5 },
	{ "zero", T("{\"a\":0}"), BP_CLAIM_NUMBER, NULL, 0 },
	{ "minus zero", T("{\"a\":-0}"), BP_CLAIM_NUMBER, NULL, 0 },
	{ "too small is zero", T("{\"a\":1E-400}"), BP_CLAIM_NUMBER, NULL, 0 },
	{ "a number of 63 digits", T("{\"a\":0." R8("0000000") "00000}"),
	    BP_CLAIM_NUMBER, NULL, 0 },
	{ "32 deep", T("{\"a\":" DEEP31("[") DEEP31("]") "}"), BP_CLAIM_OTHER,
	    NULL, 0 },
	{ "one name in two objects", T("{\"b\":{\"a\":1},\"a\":\"c\"}"),
	    BP_CLAIM_STRING, "c", 0 },
	{ "one value in two members", T("{\"a\":\"c\",\"b\":\"c\"}"),
	    BP_CLAIM_STRING, "c", 0 },
};

ROWS(lawful, is_read)
{
	const struct lawful *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	const char *what = "";
	const struct bp_json *a;
	struct bp_text t;
	double n = 77;

	assert_true(bp_json_parse(row->text, &doc, &what));
	a = bp_json_member(doc, "a");
	assert_int_equal(bp_json_kind(a), row->kind);
	assert_int_equal(a == NULL, row->kind == BP_CLAIM_ABSENT);
	assert_int_equal(bp_json_string(a, &t), row->string != NULL);
	assert_true(row->string == NULL || bp_text_is(t, row->string));
	assert_int_equal(bp_json_number(a, &n), row->kind == BP_CLAIM_NUMBER);
	assert_true(n == (row->kind == BP_CLAIM_NUMBER ? row->number : 77));
}

TEST(elements_come_in_their_order)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	const struct bp_json *a, *e;
	const char *what;
	struct bp_text t;

	(void)state;
	assert_true(bp_json_parse(bp_text_of("{\"a\":[\"x\",\"y\"],"
	    "\"b\":{\"c\":1}}"), &doc, &what));
	a = bp_json_member(doc, "a");
	assert_true(bp_json_is_array(a) && !bp_json_is_object(a));
	e = bp_json_first(a);
	assert_true(bp_json_string(e, &t) && bp_text_is(t, "x"));
	e = bp_json_next(e);
	assert_true(bp_json_string(e, &t) && bp_text_is(t, "y"));
	assert_null(bp_json_next(e));
	assert_null(bp_json_first(bp_json_member(doc, "b")));
	assert_null(bp_json_member(a, "x"));
	assert_null(bp_json_first(NULL));
	assert_null(bp_json_next(NULL));
	assert_null(bp_json_member(NULL, "a"));
	assert_false(bp_json_is_array(NULL) || bp_json_is_object(NULL));
	assert_null(bp_json_member_text(doc, (struct bp_text){ "ab\0", 3 }));
	assert_ptr_equal(bp_json_member_text(doc, (struct bp_text){ "ab", 1 }),
	    a);
}

/* {"a":[0,0,...]} of so many values in all. */
static bool
reads_so_many_values(size_t values, const char **retwhat)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4 * values);

	assert_true(bp_buf_say(&b, "{\"a\":[0"));
	for (size_t i = 3; i < values; i++)
		assert_true(bp_buf_say(&b, ",0"));
	assert_true(bp_buf_say(&b, "]}"));
	return bp_json_parse(bp_buf_text(&b), &doc, retwhat);
}

static bool
reads_so_many_members(size_t members, const char **retwhat)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(16 * members);
	char member[32];

	for (size_t i = 0; i < members; i++) {
		(void)snprintf(member, sizeof(member), "%c\"%zu\":0",
		    i == 0 ? '{' : ',', i);
		assert_true(bp_buf_say(&b, member));
	}
	assert_true(bp_buf_say(&b, "}"));
	return bp_json_parse(bp_buf_text(&b), &doc, retwhat);
}

static bool
reads_so_many_bytes(size_t bytes, const char **retwhat)
{
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(bytes);

	assert_true(bp_buf_say(&b, "{}"));
	while (b.len < bytes)
		assert_true(bp_buf_say(&b, " "));
	return bp_json_parse(bp_buf_text(&b), &doc, retwhat);
}

static const struct ceiling {
	const char *name;
	bool (*reads)(size_t n, const char **retwhat);
	size_t most;
	const char *what;
} ceilings[] = {
	{ "values", reads_so_many_values, 65536, "65536 values" },
	{ "members", reads_so_many_members, 1024, "1024 members" },
	{ "bytes", reads_so_many_bytes, BP_BODY_MAX, "1 MiB" },
};

ROWS(ceilings, are_read_up_to_the_ceiling)
{
	const struct ceiling *row = *state;
	const char *what = "";

	assert_true(row->reads(row->most, &what));
	assert_false(row->reads(row->most + 1, &what));
	assert_non_null(strstr(what, row->what));
}

static const char specimen[] = "{\"iss\":\"a\\u00e9\",\"aud\":[\"b\",{\"c\":"
    "[]}],\"exp\":-1.5e3,\"ok\":true,\"no\":null}";

TEST(no_part_of_a_document_is_one)
{
	struct bp_text part = bp_text_of(specimen);
	struct bp_json *doc;
	const char *what;

	(void)state;
	while (part.len-- > 0)
		assert_false(bp_json_parse(part, &doc, &what));
}

/* Behind the last byte is none: a reader past the end is seen by ASan. */
TEST(a_byte_changed_does_no_harm)
{
	size_t len = sizeof(specimen) - 1, read = 0;
	char *copy = malloc(len);

	(void)state;
	assert_non_null(copy);
	for (size_t i = 0; i < len * 256; i++) {
		BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
		const char *what = NULL;

		memcpy(copy, specimen, len);
		copy[i / 256] = (char)(i % 256);
		if (bp_json_parse((struct bp_text){ copy, len }, &doc, &what))
			read++;
		else
			assert_true(what != NULL && doc == NULL);
	}
	free(copy);
	assert_true(read > len && read < len * 128);
}

static const char secret[] = "correct horse battery staple";
static bool was_left;

static void
look_and_free(void *block)
{
	if (block != NULL && memmem(block, malloc_usable_size(block), secret,
	    sizeof(secret) - 1) != NULL)
		was_left = true;
	free(block);
}

static const struct secretive {
	const char *name, *text;
	bool ok;
} secretive[] = {
	{ "in a value", "{\"a\":[{\"b\":\"correct horse battery staple\"}]}",
	    true },
	{ "in a name", "{\"a\":{\"correct horse battery staple\":1}}", true },
	{ "in what is refused", "{\"a\":\"correct horse battery staple\","
	    "\"b\":1e400}", false },
};

ROWS(secretive, is_erased)
{
	const struct secretive *row = *state;
	cJSON_Hooks hooks = { malloc, look_and_free };
	struct bp_json *doc = NULL;
	const char *what;

	cJSON_InitHooks(&hooks);
	was_left = false;
	assert_int_equal(bp_json_parse(bp_text_of(row->text), &doc, &what),
	    row->ok);
	bp_json_free(&doc);
	assert_null(doc);
	bp_json_free(&doc);
	cJSON_InitHooks(NULL);
	assert_false(was_left);
}

/* What the scan let pass, cJSON may still fail at. */
static void *
no_memory(size_t size)
{
	(void)size;
	return NULL;
}

TEST(without_memory_it_is_refused)
{
	cJSON_Hooks hooks = { no_memory, free };
	struct bp_json *doc = NULL;
	const char *what = "";

	(void)state;
	cJSON_InitHooks(&hooks);
	assert_false(bp_json_parse(bp_text_of("{\"a\":1}"), &doc, &what));
	cJSON_InitHooks(NULL);
	assert_string_equal(what, "no memory");
}

RUN(NULL, NULL)
