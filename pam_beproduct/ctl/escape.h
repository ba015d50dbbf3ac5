/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * escape.h - names from the network, fit for the administrator's terminal.
 *
 * Runs in: beproductctl.  Trusts: nothing that it shows.
 */
#ifndef BP_CTL_ESCAPE_H
#define BP_CTL_ESCAPE_H

#include "core/log.h"
#include "wire/claim.h"

struct bp_escaped {
	char	 text[4 * BP_LOG_VALUE_MAX + 1];
};

/* T as bp_log_escape() has it. */
struct bp_escaped bp_escape_text(struct bp_text t);

/* The string of C in quotes, or the word for what is no string. */
struct bp_escaped bp_escape_claim(const struct bp_claim *c);

/* T to standard output, as a string of JSON. */
void	bp_escape_json(struct bp_text t);

/* The same as the value of NAME in an object, of which more follows. */
void	bp_escape_pair(const char *name, struct bp_text t);

#endif
