/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.h - random letters that nobody can guess.
 *
 * Runs in: module and beproductctl.  Trusts: the kernel.
 */
#ifndef BP_CORE_RANDOM_H
#define BP_CORE_RANDOM_H

#include "wire/buf.h"

/*
 * Append N bytes of randomness to RET as 2 * N hex digits; N is at most 32.
 * False, and RET as it was: the kernel gave none, or RET is full.
 */
BP_MUST_USE bool bp_random_hex(struct bp_buf *ret, size_t n);

#endif
