/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"

enum { BUILD = BP_BUILD_SIZE, TYPE = BUILD, ASKED, REASON, REST };

static const char build[BUILD] = PACKAGE_VERSION;
static char xs[1024 * 1024];		/* the letter x */

/* The same bytes by hand, whatever M breaks. */
static void
encode(const struct bp_msg *m, struct bp_buf *b)
{
	const uint8_t numbers[] = { (uint8_t)m->type, (uint8_t)m->asked,
	    (uint8_t)m->reason };

	assert_true(bp_buf_add(b, build, BUILD) &&
	    bp_buf_add(b, numbers, sizeof(numbers)));
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (!has_place(&fields[i], m->type))
			continue;
		assert_true(m->given[fields[i].f]
		    ? bp_buf_add(b, "\2", 1) &&
		    bp_list_put(b, m->field[fields[i].f])
		    : bp_buf_add(b, "\1", 1));
	}
}

static void
assert_same(const struct bp_msg *a, const struct bp_msg *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->asked, b->asked);
	assert_int_equal(a->reason, b->reason);
	for (size_t f = 0; f < BP_FIELDS; f++) {
		assert_int_equal(a->given[f], b->given[f]);
		assert_true(bp_text_same(a->field[f], b->field[f]));
	}
}

/* Written and read, or neither, and then with nothing changed. */
static void
assert_goes_through(const struct bp_msg *m, bool ok)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(2 * BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf w = BP_BUF_INIT(2 * BP_MSG_MAX);
	struct bp_msg read = { .reason = 77 };

	encode(m, &b);
	assert_true(bp_buf_say(&w, "x"));
	assert_int_equal(bp_msg_write(m, &w), ok);
	assert_int_equal(bp_msg_read(bp_buf_text(&b), &read), ok);
	if (ok) {
		assert_true(bp_text_same(bp_text_after(bp_buf_text(&w), 1),
		    bp_buf_text(&b)));
		assert_same(&read, m);
	} else {
		assert_true(bp_text_is(bp_buf_text(&w), "x"));
		assert_int_equal(read.reason, 77);
		assert_int_equal(read.type, 0);
	}
}

ROWS(fields, has_this_place_in_every_type)
{
	const struct field *row = *state;

	for (size_t i = 0; i < COUNT(types); i++) {
		struct bp_msg m = message(types[i].type);
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);

		if (has_place(row, types[i].type)) {
			assert_goes_through(&m, true);
			m.given[row->f] = false;
			m.field[row->f] = (struct bp_text){ NULL, 0 };
			assert_goes_through(&m, !is_required(row,
			    types[i].type));
			continue;
		}
		bp_msg_give(&m, row->f, small[row->kind]);
		assert_false(bp_msg_write(&m, &b));
		assert_int_equal(b.len, 0);
	}
}

/* A list of exactly LEN bytes, in items of EACH at most. */
static void
list_of_bytes(struct bp_buf *b, size_t len, uint32_t each)
{
	assert_true(bp_list_start(b));
	while (len - b->len > each + 8)
		assert_true(bp_list_add(b, (struct bp_text){ xs, each }));
	if (len - b->len > each + 4)
		assert_true(bp_list_add(b, (struct bp_text){ xs, 1 }));
	assert_true(bp_list_add(b, (struct bp_text){ xs, len - b->len - 4 }));
	assert_int_equal(b->len, len);
}

static void
list_of_items(struct bp_buf *b, uint32_t items, size_t each)
{
	assert_true(bp_list_start(b));
	while (items-- > 0)
		assert_true(bp_list_add(b, (struct bp_text){ xs, each }));
}

/* A table of exactly LEN bytes, in strings named a: 19 bytes and the value. */
static void
table_of_bytes(struct bp_buf *b, size_t len)
{
	while (b->len < len) {
		BP_AUTO(bp_buf_done) struct bp_buf v = BP_BUF_INIT(5000);
		struct bp_claim c = { BP_TEXT("a"), BP_DOC_USERINFO,
		    BP_CLAIM_STRING, { NULL, 0 } };
		size_t n = len - b->len - 19;

		list_of_items(&v, 1, n <= 4096 ? n : n < 4115 + 20 ? 2000
		    : 4096);
		c.values = bp_buf_text(&v);
		assert_true(bp_claim_add(b, &c));
	}
	assert_int_equal(b->len, len);
}

/* TEXT in the place of ROW, in every type that has one. */
static void
assert_field(const struct field *row, struct bp_text t, bool ok)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		struct bp_msg m = message(types[i].type);

		if (!has_place(row, types[i].type))
			continue;
		bp_msg_give(&m, row->f, t);
		assert_goes_through(&m, ok);
	}
}

static void
assert_list_edges(const struct field *row)
{
	const struct { bool bytes; size_t n, each; bool ok; } edges[] = {
		{ false, row->items, 1, true },
		{ false, row->items + 1, 1, false },
		{ false, 1, row->each, true },
		{ false, 1, row->each + 1, false },
		{ true, row->most, row->each, true },
		{ true, row->most + 1, row->each, false },
	};

	for (size_t i = 0; i < COUNT(edges); i++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);

		if (!edges[i].bytes)
			list_of_items(&b, (uint32_t)edges[i].n, edges[i].each);
		/* so many items of that size may be less than the ceiling */
		else if (row->items * (row->each + 4) < row->most)
			continue;
		else
			list_of_bytes(&b, edges[i].n, row->each);
		assert_field(row, bp_buf_text(&b), edges[i].ok);
	}
}

static void
assert_table_edges(const struct field *row)
{
	for (size_t more = 0; more < 2; more++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);

		table_of_bytes(&b, row->most + more);
		assert_true(bp_claim_table_is_lawful(bp_buf_text(&b)));
		assert_field(row, bp_buf_text(&b), more == 0);
	}
}

ROWS(fields, has_this_ceiling)
{
	const struct field *row = *state;
	char lent[BP_DECIMAL_MAX];

	switch (row->kind) {
	case TEXT:
	case BYTES:
		assert_field(row, (struct bp_text){ xs, row->most }, true);
		assert_field(row, (struct bp_text){ xs, row->most + 1 },
		    false);
		break;
	case NUMBER:
		assert_field(row, bp_text_decimal(row->most, lent), true);
		assert_field(row, bp_text_decimal(row->most + 1, lent), false);
		break;
	case MARK:
		assert_field(row, bp_text_of("2"), false);
		break;
	case LIST:
		assert_list_edges(row);
		break;
	case TABLE:
		assert_table_edges(row);
		break;
	}
}

static const struct content {
	const char	*name;
	enum kind	 kind;
	struct bp_text	 t;
	bool		 ok;
} contents[] = {
	{ "an empty text",	TEXT,	BP_TEXT(""),		false },
	{ "any language",	TEXT,	BP_TEXT("\xc3\xb6"),	true },
	{ "a NUL in a text",	TEXT,	BP_TEXT("a\0"),		false },
	{ "an escape in a text", TEXT,	BP_TEXT("\x1b[m"),	false },
	{ "a line's end in a text", TEXT, BP_TEXT("a\n"),	false },
	{ "bytes that are no UTF-8", TEXT, BP_TEXT("\xff"),	false },
	{ "a text that turns the line", TEXT, BP_TEXT("\xe2\x80\xae"), false },
	{ "no bytes",		BYTES,	BP_TEXT(""),		false },
	{ "a NUL alone",	BYTES,	BP_TEXT("\0"),		true },
	{ "a number of no digits", NUMBER, BP_TEXT(""),		false },
	{ "naught",		NUMBER,	BP_TEXT("0"),		true },
	{ "ten digits",		NUMBER,	BP_TEXT("0000000007"),	true },
	{ "eleven digits",	NUMBER,	BP_TEXT("00000000007"),	false },
	{ "a sign",		NUMBER,	BP_TEXT("-1"),		false },
	{ "a blank",		NUMBER,	BP_TEXT(" 1"),		false },
	{ "a fraction",		NUMBER,	BP_TEXT("1.5"),		false },
	{ "a binary number",	NUMBER,	BP_TEXT("\0\0\0\1"),	false },
	{ "a mark of naught",	MARK,	BP_TEXT("0"),		false },
	{ "a mark that is empty", MARK,	BP_TEXT(""),		false },
	{ "a mark of two digits", MARK,	BP_TEXT("01"),		false },
	{ "a list of nothing",	LIST,	BP_TEXT("\0\0\0\0"),	true },
	{ "a list without a count", LIST, BP_TEXT(""),		false },
	{ "a list with more",	LIST,	BP_TEXT("\0\0\0\0x"),	false },
	{ "a list with less",	LIST,	BP_TEXT("\0\0\0\1"),	false },
	{ "an item that does not print", LIST,
	    BP_TEXT("\0\0\0\1" "\0\0\0\1\t"), false },
	{ "a table of nothing",	TABLE,	BP_TEXT(""),		true },
	{ "half a row",		TABLE,	BP_TEXT("\0\0\0\1"),	false },
	{ "a row of no name",	TABLE,
	    BP_TEXT("\0\0\0\0" "\1\1" "\0\0\0\4" "\0\0\0\0"),	false },
	{ "a row of kind 0",	TABLE,
	    BP_TEXT("\0\0\0\1a" "\1\0" "\0\0\0\4" "\0\0\0\0"),	false },
};

ROWS(contents, is_such_a_field_or_none)
{
	const struct content *row = *state;

	for (size_t i = 0; i < COUNT(fields); i++)
		if (fields[i].kind == row->kind)
			assert_field(&fields[i], row->t, row->ok);
}

/* What may be spoilt in the head of a good message of the type. */
static const struct head {
	const char	*name;
	enum bp_msg_type type;
	unsigned	 asked;
	unsigned	 reason;
	bool		 ok;
} heads[] = {
	{ "a request of its own", BP_MSG_REDEEM, BP_MSG_REDEEM, 0, true },
	{ "a request of another", BP_MSG_REDEEM, BP_MSG_DISCOVER, 0, false },
	{ "a request of an answer", BP_MSG_DISCOVER, BP_MSG_CLAIMS, 0, false },
	{ "a request of nothing", BP_MSG_DISCOVER, 0, 0, false },
	{ "an answer to nothing", BP_MSG_CLAIMS, 0, 0, false },
	{ "an answer to no such type", BP_MSG_CLAIMS, BP_MSG_TYPES, 0, false },
	{ "claims of a discovery", BP_MSG_CLAIMS, BP_MSG_DISCOVER, 0, false },
	{ "a record of a sign-in", BP_MSG_PROVIDER, BP_MSG_REDEEM, 0, false },
	{ "claims of themselves", BP_MSG_CLAIMS, BP_MSG_CLAIMS, 0, false },
	{ "failed for a failure", BP_MSG_FAILED, BP_MSG_FAILED, 1, false },
	{ "failed for an answer", BP_MSG_FAILED, BP_MSG_CLAIMS, 1, false },
	{ "failed for nothing", BP_MSG_FAILED, 0, 1, false },
	{ "a request with a reason", BP_MSG_DISCOVER, BP_MSG_DISCOVER, 1,
	    false },
	{ "claims with a reason", BP_MSG_CLAIMS, BP_MSG_REDEEM, 1, false },
	{ "a record with a reason", BP_MSG_PROVIDER, BP_MSG_DISCOVER, 1,
	    false },
	{ "unusable without a reason", BP_MSG_UNUSABLE, BP_MSG_REDEEM, 0,
	    false },
	{ "failed without a reason", BP_MSG_FAILED, BP_MSG_REDEEM, 0, false },
	{ "failed for the last reason", BP_MSG_FAILED, BP_MSG_REDEEM,
	    BP_WIRE_REASONS - 1, true },
	{ "failed for no such reason", BP_MSG_FAILED, BP_MSG_REDEEM,
	    BP_WIRE_REASONS, false },
	{ "failed for reason 255", BP_MSG_FAILED, BP_MSG_REDEEM, 255, false },
};

ROWS(heads, is_such_a_head_or_none)
{
	const struct head *row = *state;
	struct bp_msg m = message(row->type);

	m.asked = row->asked;
	m.reason = row->reason;
	assert_goes_through(&m, row->ok);
}

TEST(no_such_type_is_written_or_read)
{
	const unsigned no_type[] = { 0, BP_MSG_TYPES, 255 };
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(BP_MSG_FAILED), read;

	(void)state;
	encode(&m, &b);
	for (size_t i = 0; i < COUNT(no_type); i++) {
		BP_AUTO(bp_buf_done) struct bp_buf w = BP_BUF_INIT(BP_MSG_MAX);

		m.type = no_type[i];
		assert_false(bp_msg_write(&m, &w));
		b.data[TYPE] = (uint8_t)no_type[i];
		assert_false(bp_msg_read(bp_buf_text(&b), &read));
	}
	assert_false(bp_msg_write(&(struct bp_msg){ 0 }, &b));
}

/*
 * Whatever one byte becomes: it is refused, or it is another lawful message,
 * of just these bytes.
 */
ROWS(types, is_sound_whatever_byte_is_spoilt)
{
	const struct type *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(row->type), read;

	encode(&m, &b);
	for (size_t at = 0; at < b.len; at++)
		for (unsigned x = 1; x < 256; x++) {
			BP_AUTO(bp_buf_done) struct bp_buf w =
			    BP_BUF_INIT(1024);

			b.data[at] ^= (uint8_t)x;
			if (bp_msg_read(bp_buf_text(&b), &read)) {
				assert_true(at >= ASKED);
				assert_true(bp_msg_write(&read, &w));
				assert_true(bp_text_same(bp_buf_text(&w),
				    bp_buf_text(&b)));
			}
			b.data[at] ^= (uint8_t)x;
		}
	assert_true(bp_msg_read(bp_buf_text(&b), &read));
}

ROWS(types, is_read_whole_and_no_part_of_it)
{
	const struct type *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(row->type), read = { .reason = 77 };
	struct bp_text part;

	encode(&m, &b);
	for (part = bp_buf_text(&b); part.len-- > 0;)
		assert_false(bp_msg_read(part, &read));
	assert_true(bp_buf_add(&b, "\1", 1));
	assert_false(bp_msg_read(bp_buf_text(&b), &read));
	b.data[b.len - 1] = 0;
	assert_false(bp_msg_read(bp_buf_text(&b), &read));
	assert_int_equal(read.reason, 77);
}

TEST(no_mark_but_absent_or_given_is_read)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = { BP_MSG_FAILED, BP_MSG_REDEEM, BP_WIRE_TLS,
	    { false }, { { NULL, 0 } } }, read;

	(void)state;
	encode(&m, &b);
	assert_int_equal(b.len, REST + 2);
	for (unsigned mark = 0; mark < 256; mark++) {
		b.data[REST] = (uint8_t)mark;
		assert_int_equal(bp_msg_read(bp_buf_text(&b), &read),
		    mark == 1);
	}
}

/* Claims of the largest ceilings at once still fit into a message. */
TEST(the_largest_claims_go_through)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(BP_MSG_CLAIMS);

	(void)state;
	list_of_bytes(&scopes, 16384, 255);
	table_of_bytes(&table, BP_CLAIM_TABLE_MAX);
	bp_msg_give(&m, BP_F_ISSUER, (struct bp_text){ xs, 512 });
	bp_msg_give(&m, BP_F_SUB, (struct bp_text){ xs, 255 });
	bp_msg_give(&m, BP_F_SCOPES, bp_buf_text(&scopes));
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&table));
	bp_msg_give(&m, BP_F_DETAIL, (struct bp_text){ xs, 256 });
	assert_goes_through(&m, true);
	assert_true(bp_msg_write(&m, &b));
}

TEST(the_largest_request_fits_into_a_message)
{
	BP_AUTO(bp_buf_done) struct bp_buf scopes = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(BP_MSG_REDEEM);

	(void)state;
	list_of_bytes(&scopes, 16384, 255);
	list_of_items(&wanted, 32, 128);
	for (size_t i = 0; i < COUNT(fields); i++)
		if (m.given[fields[i].f] && (fields[i].kind == TEXT ||
		    fields[i].kind == BYTES))
			m.field[fields[i].f] = (struct bp_text){ xs,
			    fields[i].most };
	m.field[BP_F_SCOPES] = bp_buf_text(&scopes);
	m.field[BP_F_WANTED] = bp_buf_text(&wanted);
	assert_goes_through(&m, true);
	assert_true(bp_msg_write(&m, &b));
}

TEST(what_finds_no_room_is_not_written_in_part)
{
	BP_AUTO(bp_buf_done) struct bp_buf whole = BP_BUF_INIT(BP_MSG_MAX);
	const struct bp_msg m = message(BP_MSG_CLAIMS);

	(void)state;
	assert_true(bp_msg_write(&m, &whole));
	for (size_t max = 0; max < whole.len; max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max + 1);

		assert_true(bp_buf_say(&b, "x"));
		assert_false(bp_msg_write(&m, &b));
		assert_true(bp_text_is(bp_buf_text(&b), "x"));
	}
}

TEST(naught_of_any_length_is_no_message)
{
	static const char naught[70000];
	struct bp_msg m = { .reason = 77 };

	(void)state;
	for (size_t len = 0; len < sizeof(naught); len += len < 2000 ? 1 : 997)
		assert_false(bp_msg_read((struct bp_text){ naught, len }, &m));
	assert_false(bp_msg_read((struct bp_text){ NULL, 0 }, &m));
	assert_int_equal(m.reason, 77);
}

/* Of this build, and all else naught: the types are what refuses it. */
TEST(naught_behind_the_build_is_no_message)
{
	char bytes[2000] = PACKAGE_VERSION;
	struct bp_msg m;

	(void)state;
	for (size_t len = 0; len < sizeof(bytes); len++) {
		assert_false(bp_msg_is_foreign((struct bp_text){ bytes, len }));
		assert_false(bp_msg_read((struct bp_text){ bytes, len }, &m));
	}
}

static const struct build {
	const char *name;
	size_t at;
	char byte;		/* in this place of the build's name */
	bool foreign;
} builds[] = {
	{ "this one",		BUILD - 1, '\0',			false },
	{ "another one",	0, '?',				true },
	{ "no name",		0, '\0',				true },
	{ "a shorter name",	sizeof(PACKAGE_VERSION) - 2, '\0', true },
	{ "a longer name",	sizeof(PACKAGE_VERSION) - 1, 'a', true },
	{ "more in the last byte", BUILD - 1, 'a',		true },
};

ROWS(builds, is_another_build_or_not)
{
	const struct build *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(BP_MSG_CLAIMS), read;

	encode(&m, &b);
	b.data[row->at] = (uint8_t)row->byte;
	assert_int_equal(bp_msg_is_foreign(bp_buf_text(&b)), row->foreign);
	assert_int_equal(bp_msg_read(bp_buf_text(&b), &read), !row->foreign);
	/* of too few bytes for a head nothing can be said */
	assert_false(bp_msg_is_foreign((struct bp_text){
	    (const char *)b.data, REST - 1 }));
	assert_int_equal(bp_msg_is_foreign((struct bp_text){
	    (const char *)b.data, REST }), row->foreign);
}

TEST(the_build_is_16_bytes)
{
	const struct bp_text is = { build, BUILD };

	(void)state;
	assert_true(bp_text_same(bp_msg_build(), is));
}

TEST(a_number_is_given_and_got_and_absent_is_0)
{
	char lent[BP_DECIMAL_MAX];
	struct bp_msg m = { 0 };

	(void)state;
	assert_int_equal(bp_msg_number(&m, BP_F_TIME_LEFT), 0);
	m.field[BP_F_TIME_LEFT] = bp_text_of("9");
	assert_int_equal(bp_msg_number(&m, BP_F_TIME_LEFT), 0);
	bp_msg_give_number(&m, BP_F_TIME_LEFT, UINT32_MAX, lent);
	assert_true(m.given[BP_F_TIME_LEFT]);
	assert_true(bp_msg_number(&m, BP_F_TIME_LEFT) == UINT32_MAX);
	bp_msg_give(&m, BP_F_TIME_LEFT, bp_text_of("x"));
	assert_int_equal(bp_msg_number(&m, BP_F_TIME_LEFT), 0);
}

/* What may come to a request behind what; every other answer may not. */
static const struct follow {
	const char	*name;
	enum bp_msg_type asked, last, type;
	bool		 ends;
} follows[] = {
	{ "a record", BP_MSG_DISCOVER, BP_MSG_DISCOVER, BP_MSG_PROVIDER, true },
	{ "a discovery that failed", BP_MSG_DISCOVER, BP_MSG_DISCOVER,
	    BP_MSG_FAILED, true },
	{ "claims", BP_MSG_REDEEM, BP_MSG_REDEEM, BP_MSG_CLAIMS, true },
	{ "another line, please", BP_MSG_REDEEM, BP_MSG_REDEEM,
	    BP_MSG_UNUSABLE, true },
	{ "a sign-in that failed", BP_MSG_REDEEM, BP_MSG_REDEEM,
	    BP_MSG_FAILED, true },
	{ "a new refresh token, and more", BP_MSG_RENEW, BP_MSG_RENEW,
	    BP_MSG_TOKEN, false },
	{ "claims anew, by the same token", BP_MSG_RENEW, BP_MSG_RENEW,
	    BP_MSG_CLAIMS, true },
	{ "claims anew, behind it", BP_MSG_RENEW, BP_MSG_TOKEN,
	    BP_MSG_CLAIMS, true },
	{ "a renewal that failed", BP_MSG_RENEW, BP_MSG_RENEW,
	    BP_MSG_FAILED, true },
	{ "one that failed behind its token", BP_MSG_RENEW, BP_MSG_TOKEN,
	    BP_MSG_FAILED, true },
	{ "a token that is revoked", BP_MSG_REVOKE, BP_MSG_REVOKE,
	    BP_MSG_REVOKED, true },
	{ "and one that is not", BP_MSG_REVOKE, BP_MSG_REVOKE,
	    BP_MSG_FAILED, true },
	{ "tokens for the API, and more", BP_MSG_LOOK_UP, BP_MSG_LOOK_UP,
	    BP_MSG_TOKEN, false },
	{ "a user, by an access token", BP_MSG_LOOK_UP, BP_MSG_LOOK_UP,
	    BP_MSG_USER, true },
	{ "a user, behind new tokens", BP_MSG_LOOK_UP, BP_MSG_TOKEN,
	    BP_MSG_USER, true },
	{ "a look-up that failed", BP_MSG_LOOK_UP, BP_MSG_LOOK_UP,
	    BP_MSG_FAILED, true },
	{ "one that failed behind new tokens", BP_MSG_LOOK_UP, BP_MSG_TOKEN,
	    BP_MSG_FAILED, true },
	{ "tokens for the list, and more", BP_MSG_LIST, BP_MSG_LIST,
	    BP_MSG_TOKEN, false },
	{ "all users, by an access token", BP_MSG_LIST, BP_MSG_LIST,
	    BP_MSG_USERS, true },
	{ "all users, behind new tokens", BP_MSG_LIST, BP_MSG_TOKEN,
	    BP_MSG_USERS, true },
	{ "a list that failed", BP_MSG_LIST, BP_MSG_LIST,
	    BP_MSG_FAILED, true },
	{ "a list that failed behind new tokens", BP_MSG_LIST, BP_MSG_TOKEN,
	    BP_MSG_FAILED, true },
};

static const struct follow *
find_follow(unsigned asked, unsigned last, unsigned type)
{
	for (size_t i = 0; i < COUNT(follows); i++)
		if (follows[i].asked == asked && follows[i].last == last &&
		    follows[i].type == type)
			return &follows[i];
	return NULL;
}

TEST(what_may_come_stands_in_the_table_and_nothing_else_may)
{
	(void)state;
	for (unsigned asked = 0; asked <= BP_MSG_TYPES; asked++)
		for (unsigned last = 0; last <= BP_MSG_TYPES; last++)
			for (unsigned t = 0; t <= BP_MSG_TYPES; t++) {
				const struct follow *row = find_follow(asked,
				    last, t);
				bool ends = row == NULL || !row->ends;

				assert_int_equal(bp_msg_may_follow(asked, last,
				    t, &ends), row != NULL);
				assert_int_equal(ends, row == NULL ||
				    row->ends);
			}
}

TEST(no_answer_is_longer_than_the_longest_that_may_come)
{
	(void)state;
	assert_int_equal(bp_msg_answer_max(BP_MSG_DISCOVER, BP_MSG_DISCOVER),
	    256 * 1024);
	assert_int_equal(bp_msg_answer_max(BP_MSG_REDEEM, BP_MSG_REDEEM),
	    1024 * 1024);
	assert_int_equal(bp_msg_answer_max(BP_MSG_REDEEM, BP_MSG_CLAIMS), 0);
	assert_int_equal(bp_msg_answer_max(BP_MSG_CLAIMS, BP_MSG_CLAIMS), 0);
	assert_int_equal(bp_msg_answer_max(0, 0), 0);
	assert_int_equal(bp_msg_answer_max(BP_MSG_TYPES, BP_MSG_TYPES), 0);
}

/* Of every field the most that it may have: no longer than its message. */
TEST(the_largest_of_each_type_is_within_its_ceiling)
{
	(void)state;
	for (size_t t = 0; t < COUNT(types); t++) {
		size_t n = REST;

		for (size_t i = 0; i < COUNT(fields); i++)
			if (has_place(&fields[i], types[t].type))
				n += 1 + 4 + (fields[i].kind == NUMBER ? 10
				    : fields[i].kind == MARK ? 1
				    : fields[i].most);
		assert_true(n <= types[t].most);
	}
}

static int
make_xs(void **state)
{
	(void)state;
	alarm(300);
	memset(xs, 'x', sizeof(xs));
	return 0;
}

RUN(make_xs, NULL)
