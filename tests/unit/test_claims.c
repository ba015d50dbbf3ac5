/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "helper/claims.h"

static struct bp_json *
parse(const char *text)
{
	struct bp_json *doc = NULL;
	const char *what;

	assert_true(bp_json_parse(bp_text_of(text), &doc, &what));
	return doc;
}

static const struct member {
	const char *name, *json;
	enum bp_claim_kind kind;
	uint32_t values;
	const char *first;
} kinds[] = {
	{ "no such member", "{}", BP_CLAIM_ABSENT, 0, NULL },
	{ "a member of another case",
	    "{\"C\":\"x\"}", BP_CLAIM_ABSENT, 0, NULL },
	{ "null", "{\"c\":null}", BP_CLAIM_NULL, 0, NULL },
	{ "true", "{\"c\":true}", BP_CLAIM_TRUE, 0, NULL },
	{ "false", "{\"c\":false}", BP_CLAIM_FALSE, 0, NULL },
	{ "a number", "{\"c\":1}", BP_CLAIM_NUMBER, 1, "1" },
	{ "a time", "{\"c\":1767225600}", BP_CLAIM_NUMBER, 1, "1767225600" },
	{ "a time with a fraction", "{\"c\":1767225600.999}",
	    BP_CLAIM_NUMBER, 1, "1767225600" },
	{ "a time by exponent", "{\"c\":1.5e9}", BP_CLAIM_NUMBER, 1,
	    "1500000000" },
	{ "naught", "{\"c\":0}", BP_CLAIM_NUMBER, 1, "0" },
	{ "a number of 15 digits", "{\"c\":999999999999999}",
	    BP_CLAIM_NUMBER, 1, "999999999999999" },
	{ "a number of 16 digits", "{\"c\":1000000000000000}",
	    BP_CLAIM_NUMBER, 0, NULL },
	{ "a number past all", "{\"c\":1e300}", BP_CLAIM_NUMBER, 0, NULL },
	{ "a number below naught", "{\"c\":-1}", BP_CLAIM_NUMBER, 0, NULL },
	{ "a fraction below naught", "{\"c\":-0.5}", BP_CLAIM_NUMBER, 0,
	    NULL },
	{ "a string of digits", "{\"c\":\"17\"}", BP_CLAIM_STRING, 1, "17" },
	{ "a string", "{\"c\":\"x,y z\"}", BP_CLAIM_STRING, 1, "x,y z" },
	{ "the string true", "{\"c\":\"true\"}", BP_CLAIM_STRING, 1, "true" },
	{ "an empty string", "{\"c\":\"\"}", BP_CLAIM_STRING, 1, "" },
	{ "an escape in a string", "{\"c\":\"\\u001b\"}", BP_CLAIM_STRING, 1,
	    "\x1b" },
	{ "one string in an array", "{\"c\":[\"x\"]}", BP_CLAIM_STRINGS, 1,
	    "x" },
	{ "strings", "{\"c\":[\"x\",\"y\",\"x\"]}", BP_CLAIM_STRINGS, 3, "x" },
	{ "an empty array", "{\"c\":[]}", BP_CLAIM_STRINGS, 0, NULL },
	{ "an array of others, too", "{\"c\":[\"x\",1]}", BP_CLAIM_OTHER, 0,
	    NULL },
	{ "an object", "{\"c\":{\"x\":{}}}", BP_CLAIM_OTHER, 0, NULL },
};

ROWS(kinds, is_a_row_of_its_kind)
{
	static const char *const names[] = { "c", NULL };
	const struct member *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *doc = parse(row->json);
	BP_AUTO(bp_json_free) struct bp_json *other = parse("{\"c\":\"o\"}");
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf table =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	struct bp_text rest, value;
	struct bp_claim c;
	struct bp_list values;
	struct bp_why why;

	(void)put_texts(names, COUNT(names), &wanted);
	assert_true(bp_claims_collect(bp_buf_text(&wanted), doc, other,
	    &table, &why));
	rest = bp_buf_text(&table);
	assert_true(bp_claim_next(&rest, &c));
	assert_int_equal(c.document, BP_DOC_ID_TOKEN);
	assert_int_equal(c.kind, row->kind);
	assert_int_equal(bp_list_count(c.values), row->values);
	values = bp_list_of(c.values);
	if (row->first != NULL) {
		assert_true(bp_list_next(&values, &value));
		assert_true(bp_text_is(value, row->first));
	}
	assert_true(bp_claim_next(&rest, &c));
	assert_int_equal(c.document, BP_DOC_USERINFO);
	assert_true(bp_claim_string(&c, &value));
	assert_true(bp_text_is(value, "o"));
	assert_int_equal(rest.len, 0);
}

TEST(each_name_has_both_rows_in_order)
{
	static const char *const names[] = { "b", "a", "nope", NULL };
	BP_AUTO(bp_json_free) struct bp_json *t =
	    parse("{\"a\":\"1\",\"z\":1}");
	BP_AUTO(bp_json_free) struct bp_json *u =
	    parse("{\"b\":[\"2\",\"3\"],\"a\":null}");
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf table =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	struct bp_why why;

	(void)state;
	(void)put_texts(names, COUNT(names), &wanted);
	assert_true(bp_claims_collect(bp_buf_text(&wanted), t, u, &table,
	    &why));
	assert_true(bp_claim_table_answers(bp_buf_text(&table),
	    bp_buf_text(&wanted)));
	assert_int_equal(bp_claim_find(bp_buf_text(&table), bp_text_of("a"),
	    BP_DOC_USERINFO).kind, BP_CLAIM_NULL);
	assert_int_equal(bp_claim_find(bp_buf_text(&table), bp_text_of("b"),
	    BP_DOC_USERINFO).kind, BP_CLAIM_STRINGS);
	assert_int_equal(bp_claim_find(bp_buf_text(&table), bp_text_of("b"),
	    BP_DOC_ID_TOKEN).kind, BP_CLAIM_ABSENT);
}

/* {"c": [ "xxx...", "xxx...", ... ]}, N values of SIZE bytes. */
static const struct load {
	const char *name;
	size_t n, size;
	bool ok;
} loads[] = {
	{ "the longest value",	1,	4096,	true },
	{ "a value too long",	1,	4097,	false },
	{ "the most values",	1024,	1,	true },
	{ "a value too many",	1025,	1,	false },
	{ "a full table",	150,	4096,	true },
	{ "more than a table",	170,	4096,	false },
};

ROWS(loads, fits_or_is_named)
{
	static const char *const names[] = { "c", NULL };
	const struct load *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_BODY_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf table =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	BP_AUTO(bp_json_free) struct bp_json *none = parse("{}");
	BP_AUTO(bp_json_free) struct bp_json *doc = NULL;
	struct bp_why why = { .reason = BP_WIRE_NONE };
	const char *what;

	assert_true(bp_buf_say(&text, "{\"c\":["));
	for (size_t i = 0; i < row->n; i++) {
		assert_true(bp_buf_say(&text, i > 0 ? ",\"" : "\""));
		for (size_t k = 0; k < row->size; k++)
			assert_true(bp_buf_say(&text, "x"));
		assert_true(bp_buf_say(&text, "\""));
	}
	assert_true(bp_buf_say(&text, "]}"));
	assert_true(bp_json_parse(bp_buf_text(&text), &doc, &what));
	(void)put_texts(names, COUNT(names), &wanted);
	assert_int_equal(bp_claims_collect(bp_buf_text(&wanted), none, doc,
	    &table, &why), row->ok);
	assert_int_equal(why.reason, row->ok ? BP_WIRE_NONE
	    : BP_WIRE_CLAIMS_LONG);
	if (!row->ok)
		assert_non_null(strstr(why.detail, "UserInfo: more in \"c\""));
}

RUN(NULL, NULL)
