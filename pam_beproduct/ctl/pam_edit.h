/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_edit.h - put lines of ours into the text of a PAM file, and take them
 * out again: text in, text out.
 *
 * Runs in: beproductctl.  Trusts: nothing.  Every other byte stays as it is.
 */
#ifndef BP_CTL_PAM_EDIT_H
#define BP_CTL_PAM_EDIT_H

#include "ctl/pam_stack.h"
#include "wire/buf.h"

enum {
	BP_PAM_TEXT_MAX = 64 * 1024,	/* bytes of a PAM file */
	BP_PAM_EDITS = 32		/* lines of ours in one, and more */
};

/* Ahead of LINE, counted from 1: PUT, and DROP so many that follow. */
struct bp_pam_edit {
	unsigned	 line;
	const char	*put;		/* without its end; NULL: nothing */
	unsigned	 drop;
};

/*
 * TEXT with N edits, those of one line in their order, appended to RET.  What
 * is put ends in a newline alone: what else stands there libpam takes for a
 * part of the module's name.  False: no room.
 */
BP_MUST_USE bool bp_pam_edit(struct bp_text text,
    const struct bp_pam_edit *edits, size_t n, struct bp_buf *ret);

/*
 * TEXT without the lines of ours in it, those that are continued whole.  How
 * many there were, in RETN.  False: no room, or too many of them.
 */
BP_MUST_USE bool bp_pam_edit_out(struct bp_text text, struct bp_buf *ret,
    size_t *retn);

/*
 * What SERVICE runs through, as it is read, a line each without what does not
 * count: two texts of the same meaning have the same.
 */
BP_MUST_USE bool bp_pam_edit_meaning(const char *service, struct bp_buf *ret);

#endif
