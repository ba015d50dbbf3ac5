/* SPDX-License-Identifier: BSD-2-Clause */
/* Who hears what the helper says, in its tests: one answer behind another. */
#ifndef BP_TESTS_HEAR_H
#define BP_TESTS_HEAR_H

#include "helper/say.h"
#include "support/messages.h"

/* ARG: a buffer, which has room for all of it. */
static inline void
hear(void *arg, struct bp_text framed)
{
	put_or_abort(bp_buf_put(arg, framed));
}

static inline struct bp_listener
listener(struct bp_buf *b)
{
	return (struct bp_listener){ hear, b };
}

#endif
