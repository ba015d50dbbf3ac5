/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the helper: read one request, work, answer, end.
 *
 * Runs as: its own user, in a process of its own, with nothing open but the
 * socket.  Trusts: the module that started it, and nothing from outside.
 * Writes no file and reads none of ours; says nothing but its answer.
 */
#include <sys/prctl.h>
#include <sys/resource.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper/parent.h"
#include "helper/serve.h"
#include "wire/list.h"

/* exec keeps what the host ignored and blocked. */
static bool
reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	/* libcurl's sockets may be closed, and the module may be gone */
	return signal(SIGPIPE, SIG_IGN) != SIG_ERR &&
	    sigemptyset(&none) == 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

/*
 * What exec undid, or the module did not do; libraries read the environment,
 * SSLKEYLOGFILE and OPENSSL_CONF among it, and we none.  PDEATHSIG comes late
 * for a parent that has died already: then nobody reads our answer.
 */
static bool
settle(void)
{
	const struct rlimit none = { 0, 0 };

	/* who is started by a descriptor is named by its number */
	(void)prctl(PR_SET_NAME, "beproduct-helper", 0L, 0L, 0L);
	return reset_signals() && clearenv() == 0 &&
	    setrlimit(RLIMIT_CORE, &none) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0 &&
	    prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L) == 0 &&
	    !bp_parent_is_gone();
}

/* To the end. */
static bool
hear(struct bp_buf *ret)
{
	ssize_t n;

	do
		n = bp_buf_fill(ret, BP_MSG_IN);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0;
}

/* Behind half an answer nothing may come. */
static void
say(void *arg, struct bp_text t)
{
	ssize_t n;

	(void)arg;
	while (t.len > 0) {
		n = write(BP_MSG_OUT, t.at, t.len);
		if (n < 0 && errno != EINTR)
			_exit(1);
		if (n > 0)
			t = bp_text_after(t, (size_t)n);
	}
}

/* What stands behind a message makes it none. */
static bool
answer(struct bp_text bytes)
{
	static const struct bp_listener module = { say, NULL };
	struct bp_text message;
	struct bp_msg request;

	if (!bp_list_take(&bytes, &message) || bytes.len > 0)
		return false;
	if (bp_msg_is_foreign(message))
		return bp_serve_foreign(&module);
	return bp_msg_read(message, &request) && bp_serve(&request, &module);
}

static bool
run(void)
{
	BP_AUTO(bp_buf_done) struct bp_buf in =
	    BP_BUF_INIT(BP_LIST_NUMBER + BP_MSG_MAX);

	return settle() && hear(&in) && answer(bp_buf_text(&in));
}

/* _exit: a thread that still looks a name up needs the libraries as they are */
int
main(void)
{
	_exit(run() ? 0 : 1);
}
