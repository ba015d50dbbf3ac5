/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "ctl/pam_edit.h"

static const struct edited {
	const char *name, *text;
	struct bp_pam_edit edits[2];
	const char *becomes;
} edited[] = {
	{ "a line ahead of the first", "a\nb\n", { { 1, "x", 0 } },
	    "x\na\nb\n" },
	{ "a line ahead of the last", "a\nb", { { 2, "x", 0 } }, "a\nx\nb" },
	{ "a line behind the last", "a\nb\n", { { 3, "x", 0 } },
	    "a\nb\nx\n" },
	{ "a line behind a last one without an end", "a\nb",
	    { { 3, "x", 0 } }, "a\nb\nx\n" },
	{ "a line where there are none", "", { { 1, "x", 0 } }, "x\n" },
	{ "two ahead of one, in their order", "a\nb\n",
	    { { 2, "x", 0 }, { 2, "y", 0 } }, "a\nx\ny\nb\n" },
	{ "an end that libpam takes", "a\nb\r\n", { { 2, "x", 0 } },
	    "a\nx\nb\r\n" },
	{ "one taken out", "a\nb\nc\n", { { 2, NULL, 1 } }, "a\nc\n" },
	{ "two taken out", "a\nb\nc\n", { { 2, NULL, 2 } }, "a\n" },
	{ "one put in another's place", "a\nb\nc\n", { { 2, "x", 1 } },
	    "a\nx\nc\n" },
	{ "no line of it", "a\n", { { 7, "x", 0 } }, "a\n" },
	{ "a byte that ends strings elsewhere", "\1\xff\n", { { 1, "x", 0 } },
	    "x\n\1\xff\n" },
};

ROWS(edited, becomes_what_it_is_to_be)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);
	const struct edited *row = *state;
	size_t n = row->edits[1].line != 0 ? 2 : 1;

	assert_true(bp_pam_edit(bp_text_of(row->text), row->edits, n, &b));
	assert_true(bp_buf_add(&b, "", 1));
	assert_string_equal((char *)b.data, row->becomes);
}

TEST(what_finds_no_room_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	const struct bp_pam_edit one = { 1, "x", 0 };

	(void)state;
	assert_true(bp_pam_edit(bp_text_of("ab\n"), &one, 1, &b));
	b.len = 0;
	assert_false(bp_pam_edit(bp_text_of("abc\n"), &one, 1, &b));
}

#define OURS	"auth required pam_beproduct.so\n"

static const struct out {
	const char *name, *text, *left;
	size_t n;
} outs[] = {
	{ "none of ours", "auth required pam_unix.so\n",
	    "auth required pam_unix.so\n", 0 },
	{ "one of ours", "# a\n" OURS "# b\n", "# a\n# b\n", 1 },
	{ "ours by its path", "auth required /lib/pam_beproduct.so debug\n",
	    "", 1 },
	{ "ours that is continued", "a\nauth \\\n required \\\n"
	    "pam_beproduct.so\nb", "a\nb", 1 },
	{ "ours that may be missing", "-session optional pam_beproduct.so\n",
	    "", 1 },
	{ "ours in the password phase", "password optional pam_beproduct.so\n",
	    "", 1 },
	{ "ours in a comment", "# " OURS, "# " OURS, 0 },
	{ "ours as an argument", "auth required pam_exec.so pam_beproduct.so\n",
	    "auth required pam_exec.so pam_beproduct.so\n", 0 },
	{ "another of a similar name", "auth required pam_beproduct2.so\n",
	    "auth required pam_beproduct2.so\n", 0 },
	{ "ours at the end, without one", "a\nauth required pam_beproduct.so",
	    "a\n", 1 },
	{ "ours alone", OURS OURS, "", 2 },
};

ROWS(outs, has_ours_taken_out_and_nothing_else)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100);
	const struct out *row = *state;
	size_t n;

	assert_true(bp_pam_edit_out(bp_text_of(row->text), &b, &n));
	assert_true(bp_buf_add(&b, "", 1));
	assert_string_equal((char *)b.data, row->left);
	assert_int_equal(n, row->n);
}

TEST(more_of_ours_than_anybody_needs_are_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	size_t n = 7;

	(void)state;
	for (size_t i = 0; i < BP_PAM_EDITS; i++)
		assert_true(bp_buf_say(&b, OURS));
	assert_true(bp_pam_edit_out(bp_buf_text(&b), &out, &n));
	assert_int_equal(n, BP_PAM_EDITS);
	assert_true(bp_buf_say(&b, OURS));
	assert_false(bp_pam_edit_out(bp_buf_text(&b), &out, &n));
}

/*** What a text means ***/

static void
mean(const char *text, struct bp_buf *ret)
{
	static struct bp_pam_text one;

	one = (struct bp_pam_text){ "x", bp_text_of(text) };
	bp_pam_suppose(&one, 1);
	assert_true(bp_pam_edit_meaning("x", ret));
}

static const struct meant {
	const char *name, *a, *b;
	bool same;
} meants[] = {
	{ "blanks and comments", "auth  required\tpam_a.so   b \n",
	    "# x\nauth required pam_a.so b # c\n", true },
	{ "lines that are continued", "auth required \\\npam_a.so\n",
	    "auth required pam_a.so", true },
	{ "blanks about =", "auth [ success = ok  default= die  ] pam_a.so\n",
	    "auth [success=ok default=die] pam_a.so\n", true },
	{ "a control in capitals", "auth Required pam_a.so\n",
	    "auth required pam_a.so\n", true },
	{ "another control", "auth required pam_a.so\n",
	    "auth optional pam_a.so\n", false },
	{ "another argument", "auth required pam_a.so b\n",
	    "auth required pam_a.so\n", false },
	{ "another folder", "auth required pam_a.so\n",
	    "auth required /x/pam_a.so\n", false },
	{ "another phase", "auth required pam_a.so\n",
	    "account required pam_a.so\n", false },
	{ "another order", "auth required pam_a.so\nauth required pam_b.so\n",
	    "auth required pam_b.so\nauth required pam_a.so\n", false },
};

ROWS(meants, means_the_same_or_not)
{
	BP_AUTO(bp_buf_done) struct bp_buf a = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1000);
	const struct meant *row = *state;

	mean(row->a, &a);
	mean(row->b, &b);
	assert_true(a.len > 0);
	assert_int_equal(bp_text_same(bp_buf_text(&a), bp_buf_text(&b)),
	    row->same);
}

RUN(NULL, NULL)
