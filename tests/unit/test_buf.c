/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/text.h"

#include <errno.h>
#include <fcntl.h>

/* A sanitizer, too, is to say NULL where there is no memory. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* In the C library's place, by either of its names: what is erased, when. */
void	spy(void *at, size_t len) __asm__("explicit_bzero");
void	spy_fortified(void *at, size_t len, size_t size)
	    __asm__("__explicit_bzero_chk");

static const void *erased;
static size_t erased_len;
static unsigned erasures;

void
spy(void *at, size_t len)
{
	volatile char *p = at;

	for (size_t i = 0; i < len; i++)
		p[i] = 0;
	erased = at;
	erased_len = len;
	erasures++;
}

void
spy_fortified(void *at, size_t len, size_t size)
{
	assert_true(len <= size);
	spy(at, len);
}

TEST(an_empty_buffer_is_a_valid_empty_range)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);
	struct bp_text left, right;

	(void)state;
	assert_non_null(bp_buf_text(&b).at);
	assert_int_equal(bp_buf_text(&b).len, 0);
	assert_false(bp_text_cut(bp_buf_text(&b), ':', &left, &right));
	assert_true(bp_text_is(left, "") && bp_text_is(right, ""));
	assert_true(bp_buf_add(&b, NULL, 0));
	assert_true(bp_buf_put(&b, (struct bp_text){ NULL, 0 }));
	assert_null(b.data);
}

TEST(a_buffer_takes_all_or_nothing)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_true(bp_buf_add(&b, "abc", 3));
	assert_false(bp_buf_add(&b, "de", 2));
	assert_true(bp_text_is(bp_buf_text(&b), "abc"));
	assert_false(bp_buf_say(&b, "de"));
	assert_false(bp_buf_put(&b, bp_text_of("de")));
	assert_true(bp_text_is(bp_buf_text(&b), "abc"));
	assert_true(bp_buf_add(&b, "d", 1));
	assert_true(bp_text_is(bp_buf_text(&b), "abcd"));
	assert_false(bp_buf_add(&b, "e", 1));
	assert_true(bp_buf_add(&b, "", 0));
	assert_int_equal(b.len, b.max);
}

TEST(no_length_wraps_around)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(4);

	(void)state;
	assert_true(bp_buf_add(&b, "a", 1));
	assert_false(bp_buf_add(&b, "", SIZE_MAX));
	assert_true(bp_text_is(bp_buf_text(&b), "a"));
}

TEST(a_buffer_never_moves)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100000);
	const uint8_t *data;

	(void)state;
	assert_true(bp_buf_say(&b, "a"));
	data = b.data;
	for (size_t i = 1; i < b.max; i++)
		assert_true(bp_buf_add(&b, "b", 1));
	assert_ptr_equal(b.data, data);
	assert_false(bp_buf_say(&b, "c"));
}

TEST(a_ceiling_that_no_memory_has_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(SIZE_MAX / 2);

	(void)state;
	assert_false(bp_buf_add(&b, "a", 1));
	assert_int_equal(bp_buf_fill(&b, -1), -1);
	assert_int_equal(b.len, 0);
}

TEST(a_string_is_said_to_its_nul_and_a_text_is_put_whole)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(9);
	static const struct bp_text is = BP_TEXT("a\0bc"), t = BP_TEXT("\0b");

	(void)state;
	assert_true(bp_buf_say(&b, "a") && bp_buf_put(&b, t) &&
	    bp_buf_say(&b, "c\0d"));
	assert_true(bp_text_same(bp_buf_text(&b), is));
}

TEST(what_is_released_was_erased_as_far_as_it_was_ever_written)
{
	struct bp_buf b = BP_BUF_INIT(400);
	const void *data;

	(void)state;
	assert_true(bp_buf_say(&b, "secret"));
	b.len = 0;
	assert_true(bp_buf_say(&b, "key"));
	data = b.data;
	erasures = 0;
	bp_buf_done(&b);
	assert_int_equal(erasures, 1);
	assert_ptr_equal(erased, data);
	assert_int_equal(erased_len, 6);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.max, 400);
	bp_buf_done(&b);
	assert_int_equal(erasures, 1);
	assert_true(bp_buf_say(&b, "new"));
	bp_buf_done(&b);
	assert_int_equal(erased_len, 3);
}

/* FROM what a file of these bytes gives, read by read. */
static int
open_with(const char *bytes, size_t len)
{
	char path[64];
	int fd;

	put("read", 0600, bytes, len);
	(void)snprintf(path, sizeof(path), "%s/read", folder);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	return fd;
}

TEST(the_ceiling_is_read_whole_and_its_end_seen)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	int fd = open_with("hello", 5);

	(void)state;
	assert_int_equal(bp_buf_fill(&b, fd), 5);
	assert_int_equal(bp_buf_fill(&b, fd), 0);
	assert_true(bp_text_is(bp_buf_text(&b), "hello"));
	(void)close(fd);
}

TEST(one_byte_more_than_the_ceiling_is_too_long)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	int fd = open_with("hello!", 6);

	(void)state;
	assert_true(bp_buf_say(&b, "a"));
	errno = 0;
	assert_int_equal(bp_buf_fill(&b, fd), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_true(bp_text_is(bp_buf_text(&b), "a"));
	(void)close(fd);
}

TEST(what_drips_is_counted_too)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(2);
	int pair[2];

	(void)state;
	assert_int_equal(pipe(pair), 0);
	for (ssize_t i = 0; i < 2; i++) {
		assert_int_equal(write(pair[1], "x", 1), 1);
		assert_int_equal(bp_buf_fill(&b, pair[0]), 1);
	}
	assert_int_equal(write(pair[1], "x", 1), 1);
	assert_int_equal(bp_buf_fill(&b, pair[0]), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_true(bp_text_is(bp_buf_text(&b), "xx"));
	(void)close(pair[0]);
	(void)close(pair[1]);
}

TEST(no_more_is_taken_than_is_asked_for)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	int fd = open_with("hello, you", 10);

	(void)state;
	assert_int_equal(bp_buf_take(&b, fd, 3), 3);
	assert_true(bp_text_is(bp_buf_text(&b), "hel"));
	errno = 0;
	assert_int_equal(bp_buf_take(&b, fd, 3), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(bp_buf_take(&b, fd, 2), 2);
	assert_true(bp_text_is(bp_buf_text(&b), "hello"));
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
	bp_buf_done(&b);
	assert_int_equal(erased_len, 5);
	(void)close(fd);
}

TEST(what_was_read_past_the_ceiling_is_erased_too)
{
	struct bp_buf b = BP_BUF_INIT(4);
	int fd = open_with("secrets", 7);

	(void)state;
	assert_int_equal(bp_buf_fill(&b, fd), -1);
	assert_int_equal(b.len, 0);
	bp_buf_done(&b);
	assert_int_equal(erased_len, 5);
	(void)close(fd);
}

TEST(a_read_that_fails_says_so)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(2);

	(void)state;
	assert_true(bp_buf_say(&b, "a"));
	assert_int_equal(bp_buf_fill(&b, -1), -1);
	assert_int_equal(errno, EBADF);
	assert_true(bp_text_is(bp_buf_text(&b), "a"));
}

RUN(make_folder, remove_folder)
