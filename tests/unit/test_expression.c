#include "support/support.h"
#include "core/expression.h"

#include <locale.h>
#include <time.h>

#define X16(s)	s s s s s s s s s s s s s s s s
#define X64(s)	X16(s s s s)

static bool
matches(const char *text, struct bp_text identity)
{
	struct bp_text group[BP_EXPRESSION_GROUPS];

	return bp_expression_match(bp_text_of(text), identity, group);
}

/*
 * sudo takes its caller's locale.  In a locale of UTF-8 the point would be
 * the whole letter.
 */
TEST(the_hosts_locale_steers_nothing_and_stays)
{
	locale_t utf8, before;
	size_t groups;

	(void)state;
	utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	assert_true(utf8 != (locale_t)0);
	before = uselocale(utf8);
	assert_true(matches(".x", bp_text_of("yx")));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	assert_false(matches(".x", bp_text_of("\xc3\xa4x")));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	assert_non_null(bp_expression_fault(bp_text_of("("), &groups));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	assert_non_null(bp_expression_fault(bp_text_of(""), &groups));
	assert_ptr_equal(uselocale((locale_t)0), utf8);
	(void)uselocale(before);
	freelocale(utf8);
}

TEST(the_hosts_global_locale_steers_nothing)
{
	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	assert_false(matches(".x", bp_text_of("\xc3\xa4x")));
	assert_ptr_equal(uselocale((locale_t)0), LC_GLOBAL_LOCALE);
	assert_string_equal(setlocale(LC_ALL, NULL), "C.UTF-8");
	assert_non_null(setlocale(LC_ALL, "C"));
}

/* Ways in which other engines need time exponential in the identity. */
TEST(a_long_identity_takes_no_long_time)
{
	static const char *const slow[] = { "(a*)*b", "(a|aa)+b",
	    "((a+)+)+b", "((a?){1,12}){1,12}b",
	    "(" X64("a|") "a){1,20}b", "a{4000}",
	    "(" X16("a?") "){1,99}b", "(a){1,255}b",
	    "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b" };
	char identity[4096];
	struct timespec began, ended;

	(void)state;
	memset(identity, 'a', sizeof(identity));
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	for (size_t i = 0; i < COUNT(slow); i++)
		assert_false(matches(slow[i], (struct bp_text){ identity,
		    sizeof(identity) }));
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	assert_true(ended.tv_sec - began.tv_sec < 10);
}

static int
hang_ends(void **state)
{
	(void)state;
	alarm(100);
	return 0;
}

RUN(hang_ends, NULL)
