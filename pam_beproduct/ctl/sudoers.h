/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sudoers.h - read sudo's files as sudo does: /etc/sudoers, or, where there is
 * none, a vendor's (SUSE's) /usr/etc/sudoers, and what that includes by
 * #include, @include, #includedir and @includedir, where they stand.  Of a
 * folder, names with a dot or with a ~ at the end are passed over.
 *
 * Runs in: beproductctl.  Trusts: root's files.  Reads only.
 */
#ifndef BP_CTL_SUDOERS_H
#define BP_CTL_SUDOERS_H

#include <stdbool.h>

/* Borrowed for the call that gets it. */
struct bp_sudoers_line {
	const char	*file;
	unsigned	 line;
	char		*text;		/* without comment and line's end; may
					   be cut up by who gets it */
	bool		 is_more;	/* it continues the one before */
};
typedef void bp_sudoers_visitor(const struct bp_sudoers_line *line,
    void *context);

/* Every line in sudo's order, but for comments, blanks and includes. */
void	bp_sudoers_each(bp_sudoers_visitor *visit, void *context);

#endif
