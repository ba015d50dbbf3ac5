/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "core/provider.h"

#define ISSUER	"https://id.example/ids"
#define NAME	"provider-https___id.example_ids"

enum { NOW = 1700000000 };

static struct bp_msg
record(const char *issuer)
{
	static const struct bp_text keys = BP_TEXT("\0\0\0\4"
	    "\0\0\0\5RS256" "\0\0\0\1k" "\0\0\0\2nn" "\0\0\0\4AQAB"),
	    x = BP_TEXT("https://id.example/ids/connect/x");

	return provider_of(bp_text_of(issuer),
	    (struct bp_text[]){ x, x, x, x }, keys);
}

/* A good file of a record about ISSUER, fetched at NOW. */
static void
make_file(struct bp_buf *b)
{
	BP_AUTO(bp_buf_done) struct bp_buf message = BP_BUF_INIT(4096);
	struct bp_msg m = record(ISSUER);

	assert_true(bp_msg_write(&m, &message));
	assert_true(bp_provider_write(bp_buf_text(&message), NOW, b));
}

static const struct check {
	const char *name, *issuer, *endpoint;	/* of each in turn */
	int why;				/* -1: it passes */
} checks[] = {
	{ "of the issuer",	ISSUER, "https://id.example/any", -1 },
	{ "of its default port", ISSUER, "https://id.example:443/any", -1 },
	{ "another issuer",	"https://id.example/other",
	    "https://id.example/any", BP_DISCOVERY_ISSUER },
	{ "a slash more",	ISSUER "/", "https://id.example/any",
	    BP_DISCOVERY_ISSUER },
	{ "a shorter issuer",	"https://id.example",
	    "https://id.example/any", BP_DISCOVERY_ISSUER },
	{ "capitals in the issuer", "https://ID.example/ids",
	    "https://id.example/any", BP_DISCOVERY_ISSUER },
	{ "another host",	ISSUER, "https://evil.example/any",
	    BP_PROVIDER_FOREIGN },
	{ "a host that begins so", ISSUER, "https://id.example.evil/any",
	    BP_PROVIDER_FOREIGN },
	{ "a user of that name", ISSUER, "https://id.example@evil/any",
	    BP_PROVIDER_FOREIGN },
	{ "another port",	ISSUER, "https://id.example:444/any",
	    BP_PROVIDER_FOREIGN },
	{ "plain http",		ISSUER, "http://id.example/any",
	    BP_PROVIDER_FOREIGN },
	{ "a fragment",		ISSUER, "https://id.example/any#x",
	    BP_PROVIDER_FOREIGN },
};

ROWS(checks, passes_with_each_endpoint_or_not)
{
	const struct check *row = *state;

	for (size_t i = 0; i < BP_ENDPOINTS; i++) {
		struct bp_msg m = record(row->issuer);
		enum bp_reason why = 77;

		bp_msg_give(&m, bp_endpoints[i].field,
		    bp_text_of(row->endpoint));
		assert_int_equal(bp_provider_check(&m, bp_text_of(ISSUER),
		    &why), row->why < 0);
		assert_int_equal(why, row->why < 0 ? 77 : row->why);
	}
}

static const struct dated {
	const char *name, *date;	/* NULL: none */
	bool is;
	int ahead;
} dates[] = {
	{ "its own",			"1764547200", true, 0 },
	{ "as the answer came",		"1764547205", true, 0 },
	{ "an hour before",		"1764543600", true, 3600 },
	{ "an hour behind the answer",	"1764550805", true, -3600 },
	{ "none",			NULL, false, 77 },
	{ "of before 2024",		"1704067199", false, 77 },
	{ "the first of 2024",		"1704067200", true, 60480000 },
};

ROWS(dates, is_compared_with_this_hosts_clock_or_not)
{
	const struct dated *row = *state;
	struct bp_msg m = record(ISSUER);
	int64_t ahead = 77;

	if (row->date != NULL)
		bp_msg_give(&m, BP_F_DATE, bp_text_of(row->date));
	assert_int_equal(bp_provider_clock(&m, 1764547200, 1764547205,
	    &ahead), row->is);
	assert_int_equal(ahead, row->ahead);
}

TEST(another_type_is_no_record)
{
	(void)state;
	for (unsigned type = 0; type < 10; type++) {
		struct bp_msg m = record(ISSUER);
		enum bp_reason why = 77;

		m.type = type;
		assert_int_equal(bp_provider_check(&m, bp_text_of(ISSUER),
		    &why), type == BP_MSG_PROVIDER);
	}
}

/* A file of NOW, looked at so many seconds later. */
static const struct age {
	const char *name;
	int64_t later;
	bool ok;
} ages[] = {
	{ "this second",		0,		true },
	{ "3600 seconds old",		3600,		true },
	{ "3601 seconds old",		3601,		false },
	{ "a day old",			86400,		false },
	{ "older than all time",	INT64_MAX - NOW, false },
	{ "a second ahead",		-1,		false },
	{ "a day ahead",		-86400,		false },
	{ "at the beginning of time",	-NOW,		false },
	{ "before it",			-NOW - 1,	false },
	{ "long before it",		INT64_MIN,	false },
};

ROWS(ages, is_read_within_the_hour)
{
	const struct age *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_provider p = { .time = 77 };
	int64_t now = row->later == INT64_MIN ? INT64_MIN : NOW + row->later;

	make_file(&b);
	assert_int_equal(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER),
	    now, &p), row->ok);
	assert_int_equal(p.time, row->ok ? NOW : 77);
	assert_int_equal(p.msg.type, row->ok ? BP_MSG_PROVIDER : 0);
}

TEST(a_time_of_more_than_63_bits_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_provider p;

	(void)state;
	make_file(&b);
	b.data[BP_BUILD_SIZE] |= 0x80;
	assert_false(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER),
	    NOW, &p));
	assert_false(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER),
	    INT64_MIN, &p));
	assert_false(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER),
	    INT64_MIN + NOW, &p));
}

TEST(what_is_read_is_the_message_as_it_came)
{
	BP_AUTO(bp_buf_done) struct bp_buf message = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_msg m = record(ISSUER);
	struct bp_provider p;

	(void)state;
	assert_true(bp_msg_write(&m, &message));
	make_file(&b);
	assert_int_equal(b.len, BP_CACHE_HEAD + message.len);
	assert_true(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER), NOW,
	    &p));
	assert_true(bp_text_same(p.bytes, bp_buf_text(&message)));
	assert_true(bp_text_is(p.msg.field[BP_F_ISSUER], ISSUER));
	assert_int_equal(bp_list_count(p.msg.field[BP_F_KEYS]), 4);
}

TEST(another_issuer_does_not_read_it)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_provider p;

	(void)state;
	make_file(&b);
	assert_false(bp_provider_read(bp_buf_text(&b),
	    bp_text_of("https://id.example_ids"), NOW, &p));
	assert_false(bp_provider_read(bp_buf_text(&b),
	    bp_text_of("https://id.example/id"), NOW, &p));
	assert_false(bp_provider_read(bp_buf_text(&b), bp_text_of(""), NOW,
	    &p));
}

TEST(a_record_with_a_foreign_endpoint_is_not_read)
{
	(void)state;
	for (size_t i = 0; i < BP_ENDPOINTS; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf w = BP_BUF_INIT(4096);
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
		struct bp_msg m = record(ISSUER);
		struct bp_provider p = { .time = 77 };

		bp_msg_give(&m, bp_endpoints[i].field,
		    bp_text_of("https://evil.example/"));
		assert_true(bp_msg_write(&m, &w));
		assert_true(bp_provider_write(bp_buf_text(&w), NOW, &b));
		assert_false(bp_provider_read(bp_buf_text(&b),
		    bp_text_of(ISSUER), NOW, &p));
		assert_int_equal(p.time, 77);
	}
}

/*
 * Any byte may be any other: the file is refused, or is of just these bytes
 * and passes the same checks; in its build no byte may.
 */
TEST(a_spoilt_byte_is_refused_or_taken_as_it_stands)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_provider p;
	enum bp_reason why;

	(void)state;
	make_file(&b);
	for (size_t at = 0; at < b.len; at++)
		for (unsigned x = 1; x < 256; x++) {
			BP_AUTO(bp_buf_done) struct bp_buf w =
			    BP_BUF_INIT(4096);

			b.data[at] ^= (uint8_t)x;
			if (bp_provider_read(bp_buf_text(&b),
			    bp_text_of(ISSUER), NOW + 10, &p)) {
				assert_true(at >= BP_BUILD_SIZE);
				assert_true(p.time >= NOW - 3590 &&
				    p.time <= NOW + 10);
				assert_true(bp_msg_write(&p.msg, &w));
				assert_true(bp_text_same(bp_buf_text(&w),
				    p.bytes));
				assert_true(bp_provider_check(&p.msg,
				    bp_text_of(ISSUER), &why));
			}
			b.data[at] ^= (uint8_t)x;
		}
}

TEST(no_part_of_a_file_is_read_and_nothing_more)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4096);
	struct bp_provider p;
	struct bp_text part;

	(void)state;
	make_file(&b);
	for (part = bp_buf_text(&b); part.len-- > 0;)
		assert_false(bp_provider_read(part, bp_text_of(ISSUER), NOW,
		    &p));
	assert_true(bp_buf_add(&b, "", 1));
	assert_false(bp_provider_read(bp_buf_text(&b), bp_text_of(ISSUER),
	    NOW, &p));
	assert_false(bp_provider_read((struct bp_text){ NULL, 0 },
	    bp_text_of(ISSUER), NOW, &p));
}

TEST(naught_of_any_length_is_no_record)
{
	static const char naught[3000];
	struct bp_provider p;

	(void)state;
	for (size_t n = 0; n < sizeof(naught); n++)
		assert_false(bp_provider_read((struct bp_text){ naught, n },
		    bp_text_of(""), 0, &p));
}

static struct bp_cache
cache(const char *issuer)
{
	static char path[64];

	(void)snprintf(path, sizeof(path), "%s/cache", folder);
	return (struct bp_cache){ path, geteuid(), bp_text_of(issuer) };
}

static bool
has_file(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/cache/%s", folder, name);
	return access(path, F_OK) == 0;
}

static bool
load(const char *issuer, int64_t now, struct bp_buf *b, struct bp_provider *p)
{
	struct bp_cache c = cache(issuer);

	return bp_provider_load(&c, now, b, p);
}

static void
store(const char *issuer)
{
	BP_AUTO(bp_buf_done) struct bp_buf message = BP_BUF_INIT(4096);
	struct bp_msg m = record(issuer);
	struct bp_cache c = cache(issuer);
	enum bp_reason why = 77;

	assert_true(bp_msg_write(&m, &message));
	assert_true(bp_provider_store(&c, bp_buf_text(&message), NOW, &why));
	assert_int_equal(why, 77);
}

static int
drop_cache(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s/cache", folder);
	return system(command);
}

#define LOADING	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(	\
	BP_CACHE_HEAD + BP_RECORD_MAX);				\
	struct bp_provider p = { .time = 77 }

TEST_WITH(what_is_stored_is_loaded_where_the_folder_was_missing, drop_cache)
{
	LOADING;

	(void)state;
	assert_false(load(ISSUER, NOW, &b, &p));
	assert_int_equal(p.time, 77);
	assert_int_equal(drop_cache(NULL), 0);
	store(ISSUER);
	assert_true(has_file(NAME));
	assert_true(load(ISSUER, NOW + 3600, &b, &p));
	assert_int_equal(p.time, NOW);
	bp_buf_done(&b);
	assert_false(load(ISSUER, NOW + 3601, &b, &p));
}

/* They differ in bytes that both become `_`. */
TEST_WITH(an_issuer_of_the_same_name_of_file_is_told_apart, drop_cache)
{
	LOADING;

	(void)state;
	store(ISSUER);
	assert_false(load("https://id.example:ids", NOW, &b, &p));
	assert_int_equal(p.time, 77);
	bp_buf_done(&b);
	assert_true(load(ISSUER, NOW, &b, &p));
}

TEST_WITH(a_folder_that_others_write_is_neither_read_nor_written, drop_cache)
{
	LOADING;
	struct bp_cache c = cache(ISSUER);
	enum bp_reason why = 77;

	(void)state;
	store(ISSUER);
	assert_int_equal(chmod(c.folder, 0770), 0);
	assert_false(load(ISSUER, NOW, &b, &p));
	assert_false(bp_provider_store(&c, bp_text_of("x"), NOW, &why));
	assert_int_equal(why, BP_FILE_UNTRUSTED);
	p.time = 0;
	bp_provider_forget(&c, &p, NOW);
	assert_true(has_file(NAME));
	assert_int_equal(chmod(c.folder, 0700), 0);
	c.owner++;
	assert_false(bp_provider_load(&c, NOW, &b, &p));
	assert_true(load(ISSUER, NOW, &b, &p));
}

TEST_WITH(a_file_that_others_write_is_not_read, drop_cache)
{
	LOADING;
	char path[128];

	(void)state;
	store(ISSUER);
	(void)snprintf(path, sizeof(path), "%s/cache/%s", folder, NAME);
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(load(ISSUER, NOW, &b, &p));
}

TEST_WITH(a_record_over_its_ceiling_is_not_stored, drop_cache)
{
	static char message[BP_RECORD_MAX + 1];
	struct bp_cache c = cache(ISSUER);
	enum bp_reason why = 77;

	(void)state;
	store(ISSUER);
	assert_false(bp_provider_store(&c, (struct bp_text){ message,
	    sizeof(message) }, NOW, &why));
	assert_int_equal(why, BP_MEMORY);
	{
		LOADING;

		assert_true(load(ISSUER, NOW, &b, &p));
	}
	assert_true(bp_provider_store(&c, (struct bp_text){ message,
	    BP_RECORD_MAX }, NOW, &why));
}

static const struct forgotten {
	const char *name;
	int64_t later;
	bool gone;
} forgotten[] = {
	{ "forgotten after 60 s",	60,	true },
	{ "forgotten after an hour",	3600,	true },
	{ "kept at 59 s",		59,	false },
	{ "kept at once",		0,	false },
	{ "kept where the clock went back", -100, false },
};

ROWS(forgotten, is_forgotten_once_a_minute_at_most)
{
	const struct forgotten *row = *state;
	struct bp_cache c = cache(ISSUER);
	LOADING;

	store(ISSUER);
	store("https://other.example");
	assert_true(load(ISSUER, NOW, &b, &p));
	bp_provider_forget(&c, &p, NOW + row->later);
	assert_int_equal(has_file(NAME), !row->gone);
	assert_true(has_file("provider-https___other.example"));
}

RUN(make_folder, remove_folder)
