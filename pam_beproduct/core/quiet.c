#include "core/quiet.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* What a failure with this number raises, in this thread; 0: nothing. */
static int
signal_of(int error)
{
	switch (error) {
	case EPIPE:
		return SIGPIPE;
	case EFBIG:
		return SIGXFSZ;
	default:
		return 0;
	}
}

/* Unless it is the host's own, that waited before. */
static void
take_back(int sig, const sigset_t *waited)
{
	static const struct timespec at_once = { 0, 0 };
	int saved = errno;
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, sig);
	if (sigismember(waited, sig) == 0)
		(void)sigtimedwait(&one, NULL, &at_once);
	errno = saved;
}

ssize_t
bp_quiet_write(int fd, struct bp_text t)
{
	sigset_t both, before, waited;
	ssize_t n;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGPIPE);
	(void)sigaddset(&both, SIGXFSZ);
	(void)sigpending(&waited);
	if (pthread_sigmask(SIG_BLOCK, &both, &before) != 0)
		return -1;
	n = write(fd, t.at, t.len);
	if (n < 0 && signal_of(errno) != 0)
		take_back(signal_of(errno), &waited);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n;
}
