/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/file.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>

static const char *
in_folder(const char *name, char path[64])
{
	(void)snprintf(path, 64, "%s/%s", folder, name);
	return path;
}

static const struct found {
	const char *name, *text;	/* NULL: made by make_odd_ones() */
	mode_t mode, forbidden;
	uid_t stranger;		/* added to the owner that is asked for */
	int why;		/* -1: it is read */
	const char *what;	/* where it is not, the words for it */
} found[] = {
	{ "good",	"hello",  0644, 022, 0, -1, "" },
	{ "empty",	"",	  0600, 022, 0, -1, "" },
	{ "one less",	"hell",	  0400, 022, 0, -1, "" },
	{ "long",	"hello!", 0600, 022, 0, BP_FILE_UNREAD,
	    "is longer than 5 bytes" },
	{ "much longer", "hello, hello, hello", 0600, 022, 0, BP_FILE_UNREAD,
	    "is longer than 5 bytes" },
	{ "group",	"hello",  0664, 022, 0, BP_FILE_UNTRUSTED,
	    "has mode 0664: others than root may write it (chmod 0644)" },
	{ "group alone", "hello", 0620, 022, 0, BP_FILE_UNTRUSTED,
	    "has mode 0620: others than root may write it (chmod 0644)" },
	{ "world",	"hello",  0646, 022, 0, BP_FILE_UNTRUSTED,
	    "has mode 0646: others than root may write it (chmod 0644)" },
	{ "secret",	"hello",  0600, 077, 0, -1, "" },
	{ "secret that its group reads", "hello", 0640, 077, 0,
	    BP_FILE_UNTRUSTED, "has mode 0640: others than root may read or "
	    "write it (chmod 0600)" },
	{ "secret that all read", "hello", 0604, 077, 0, BP_FILE_UNTRUSTED,
	    "has mode 0604: others than root may read or write it "
	    "(chmod 0600)" },
	{ "stranger's",	"hello",  0644, 022, 1, BP_FILE_UNTRUSTED, NULL },
	{ "link",	NULL,	  0, 022, 0, BP_FILE_UNTRUSTED,
	    "is a symbolic link" },
	{ "dangling",	NULL,	  0, 022, 0, BP_FILE_UNTRUSTED,
	    "is a symbolic link" },
	{ "fifo",	NULL,	  0, 022, 0, BP_FILE_UNTRUSTED,
	    "is no plain file" },
	{ "socket",	NULL,	  0, 022, 0, BP_FILE_MISSING,
	    "cannot be opened: No such device or address" },
	{ "folder",	NULL,	  0, 022, 0, BP_FILE_UNTRUSTED,
	    "is no plain file" },
	{ "none",	NULL,	  0, 022, 0, BP_FILE_MISSING, "is missing" },
	{ "good/behind", NULL,	  0, 022, 0, BP_FILE_MISSING,
	    "cannot be opened: Not a directory" },
};

ROWS(found, is_read_only_if_its_owner_alone_can_write)
{
	const struct found *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(100);
	enum bp_reason why = 77;
	char path[64];

	if (row->text != NULL)
		put(row->name, row->mode, row->text, strlen(row->text));
	assert_int_equal(bp_file_read(in_folder(row->name, path),
	    geteuid() + row->stranger, row->forbidden, &b, &what, &why),
	    row->why < 0);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	assert_true(bp_text_is(bp_buf_text(&b), row->why < 0 ? row->text : ""));
	assert_int_equal(b.data == NULL, row->why >= 0);
	/* of the words about an owner, root alone can see to the uid */
	if (row->what != NULL && geteuid() == 0)
		assert_true(bp_text_is(bp_buf_text(&what), row->what));
}

static const struct program {
	const char *name, *file;
	mode_t mode;
	uid_t stranger;
	int why;
} programs[] = {
	{ "the program that all may run", "run", 0755, 0, -1 },
	{ "the program that nobody may read", "mute", 0111, 0, -1 },
	{ "the program that others may write", "open", 0757, 0,
	    BP_FILE_UNTRUSTED },
	{ "the program of a stranger", "run", 0755, 1, BP_FILE_UNTRUSTED },
	{ "the program that is a link", "link", 0, 0, BP_FILE_UNTRUSTED },
	{ "the program that is a FIFO", "fifo", 0, 0, BP_FILE_UNTRUSTED },
	{ "the program that is a folder", "folder", 0, 0, BP_FILE_UNTRUSTED },
	{ "the program that is missing", "none", 0, 0, BP_FILE_MISSING },
};

ROWS(programs, is_opened_only_if_its_owner_alone_can_write)
{
	const struct program *row = *state;
	BP_AUTO(bp_file_close) int fd = -1;
	enum bp_reason why = 77;
	char path[64], byte;

	if (row->mode != 0)
		put(row->file, row->mode, "x", 1);
	assert_int_equal(bp_file_program(in_folder(row->file, path),
	    geteuid() + row->stranger, &fd, &why), row->why < 0);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	assert_int_equal(fd >= 0, row->why < 0);
	/* to be executed, and for nothing else */
	assert_int_equal(read(fd, &byte, 1), -1);
	if (fd >= 0)
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

/* FOLDER itself is 0755 and ours. */
static int
open_folder(void)
{
	enum bp_reason why;
	int fd = -1;

	assert_true(bp_file_folder(folder, geteuid(), &fd, &why));
	return fd;
}

TEST(a_file_of_another_owner_is_named_with_his_number)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(100);
	enum bp_reason why = 77;
	char path[64];

	(void)state;
	if (geteuid() != 0)
		return;
	put("another's", 0644, "hello", 5);
	assert_int_equal(chown(in_folder("another's", path), 4711, 0), 0);
	assert_false(bp_file_read(path, 0, 022, &b, &what, &why));
	assert_true(bp_text_is(bp_buf_text(&what), "is owned by uid 4711, "
	    "not by root (chown root)"));
}

/* What finds no room is cut between words of ours, and nothing else fails. */
TEST(words_without_room_change_nothing)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	struct bp_buf what = BP_BUF_INIT(0);
	enum bp_reason why = 77;
	char path[64];

	(void)state;
	assert_false(bp_file_read(in_folder("none", path), geteuid(), 022, &b,
	    &what, &why));
	assert_int_equal(why, BP_FILE_MISSING);
	assert_int_equal(what.len, 0);
}

static const struct placed {
	const char *name;
	mode_t mode;		/* 0: none is put there */
	uid_t stranger;
	int why;
} placed[] = {
	{ "in-good",	0600, 0, -1 },
	{ "in-open",	0644, 0, -1 },
	{ "in-group",	0620, 0, BP_FILE_UNTRUSTED },
	{ "in-world",	0602, 0, BP_FILE_UNTRUSTED },
	{ "in-stranger's", 0600, 1, BP_FILE_UNTRUSTED },
	{ "link",	0, 0, BP_FILE_UNTRUSTED },
	{ "fifo",	0, 0, BP_FILE_UNTRUSTED },
	{ "in-none",	0, 0, BP_FILE_MISSING },
};

ROWS(placed, is_read_in_its_folder_by_the_same_rules)
{
	const struct placed *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(5);
	BP_AUTO(bp_file_close) int dir = open_folder();
	enum bp_reason why = 77;

	if (row->mode != 0)
		put(row->name, row->mode, "hello", 5);
	assert_int_equal(bp_file_read_in(dir, row->name,
	    geteuid() + row->stranger, &b, &why), row->why < 0);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	assert_true(bp_text_is(bp_buf_text(&b), row->why < 0 ? "hello" : ""));
}

static const struct kept {
	const char *name;
	mode_t mode;		/* of a folder that is made; 0: none is */
	uid_t stranger;
	int why;
} kept[] = {
	{ "folder of 0700",	0700, 0, -1 },
	{ "folder of 0755",	0755, 0, -1 },
	{ "folder of its group", 0770, 0, BP_FILE_UNTRUSTED },
	{ "folder of all",	0707, 0, BP_FILE_UNTRUSTED },
	{ "folder with the sticky bit", 01777, 0, BP_FILE_UNTRUSTED },
	{ "folder of another",	0700, 1, BP_FILE_UNTRUSTED },
	{ "folder link",	0, 0, BP_FILE_UNTRUSTED },
	{ "dangling",		0, 0, BP_FILE_UNTRUSTED },
	{ "folder file",	0, 0, BP_FILE_UNTRUSTED },
	{ "fifo",		0, 0, BP_FILE_UNTRUSTED },
	{ "none/none",		0, 0, BP_FILE_MISSING },
};

ROWS(kept, is_a_folder_of_ours_or_not)
{
	const struct kept *row = *state;
	enum bp_reason why = 77;
	char path[64];
	int fd = -77;

	(void)in_folder(row->name, path);
	if (row->mode != 0)
		assert_true(mkdir(path, 0700) == 0 &&
		    chmod(path, row->mode) == 0);
	assert_int_equal(bp_file_folder(path, geteuid() + row->stranger, &fd,
	    &why), row->why < 0);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	if (row->why >= 0) {
		assert_int_equal(fd, -77);
		return;
	}
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	bp_file_close(&fd);
	assert_int_equal(fd, -1);
}

static void
assert_made(const char *name)
{
	enum bp_reason why;
	struct stat st;
	char path[64];
	int fd = -1;

	assert_true(bp_file_folder(in_folder(name, path), geteuid(), &fd,
	    &why));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	bp_file_close(&fd);
}

TEST(a_folder_that_is_missing_is_made_of_0700)
{
	mode_t before;

	(void)state;
	before = umask(0);
	assert_made("made");
	(void)umask(022);
	assert_made("made");		/* and found */
	(void)umask(before);
}

/* The umask is the caller of sudo's; only root opens what has no mode. */
TEST(a_folder_is_made_of_0700_under_any_umask)
{
	mode_t before;

	(void)state;
	before = umask(geteuid() == 0 ? 0777 : 0177);
	assert_made("made under a umask");
	(void)umask(before);
}

TEST(a_close_keeps_errno_and_closes_once)
{
	int none = -1, fd = dup(0);

	(void)state;
	errno = ENOSPC;
	bp_file_close(&none);
	assert_int_equal(errno, ENOSPC);
	assert_true(fd >= 0);
	bp_file_close(&fd);
	assert_int_equal(fd, -1);
	fd = 12345;
	errno = ENOSPC;
	bp_file_close(&fd);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fd, -1);
}

/* The text under NAME, and its mode; no other file may begin with a dot. */
static void
assert_file(const char *name, const char *text, mode_t mode)
{
	char path[64], bytes[64] = "";
	DIR *dir = opendir(folder);
	struct dirent *d;
	struct stat st;
	FILE *f;

	while ((d = readdir(dir)) != NULL)
		assert_true(d->d_name[0] != '.' ||
		    strcmp(d->d_name, ".") == 0 ||
		    strcmp(d->d_name, "..") == 0);
	(void)closedir(dir);
	(void)in_folder(name, path);
	if (text == NULL) {
		assert_int_equal(access(path, F_OK), -1);
		return;
	}
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | mode);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(bytes, 1, sizeof(bytes) - 1, f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_string_equal(bytes, text);
}

static const struct replaced {
	const char *name, *old;	/* NULL: there was none */
	mode_t mode, umask;
	const char *new;
} replaced[] = {
	{ "new one",		NULL,	0,	022,	"hello" },
	{ "old one",		"old",	0600,	022,	"hello" },
	{ "longer one",		"hello, hello", 0600, 022, "hello" },
	{ "one that all read",	"old",	0644,	022,	"hello" },
	{ "one of no bytes",	"old",	0600,	022,	"" },
	{ "umask of 0",		NULL,	0,	0,	"hello" },
	{ "umask of 0777",	"old",	0600,	0777,	"hello" },
};

ROWS(replaced, is_replaced_and_of_0600)
{
	const struct replaced *row = *state;
	BP_AUTO(bp_file_close) int dir = open_folder();
	enum bp_reason why = 77;
	mode_t before;

	if (row->old != NULL)
		put(row->name, row->mode, row->old, strlen(row->old));
	before = umask(row->umask);
	assert_true(bp_file_replace(dir, row->name, bp_text_of(row->new),
	    &why));
	(void)umask(before);
	assert_int_equal(why, 77);
	assert_file(row->name, row->new, 0600);
}

/* Who has the old one open reads it to its end. */
TEST(a_reader_finds_the_old_or_the_new_one_whole)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	BP_AUTO(bp_file_close) int old = -1;
	enum bp_reason why;
	char path[64], bytes[8] = "";

	(void)state;
	put("read", 0600, "old", 3);
	old = open(in_folder("read", path), O_RDONLY);
	assert_true(bp_file_replace(dir, "read", bp_text_of("new"), &why));
	assert_int_equal(read(old, bytes, sizeof(bytes)), 3);
	assert_string_equal(bytes, "old");
	assert_file("read", "new", 0600);
}

TEST(a_link_is_replaced_and_not_followed)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	enum bp_reason why;
	char path[64];

	(void)state;
	put("target", 0600, "old", 3);
	assert_int_equal(symlink("target", in_folder("alink", path)), 0);
	assert_true(bp_file_replace(dir, "alink", bp_text_of("new"), &why));
	assert_file("alink", "new", 0600);
	assert_file("target", "old", 0600);
}

/* Although what is tried to tidy up fails of another. */
TEST(errno_says_why_a_file_was_not_written)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	struct rlimit before, none;
	enum bp_reason why = 77;
	int error;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_false(bp_file_replace(dir, "unopened", bp_text_of("x"), &why));
	error = errno;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	assert_string_equal(bp_file_words(error), "Too many open files");
	assert_string_equal(bp_file_words(77777), "unknown error");
}

TEST(what_cannot_be_replaced_leaves_nothing_behind)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	enum bp_reason why = 77;
	char name[256];

	(void)state;
	assert_false(bp_file_replace(dir, "folder", bp_text_of("new"), &why));
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	assert_file("none", NULL, 0);
	assert_false(bp_file_replace(-1, "x", bp_text_of("new"), &why));
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(bp_file_replace(dir, name, bp_text_of("new"), &why));
	assert_int_equal(why, BP_RANDOM);
	assert_file("none", NULL, 0);
}

/* The caller of sudo forbids files, or large ones: `ulimit -f`. */
static const struct limit {
	const char *name;
	rlim_t most;
	bool blocked, pending, ignored, ok;
} limits[] = {
	{ "no files at all",		0,	false, false, false, false },
	{ "files of 10 bytes",		10,	false, false, false, false },
	{ "files of 19 bytes",		19,	false, false, false, false },
	{ "files of 20 bytes",		20,	false, false, false, true },
	{ "a host that blocks it",	10,	true,  false, false, false },
	{ "a host where one waits",	10,	true,  true,  false, false },
	{ "a host that ignores it",	10,	false, false, true,  false },
};

static volatile sig_atomic_t signals;

static void
count_signal(int number)
{
	(void)number;
	signals++;
}

static void
set_limit(rlim_t most)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = most < l.rlim_max ? most : l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static bool
is_pending(void)
{
	sigset_t set;

	assert_int_equal(sigpending(&set), 0);
	return sigismember(&set, SIGXFSZ) == 1;
}

ROWS(limits, is_an_error_and_no_signal)
{
	const struct limit *row = *state;
	BP_AUTO(bp_file_close) int dir = open_folder();
	sigset_t xfsz, other, before, after;
	enum bp_reason why = 77;
	bool ok;

	put("limited", 0644, "old", 3);
	signals = 0;
	(void)signal(SIGXFSZ, row->ignored ? SIG_IGN : count_signal);
	assert_true(sigemptyset(&xfsz) == 0 && sigaddset(&xfsz, SIGXFSZ) == 0);
	assert_true(sigemptyset(&other) == 0 &&
	    sigaddset(&other, SIGUSR1) == 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, row->blocked ? &xfsz
	    : &other, NULL), 0);
	if (row->pending)
		assert_int_equal(raise(SIGXFSZ), 0);
	set_limit(row->most);
	ok = bp_file_replace(dir, "limited",
	    bp_text_of("twenty bytes, no mor"), &why);
	set_limit(RLIM_INFINITY);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &after), 0);
	assert_int_equal(is_pending(), row->pending);
	assert_int_equal(sigismember(&after, SIGXFSZ), row->blocked);
	assert_int_equal(sigismember(&after, SIGUSR1), !row->blocked);
	assert_true(sigemptyset(&before) == 0 &&
	    sigprocmask(SIG_SETMASK, &before, NULL) == 0);
	assert_int_equal(signals, row->pending ? 1 : 0);
	(void)signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(ok, row->ok);
	assert_int_equal(why, row->ok ? 77 : BP_FILE_UNWRITTEN);
	assert_file("limited", row->ok ? "twenty bytes, no mor" : "old",
	    row->ok ? 0600 : 0644);
}

/* What a killed writer of "swept" left, or seems to have left. */
static const struct leftover {
	const char *name, *file;
	int age;		/* seconds */
	bool gone;
} leftovers[] = {
	{ "one of long ago",	".swept.0011223344556677", 3600, true },
	{ "one of 70 seconds",	".swept.0011223344556677", 70, true },
	{ "one of the future",	".swept.0011223344556677", -3600, true },
	{ "one at work",	".swept.0011223344556677", 30, false },
	{ "another file's",	".swept2.0011223344556677", 3600, false },
	{ "no temporary one",	"swept.0011223344556677", 3600, false },
	{ "a folder",		".swept.folder", 3600, false },
};

ROWS(leftovers, is_swept_by_the_next_writer)
{
	const struct leftover *row = *state;
	BP_AUTO(bp_file_close) int dir = open_folder();
	struct timespec old[2] = { { .tv_sec = time(NULL) - row->age } };
	enum bp_reason why;
	char path[64];

	old[1] = old[0];
	(void)in_folder(row->file, path);
	if (strstr(row->file, "folder") != NULL)
		assert_int_equal(mkdir(path, 0700), 0);
	else
		put(row->file, 0600, "half", 4);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	assert_true(bp_file_replace(dir, "swept", bp_text_of("new"), &why));
	assert_int_equal(access(path, F_OK), row->gone ? -1 : 0);
	if (!row->gone)
		assert_int_equal(remove(path), 0);
	assert_file("swept", "new", 0600);
}

static int
make_odd_ones(void **state)
{
	struct sockaddr_un name = { AF_UNIX, "socket" };
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	return make_folder(state) != 0 || chdir(folder) != 0 ||
	    symlink("good", "link") != 0 || mkfifo("fifo", 0600) != 0 ||
	    symlink("nowhere", "dangling") != 0 ||
	    mkdir("folder", 0700) != 0 ||
	    symlink("folder", "folder link") != 0 ||
	    creat("folder file", 0700) < 0 ||
	    bind(s, (void *)&name, sizeof(name)) != 0 || close(s) != 0;
}

/* Of room for twenty bytes, by a text of some. */
static const struct fill {
	const char *name, *text;
	bool ok;
} fills[] = {
	{ "room for more", "twelve bytes", true },
	{ "room for as much", "twenty bytes, no mor", true },
	{ "room for nothing", "", true },
	{ "room for less", "twenty-one bytes here", false },
};

ROWS(fills, is_used_up)
{
	const struct fill *row = *state;
	BP_AUTO(bp_file_close) int dir = open_folder();
	BP_AUTO(bp_file_room_done) struct bp_file_room room =
	    BP_FILE_ROOM_INIT;
	enum bp_reason why = 77, again = 77;

	put("filled", 0600, "old", 3);
	assert_true(bp_file_room_take(dir, "filled", 20, &room, &why));
	assert_int_equal(bp_file_room_fill(&room, "filled",
	    bp_text_of(row->text), &why), row->ok);
	assert_int_equal(why, row->ok ? 77 : BP_FILE_UNWRITTEN);
	assert_file("filled", row->ok ? row->text : "old", 0600);
	assert_false(bp_file_room_fill(&room, "filled", bp_text_of("x"),
	    &again));
	assert_int_equal(again, BP_FILE_UNWRITTEN);
	assert_file("filled", row->ok ? row->text : "old", 0600);
}

TEST(room_that_is_not_used_is_given_back)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	struct bp_file_room room = BP_FILE_ROOM_INIT;
	enum bp_reason why;

	(void)state;
	put("unfilled", 0600, "old", 3);
	assert_true(bp_file_room_take(dir, "unfilled", 20, &room, &why));
	bp_file_room_done(&room);
	assert_file("unfilled", "old", 0600);
}

/* As who is killed leaves it, the one that comes next finds it. */
TEST(room_that_was_left_is_the_next_ones)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	struct bp_file_room left = BP_FILE_ROOM_INIT;
	struct bp_file_room next = BP_FILE_ROOM_INIT;
	enum bp_reason why = 77;

	(void)state;
	put("inherited", 0600, "old", 3);
	assert_true(bp_file_room_take(dir, "inherited", 20, &left, &why));
	assert_true(bp_file_room_take(dir, "inherited", 20, &next, &why));
	assert_true(bp_file_room_fill(&next, "inherited", bp_text_of("new"),
	    &why));
	assert_false(bp_file_room_fill(&left, "inherited", bp_text_of("late"),
	    &why));
	assert_file("inherited", "new", 0600);
}

/* Its bytes are there, not promised: one more than the limit is too many. */
TEST(room_that_cannot_be_had_is_none_and_leaves_nothing)
{
	BP_AUTO(bp_file_close) int dir = open_folder();
	struct bp_file_room room = BP_FILE_ROOM_INIT;
	enum bp_reason why = 77;
	bool ok;

	(void)state;
	put("unfilled", 0600, "old", 3);
	set_limit(10000);
	ok = bp_file_room_take(dir, "unfilled", 10001, &room, &why);
	set_limit(RLIM_INFINITY);
	assert_false(ok);
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	bp_file_room_done(&room);
	assert_file("unfilled", "old", 0600);
}

TEST(of_thousands_of_names_none_is_left_out)
{
	char name[BP_FILE_NAME_SIZE] = "", path[64];
	int dir, n = 0;

	(void)state;
	assert_int_equal(mkdir(in_folder("many", path), 0700), 0);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 3000; i++) {
		(void)snprintf(path, sizeof(path), "%04d", i);
		assert_int_equal(mknodat(dir, path, S_IFREG | 0600, 0), 0);
	}
	while (n < 3000 && bp_file_next(dir, name))
		n++;
	assert_int_equal(n, 3000);
	assert_string_equal(name, "2999");
	assert_false(bp_file_next(dir, name));
	assert_int_equal(close(dir), 0);
}

RUN(make_odd_ones, remove_folder)
