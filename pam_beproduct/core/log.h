/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - a line of the log as KEY="value" pairs that no value can break.
 *
 * Runs in: module and beproductctl.  Composes only; who calls it logs.
 * Trusts: the keys.  Of values nothing: quotes and backslashes are escaped,
 * what does not print becomes \xHH, and each is cut at 256 bytes.
 */
#ifndef BP_CORE_LOG_H
#define BP_CORE_LOG_H

#include "wire/text.h"

enum { BP_LOG_VALUE_MAX = 256, BP_LOG_LINE_MAX = 8192 };

/* Append ` KEY="VALUE"`; what finds no room is left out whole. */
void	bp_log_add(struct bp_buf *line, const char *key, struct bp_text value);

/* Append ` KEY=WORD`, WORD being ours. */
void	bp_log_add_word(struct bp_buf *line, const char *key,
	    const char *word);

/* Append VALUE alone, escaped in the same way. */
BP_MUST_USE bool bp_log_escape(struct bp_buf *ret, struct bp_text value);

#endif
