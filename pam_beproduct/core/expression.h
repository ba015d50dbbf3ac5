/*
 * expression.h - the regular expressions of accounts.map: POSIX extended.
 *
 * Runs in: module and beproductctl.  Trusts: nothing, though root wrote them.
 * They mean the same under every locale that the host or its caller chose.
 */
#ifndef BP_CORE_EXPRESSION_H
#define BP_CORE_EXPRESSION_H

#include "wire/text.h"

#define BP_EXPRESSION_MAX	1024	/* bytes */
#define BP_EXPRESSION_SIZE_MAX	4096	/* with what its braces repeat */

enum { BP_EXPRESSION_GROUPS = 10 };	/* the whole match, then \1 to \9 */

/*
 * What is wrong with TEXT; NULL: nothing, and then RETGROUPS is how many
 * groups it has.  Refused besides what is no expression: back-references, and
 * braces that repeat more than BP_EXPRESSION_SIZE_MAX.
 */
const char	*bp_expression_fault(struct bp_text text, size_t *retgroups);

/*
 * Does TEXT, which has no fault, match all of IDENTITY?  Then RETGROUP is
 * what its groups took, borrowed from IDENTITY; empty, if nothing or none.
 */
BP_MUST_USE bool bp_expression_match(struct bp_text text,
    struct bp_text identity, struct bp_text retgroup[BP_EXPRESSION_GROUPS]);

#endif
