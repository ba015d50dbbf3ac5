/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_place.h - where in a service's PAM file our lines belong.
 *
 * Runs in: beproductctl.  Trusts: root's files.  Reads only.
 *
 *	auth	 before the first line by which somebody is asked for a
 *		 password, or, but for pam_rootok, let in without one
 *	account	 before the first by which the phase can end, or at which the
 *		 common files begin; else before the last
 *	session	 behind pam_loginuid
 */
#ifndef BP_CTL_PAM_PLACE_H
#define BP_CTL_PAM_PLACE_H

#include "ctl/pam_stack.h"

#define BP_PAM_AUTH_CONTROL	"[success=done user_unknown=ignore default=die]"
#define BP_PAM_AUTH_LINE	"auth " BP_PAM_AUTH_CONTROL " pam_beproduct.so"
#define BP_PAM_ACCOUNT_LINE	"account required pam_beproduct.so"
#define BP_PAM_SESSION_LINE	"session optional pam_beproduct.so"

/* What stands against a line of ours there. */
enum bp_pam_against {
	BP_PAM_NOTHING = 0,
	BP_PAM_NO_PLACE,	/* no line behind it could stand */
	BP_PAM_JUMP,		/* a line jumps over the place, and counts */
	BP_PAM_SKIPPED		/* a line behind it, which it would skip */
};

/* A line of a file; the file's name is empty where there is none. */
struct bp_pam_spot {
	char	 file[512];
	unsigned line;
};

struct bp_pam_place {
	struct bp_pam_spot ours;	/* our first line of the phase */
	bool		 has_place;
	unsigned	 line;		/* it belongs ahead of this one */
	enum bp_pam_against against;
	struct bp_pam_spot culprit;	/* of JUMP and SKIPPED */
	struct bp_pam_spot over_ours;	/* what jumps over a line of ours */
};

/* By phase: auth, account and session. */
struct bp_pam_places {
	struct bp_pam_place of[BP_PAM_PHASES];
};

/*
 * Of SERVICE as it is read (bp_pam_suppose).  What is ours in it is looked at,
 * and has no part in where a place is.
 */
struct bp_pam_places bp_pam_places_of(const char *service);

#endif
