/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_diff.h - show a change as `diff -u` does: lines that were put in, or
 * that were taken out.
 *
 * Runs in: beproductctl.  Trusts: nothing that it shows; control characters
 * become question marks.
 */
#ifndef BP_CTL_PAM_DIFF_H
#define BP_CTL_PAM_DIFF_H

#include <stdio.h>

#include "wire/text.h"

/*
 * BEFORE, which FROM has, becomes AFTER in TO.  One of the two must have all
 * lines of the other, in their order; else nothing is shown, and false.
 */
BP_MUST_USE bool bp_pam_diff(FILE *out, const char *from, const char *to,
    struct bp_text before, struct bp_text after);

#endif
