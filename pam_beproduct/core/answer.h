/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - what the person pasted: is it worth a request to the provider?
 *
 * Runs in: module and beproductctl.  Trusts: nothing.
 * The form is judged here, the helper decodes.  What fails the form starts no
 * helper, a stored password that a client sends by itself among it.
 */
#ifndef BP_CORE_ANSWER_H
#define BP_CORE_ANSWER_H

#include "core/reason.h"

enum { BP_ANSWER_TRIES = 3 };		/* lines of an attempt */

/* Is LINE what sshd puts in the place of any answer, when none can count? */
bool	bp_answer_is_replaced(struct bp_text line);

/*
 * Judge LINE; on true RET is what goes to the helper, borrowed from LINE:
 * without line ends, blanks, quotes and paste brackets around it.
 *
 *   cut_at  how many bytes the host lets through at most; 0: unknown
 *
 * BP_ANSWER_CUT  LINE has exactly as many: by length alone, before any byte
 * BP_NO_CODE     neither an address or query with code= or error= or both,
 *                and state, none of code, state, iss and error twice, nor a
 *                bare code; or a byte that does not print
 */
BP_MUST_USE bool bp_answer_judge(struct bp_text line, size_t cut_at,
    struct bp_text *ret, enum bp_reason *reterr);

#endif
