/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * given_file.h - a file that whoever runs beproductctl names, whosever it is:
 * nobody is admitted by it.
 *
 * Runs in: beproductctl, as root.
 */
#ifndef BP_CTL_GIVEN_FILE_H
#define BP_CTL_GIVEN_FILE_H

#include "wire/buf.h"

/* All of it into RET, an empty buffer.  On false it has been said why. */
BP_MUST_USE bool bp_given_file_read(const char *path, struct bp_buf *ret);

#endif
