/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.h - SHA-256, by which files are named after what no name may hold.
 *
 * Runs in: module and beproductctl.  Its file is the one that knows libmd.
 */
#ifndef BP_CORE_DIGEST_H
#define BP_CORE_DIGEST_H

#include "wire/text.h"

enum { BP_DIGEST = 32, BP_DIGEST_HEX = 2 * BP_DIGEST };	/* bytes */

void	bp_digest(struct bp_text bytes, unsigned char ret[BP_DIGEST]);

/* In hex digits, with a NUL. */
void	bp_digest_hex(struct bp_text bytes, char ret[BP_DIGEST_HEX + 1]);

#endif
