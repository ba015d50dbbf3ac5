/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/words.h"

#define ADDRESS	"https://id.example/authorize?state=web1_sshd_alice_0123"

static struct bp_words
some(void)
{
	return (struct bp_words){ BP_TEXT("web1.example.com"),
	    BP_TEXT("sshd"), BP_TEXT("alice"), BP_TEXT(ADDRESS), NULL, false,
	    false, false, false, BP_TEXT("") };
}

/* With a NUL behind it, so that strstr() may look. */
static const char *
explain(const struct bp_words *w, struct bp_buf *b)
{
	assert_true(bp_words_explain(w, b));
	assert_true(bp_buf_add(b, "", 1));
	assert_null(memchr(b->data, '\0', b->len - 1));
	return (const char *)b->data;
}

static unsigned
count(const char *text, const char *what)
{
	unsigned n = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		n++;
	}
	return n;
}

TEST(the_first_names_host_service_and_account_and_then_the_address)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_WORDS_MAX);
	struct bp_words w = some();
	const char *text = explain(&w, &b);

	(void)state;
	assert_ptr_equal(strstr(text, "Sign in to web1 (sshd) as alice with"),
	    text);
	assert_int_equal(count(text, "browser:\n\n" ADDRESS "\n\n"), 1);
	assert_int_equal(count(text, ADDRESS), 1);
	/* not with what this host prints: it may be the liar */
	assert_int_equal(count(text, "web1_sshd_alice"), 1);
	assert_int_equal(count(text, "\nBehind state= it names host, service "
	    "and account.\nGo on only if they are what you typed yourself.\n"),
	    1);
	assert_non_null(strstr(text, "If BeProduct shows an error"));
	assert_null(strstr(text, "example.com"));
}

TEST(an_administrator_is_not_sent_to_an_administrator)
{
	(void)state;
	for (int admin = 0; admin < 2; admin++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();
		const char *text;

		w.is_admin = admin == 1;
		text = explain(&w, &b);
		assert_int_equal(count(text, "press Ctrl-C and tell the\n"
		    "administrator of this host.\n"), !admin);
		assert_int_equal(count(text, "press Ctrl-C and compare\n"
		    "client_id and redirect_uri above, byte by byte, with "
		    "what is registered.\n"), admin);
	}
}

TEST(where_ctrl_c_does_nothing_it_is_ctrl_d)
{
	(void)state;
	for (int deaf = 0; deaf < 2; deaf++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();
		const char *text;

		w.is_deaf = deaf == 1;
		text = explain(&w, &b);
		assert_int_equal(count(text, "press Ctrl-C and "), !deaf);
		assert_int_equal(count(text, "press Ctrl-D and "), deaf);
	}
}

/* The address is above on the screen only where a terminal has a screen. */
TEST(another_try_says_what_was_wrong_and_repeats_the_address_off_terminals)
{
	(void)state;
	for (int terminal = 0; terminal < 2; terminal++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();
		const char *text;

		w.sentence = "That answer could not be used.";
		w.is_terminal = terminal == 1;
		text = explain(&w, &b);
		assert_ptr_equal(strstr(text, w.sentence), text);
		assert_int_equal(count(text, "\n" ADDRESS "\n"), !terminal);
		assert_int_equal(count(text, ADDRESS), !terminal);
	}
}

/* The detail may name the provider's own words: it is nobody else's. */
TEST(an_administrator_alone_is_told_the_detail)
{
	(void)state;
	for (int admin = 0; admin < 2; admin++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();

		w.sentence = "No.";
		w.detail = bp_text_of("status 400");
		w.is_admin = admin == 1;
		assert_int_equal(count(explain(&w, &b), "(status 400)\n"),
		    admin);
	}
}

/* Or the person would do one, and be told the same once more. */
TEST(who_is_to_paste_the_code_alone_is_not_told_to_paste_an_address)
{
	(void)state;
	for (int code = 0; code < 2; code++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();
		const char *text;

		w.sentence = "No.";
		w.wants_code = code == 1;
		text = explain(&w, &b);
		assert_int_equal(count(text, "paste the address"), !code);
		assert_int_equal(count(text, "last page has it"), code);
		assert_int_equal(count(text, "\n" ADDRESS "\n"), 1);
	}
}

TEST(the_first_bears_the_address_on_terminals_too)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_WORDS_MAX);
	struct bp_words w = some();

	(void)state;
	w.is_terminal = true;
	assert_int_equal(count(explain(&w, &b), "\n" ADDRESS "\n"), 1);
}

static char x64[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxx";

static const struct named {
	const char *name;
	struct bp_text text;
	const char *is, *as_host;	/* NULL: the same */
} names[] = {
	{ "plain",		BP_TEXT("a-b_c"),	"a-b_c", NULL },
	{ "a dot",		BP_TEXT("a.b"),		"a.b", "a" },
	{ "empty",		{ NULL, 0 },		"", NULL },
	{ "a space",		BP_TEXT("a b"),		"a-b", NULL },
	{ "a line's end",	BP_TEXT("a\nb"),	"a-b", NULL },
	{ "an escape",		BP_TEXT("\x1b[2J"),	"-[2J", NULL },
	{ "a NUL",		BP_TEXT("a\0b"),	"a-b", NULL },
	{ "any language",	BP_TEXT("\xc3\xb6"),	"--", NULL },
	{ "a delete",		BP_TEXT("\x7f~!"),	"-~!", NULL },
	{ "64 bytes",		{ x64, 64 },		x64, NULL },
	{ "a percent sign",	BP_TEXT("%s"),		"%s", NULL },
};

ROWS(names, is_shown_in_visible_ascii)
{
	const struct named *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_WORDS_MAX);
	struct bp_words w = some();
	char is[256];

	w.host = w.service = w.account = row->text;
	(void)snprintf(is, sizeof(is), "Sign in to %s (%s) as %s with ",
	    row->as_host != NULL ? row->as_host : row->is, row->is, row->is);
	assert_non_null(strstr(explain(&w, &b), is));
}

TEST(a_name_of_65_bytes_is_cut)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_WORDS_MAX);
	struct bp_words w = some();
	char name[65], is[256];

	(void)state;
	memset(name, 'x', sizeof(name));
	w.host = w.service = w.account = (struct bp_text){ name, 65 };
	(void)snprintf(is, sizeof(is), "to %s (%s) as %s with", x64, x64, x64);
	assert_non_null(strstr(explain(&w, &b), is));
}

TEST(all_of_it_is_ascii_in_lines_of_80)
{
	(void)state;
	for (int again = 0; again < 3; again++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();
		const char *text, *line;

		w.sentence = again > 0 ? "No." : NULL;
		w.wants_code = again == 2;
		for (text = explain(&w, &b), line = text; *text != '\0';
		    text++) {
			assert_true(*text == '\n' ||
			    (*text >= 0x20 && *text < 0x7f));
			if (*text == '\n')
				line = text + 1;
			assert_true(text - line < 80);
		}
		assert_ptr_equal(line, text);
	}
}

/* With an address of 320 bytes (ours have 300), here and on a telephone. */
TEST(all_of_the_first_is_seen_at_once)
{
	static const struct { size_t columns, rows; } screens[] = {
		{ 80, 15 }, { 40, 24 },
	};
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_WORDS_MAX);
	struct bp_words w = some();
	char address[321];

	(void)state;
	memset(address, 'a', sizeof(address) - 1);
	address[sizeof(address) - 1] = '\0';
	w.address = bp_text_of(address);
	for (size_t i = 0; i < COUNT(screens); i++) {
		struct bp_text rest, line;
		size_t rows = 1;	/* the prompt's own */

		b.len = 0;
		rest = bp_text_of(explain(&w, &b));
		while (bp_text_cut(rest, '\n', &line, &rest))
			rows += line.len == 0 ? 1 : (line.len +
			    screens[i].columns - 1) / screens[i].columns;
		assert_true(rows <= screens[i].rows);
	}
}

TEST(what_finds_no_room_is_false)
{
	(void)state;
	for (int again = 0; again < 2; again++) {
		BP_AUTO(bp_buf_done) struct bp_buf whole =
		    BP_BUF_INIT(BP_WORDS_MAX);
		struct bp_words w = some();

		w.sentence = again ? "No." : NULL;
		assert_true(bp_words_explain(&w, &whole));
		for (size_t max = 0; max < whole.len; max++) {
			BP_AUTO(bp_buf_done) struct bp_buf b =
			    BP_BUF_INIT(max);

			assert_false(bp_words_explain(&w, &b));
		}
	}
}

RUN(NULL, NULL)
