/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * why.h - why a request failed: the reason that goes over the wire, and a
 * detail for the log of the administrator.
 *
 * Runs in: the helper.  A function that fails returns false through bp_why().
 * A detail names what was wrong and where; never a secret, code or token.
 */
#ifndef BP_HELPER_WHY_H
#define BP_HELPER_WHY_H

#include "helper/limits.h"
#include "wire/msg.h"

/* For a "%.*s": T, as much of it as a detail shows. */
#define BP_SHOWN(t)							\
	(int)((t).len < BP_SHOWN_MAX ? (t).len : BP_SHOWN_MAX), (t).at

struct bp_why {
	enum bp_wire_reason	 reason;
	char			 detail[BP_DETAIL_MAX + 1];
};

/* What a request that failed tells the module. */
struct bp_failure {
	struct bp_why	 why;
	bool		 record_stale;	/* a newer one is to be asked for */
};

/*
 * Always false: return bp_why(reterr, BP_WIRE_TLS, "%s", words);
 * The detail is cut at its ceiling, and what would not print becomes '?'.
 */
BP_MUST_USE bool bp_why(struct bp_why *reterr, enum bp_wire_reason reason,
    const char *format, ...) __attribute__((__format__(__printf__, 3, 4)));

/* What a provider's word for an error is to us. */
struct bp_why_row {
	const char		*error;
	enum bp_wire_reason	 reason;
};

/* The reason of ERROR in a table of N ROWS; of what none names, OTHERWISE. */
enum bp_wire_reason	bp_why_of(struct bp_text error,
			    const struct bp_why_row *rows, size_t n,
			    enum bp_wire_reason otherwise);

#endif
