/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/user.h"
#include "support/messages.h"

#include <time.h>

#define ISSUER	"https://id.example/ids"
#define API	"https://api.example"

static char cache[48];
static int64_t start;		/* now, as the test began */

static struct bp_user_place
place(void)
{
	return (struct bp_user_place){ cache, geteuid() };
}

static void
shell(const char *command)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	assert_int_equal(system(line), 0);
}

static int
clear(void **state)
{
	(void)state;
	(void)snprintf(cache, sizeof(cache), "%s/cache", folder);
	start = time(NULL);
	shell("rm -rf cache aside");
	return 0;
}

static struct bp_user_key
good(void)
{
	return (struct bp_user_key){ bp_text_of(ISSUER), bp_text_of(API),
	    bp_text_of("acme"), bp_text_of(""), bp_text_of("a@b") };
}

static void
keep(const struct bp_user_key *k, const char *id)
{
	static const struct bp_text none = BP_TEXT("\0\0\0\0");
	struct bp_user u = { start, { BP_MSG_USER, .asked =
	    BP_MSG_LOOK_UP } };
	struct bp_user_place p = place();
	enum bp_reason why;

	bp_msg_give(&u.said, BP_F_API_ID, bp_text_of(id));
	bp_msg_give(&u.said, BP_F_EMAIL, bp_text_of("a@b"));
	bp_msg_give(&u.said, BP_F_API_ROLES, none);
	assert_true(bp_user_store(&p, k, &u, &why));
}

/* Whose answer is kept for K; "": nobody's. */
static const char *
kept(const struct bp_user_key *k, int64_t now)
{
	static char id[64];
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_USER_FILE_MAX);
	struct bp_user_place p = place();
	struct bp_user u;

	if (!bp_user_load(&p, k, now, &b, &u))
		return "";
	assert_int_equal(u.time, start);
	(void)snprintf(id, sizeof(id), "%.*s",
	    (int)u.said.field[BP_F_API_ID].len, u.said.field[BP_F_API_ID].at);
	return id;
}

/* Each differs in one text from what is kept, or is cut elsewhere. */
static const struct other {
	const char *name;
	struct bp_user_key key;
} others[] = {
#define K(i, a, c, id, e)	{ BP_TEXT(i), BP_TEXT(a), BP_TEXT(c), \
	BP_TEXT(id), BP_TEXT(e) }
	{ "an answer about another issuer's",
	    K(ISSUER "/", API, "acme", "", "a@b") },
	{ "an answer about another API's",
	    K(ISSUER, API "/", "acme", "", "a@b") },
	{ "an answer about another company's",
	    K(ISSUER, API, "acm", "", "a@b") },
	{ "an answer about another address",
	    K(ISSUER, API, "acme", "", "a@bc") },
	{ "an answer about an id of that name",
	    K(ISSUER, API, "acme", "a@b", "") },
	{ "an answer about what is cut elsewhere",
	    K(ISSUER, API "a", "cme", "", "a@b") },
};

ROWS(others, serves_nobody_else)
{
	const struct other *row = *state;
	struct bp_user_key k = good();

	(void)clear(state);
	keep(&k, "u1");
	assert_string_equal(kept(&k, start), "u1");
	assert_string_equal(kept(&row->key, start), "");
	keep(&row->key, "u2");
	assert_string_equal(kept(&k, start), "u1");
	assert_string_equal(kept(&row->key, start), "u2");
}

static const struct spoilt {
	const char *name, *command;
	bool is_roots;			/* needs another owner */
} spoilt[] = {
	{ "no answer: cut", "truncate -s -1 cache/user-*", false },
	{ "no answer: a byte more", "printf x >>$(echo cache/user-*)", false },
	{ "no answer: another build", "printf x | dd of=$(echo cache/user-*) "
	    "conv=notrunc status=none", false },
	{ "no answer: a file of nothing", ": >$(echo cache/user-*)", false },
	{ "no answer: others may write it", "chmod 0666 cache/user-*", false },
	{ "no answer: another owner's", "chown 1000 cache/user-*", true },
	{ "no answer: a folder that others may write", "chmod 0777 cache",
	    false },
	{ "no answer: a link to a good one", "mkdir aside && n=$(cd cache && "
	    "ls) && mv cache/$n aside && ln -s ../aside/$n cache/$n", false },
};

ROWS(spoilt, is_none)
{
	const struct spoilt *row = *state;
	struct bp_user_key k = good();

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	keep(&k, "u1");
	shell(row->command);
	assert_string_equal(kept(&k, start), "");
}

/* It would be kept for as long as it takes the clock to come there. */
TEST_WITH(an_answer_from_the_future_is_none, clear)
{
	struct bp_user_key k = good();

	(void)state;
	keep(&k, "u1");
	assert_string_equal(kept(&k, start - 1), "");
	assert_string_equal(kept(&k, start + BP_USER_SWEPT), "u1");
}

/* As if their digests were one: what stands in the file is compared. */
TEST_WITH(of_two_whose_names_were_one_each_has_its_own, clear)
{
	struct bp_user_key k = good(), other = good();

	(void)state;
	other.email = bp_text_of("c@d");
	keep(&k, "u1");
	shell("mv cache/user-* mine");
	keep(&other, "u2");
	shell("mv mine cache/$(ls cache)");
	assert_string_equal(kept(&other, start), "");
}

/* Another kind of message, however whole. */
TEST_WITH(what_is_no_user_is_none, clear)
{
	struct bp_user u = { start, message(BP_MSG_REVOKED) };
	struct bp_user_key k = good();
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_USER_FILE_MAX);
	struct bp_user_place p = place();
	enum bp_reason why;

	(void)state;
	assert_true(bp_user_store(&p, &k, &u, &why));
	assert_false(bp_user_load(&p, &k, start, &b, &u));
}

TEST_WITH(what_is_forgotten_is_gone_and_no_other_is, clear)
{
	struct bp_user_key k = good(), other = good();
	struct bp_user_place p = place();

	(void)state;
	other.email = bp_text_of("c@d");
	keep(&k, "u1");
	keep(&other, "u2");
	bp_user_forget(&p, &k);
	assert_string_equal(kept(&k, start), "");
	assert_string_equal(kept(&other, start), "u2");
}

TEST_WITH(what_nobody_wanted_for_two_weeks_is_swept, clear)
{
	struct bp_user_key k = good(), other = good();

	(void)state;
	other.email = bp_text_of("c@d");
	keep(&k, "u1");
	shell("touch -d '15 days ago' cache/user-* && touch cache/provider-x");
	keep(&other, "u2");
	assert_string_equal(kept(&k, start), "");
	assert_string_equal(kept(&other, start), "u2");
	shell("test -e cache/provider-x");
}

RUN(make_folder, remove_folder)
