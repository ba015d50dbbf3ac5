/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * day.h - days of the calendar (ISO 8601, as RFC 3339 has it), in UTC: no
 * locale and no time zone has a part in them.
 *
 * Runs in: module and beproductctl.  Trusts: nothing.
 */
#ifndef BP_CORE_DAY_H
#define BP_CORE_DAY_H

#include "wire/text.h"

enum { BP_DAY = 86400 };		/* seconds */

/*
 * The first second of the day that T spells, YYYY-MM-DD, since 1970.  False:
 * T spells none, from 1970-01-01 to 9999-12-31.
 */
BP_MUST_USE bool bp_day_read(struct bp_text t, int64_t *ret);

/* The day that the second NOW is in, appended so to RET. */
BP_MUST_USE bool bp_day_put(int64_t now, struct bp_buf *ret);

#endif
