/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expression.h - a regular expression of accounts.map, read into pieces.
 *
 * Runs in: module and beproductctl.  Trusts: nothing, though root wrote it.
 * Our own, for regcomp() has no bound on time and memory, and depends on the
 * locale, which sudo takes from its caller.  An expression means the same
 * everywhere: it is POSIX extended, and a character is a byte.
 *
 *	a  \.  .		one byte; \ stands before a mark
 *	[a-z_]  [^@]  [[:alpha:]]
 *	\w \W  \s \S	[[:alnum:]_], [[:space:]], and all but these
 *	* + ? {n} {n,m}	of a byte or group; {n,} and {,m} too
 *	( | )  ^  $
 *
 * Refused is what POSIX leaves undefined (two of * + ? { } in a row, or with
 * nothing before them), back-references, and what would take longer than the
 * length of an identity and the square of it: a group that repeats within
 * another.
 */
#ifndef BP_CORE_EXPRESSION_H
#define BP_CORE_EXPRESSION_H

#include "wire/text.h"

#define BP_EXPRESSION_MAX	1024	/* bytes */
#define BP_BRACKETS_MAX		64	/* [...] of an expression */
#define BP_DEPTH_MAX		8	/* groups within groups */
#define BP_REPEAT_MAX		4096	/* in braces */

enum {
	BP_GROUPS = 10,			/* the whole, then \1 to \9 */
	BP_ENDLESS = UINT16_MAX		/* as often as there is something */
};

enum bp_piece_kind {
	BP_PIECE_BYTE = 1,
	BP_PIECE_ANY,
	BP_PIECE_SET,
	BP_PIECE_OPEN,			/* of a group */
	BP_PIECE_CLOSE,
	BP_PIECE_BAR,
	BP_PIECE_FIRST,			/* ^ */
	BP_PIECE_LAST			/* $ */
};

struct bp_piece {
	uint8_t		 kind;
	uint8_t		 byte;		/* of BYTE; of SET, which */
	uint16_t	 least, most;	/* times; of a group, at both ends */
	uint16_t	 other;		/* end of a group */
	uint16_t	 group;		/* of OPEN: its number, from 1 */
};

/* The whole is group 0: the first piece opens it, the last one closes it. */
struct bp_expression {
	size_t		 pieces, sets;
	size_t		 groups;		/* besides the whole */
	uint16_t	 open[BP_GROUPS];	/* where each of them begins */
	struct bp_piece	 piece[BP_EXPRESSION_MAX + 2];
	uint32_t	 set[BP_BRACKETS_MAX][8];	/* a bit a byte */
};

/* Is C one of the bytes for which P stands? */
bool	bp_expression_has(const struct bp_expression *e,
	    const struct bp_piece *p, char c);

/* Read TEXT.  What is wrong with it; NULL: nothing, and RET is whole. */
const char	*bp_expression_read(struct bp_text text,
		    struct bp_expression *ret);

#endif
