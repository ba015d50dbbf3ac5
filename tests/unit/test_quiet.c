#include "support/support.h"
#include "core/quiet.h"
#include "wire/text.h"

#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>

static volatile sig_atomic_t signals;

static void
note(int sig)
{
	(void)sig;
	signals++;
}

static bool
are_the_same(const sigset_t *a, const sigset_t *b)
{
	for (int sig = 1; sig < NSIG; sig++)
		if (sigismember(a, sig) != sigismember(b, sig))
			return false;
	return true;
}

static int
a_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	return ends[1];
}

static int
a_file(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/file", folder);
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

/* Of files; the log of this test may be one. */
static void
limit_to(rlim_t n)
{
	const struct rlimit l = { n, RLIM_INFINITY };

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static const struct row {
	const char	*name;
	int		 (*open)(void);
	int		 sig, error;
	bool		 is_blocked, waits;	/* before */
} rows[] = {
	{ "a pipe that nobody reads", a_pipe, SIGPIPE, EPIPE, false, false },
	{ "a file past its limit", a_file, SIGXFSZ, EFBIG, false, false },
	{ "a pipe that nobody reads, in a host that blocks its signal",
	    a_pipe, SIGPIPE, EPIPE, true, false },
	{ "a pipe that nobody reads, and a signal that waited", a_pipe,
	    SIGPIPE, EPIPE, true, true },
	{ "a file past its limit, and a signal that waited", a_file, SIGXFSZ,
	    EFBIG, true, true },
};

static void
prepare(const struct row *row, sigset_t *one, sigset_t *before)
{
	signals = 0;
	assert_true(signal(row->sig, note) != SIG_ERR);
	(void)sigemptyset(one);
	(void)sigaddset(one, row->sig);
	(void)sigprocmask(row->is_blocked ? SIG_BLOCK : SIG_UNBLOCK, one,
	    NULL);
	if (row->waits)
		(void)raise(row->sig);
	(void)sigprocmask(SIG_SETMASK, NULL, before);
}

ROWS(rows, is_an_error_and_no_signal)
{
	const struct row *row = *state;
	sigset_t one, before, after, waiting;
	int fd = row->open(), error;
	ssize_t n;

	prepare(row, &one, &before);
	limit_to(0);
	n = bp_quiet_write(fd, bp_text_of("x"));
	error = errno;
	limit_to(RLIM_INFINITY);
	assert_int_equal(n, -1);
	assert_int_equal(error, row->error);
	assert_int_equal(signals, 0);
	(void)sigprocmask(SIG_SETMASK, NULL, &after);
	assert_true(are_the_same(&before, &after));
	(void)sigpending(&waiting);
	assert_int_equal(sigismember(&waiting, row->sig), row->waits);
	if (row->waits)
		assert_int_equal(sigwaitinfo(&one, NULL), row->sig);
	(void)close(fd);
}

TEST(what_can_be_written_is)
{
	char c = 0;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(bp_quiet_write(ends[1], bp_text_of("x")), 1);
	assert_int_equal(read(ends[0], &c, 1), 1);
	assert_int_equal(c, 'x');
}

RUN(make_folder, remove_folder)
