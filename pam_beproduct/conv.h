/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conv.h - talk with the person through the host.
 *
 * Runs in: the module, inside the host's conversation function.
 * Trusts: the host to show what it is given; of the answer nothing.
 * PAM_SILENT is not heeded: sudo sets it always, and shows what it is given.
 */
#ifndef BP_CONV_H
#define BP_CONV_H

#include "call.h"

/*
 * Show EXPLAIN and ask ASK; RET is the answer, erased and released with
 * bp_conv_forget().  Whether EXPLAIN goes out before the prompt or in it, and
 * what it means that no answer came, is the host's (core/host.h).
 *
 * Echo is on, but where a host without a terminal would hand us what is not
 * for us.  With it off, sshd's password method would answer by itself, with
 * the person's local password.
 *
 * BP_NO_CONVERSATION  the host has none
 * BP_BROKE_OFF        it failed, or gave no answer; C->conv_code says how
 * and the host's reasons of its own for PAM_CONV_ERR
 */
BP_MUST_USE bool bp_conv_ask(struct bp_call *c, struct bp_text explain,
    const char *ask, char **ret, enum bp_reason *reterr);

/* For BP_AUTO. */
void	bp_conv_forget(char **answer);

/* One sentence, with the id that the log has too; "" says nothing. */
void	bp_conv_say(const struct bp_call *c, const char *sentence);

#endif
