/*
 * account_map.h - accounts.map: which identity may act as which account.
 *
 * Runs in: module and beproductctl.  Trusts: that the file was vetted
 * (file.h), but no byte in it; of an identity nothing.
 * One rule a call, borrowed from the file's bytes; there is no limit on the
 * number of rules but the file's size.
 *
 * A line is a rule, a comment (# in its first column) or blank, and keeps the
 * rules of lines in ini.h.  A rule has three columns (item.h), divided by
 * spaces and tabs: the claim, the identity, the account.
 *
 *	claim     BP_CLAIM_NAME_MAX bytes at most, no blanks
 *	identity  exact bytes; or, bare and between slashes, an expression:
 *	          POSIX extended, BP_MAP_REGEX_MAX bytes at most, no blanks
 *	          ([[:blank:]] instead), no back-references, and no braces
 *	          that repeat more than BP_MAP_REGEX_SIZE_MAX
 *	account   of an expression with \1 to \9 for its groups; any other
 *	          \ stands for itself, but none before 0 or another \
 */
#ifndef BP_CORE_ACCOUNT_MAP_H
#define BP_CORE_ACCOUNT_MAP_H

#include "core/item.h"
#include "wire/list.h"

enum {
	BP_MAP_MAX = 1024 * 1024,	/* bytes of the file */
	BP_MAP_REGEX_MAX = 1024,	/* bytes of an expression */
	BP_MAP_REGEX_SIZE_MAX = 4096,	/* with what its braces repeat */
	BP_ACCOUNT_MAX = 255,		/* bytes of an account's name */
	BP_EMAIL_MAX = 320		/* bytes of an address: RFC 5321 */
};

enum bp_map_step { BP_MAP_BAD = 0, BP_MAP_RULE, BP_MAP_END };

struct bp_map_rule {
	unsigned	 line;		/* from 1 */
	struct bp_text	 claim;
	struct bp_item	 identity;
	bool		 is_regex;	/* identity.raw without the slashes */
	struct bp_item	 account;
};

struct bp_account_map {
	struct bp_text	 rest;		/* still to be read */
	unsigned	 line;		/* of the rule or fault */
	const char	*what;		/* is wrong with it */
};

/* The next rule, checked whole: also that its expression compiles. */
BP_MUST_USE enum bp_map_step bp_account_map_next(struct bp_account_map *map,
    struct bp_map_rule *ret);

/* Is every line of TEXT a rule or a comment?  On false RETERR says where. */
BP_MUST_USE bool bp_account_map_check(struct bp_text text,
    struct bp_account_map *reterr);

/*
 * The account that RULE gives IDENTITY, the value of its claim, appended to
 * RET.  False, and RET as it was: it gives him none.
 * IDENTITY of an `email` rule has had its domain lower-cased by
 * bp_account_map_email(); what is no address, or does not print, maps
 * nothing.  Where memory is short nothing is mapped.
 */
BP_MUST_USE bool bp_map_rule_gives(const struct bp_map_rule *rule,
    struct bp_text identity, struct bp_buf *ret);

/*
 * An e-mail address as rules compare it: one @ with something on either side,
 * printable ASCII, BP_EMAIL_MAX bytes at most, the domain in small letters,
 * appended to RET.  False: no rule maps it, and RET is as it was.
 */
BP_MUST_USE bool bp_account_map_email(struct bp_text address,
    struct bp_buf *ret);

/*
 * Append the claims that rules of TEXT name (sub apart, email always named
 * by the caller) to the list in WANTED, each once.  False, and WANTED as it
 * was: more than BP_CLAIM_WANTED_MAX in all, or TEXT has a fault.
 */
BP_MUST_USE bool bp_account_map_wanted(struct bp_text text,
    struct bp_buf *wanted);

/* May this be the name of an account?  design.md, section 7. */
bool	bp_account_map_is_account(struct bp_text name);

/* May this be the name of a claim?  Printable, no blanks. */
bool	bp_account_map_is_claim(struct bp_text name);

#endif
