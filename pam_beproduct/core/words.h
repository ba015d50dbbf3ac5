/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * words.h - what the person is told: the prompts of a sign-in.
 *
 * Runs in: module and beproductctl.  Composes only.
 * Trusts: the address, which authorize.h composed.  Of host, service and
 * account nothing: what is not visible ASCII becomes `-`, and each is cut.
 */
#ifndef BP_CORE_WORDS_H
#define BP_CORE_WORDS_H

#include "wire/text.h"

enum { BP_WORDS_MAX = 8192 };		/* bytes of a prompt */

struct bp_words {
	struct bp_text	 host, service, account;
	struct bp_text	 address;
	const char	*sentence;	/* about the last answer, or NULL */
	bool		 wants_code;	/* it asked for the code alone */
	bool		 is_terminal;	/* the address stays in sight */
	bool		 is_deaf;	/* Ctrl-D ends the prompt, not Ctrl-C */
	bool		 is_admin;	/* who can see what is configured */
	struct bp_text	 detail;	/* and is told more of the last answer */
};

/* What explains the sign-in, or, after an answer, what was wrong with it. */
BP_MUST_USE bool bp_words_explain(const struct bp_words *w,
    struct bp_buf *ret);

/* The end of it, to which the answer is typed. */
extern const char bp_words_ask[];

#endif
