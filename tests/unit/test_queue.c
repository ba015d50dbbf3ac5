/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/queue.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <time.h>

#define ISSUER	"https://id.example/ids"
#define TOKEN	"refresh-token-5c3f"

static char state_folder[48], queue_folder[64];
static int64_t start;		/* now, as the test began */

static struct bp_queue_place
place(void)
{
	return (struct bp_queue_place){ state_folder, queue_folder,
	    geteuid() };
}

static void
shell(const char *command)
{
	char line[1024];

	(void)snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	assert_int_equal(system(line), 0);
}

/* A folder for the queue, as nobody has ever made one. */
static int
clear(void **state)
{
	(void)state;
	(void)snprintf(state_folder, sizeof(state_folder), "%s/lib", folder);
	(void)snprintf(queue_folder, sizeof(queue_folder), "%s/lib/revoke",
	    folder);
	start = time(NULL);
	shell("rm -rf lib aside");
	return 0;
}

static bool
put_token(const char *token, int64_t time, enum bp_reason *reterr)
{
	struct bp_queue_place p = place();
	struct bp_queued q = { time, bp_text_of(ISSUER),
	    bp_text_of("/etc/b.conf"), bp_text_of("5c3f5c3f5c3f5c3f"),
	    bp_text_of(token) };

	return bp_queue_put(&p, &q, reterr);
}

static void
put_good(const char *token, int64_t ago)
{
	enum bp_reason why = 77;

	assert_true(put_token(token, start - ago, &why));
}

/* What waits, in its order, with a blank behind each. */
static const char *
waiting(void)
{
	static char said[512];
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queue_place p = place();
	struct bp_queued q;
	enum bp_reason why;

	said[0] = '\0';
	if (!bp_queue_begin(&p, start, &w, &why))
		return "untrusted ";
	while (bp_queue_next(&w, &b, &q)) {
		(void)strncat(said, q.token.at, q.token.len);
		(void)strcat(said, " ");
	}
	return said;
}

static int
count_files(void)
{
	DIR *d = opendir(queue_folder);
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	assert_int_equal(closedir(d), 0);
	return n - 2;
}

TEST_WITH(an_entry_keeps_token_issuer_configuration_and_sign_in, clear)
{
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queue_place p = place();
	struct bp_queued q;
	enum bp_reason why;

	(void)state;
	put_good(TOKEN, 7);
	assert_true(bp_queue_begin(&p, start, &w, &why));
	assert_true(bp_queue_next(&w, &b, &q));
	assert_true(bp_text_is(q.token, TOKEN));
	assert_true(bp_text_is(q.issuer, ISSUER));
	assert_true(bp_text_is(q.config, "/etc/b.conf"));
	assert_true(bp_text_is(q.attempt, "5c3f5c3f5c3f5c3f"));
	assert_int_equal(q.time, start - 7);
	assert_false(bp_queue_next(&w, &b, &q));
}

TEST_WITH(the_oldest_comes_first_and_what_is_removed_no_more, clear)
{
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queue_place p = place();
	struct bp_queued q;
	enum bp_reason why;

	(void)state;
	put_good("second", 10);
	put_good("fourth", 1);
	put_good("first", 20000);
	put_good("third", 9);
	assert_string_equal(waiting(), "first second third fourth ");
	assert_true(bp_queue_begin(&p, start, &w, &why));
	assert_true(bp_queue_next(&w, &b, &q));
	assert_true(bp_queue_next(&w, &b, &q));
	bp_queue_remove(&w);
	assert_true(bp_queue_next(&w, &b, &q));
	assert_true(bp_text_is(q.token, "third"));
	assert_string_equal(waiting(), "first third fourth ");
}

/* More than a walk reads at once, and not as they were put there. */
TEST_WITH(of_many_each_comes_once_and_in_order, clear)
{
	enum { MANY = 5 * BP_QUEUE_AHEAD / 2 };
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_queue_place p = place();
	struct bp_queued q;
	enum bp_reason why;

	(void)state;
	for (int i = 0; i < MANY; i++)
		put_good(TOKEN, 1 + i * 7 % MANY);
	assert_true(bp_queue_begin(&p, start, &w, &why));
	for (int i = 0; i < MANY; i++) {
		assert_true(bp_queue_next(&w, &b, &q));
		assert_int_equal(q.time, start - MANY + i);
		if (i % 3 == 0)
			bp_queue_remove(&w);
	}
	assert_false(bp_queue_next(&w, &b, &q));
	assert_int_equal(count_files(), MANY - (MANY + 2) / 3);
}

TEST_WITH(two_of_one_second_are_two, clear)
{
	(void)state;
	put_good(TOKEN, 0);
	put_good(TOKEN, 0);
	assert_string_equal(waiting(), TOKEN " " TOKEN " ");
}

TEST_WITH(a_token_is_roots_alone, clear)
{
	struct stat st;

	(void)state;
	(void)umask(0);
	put_good(TOKEN, 0);
	assert_int_equal(stat(state_folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(queue_folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	shell("test \"$(stat -c %a lib/revoke/*)\" = 600");
	shell("! ls lib/revoke | grep -q refresh");
}

/* What is done to the folder where a good entry lies; then there is none. */
static const struct spoilt {
	const char *name, *command, *waits;
	bool is_roots;			/* needs another owner */
} spoilt[] = {
#define ONE	"lib/revoke/[0-9]*"
	{ "no entry: a file with a byte more", "printf x >>$(echo " ONE ")",
	    "", false },
	{ "no entry: a file of nothing", ": >$(echo " ONE ")", "", false },
	{ "no entry: a file that is cut", "truncate -s -1 " ONE, "", false },
	{ "no entry: a file of another build",
	    "printf x | dd of=$(echo " ONE ") conv=notrunc status=none", "",
	    false },
	{ "no entry: a file that others may write", "chmod 0666 " ONE, "",
	    false },
	{ "no entry: a file of another owner", "chown 1000 " ONE, "", true },
	{ "no entry: a link in a file's place, to a good one", "mkdir aside && "
	    "n=$(cd lib/revoke && ls) && mv " ONE " aside && "
	    "ln -s ../../aside/$n lib/revoke/$n", "", false },
	{ "no entry: a link in the folder's place, to a good one",
	    "mv lib/revoke aside && ln -s ../aside lib/revoke", "untrusted ",
	    false },
	{ "no entry: a folder of another owner", "chown 1000 lib/revoke",
	    "untrusted ", true },
	{ "no entry: a folder that others may write", "chmod 0777 lib/revoke",
	    "untrusted ", false },
	{ "no entry: a folder whose parent others may write",
	    "chmod 0777 lib", "untrusted ", false },
};

ROWS(spoilt, and_nothing_is_removed)
{
	const struct spoilt *row = *state;

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	put_good(TOKEN, 0);
	shell(row->command);
	assert_string_equal(waiting(), row->waits);
	assert_int_equal(count_files(), 1);
}

TEST_WITH(a_file_that_is_cut_anywhere_is_no_entry, clear)
{
	char command[96];
	long size;
	struct stat st;
	DIR *d;

	(void)state;
	put_good(TOKEN, 0);
	shell("mv lib/revoke/[0-9]* whole && mv whole lib/revoke/1");
	d = opendir(queue_folder);
	assert_int_equal(fstatat(dirfd(d), "1", &st, 0), 0);
	(void)closedir(d);
	for (size = (long)st.st_size - 1; size >= 0; size -= 7) {
		(void)snprintf(command, sizeof(command),
		    "truncate -s %ld lib/revoke/1", size);
		shell(command);
		assert_string_equal(waiting(), "");
	}
}

TEST_WITH(an_entry_from_the_future_waits_for_its_time, clear)
{
	(void)state;
	put_good(TOKEN, -60);
	assert_string_equal(waiting(), "");
	start += 61;
	assert_string_equal(waiting(), TOKEN " ");
}

/* RLIMIT_FSIZE ends a write as a full disk does. */
TEST_WITH(a_full_disk_adds_nothing, clear)
{
	struct rlimit before, none;
	enum bp_reason why = 77;
	bool ok;

	(void)state;
	put_good("first", 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 10, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	ok = put_token(TOKEN, start, &why);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(ok);
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	assert_string_equal(waiting(), "first ");
	assert_int_equal(count_files(), 1);
}

TEST_WITH(where_there_is_no_place_for_it_that_is_told, clear)
{
	enum bp_reason why = 77;

	(void)state;
	shell("mkdir -m 700 lib && : >lib/revoke");
	assert_false(put_token(TOKEN, start, &why));
	assert_int_equal(why, BP_FILE_UNTRUSTED);
}

TEST_WITH(a_token_that_is_too_long_is_none, clear)
{
	static char much[BP_QUEUE_MAX + 1];
	enum bp_reason why = 77;

	(void)state;
	memset(much, 'x', sizeof(much) - 1);
	assert_false(put_token(much, start, &why));
	assert_int_equal(why, BP_MEMORY);
}

TEST_WITH(the_longest_token_has_room, clear)
{
	static char much[BP_TOKEN_MAX + 1];
	enum bp_reason why = 77;

	(void)state;
	memset(much, 'x', sizeof(much) - 1);
	assert_true(put_token(much, start, &why));
	assert_int_equal(count_files(), 1);
}

TEST_WITH(where_as_many_wait_as_may_the_next_is_refused, clear)
{
	enum bp_reason why = 77;

	(void)state;
	put_good(TOKEN, 1);
	shell("cd lib/revoke && seq 999 | sed s/^/x/ | xargs touch && rm x1");
	put_good("last", 0);
	assert_int_equal(count_files(), BP_QUEUE_FILES);
	assert_false(put_token("over", start, &why));
	assert_int_equal(why, BP_QUEUE_FULL);
	assert_string_equal(waiting(), TOKEN " last ");
	assert_int_equal(count_files(), BP_QUEUE_FILES);
}

/* Of how many days ago, whose, and whether the next writer leaves it. */
static const struct old {
	const char *name, *make;
	int days;
	bool stays, is_roots;
} olds[] = {
	{ "left: an entry of 29 days", "touch", 29, true, false },
	{ "swept: an entry of 31 days", "touch", 31, false, false },
	{ "swept: an entry of a clock that was ahead", "touch", -31, false,
	    false },
	{ "left: a file of another owner, of 31 days", "install -o 1000 "
	    "/dev/null", 31, true, true },
	{ "left: a link of 31 days", "ln -s /dev/null", 31, true, false },
	{ "left: a folder of 31 days", "mkdir", 31, true, false },
};

ROWS(olds, by_the_next_writer_and_reader)
{
	const struct old *row = *state;
	char command[256];

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	put_good(TOKEN, 0);
	(void)snprintf(command, sizeof(command), "%s lib/revoke/0 && touch "
	    "-hd @%lld lib/revoke/0", row->make,
	    (long long)(start - row->days * 86400L));
	shell(command);
	assert_string_equal(waiting(), TOKEN " ");
	assert_int_equal(count_files(), 1 + row->stays);
	shell(row->stays ? "true" : command);
	put_good("next", 0);
	assert_int_equal(count_files(), 2 + row->stays);
}

TEST_WITH(who_locked_it_is_alone, clear)
{
	BP_AUTO(bp_queue_done) struct bp_queue one = BP_QUEUE_INIT;
	BP_AUTO(bp_queue_done) struct bp_queue other = BP_QUEUE_INIT;
	struct bp_queue_place p = place();
	enum bp_reason why;

	(void)state;
	assert_true(bp_queue_begin(&p, start, &one, &why));
	assert_true(bp_queue_begin(&p, start, &other, &why));
	assert_true(bp_queue_lock(&one));
	assert_false(bp_queue_lock(&other));
	/* to add to it nobody waits */
	put_good(TOKEN, 0);
	bp_queue_done(&one);
	assert_true(bp_queue_lock(&other));
}

RUN(make_folder, remove_folder)
