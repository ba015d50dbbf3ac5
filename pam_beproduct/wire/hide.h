/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hide.h - secrets in what others say: providers, and proxies before them,
 * repeat what they were sent.
 *
 * Runs in: the helper, which knows the secrets of its request; and the module,
 * which knows the client's.  Trusts: nothing.
 *
 * A secret is looked for as it stands, with bytes as %XX, and with + for a
 * space besides.  In no other spelling: nobody repeats it so by mistake, and
 * of somebody who means to, this is no wall.
 */
#ifndef BP_WIRE_HIDE_H
#define BP_WIRE_HIDE_H

#include "wire/text.h"

/* So many bytes of a secret in a row tell of it; of a shorter one, all. */
enum { BP_HIDE_RUN = 8 };

/*
 * Put * in place of every byte of SAID that tells of any of N secrets, of which
 * some may be empty: of whole characters, where all are UTF-8.  SAID keeps its
 * length.
 */
void	bp_hide(const struct bp_text *secrets, size_t n, char *said,
	    size_t len);

/*
 * Does SAID hold all of SECRET?  For what cannot be shown in part; a secret
 * shorter than BP_HIDE_RUN is none here, for it may be any word.
 */
bool	bp_hide_is_held(struct bp_text secret, struct bp_text said);

#endif
