/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secret.h - the client secret in the bytes of its file.
 *
 * Runs in: module and beproductctl.  Trusts: that the file was vetted
 * (file.h, with 077), but no byte in it.  Copies nothing.
 */
#ifndef BP_CORE_SECRET_H
#define BP_CORE_SECRET_H

#include "wire/limits.h"
#include "wire/text.h"

/* Bytes of its file, to tell what it is. */
enum { BP_SECRET_FILE_MAX = 4096 };

/*
 * FILE is one line, whose end (LF or CR LF, or none) is not part of the
 * secret.  RET is borrowed from FILE.  RETERR says what is wrong: nothing in
 * it, more behind the line, blanks around, a control character, a byte-order
 * mark, too long.
 */
BP_MUST_USE bool bp_secret_of(struct bp_text file, struct bp_text *ret,
    const char **reterr);

#endif
