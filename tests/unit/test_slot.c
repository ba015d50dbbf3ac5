/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/file.h"
#include "core/slot.h"
#include "wire/clock.h"
#include "wire/text.h"

#include <sys/resource.h>

#include <fcntl.h>

enum { MANY = 300 };

/* Until the test's end, or given back. */
static int held[2 * MANY];
static size_t held_count;

static void
give_all_back(void)
{
	while (held_count > 0)
		bp_file_close(&held[--held_count]);
}

static int
forget(void **state)
{
	(void)state;
	give_all_back();
	return 0;
}

/* In a folder of its own: SUB below the test's. */
static bool
take(const char *sub, uid_t uid, const char *rhost, int wait_ms)
{
	const struct bp_caller who = { uid, bp_text_of(rhost) };
	enum bp_reason why = 77;
	char path[64];
	int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, sub);
	if (bp_slot_take(path, &who, wait_ms, &fd, &why)) {
		assert_int_equal(why, 77);
		held[held_count++] = fd;
		return true;
	}
	assert_int_equal(fd, -1);
	assert_int_equal(why, BP_HELPER_MANY);
	return false;
}

static int
count(uid_t uid, const char *rhost)
{
	int n = 0;

	while (n < MANY && take("run", uid, rhost, 0))
		n++;
	return n;
}

static const struct caller {
	const char *name;
	uid_t uid;
	const char *rhost;
	int most;
} callers[] = {
	{ "a person", 1000, "", BP_SLOTS_PERSON },
	{ "a person of a large number", 4294967294, "", BP_SLOTS_PERSON },
	{ "a person, wherever he is said to call from", 1000, "192.0.2.1",
	    BP_SLOTS_PERSON },
	{ "an address", 0, "192.0.2.1", BP_SLOTS_ADDRESS },
	{ "a name", 0, "host.example", BP_SLOTS_ADDRESS },
	{ "a name of bytes that do not print", 0, "\n/../\033[2J",
	    BP_SLOTS_ADDRESS },
	{ "root, at a console", 0, "", BP_SLOTS_NEITHER },
};

ROWS(callers, has_as_many_slots_as_it_may)
{
	const struct caller *row = *state;

	assert_int_equal(count(row->uid, row->rhost), row->most);
	give_all_back();
	assert_int_equal(count(row->uid, row->rhost), row->most);
	give_all_back();
}

/* The first has all of his; may the second have one? */
static const struct pair {
	const char *name;
	uid_t first, second;
	const char *first_rhost, *second_rhost;
	bool same;
} pairs[] = {
	{ "two persons", 1000, 1001, "", "", false },
	{ "a person and an address", 1000, 0, "", "192.0.2.1", false },
	{ "a person and root", 1000, 0, "", "", false },
	{ "an address and root", 0, 0, "192.0.2.1", "", false },
	{ "two addresses", 0, 0, "192.0.2.1", "192.0.2.2", false },
	{ "two addresses of one network of IPv6", 0, 0, "2001:db8::1",
	    "2001:db8:0:0:ffff::2", true },
	{ "two networks of IPv6", 0, 0, "2001:db8::1", "2001:db8:0:1::1",
	    false },
	{ "two addresses of IPv4 in IPv6", 0, 0, "::ffff:192.0.2.1",
	    "::ffff:192.0.2.2", false },
	{ "a name and another that begins so", 0, 0, "host", "host.example",
	    false },
	{ "two long names that end otherwise", 0, 0,
	    "a-very-long-name-of-a-host-in-a-very-long-domain.one.example",
	    "a-very-long-name-of-a-host-in-a-very-long-domain.two.example", false },
};

ROWS(pairs, are_counted_together_or_apart)
{
	const struct pair *row = *state;

	assert_true(count(row->first, row->first_rhost) > 0);
	assert_int_equal(take("run", row->second, row->second_rhost, 0),
	    !row->same);
	give_all_back();
}

static int
count_callers(bool are_persons)
{
	char rhost[64];
	int n = 0;

	for (int i = 1; i <= MANY; i++) {
		(void)snprintf(rhost, sizeof(rhost), "192.0.2.%d", i);
		n += are_persons ? take("run", 1000 + (uid_t)i, "", 0)
		    : take("run", 0, rhost, 0);
	}
	return n;
}

TEST_WITH(all_callers_of_a_kind_have_as_many_as_they_may, forget)
{
	(void)state;
	assert_int_equal(count_callers(false), BP_SLOTS_ADDRESSES);
	assert_int_equal(count_callers(true), BP_SLOTS_PERSONS);
	assert_int_equal(count(0, ""), BP_SLOTS_NEITHER);
	give_all_back();
}

TEST_WITH(who_gets_none_of_all_keeps_none_of_his_own, forget)
{
	int n;

	(void)state;
	(void)count_callers(true);
	n = (int)held_count;
	for (int i = 0; i < BP_SLOTS_PERSON; i++)
		assert_false(take("run", 77, "", 0));
	assert_int_equal(held_count, n);
	for (int i = 0; i < BP_SLOTS_PERSON; i++)
		bp_file_close(&held[--held_count]);
	for (int i = 0; i < BP_SLOTS_PERSON; i++)
		assert_true(take("run", 77, "", 0));
	give_all_back();
}

TEST_WITH(a_slot_is_waited_for, forget)
{
	int64_t start;
	pid_t pid;

	(void)state;
	assert_int_equal(count(1000, ""), BP_SLOTS_PERSON);
	start = bp_clock_ms();
	assert_false(take("run", 1000, "", 200));
	assert_between(bp_clock_ms() - start, 200, 1000);

	/* he who has one dies, and did not give it back */
	bp_file_close(&held[--held_count]);
	pid = fork();
	if (pid == 0) {
		if (!take("run", 1000, "", 0))
			_exit(1);
		(void)usleep(300000);
		(void)raise(SIGKILL);
	}
	(void)usleep(100000);
	assert_false(take("run", 1000, "", 0));
	assert_true(take("run", 1000, "", 10000));
	give_all_back();
}

TEST(what_it_leaves_is_an_empty_file_of_roots_alone)
{
	char path[64];
	struct stat st;

	(void)state;
	assert_true(take("new", 1000, "../evil", 0));
	(void)snprintf(path, sizeof(path), "%s/new", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)snprintf(path, sizeof(path), "%s/new/helpers", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 0);
	give_all_back();
}

static void
make_places(void)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "cd %s && touch file && "
	    "mkdir -p public aside && chmod 0777 public && touch aside/file && "
	    "ln -sf file aside/helpers", folder);
	assert_int_equal(system(command), 0);
}

static const struct place { const char *name, *path; } places[] = {
	{ "a folder whose parent is missing", "missing/run" },
	{ "a file in the folder's place", "file" },
	{ "a folder that others may write", "public" },
	{ "a link in the file's place", "aside" },
};

ROWS(places, is_no_place_and_locks_nobody_out)
{
	const struct place *row = *state;

	make_places();
	for (int i = 0; i < 2 * BP_SLOTS_PERSON; i++) {
		assert_true(take(row->path, 1000, "", 0));
		assert_int_equal(held[held_count - 1], -1);
	}
	give_all_back();
}

TEST(without_a_descriptor_left_there_is_no_slot)
{
	const struct bp_caller who = { 1000, { "", 0 } };
	struct rlimit before, none;
	enum bp_reason why = 77;
	int fd = -1;
	bool ok;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 3, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	ok = bp_slot_take(folder, &who, 0, &fd, &why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_false(ok);
	assert_int_equal(why, BP_HELPER_START);
}

static int
make_folder_and_run(void **state)
{
	char path[64];
	int failed = make_folder(state);

	(void)snprintf(path, sizeof(path), "%s/run", folder);
	return failed != 0 ? failed : mkdir(path, 0700);
}

/* One a caller, whose slots are others; given back as they are. */
TEST_WITH(a_caller_has_one_turn_at_once, forget)
{
	const struct bp_caller alice = { 1001, bp_text_of("") };
	const struct bp_caller bob = { 1002, bp_text_of("") };
	int first = -1, second = -1, other = -1;
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/turn", folder);
	assert_true(bp_slot_turn(path, &alice, &first));
	assert_true(first >= 0);
	assert_false(bp_slot_turn(path, &alice, &second));
	assert_int_equal(second, -1);
	assert_true(bp_slot_turn(path, &bob, &other));
	assert_true(other >= 0);
	for (int i = 0; i < BP_SLOTS_PERSON; i++)
		assert_true(take("turn", 1001, "", 0));
	assert_false(take("turn", 1001, "", 0));
	bp_file_close(&first);
	assert_true(bp_slot_turn(path, &alice, &second));
	bp_file_close(&second);
	bp_file_close(&other);
}

TEST_WITH(without_a_place_there_is_a_turn_and_nothing_to_hold, forget)
{
	const struct bp_caller alice = { 1001, bp_text_of("") };
	int fd = -1;

	(void)state;
	assert_true(bp_slot_turn("/proc/nowhere/run", &alice, &fd));
	assert_int_equal(fd, -1);
}

TEST_WITH(a_name_has_one_turn_at_once_and_it_is_waited_for, forget)
{
	struct bp_text name = bp_text_of("login-12-1000");
	int first = -1, second = -1, other = -1;
	int64_t start = bp_clock_ms();
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/named", folder);
	assert_true(bp_slot_turn_of(path, 0, name, 0, &first));
	assert_true(first >= 0);
	assert_false(bp_slot_turn_of(path, 0, name, 200, &second));
	assert_int_equal(second, -1);
	assert_true(bp_clock_ms() - start >= 200);
	assert_true(bp_slot_turn_of(path, 0, bp_text_of("login-12-1001"), 0,
	    &other));
	bp_file_close(&first);
	assert_true(bp_slot_turn_of(path, 0, name, 0, &second));
	bp_file_close(&second);
	bp_file_close(&other);
}

TEST_WITH(without_a_place_a_name_has_no_turn_and_nobody_waits, forget)
{
	int64_t start = bp_clock_ms();
	int fd = -1;

	(void)state;
	assert_false(bp_slot_turn_of("/proc/nowhere/run", 0,
	    bp_text_of("x"), 60000, &fd));
	assert_int_equal(fd, -1);
	assert_between(bp_clock_ms() - start, 0, 30000);
}

RUN_AS_ROOT(make_folder_and_run, remove_folder)
