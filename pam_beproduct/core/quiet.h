/*
 * quiet.h - write, and live to see that it failed.
 *
 * Runs in: module and beproductctl, as root.
 * A write to a pipe that nobody reads raises SIGPIPE, and one past the caller's
 * RLIMIT_FSIZE SIGXFSZ; both end su and sudo.
 */
#ifndef BP_CORE_QUIET_H
#define BP_CORE_QUIET_H

#include "wire/buf.h"

/*
 * As write(): EPIPE and EFBIG are errors here, and raise nothing.  The
 * thread's mask and what was pending are afterwards as they were.
 */
BP_MUST_USE ssize_t bp_quiet_write(int fd, struct bp_text t);

#endif
