/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/proc.h"

#define BEHIND	"S 41 42 43 34816 44 4194304 1 2 3 4 5 6 7 8 9 10 11 0 98765432109"
#define MORE	" 12 13\n"

static char root[32];

static void
put_file(const char *name, const char *content)
{
	char path[40];

	(void)snprintf(path, sizeof(path), "proc/%.34s", name);
	put(path, 0444, content, strlen(content));
}

static void
drop_file(const char *name)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%.40s", root, name);
	(void)unlink(path);
}

static void
assert_is(struct bp_text t, const char *is)
{
	assert_true(bp_text_is(t, is));
}

static const struct named { const char *name, *stat; } named[] = {
	{ "a name", "40 (sudo) " BEHIND MORE },
	{ "no name", "40 () " BEHIND MORE },
	{ "a name with blanks", "40 (a b c) " BEHIND MORE },
	{ "a name that goes on as if it had ended",
	    "40 (x) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1) " BEHIND MORE },
	{ "a name of two lines",
	    "40 (x) R 1 1 1 1\n7 (y)) " BEHIND MORE },
	{ "nothing behind the start", "40 (sudo) " BEHIND },
};

ROWS(named, is_told_by_what_stands_behind_it)
{
	const struct named *row = *state;
	BP_AUTO(bp_process_done) struct bp_process p = BP_PROCESS_INIT;

	put_file("self/stat", row->stat);
	assert_true(bp_process_read(root, bp_text_of("self"), &p));
	assert_is(p.pid, "40");
	assert_is(p.parent, "41");
	assert_is(p.leader, "43");
	assert_is(p.terminal, "34816");
	assert_is(p.start, "98765432109");
}

static const struct bad { const char *name, *stat; } bad[] = {
	{ "nothing", "" },
	{ "a number alone", "40" },
	{ "a name that does not end", "40 (sudo " BEHIND },
	{ "no number", "x (sudo) " BEHIND },
	{ "no blank behind the name", "40 (sudo)" BEHIND },
	{ "one word less", "40 (sudo) S 41 42 43 34816 44 4194304 1 2 3 4 5 6 "
	    "7 8 9 10 11 0" },
	{ "a parent that is none", "40 (sudo) S x 42 43 34816 44 4194304 1 2 "
	    "3 4 5 6 7 8 9 10 11 0 9" },
	{ "a leader below 0", "40 (sudo) S 41 42 -1 34816 44 4194304 1 2 3 4 "
	    "5 6 7 8 9 10 11 0 9" },
	{ "a terminal below 0", "40 (sudo) S 41 42 43 -1 44 4194304 1 2 3 4 5 "
	    "6 7 8 9 10 11 0 9" },
	{ "a start that is none", "40 (sudo) S 41 42 43 34816 44 4194304 1 2 "
	    "3 4 5 6 7 8 9 10 11 0 9x" },
};

ROWS(bad, is_no_process)
{
	const struct bad *row = *state;
	BP_AUTO(bp_process_done) struct bp_process p = BP_PROCESS_INIT;

	put_file("self/stat", row->stat);
	assert_false(bp_process_read(root, bp_text_of("self"), &p));
	assert_null(p.bytes.data);
}

TEST(a_process_that_is_gone_is_none)
{
	BP_AUTO(bp_process_done) struct bp_process p = BP_PROCESS_INIT;

	(void)state;
	assert_false(bp_process_read(root, bp_text_of("77"), &p));
}

TEST(what_the_kernel_itself_says_is_read)
{
	BP_AUTO(bp_process_done) struct bp_process p = BP_PROCESS_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(64);
	struct bp_login l;
	char pid[16];

	(void)state;
	(void)snprintf(pid, sizeof(pid), "%d", (int)getpid());
	assert_true(bp_process_read("/proc", bp_text_of("self"), &p));
	assert_is(p.pid, pid);
	(void)snprintf(pid, sizeof(pid), "%d", (int)getppid());
	assert_is(p.parent, pid);
	(void)snprintf(pid, sizeof(pid), "%d", (int)getsid(0));
	assert_is(p.leader, pid);
	assert_true(bp_login_read("/proc", &l));
	assert_true(bp_proc_boot("/proc", &boot));
	assert_int_equal(boot.len, 36);
}

static const struct login {
	const char *name, *session, *uid;	/* NULL: there is no such file */
	bool ok;
	struct bp_login is;
} logins[] = {
	{ "a login", "12", "1000", true, { 12, 1000 } },
	{ "with a line's end", "12\n", "1000\n", true, { 12, 1000 } },
	{ "none", "4294967295", "4294967295", true,
	    { BP_LOGIN_NONE, BP_LOGIN_NONE } },
	{ "a kernel without audit", NULL, NULL, true,
	    { BP_LOGIN_NONE, BP_LOGIN_NONE } },
	{ "no number", "x", "1000", false, { 0, 0 } },
	{ "too large a number", "4294967296", "1000", false, { 0, 0 } },
	{ "an empty file", "", "1000", false, { 0, 0 } },
	{ "nobody's", "12", "", false, { 0, 0 } },
	{ "longer than it can be", "12345678901234567", "1", false, { 0, 0 } },
};

ROWS(logins, is_a_login_none_or_no_telling)
{
	const struct login *row = *state;
	struct bp_login l = { 77, 77 };

	drop_file("self/sessionid");
	drop_file("self/loginuid");
	if (row->session != NULL)
		put_file("self/sessionid", row->session);
	if (row->uid != NULL)
		put_file("self/loginuid", row->uid);
	assert_int_equal(bp_login_read(root, &l), row->ok);
	assert_int_equal(l.session, row->ok ? row->is.session : 77);
	assert_int_equal(l.uid, row->ok ? row->is.uid : 77);
}

TEST(a_login_that_cannot_be_read_is_not_none)
{
	struct bp_login l = { 77, 77 };
	char path[128];

	(void)state;
	drop_file("self/sessionid");
	(void)snprintf(path, sizeof(path), "%s/self/sessionid", root);
	assert_int_equal(mkdir(path, 0755), 0);		/* EISDIR */
	assert_false(bp_login_read(root, &l));
	assert_int_equal(rmdir(path), 0);
}

TEST(a_run_of_the_host_has_its_id_or_there_is_no_telling)
{
	BP_AUTO(bp_buf_done) struct bp_buf boot = BP_BUF_INIT(64);

	(void)state;
	drop_file("sys/kernel/random/boot_id");
	assert_false(bp_proc_boot(root, &boot));
	put_file("sys/kernel/random/boot_id", "\n");
	assert_false(bp_proc_boot(root, &boot));
	put_file("sys/kernel/random/boot_id", "b4b6\n");
	assert_true(bp_proc_boot(root, &boot));
	assert_true(bp_text_is(bp_buf_text(&boot), "b4b6"));
}

static int
make_root(void **state)
{
	char command[128];
	int failed = make_folder(state);

	(void)snprintf(root, sizeof(root), "%s/proc", folder);
	(void)snprintf(command, sizeof(command),
	    "mkdir -p %s/self %s/sys/kernel/random", root, root);
	return failed != 0 ? failed : system(command);
}

RUN(make_root, remove_folder)
