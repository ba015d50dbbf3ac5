/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h - what `sign-in` and `explain` were asked about: an account, a
 * service, both or neither; and what is known of these without a sign-in.
 *
 * Runs in: beproductctl.  Trusts: NSS, and the configuration, which is read.
 */
#ifndef BP_CTL_QUESTION_H
#define BP_CTL_QUESTION_H

#include "core/setup.h"
#include "ctl/options.h"
#include "attempt/account.h"

/* Borrows all of it. */
struct bp_question {
	const struct bp_options	*options;
	const struct bp_setup	*setup;
	struct bp_account	 account;	/* of OPTIONS's user */
	const struct bp_service	*service;	/* the section; NULL: none */
	const char		*prefix;	/* of each line of the answer */
	bool			 all_rules;	/* those of other people, too */
};

struct bp_question bp_question_of(const struct bp_options *options,
    const struct bp_setup *setup);

/*
 * Is the account, where one is asked about, ours to judge?
 *
 * BP_ROOT, BP_ACCOUNT_UNKNOWN (over ssh), and as bp_account_is_ours()
 */
BP_MUST_USE bool bp_question_is_ours(const struct bp_question *q,
    enum bp_reason *reterr);

/* The same of its lock.  As bp_lock_is_open(), with RETFILE */
BP_MUST_USE bool bp_question_is_unlocked(const struct bp_question *q,
    struct bp_buf *retfile, enum bp_reason *reterr);

/*
 * Could a sign-in help?  As the module, which asks nobody anything before.
 *
 * As bp_question_is_ours() and bp_question_is_unlocked(), and
 * BP_SERVICE_CLOSED
 */
BP_MUST_USE bool bp_question_is_open(const struct bp_question *q,
    enum bp_reason *reterr);

#endif
