/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map_rule.h - a rule of accounts.map: which identity may act as which
 * account.
 *
 * Runs in: module and beproductctl.  Trusts: nothing, though root wrote it;
 * of an identity nothing.  A rule is borrowed from the line that it was read
 * from.
 *
 * It has three columns (item.h), divided by spaces and tabs: the claim, the
 * identity, the account; and perhaps a fourth, its end.
 *
 *	claim     BP_CLAIM_NAME_MAX bytes at most, no blanks
 *	identity  exact bytes; or, bare and between slashes, an expression
 *	          (expression.h), which holds no blanks ([[:blank:]] instead)
 *	          and matches all of an identity (match.h)
 *	account   of an expression with \1 to \9 for its groups; any other
 *	          \ stands for itself, but none before 0 or another \
 *	end       bare, until=YYYY-MM-DD (day.h): behind the last second of
 *	          that day, in UTC, the rule gives nothing
 */
#ifndef BP_CORE_MAP_RULE_H
#define BP_CORE_MAP_RULE_H

#include "core/item.h"
#include "core/name.h"

/*
 * A rule of the claim `key` is of a key, and of no person: its identity is an
 * SSH key's fingerprint (ssh_key.h), and no claim of that name maps anybody.
 */
struct bp_map_rule {
	unsigned	 line;		/* from 1 */
	struct bp_text	 claim;
	struct bp_item	 identity;
	bool		 is_regex;	/* identity.raw without the slashes */
	struct bp_item	 account;
	int64_t		 end;		/* the first second without it; 0: none */
};

/* The rule in LINE, checked whole.  What is wrong with it; NULL: nothing. */
const char	*bp_map_rule_read(struct bp_text line, struct bp_map_rule *ret);

/* Is RULE over at NOW (seconds since 1970)? */
bool	bp_map_rule_has_ended(const struct bp_map_rule *rule, int64_t now);

/* Is it a key's? */
bool	bp_map_rule_is_key(const struct bp_map_rule *rule);

/*
 * The account that RULE gives IDENTITY, the value of its claim, appended to
 * RET, whether or not it has ended.  False, and RET as it was: it gives him
 * none.
 * IDENTITY of an `email` rule has had its domain lower-cased by
 * bp_mailbox_put(); what is no address, or does not print, maps nothing.
 * Where memory is short nothing is mapped, nor where no STEPS are *LEFT
 * (match.h).
 */
BP_MUST_USE bool bp_map_rule_gives(const struct bp_map_rule *rule,
    struct bp_text identity, uint32_t *left, struct bp_buf *ret);

#endif
