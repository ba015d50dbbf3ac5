/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.h - what a program of this host's says, for `check`.
 *
 * Runs in: beproductctl, as root.  Trusts: the program, which root installed.
 *
 * Without a shell, in a session and a folder of its own, without input, with
 * an environment of two constants; for BP_RUN_MS at most.
 */
#ifndef BP_CTL_RUN_H
#define BP_CTL_RUN_H

#include "wire/buf.h"

enum { BP_RUN_MS = 5000 };

/*
 * Run ARGV, whose first is an absolute path.  RET, an empty buffer with the
 * ceiling of what it may say, becomes standard output and error as they come.
 * False, and RET as far as it came: it cannot be started, did not end well or
 * in time, or said more.
 */
BP_MUST_USE bool bp_run(const char *const argv[], struct bp_buf *ret);

#endif
