/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/base64url.h"
#include "wire/text.h"

#define BEFORE	"as it was"

static const struct vector {
	const char *name, *plain, *spelt;
} vectors[] = {
	{ "of nothing",		"",		"" },
	{ "of one byte",	"f",		"Zg" },
	{ "of two bytes",	"fo",		"Zm8" },
	{ "of three bytes",	"foo",		"Zm9v" },
	{ "of four bytes",	"foob",		"Zm9vYg" },
	{ "both odd digits",	"\xfb\xff\xbf",	"-_-_" },
	{ "the highest byte",	"\xff",		"_w" },
};

ROWS(vectors, goes_both_ways)
{
	const struct vector *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf plain = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf spelt = BP_BUF_INIT(64);

	assert_true(bp_base64url_decode(bp_text_of(row->spelt), &plain));
	assert_true(bp_text_is(bp_buf_text(&plain), row->plain));
	assert_true(bp_base64url_encode(bp_text_of(row->plain), &spelt));
	assert_true(bp_text_is(bp_buf_text(&spelt), row->spelt));
}

static const struct refusal {
	const char *name;
	struct bp_text spelt;
} refusals[] = {
	{ "padding by one",		BP_TEXT("Zm8=") },
	{ "padding by two",		BP_TEXT("Zg==") },
	{ "padding alone",		BP_TEXT("====") },
	{ "a digit alone",		BP_TEXT("A") },
	{ "a digit too many",		BP_TEXT("Zm9vY") },
	{ "a digit too many, of no bits", BP_TEXT("Zm9vA") },
	{ "low bits of two digits",	BP_TEXT("Zh") },
	{ "low bits of three digits",	BP_TEXT("Zm9") },
	{ "the highest of those bits",	BP_TEXT("Zo") },
	{ "standard base64's plus",	BP_TEXT("+_-_") },
	{ "standard base64's slash",	BP_TEXT("-/-_") },
	{ "a blank in front",		BP_TEXT(" Zm9v") },
	{ "a line's end",		BP_TEXT("Zm9v\n") },
	{ "a line's end inside",	BP_TEXT("Zm9v\nZm9v") },
	{ "a dot",			BP_TEXT("Zm.v") },
	{ "NUL at the end",		BP_TEXT("Zm9v\0") },
	{ "NUL alone",			BP_TEXT("\0\0\0\0") },
	{ "a byte of UTF-8",		BP_TEXT("Zm\xc3\xb6") },
	{ "more than has room",		BP_TEXT("AAAAAAAAAAAAAAAAAAAAAAAA") },
};

ROWS(refusals, is_refused_and_nothing_changes)
{
	const struct refusal *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(16);

	assert_true(bp_buf_say(&b, BEFORE));
	assert_false(bp_base64url_decode(row->spelt, &b));
	assert_true(bp_text_is(bp_buf_text(&b), BEFORE));
}

TEST(every_length_comes_back)
{
	char bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 167);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		BP_AUTO(bp_buf_done) struct bp_buf spelt = BP_BUF_INIT(400);
		BP_AUTO(bp_buf_done) struct bp_buf plain = BP_BUF_INIT(n + 1);
		struct bp_text t = { bytes, n };

		assert_true(bp_base64url_encode(t, &spelt));
		assert_int_equal(spelt.len, (n * 4 + 2) / 3);
		assert_true(bp_base64url_decode(bp_buf_text(&spelt), &plain));
		assert_true(bp_text_same(bp_buf_text(&plain), t));
	}
}

/* Two digits: 16 spellings a byte, of which one is the byte's. */
TEST(each_byte_has_one_spelling)
{
	unsigned found = 0;

	(void)state;
	for (unsigned c = 0; c < 65536; c++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);
		char two[2] = { (char)(c >> 8), (char)c };

		if (bp_base64url_decode((struct bp_text){ two, 2 }, &b)) {
			assert_int_equal(b.len, 1);
			found++;
		}
	}
	assert_int_equal(found, 256);
}

TEST(what_has_no_room_is_not_written)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(12);

	(void)state;
	assert_true(bp_buf_say(&b, BEFORE));
	assert_false(bp_base64url_encode(bp_text_of("foo"), &b));
	assert_true(bp_text_is(bp_buf_text(&b), BEFORE));
}

RUN(NULL, NULL)
