/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reason.h - every outcome there is, its class, and what is said about it.
 *
 * Runs in: module and beproductctl.  Pure tables; the rows are in reason.def.
 * A function that refuses returns false and names a reason through reterr.
 * 0 is a refusal here too: what nobody decided admits nobody.
 */
#ifndef BP_CORE_REASON_H
#define BP_CORE_REASON_H

#include "wire/msg.h"

/* What a host can be told; pam_beproduct.c gives each its PAM codes. */
enum bp_class {
	BP_CLASS_BROKEN = 0,	/* configuration or installation is wrong */
	BP_CLASS_ADMITTED,
	BP_CLASS_DENIED,	/* signed in, but not allowed */
	BP_CLASS_FAILED,	/* not signed in */
	BP_CLASS_TRIES,		/* too many bad answers */
	BP_CLASS_UNAVAILABLE,	/* no provider, or no time */
	BP_CLASS_LOCAL,		/* not ours to judge */
	BP_CLASS_ABSENT,	/* no such account, and nobody asks from afar */
	BP_CLASS_CONVERSATION,	/* it broke off */
	BP_CLASS_MUTE		/* there is none */
};

enum bp_reason {
#define R(name, class, say, log)	BP_##name,
#include "core/reason.def"
#undef R
	BP_REASONS
};

struct bp_reason_row {
	const char	*name;
	enum bp_class	 class;
	const char	*say;		/* to the person; "" says nothing */
	const char	*log;
};

/* Takes any number; one that is no reason reads as BP_UNDECIDED. */
const struct bp_reason_row *bp_reason_row(enum bp_reason r);

/*
 * Is it a word about whom it was asked of, and not about this host, the
 * provider, or how much time there was?
 */
bool	bp_reason_is_about_person(enum bp_reason r);

/* The helper's reason in the module's words.  None of them admits. */
enum bp_reason	bp_reason_of_wire(enum bp_wire_reason r);

/* Always false: return bp_refuse(reterr, BP_FILE_MISSING); */
BP_MUST_USE bool bp_refuse(enum bp_reason *reterr, enum bp_reason why);

#endif
