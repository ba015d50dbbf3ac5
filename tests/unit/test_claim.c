/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/claim.h"

static char longest[BP_CLAIM_VALUE_MAX + 1];	/* of x */

/* A list of N times T. */
static void
make_list(struct bp_buf *b, struct bp_text t, unsigned n)
{
	assert_true(bp_list_start(b));
	while (n-- > 0)
		assert_true(bp_list_add(b, t));
}

/* A row: N times the value, of LEN bytes of x where it is NULL. */
static const struct claim {
	const char *name, *claim;
	size_t claim_len;		/* of x, where claim is NULL */
	unsigned document, kind, n;
	struct bp_text value;
	bool lawful;
} claims[] = {
#define INFO	BP_DOC_USERINFO
#define A_ROW(kind, n)	"role", 0, INFO, BP_CLAIM_##kind, n, BP_TEXT("a")
	{ "absent",		A_ROW(ABSENT, 0),	true },
	{ "null",		A_ROW(NULL, 0),		true },
	{ "true",		A_ROW(TRUE, 0),		true },
	{ "false",		A_ROW(FALSE, 0),	true },
	{ "a number",		A_ROW(NUMBER, 0),	true },
	{ "other",		A_ROW(OTHER, 0),	true },
	{ "a string",		A_ROW(STRING, 1),	true },
	{ "no strings",		A_ROW(STRINGS, 0),	true },
	{ "two strings",	A_ROW(STRINGS, 2),	true },
	{ "1024 strings",	A_ROW(STRINGS, 1024),	true },
	{ "1025 strings",	A_ROW(STRINGS, 1025),	false },
	{ "a string of no value", A_ROW(STRING, 0),	false },
	{ "a string of two values", A_ROW(STRING, 2),	false },
	{ "absent with a value", A_ROW(ABSENT, 1),	false },
	{ "null with a value",	A_ROW(NULL, 1),		false },
	{ "true with a value",	A_ROW(TRUE, 1),		false },
	{ "false with a value",	A_ROW(FALSE, 1),	false },
	{ "a number with a string", A_ROW(NUMBER, 1),	false },
#define A_NUMBER(n, value)	"role", 0, INFO, BP_CLAIM_NUMBER, n, \
	BP_TEXT(value)
	{ "a number with its digits", A_NUMBER(1, "1767225600"), true },
	{ "a number with two values", A_NUMBER(2, "1"),	false },
	{ "a number that is naught", A_NUMBER(1, "0"),	true },
	{ "a number of 15 digits", A_NUMBER(1, "999999999999999"), true },
	{ "a number of 16 digits", A_NUMBER(1, "1000000000000000"), false },
	{ "a number of no digits", A_NUMBER(1, ""),	false },
	{ "a number below naught", A_NUMBER(1, "-1"),	false },
	{ "a number with a fraction", A_NUMBER(1, "1.5"), false },
	{ "a number behind a zero", A_NUMBER(1, "01"),	false },
	{ "other with a value",	A_ROW(OTHER, 1),	false },
	{ "kind 0", "role", 0, INFO, 0, 0, BP_TEXT(""),	false },
	{ "no such kind", "role", 0, INFO, BP_CLAIM_KINDS, 0, BP_TEXT(""),
	    false },
	{ "no such kind of 256", "role", 0, INFO, 255, 0, BP_TEXT(""), false },
#define A_STRING(document, value)	"role", 0, document, \
	BP_CLAIM_STRING, 1, BP_TEXT(value)
	{ "of the id_token",	A_STRING(BP_DOC_ID_TOKEN, "a"),	true },
	{ "of document 0",	A_STRING(0, "a"),		false },
	{ "of no such document", A_STRING(BP_DOCS, "a"),	false },
	{ "an empty value",	A_STRING(INFO, ""),		true },
	{ "a value that does not print", A_STRING(INFO, "\x1b\n"), true },
	{ "a value of any language", A_STRING(INFO, "\xc3\xb6"), true },
	{ "a NUL in the value",	A_STRING(INFO, "a\0b"),		false },
	{ "a value that is no UTF-8", A_STRING(INFO, "\xff"),	false },
	{ "a value of 4096", "role", 0, INFO, BP_CLAIM_STRING, 1,
	    { longest, 4096 }, true },
	{ "a value of 4097", "role", 0, INFO, BP_CLAIM_STRING, 1,
	    { longest, 4097 }, false },
#define NAMED(name, len)	name, len, INFO, BP_CLAIM_NULL, 0, BP_TEXT("")
	{ "of no name",		NAMED("", 0),		false },
	{ "a name of 128",	NAMED(NULL, 128),	true },
	{ "a name of 129",	NAMED(NULL, 129),	false },
	{ "a name with blanks",	NAMED("a b", 0),	true },
	{ "a name that does not print", NAMED("a\tb", 0), false },
};

static struct bp_claim
claim_of(const struct claim *row, struct bp_buf *values)
{
	make_list(values, row->value, row->n);
	return (struct bp_claim){ row->claim != NULL ? bp_text_of(row->claim)
	    : (struct bp_text){ longest, row->claim_len }, row->document,
	    row->kind, bp_buf_text(values) };
}

/* The bytes of a row by hand, lawful or not. */
static void
put_row(struct bp_buf *b, const struct bp_claim *c)
{
	const uint8_t numbers[] = { (uint8_t)c->document, (uint8_t)c->kind };

	assert_true(bp_list_put(b, c->name) && bp_buf_add(b, numbers, 2) &&
	    bp_list_put(b, c->values));
}

ROWS(claims, is_a_lawful_row_or_neither_written_nor_read)
{
	const struct claim *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(100000);
	BP_AUTO(bp_buf_done) struct bp_buf written = BP_BUF_INIT(100000);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100000);
	struct bp_claim c = claim_of(row, &values), read = { .kind = 77 };
	struct bp_text table;

	assert_true(bp_buf_say(&written, "x"));
	assert_int_equal(bp_claim_add(&written, &c), row->lawful);
	put_row(&b, &c);
	table = bp_buf_text(&b);
	assert_int_equal(bp_claim_table_is_lawful(table), row->lawful);
	assert_int_equal(bp_claim_next(&table, &read), row->lawful);
	if (!row->lawful) {
		assert_int_equal(read.kind, 77);
		assert_int_equal(table.len, b.len);
		assert_int_equal(written.len, 1);
		return;
	}
	assert_int_equal(table.len, 0);
	assert_true(bp_text_same(read.name, c.name) &&
	    read.document == c.document && read.kind == c.kind &&
	    bp_text_same(read.values, c.values));
	assert_true(bp_text_same(bp_text_after(bp_buf_text(&written), 1),
	    bp_buf_text(&b)));
}

static void
add(struct bp_buf *b, const char *name, enum bp_document document,
    enum bp_claim_kind kind, const char *value)
{
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(1000);
	struct bp_claim c = { bp_text_of(name), document, kind, { NULL, 0 } };

	make_list(&values, bp_text_of(value != NULL ? value : ""),
	    value != NULL);
	c.values = bp_buf_text(&values);
	assert_true(bp_claim_add(b, &c));
}

TEST(a_table_is_whole_rows_alone)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	struct bp_text part;
	size_t first;

	(void)state;
	assert_true(bp_claim_table_is_lawful((struct bp_text){ NULL, 0 }));
	add(&b, "a", BP_DOC_ID_TOKEN, BP_CLAIM_STRING, "x");
	first = b.len;
	add(&b, "b", BP_DOC_USERINFO, BP_CLAIM_NULL, NULL);
	part = bp_buf_text(&b);
	assert_true(bp_claim_table_is_lawful(part));
	while (part.len-- > 1)
		assert_int_equal(bp_claim_table_is_lawful(part),
		    part.len == first);
	assert_true(bp_buf_add(&b, "", 1));
	assert_false(bp_claim_table_is_lawful(bp_buf_text(&b)));
}

TEST(a_row_that_finds_no_room_leaves_the_table_as_it_was)
{
	BP_AUTO(bp_buf_done) struct bp_buf whole = BP_BUF_INIT(1000);
	static const struct bp_claim c = { BP_TEXT("email"), BP_DOC_USERINFO,
	    BP_CLAIM_ABSENT, BP_TEXT("\0\0\0\0") };

	(void)state;
	assert_true(bp_claim_add(&whole, &c));
	for (size_t max = 1; max < whole.len; max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max + 1);

		assert_true(bp_buf_say(&b, "x"));
		assert_false(bp_claim_add(&b, &c));
		assert_true(bp_text_is(bp_buf_text(&b), "x"));
	}
}

TEST(a_claim_is_found_by_exact_name_and_document)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	struct bp_text table, t;
	struct bp_claim c;

	(void)state;
	add(&b, "roles", BP_DOC_ID_TOKEN, BP_CLAIM_STRING, "longer");
	add(&b, "Role", BP_DOC_ID_TOKEN, BP_CLAIM_STRING, "case");
	add(&b, "role", BP_DOC_USERINFO, BP_CLAIM_STRING, "info");
	add(&b, "role", BP_DOC_ID_TOKEN, BP_CLAIM_STRING, "token");
	table = bp_buf_text(&b);
	c = bp_claim_find(table, bp_text_of("role"), BP_DOC_ID_TOKEN);
	assert_true(bp_claim_string(&c, &t) && bp_text_is(t, "token"));
	c = bp_claim_find(table, bp_text_of("role"), BP_DOC_USERINFO);
	assert_true(bp_claim_string(&c, &t) && bp_text_is(t, "info"));
	c = bp_claim_find(table, bp_text_of("roles"), BP_DOC_USERINFO);
	assert_int_equal(c.kind, BP_CLAIM_ABSENT);
	assert_int_equal(c.document, BP_DOC_USERINFO);
	assert_true(bp_text_is(c.name, "roles"));
	assert_int_equal(c.values.len, 0);
	c = bp_claim_find(table, bp_text_of("rol"), BP_DOC_ID_TOKEN);
	assert_int_equal(c.kind, BP_CLAIM_ABSENT);
}

TEST(only_a_string_has_one_value)
{
	static const struct bp_text one = BP_TEXT("\0\0\0\1" "\0\0\0\1a");
	struct bp_text t = { NULL, 77 };

	(void)state;
	for (unsigned kind = 0; kind <= BP_CLAIM_KINDS; kind++) {
		struct bp_claim c = { BP_TEXT("a"), BP_DOC_USERINFO, kind,
		    one };

		if (kind == BP_CLAIM_STRING)
			continue;
		assert_false(bp_claim_string(&c, &t));
		assert_int_equal(t.len, 77);
	}
}

/* Rows as letters: a claim's, small of the id_token, capital of UserInfo. */
static const struct answer {
	const char *name, *wanted, *rows;
	bool ok;
} answers[] = {
	{ "answers nothing wanted",	"",	"",		true },
	{ "answers one",		"a",	"aA",		true },
	{ "answers two in order",	"ab",	"aAbB",		true },
	{ "answers in another order",	"ab",	"bBaA",		false },
	{ "UserInfo's row first",	"a",	"Aa",		false },
	{ "the id_token's row alone",	"a",	"a",		false },
	{ "UserInfo's row alone",	"a",	"A",		false },
	{ "one document twice",		"a",	"aa",		false },
	{ "one claim missing",		"ab",	"aA",		false },
	{ "a claim nobody wanted",	"a",	"aAbB",		false },
	{ "a row nobody wanted",	"a",	"aAa",		false },
	{ "answers though none wanted",	"",	"a",		false },
	{ "no rows at all",		"a",	"",		false },
};

ROWS(answers, answers_what_is_wanted_or_not)
{
	const struct answer *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(1000);

	assert_true(bp_list_start(&wanted));
	for (const char *p = row->wanted; *p != '\0'; p++)
		assert_true(bp_list_add(&wanted, (struct bp_text){ p, 1 }));
	for (const char *p = row->rows; *p != '\0'; p++) {
		const char name[] = { (char)(*p | 0x20), '\0' };

		add(&table, name, *p >= 'a' ? BP_DOC_ID_TOKEN
		    : BP_DOC_USERINFO, BP_CLAIM_NULL, NULL);
	}
	assert_int_equal(bp_claim_table_answers(bp_buf_text(&table),
	    bp_buf_text(&wanted)), row->ok);
}

/* A row: of N values, each as it stands. */
static const struct number {
	const char *name;
	unsigned kind, n;
	struct bp_text value;
	int64_t is;			/* -1: it has none */
} numbers[] = {
	{ "of naught", BP_CLAIM_NUMBER, 1, BP_TEXT("0"), 0 },
	{ "of today", BP_CLAIM_NUMBER, 1, BP_TEXT("1767225600"), 1767225600 },
	{ "past 32 bits", BP_CLAIM_NUMBER, 1, BP_TEXT("999999999999999"),
	    999999999999999 },
	{ "of a number without one", BP_CLAIM_NUMBER, 0, BP_TEXT(""), -1 },
	{ "of a string of digits", BP_CLAIM_STRING, 1, BP_TEXT("1767225600"),
	    -1 },
	{ "of a list of digits", BP_CLAIM_STRINGS, 1, BP_TEXT("1767225600"),
	    -1 },
	{ "of no digits", BP_CLAIM_NUMBER, 1, BP_TEXT("a"), -1 },
	{ "of an absent one", BP_CLAIM_ABSENT, 0, BP_TEXT(""), -1 },
};

ROWS(numbers, is_the_value_of_a_number_or_none)
{
	const struct number *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(1000);
	struct bp_claim c = { bp_text_of("a"), INFO, row->kind, { 0 } };
	int64_t n = 77;

	make_list(&values, row->value, row->n);
	c.values = bp_buf_text(&values);
	assert_int_equal(bp_claim_number(&c, &n), row->is >= 0);
	assert_int_equal(n, row->is >= 0 ? row->is : 77);
}

static int
make_longest(void **state)
{
	(void)state;
	memset(longest, 'x', sizeof(longest));
	return 0;
}

RUN(make_longest, NULL)
