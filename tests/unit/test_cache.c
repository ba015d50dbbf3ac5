/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/cache.h"

#define ISSUER	"https://id.example/ids"
#define NAME	"provider-https___id.example_ids"

enum { NOW = 1700000000 };

static const struct named {
	const char *name, *issuer, *is;
} names[] = {
	{ "an issuer", ISSUER, NAME },
	{ "capitals and a port", "https://ID-1.example:8443/",
	    "provider-https___ID-1.example_8443_" },
	{ "dots that climb", "https://a/../b", "provider-https___a_.._b" },
	{ "underscores", "https://a_b", "provider-https___a_b" },
	{ "beside the letters", "@[`{/:azAZ09", "provider-______azAZ09" },
	{ "any language", "\xc3\xb6%\n", "provider-____" },
	{ "nothing", "", "provider-" },
};

ROWS(names, is_the_name_of_its_file)
{
	const struct named *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(256);

	assert_true(bp_cache_name("provider", bp_text_of(row->issuer), &b));
	assert_int_equal(b.len, strlen(row->is) + 1);
	assert_string_equal((const char *)b.data, row->is);
}

TEST(a_name_is_cut_at_200_bytes)
{
	char issuer[202];

	(void)state;
	memset(issuer, 'x', sizeof(issuer));
	for (size_t len = 199; len <= 202; len++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(256);

		assert_true(bp_cache_name("provider", (struct bp_text){ issuer, len },
		    &b));
		assert_int_equal(b.len, strlen("provider-") +
		    (len < 200 ? len : 200) + 1);
		assert_int_equal(b.data[b.len - 1], '\0');
	}
}

TEST(a_name_that_finds_no_room_is_none)
{
	(void)state;
	for (size_t max = 0; max < sizeof(NAME); max++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(max);

		assert_false(bp_cache_name("provider", bp_text_of(ISSUER), &b));
	}
}


/* A head of NOW, with so many bytes behind it. */
static void
put_file(struct bp_buf *b, const char *behind)
{
	assert_true(bp_cache_put_head(b, NOW) && bp_buf_say(b, behind));
}

static const struct headed {
	const char *name;
	int64_t now;
	bool ok;
} heads[] = {
	{ "of now", NOW, true },
	{ "of long ago", NOW + 100000, true },
	{ "of a second ahead", NOW - 1, false },
	{ "of a clock before 1970", -1, false },
};

ROWS(heads, is_a_head_or_not)
{
	const struct headed *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);
	struct bp_text rest;
	int64_t time = 77;

	put_file(&b, "more");
	rest = bp_buf_text(&b);
	assert_int_equal(bp_cache_take_head(&rest, row->now, &time), row->ok);
	assert_int_equal(time, row->ok ? NOW : 77);
	assert_int_equal(rest.len, row->ok ? 4 : b.len);
}

TEST(the_head_of_another_build_is_none_nor_a_part_of_one)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(64);
	struct bp_text rest;
	int64_t time;

	(void)state;
	put_file(&b, "");
	for (size_t len = 0; len < b.len; len++) {
		rest = (struct bp_text){ (const char *)b.data, len };
		assert_false(bp_cache_take_head(&rest, NOW, &time));
	}
	for (size_t i = 0; i < BP_BUILD_SIZE; i++) {
		b.data[i] ^= 1;
		rest = bp_buf_text(&b);
		assert_false(bp_cache_take_head(&rest, NOW, &time));
		b.data[i] ^= 1;
	}
	b.data[BP_BUILD_SIZE] |= 0x80;	/* of more than 63 bits */
	rest = bp_buf_text(&b);
	assert_false(bp_cache_take_head(&rest, INT64_MAX, &time));
}

RUN(NULL, NULL)
