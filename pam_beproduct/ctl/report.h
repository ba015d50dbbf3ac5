/*
 * report.h - what was decided about somebody who signed in, and why: each
 * step of core/policy.h with its verdict, a line a step (step.h) on standard
 * output.
 *
 * Runs in: beproductctl.  Decides nothing: every verdict is that of the
 * function by which the module decides.
 */
#ifndef BP_CTL_REPORT_H
#define BP_CTL_REPORT_H

#include "core/policy.h"
#include "core/setup.h"
#include "ctl/options.h"
#include "attempt/account.h"

/* Borrows all of it. */
struct bp_report {
	const struct bp_options	*options;
	const struct bp_setup	*setup;
	struct bp_account	 account;	/* of OPTIONS's user */
	const struct bp_service	*service;	/* the section; NULL: none */
	const char		*prefix;
	bool			 all_rules;	/* those of other people, too */
};

/* SETUP has its configuration read. */
struct bp_report bp_report_of(const struct bp_options *options,
    const struct bp_setup *setup);

/* What refuses before anybody is asked anything: account and service. */
BP_MUST_USE bool bp_report_is_open(const struct bp_report *r,
    enum bp_reason *reterr);

/* All steps; how it was decided, which the last line says. */
enum bp_reason	bp_report_steps(const struct bp_report *r,
		    const struct bp_identity *who);

/* The last line alone.  DETAIL may be empty. */
void	bp_report_end(const struct bp_report *r, enum bp_reason reason,
	    struct bp_text detail);

#endif
