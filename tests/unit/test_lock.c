/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/lock.h"
#include "support/places.h"

#include <sys/resource.h>

#define ISSUER	"https://id.example/ids"

static struct bp_lock_place
place(void)
{
	return (struct bp_lock_place){ parent, locks, geteuid() };
}

/* A place as nobody has ever made one, below an empty folder. */
static int
clear(void **state)
{
	char line[256];

	(void)state;
	(void)snprintf(line, sizeof(line), "cd %s && rm -rf run aside && "
	    "mkdir -m 700 run run/locks", folder);
	return system(line);
}

static void
shell(const char *command)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	assert_int_equal(system(line), 0);
}

static struct bp_lock
lock(enum bp_lock_kind kind, const char *issuer, const char *value)
{
	return (struct bp_lock){ kind, bp_text_of(issuer),
	    bp_text_of(value) };
}

/*** A name ***/

static const struct lockable {
	const char *name;
	enum bp_lock_kind kind;
	const char *value;
	bool may_be;
} lockables[] = {
	{ "an account", BP_LOCK_ACCOUNT, "alice", true },
	{ "an account of a directory", BP_LOCK_ACCOUNT, "alice@corp", true },
	{ "an account that climbs", BP_LOCK_ACCOUNT, "../alice", false },
	{ "an account of two words", BP_LOCK_ACCOUNT, "alice x", false },
	{ "an account without a name", BP_LOCK_ACCOUNT, "", false },
	{ "a sub", BP_LOCK_SUB, "4c9e4f0e-1f6b", true },
	{ "a sub with slashes and blanks", BP_LOCK_SUB, " ../4c9e ", true },
	{ "a sub without a byte", BP_LOCK_SUB, "", false },
	{ "a sub of two lines", BP_LOCK_SUB, "4c9e\n4f0e", false },
	{ "an address", BP_LOCK_EMAIL, "alice@example.com", true },
	{ "an address without a domain", BP_LOCK_EMAIL, "alice", false },
	{ "an address with two domains", BP_LOCK_EMAIL, "a@b@c", false },
};

ROWS(lockables, may_be_locked_or_not)
{
	const struct lockable *row = *state;
	struct bp_lock l = lock(row->kind, ISSUER, row->value);

	assert_int_equal(bp_lock_may_be(&l), row->may_be);
}

TEST(a_sub_longer_than_any_is_not_locked)
{
	char sub[BP_SUB_MAX + 2];
	struct bp_lock l;

	(void)state;
	memset(sub, 'x', sizeof(sub));
	sub[BP_SUB_MAX + 1] = '\0';
	l = lock(BP_LOCK_SUB, ISSUER, sub);
	assert_false(bp_lock_may_be(&l));
	sub[BP_SUB_MAX] = '\0';
	l = lock(BP_LOCK_SUB, ISSUER, sub);
	assert_true(bp_lock_may_be(&l));
}

/* Of one lock each; which of them are the same is what counts. */
static const struct same {
	const char *name;
	struct { enum bp_lock_kind kind; const char *issuer, *value; } of[2];
	bool same;
} sames[] = {
	{ "a name of itself", { { BP_LOCK_SUB, ISSUER, "4c9e" },
	    { BP_LOCK_SUB, ISSUER, "4c9e" } }, true },
	{ "a name of another sub", { { BP_LOCK_SUB, ISSUER, "4c9e" },
	    { BP_LOCK_SUB, ISSUER, "4c9f" } }, false },
	{ "a name of a sub elsewhere", { { BP_LOCK_SUB, ISSUER, "4c9e" },
	    { BP_LOCK_SUB, ISSUER "/x", "4c9e" } }, false },
	{ "a name of a sub that runs into its issuer",
	    { { BP_LOCK_SUB, ISSUER, "/x4c9e" },
	    { BP_LOCK_SUB, ISSUER "/x", "4c9e" } }, false },
	{ "a name of an account that is spelt as a sub",
	    { { BP_LOCK_SUB, ISSUER, "alice" },
	    { BP_LOCK_ACCOUNT, ISSUER, "alice" } }, false },
	{ "a name of an account that is spelt as an address",
	    { { BP_LOCK_EMAIL, ISSUER, "alice@corp" },
	    { BP_LOCK_ACCOUNT, ISSUER, "alice@corp" } }, false },
	{ "a name of an account, by any issuer",
	    { { BP_LOCK_ACCOUNT, ISSUER, "alice" },
	    { BP_LOCK_ACCOUNT, "", "alice" } }, true },
	{ "a name of an account in capitals",
	    { { BP_LOCK_ACCOUNT, ISSUER, "alice" },
	    { BP_LOCK_ACCOUNT, ISSUER, "Alice" } }, false },
	{ "a name of an address whose domain has capitals",
	    { { BP_LOCK_EMAIL, ISSUER, "alice@example.com" },
	    { BP_LOCK_EMAIL, ISSUER, "alice@Example.COM" } }, true },
	{ "a name of an address whose mailbox has capitals",
	    { { BP_LOCK_EMAIL, ISSUER, "alice@example.com" },
	    { BP_LOCK_EMAIL, ISSUER, "Alice@example.com" } }, false },
	{ "a name of an address, by any issuer",
	    { { BP_LOCK_EMAIL, ISSUER, "alice@example.com" },
	    { BP_LOCK_EMAIL, "", "alice@example.com" } }, true },
};

ROWS(sames, is_the_same_or_not)
{
	const struct same *row = *state;
	char names[2][BP_LOCK_NAME_SIZE];

	for (size_t i = 0; i < 2; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_LOCK_NAME_SIZE);
		struct bp_lock l = lock(row->of[i].kind, row->of[i].issuer,
		    row->of[i].value);

		assert_true(bp_lock_name(&l, &b));
		memcpy(names[i], b.data, b.len);
		assert_null(strchr(names[i], '/'));
		assert_int_equal(b.len, strlen(names[i]) + 1);
	}
	assert_int_equal(strcmp(names[0], names[1]) == 0, row->same);
}

TEST(a_name_is_its_kind_and_a_digest)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LOCK_NAME_SIZE);
	struct bp_lock l = lock(BP_LOCK_ACCOUNT, "", "abc");

	(void)state;
	assert_true(bp_lock_name(&l, &b));
	assert_string_equal((const char *)b.data, "account-"
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/*** What is there ***/

#define LOCK	"run/locks/account-" \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct there {
	const char *name, *make;
	enum bp_reason why;		/* BP_ADMITTED: open */
	const char *file;		/* that is named */
} theres[] = {
	{ "nothing in the folder", "true", BP_ADMITTED, "" },
	{ "nothing: no folder", "rmdir run/locks", BP_ADMITTED, "" },
	{ "nothing: not even its parent", "rm -r run", BP_ADMITTED, "" },
	{ "nothing but another's", "echo >run/locks/account-00",
	    BP_ADMITTED, "" },
	{ "a lock", "echo kind = account >" LOCK, BP_LOCKED, LOCK },
	{ "a lock that is empty", ": >" LOCK, BP_LOCKED, LOCK },
	{ "a lock of another build", "head -c 9999 /dev/zero >" LOCK,
	    BP_LOCKED, LOCK },
	{ "a lock that nobody may read", ": >" LOCK " && chmod 0 " LOCK,
	    BP_LOCKED, LOCK },
	{ "no lock can be told: a link", "ln -s /dev/null " LOCK,
	    BP_LOCK_UNTOLD, LOCK },
	{ "no lock can be told: a link to nothing", "ln -s nowhere " LOCK,
	    BP_LOCK_UNTOLD, LOCK },
	{ "no lock can be told: a folder", "mkdir " LOCK, BP_LOCK_UNTOLD,
	    LOCK },
	{ "no lock can be told: a FIFO", "mkfifo -m 600 " LOCK,
	    BP_LOCK_UNTOLD, LOCK },
	{ "no lock can be told: others may write it",
	    ": >" LOCK " && chmod 0602 " LOCK, BP_LOCK_UNTOLD, LOCK },
	{ "no lock can be told: the folder is a link",
	    "mv run/locks aside && ln -s ../aside run/locks",
	    BP_LOCK_UNTOLD, "run/locks" },
	{ "no lock can be told: the folder is a file",
	    "rmdir run/locks && : >run/locks", BP_LOCK_UNTOLD,
	    "run/locks" },
	{ "no lock can be told: others may write the folder",
	    "chmod 0770 run/locks", BP_LOCK_UNTOLD, "run/locks" },
	{ "no lock can be told: others may write its parent",
	    "chmod 0702 run", BP_LOCK_UNTOLD, "run" },
	{ "no lock can be told: its parent is a link",
	    "mv run aside && ln -s aside run", BP_LOCK_UNTOLD, "run" },
};

static void
assert_found(const struct bp_lock_place *p, enum bp_reason why,
    const char *file)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_lock l = lock(BP_LOCK_ACCOUNT, "", "abc");
	enum bp_reason got = BP_ADMITTED;
	char path[256] = "";

	assert_int_equal(bp_lock_is_open(p, &l, &b, &got),
	    why == BP_ADMITTED);
	assert_int_equal(got, why);
	if (why != BP_ADMITTED)
		(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
	assert_true(bp_text_is(bp_buf_text(&b), path));
}

ROWS(theres, locks_or_refuses_or_neither)
{
	const struct there *row = *state;
	struct bp_lock_place p = place();

	assert_int_equal(clear(state), 0);
	shell(row->make);
	assert_found(&p, row->why, row->file);
}

/* As of root's files whose owner is somebody else: who asks is not told so. */
TEST_WITH(what_is_another_owner_s_cannot_be_told, clear)
{
	struct bp_lock_place p = place();

	(void)state;
	shell(": >" LOCK);
	p.owner = geteuid() + 1;
	assert_found(&p, BP_LOCK_UNTOLD, "run");
}

TEST_WITH(what_cannot_be_looked_at_cannot_be_told, clear)
{
	struct bp_lock_place p = place();
	char below[64];

	(void)state;
	shell(": >aside");
	(void)snprintf(below, sizeof(below), "%s/aside/run", folder);
	p.parent = below;
	assert_found(&p, BP_LOCK_UNTOLD, "aside/run");
}

TEST_WITH(a_lock_of_another_s_cannot_be_told, clear)
{
	struct bp_lock_place p = place();

	(void)state;
	if (geteuid() != 0)
		skip();
	shell(": >" LOCK " && chown 4242 " LOCK);
	assert_found(&p, BP_LOCK_UNTOLD, LOCK);
}

TEST_WITH(what_can_be_no_account_is_asked_about_and_open, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_LOCK_PATH_MAX);
	struct bp_lock_place p = place();
	struct bp_lock l = lock(BP_LOCK_ACCOUNT, "", "x y");
	char longer[5000];
	enum bp_reason why;

	(void)state;
	assert_true(bp_lock_is_open(&p, &l, &b, &why));
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	l = lock(BP_LOCK_ACCOUNT, "", longer);
	assert_true(bp_lock_is_open(&p, &l, &b, &why));
}

TEST_WITH(a_lock_needs_no_descriptor, clear)
{
	struct bp_lock_place p = place();
	struct rlimit before, none;

	(void)state;
	shell(": >" LOCK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_found(&p, BP_LOCKED, LOCK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

RUN(make_places, remove_folder)
