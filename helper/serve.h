/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - a request, and the one answer to it.
 *
 * Runs in: the helper.  Trusts: the module that asks.
 */
#ifndef BP_HELPER_SERVE_H
#define BP_HELPER_SERVE_H

#include "wire/msg.h"

/*
 * Append the answer to REQUEST to RET, as bytes.  False: there is no room, or
 * REQUEST is none.
 */
BP_MUST_USE bool bp_serve(const struct bp_msg *request, struct bp_buf *ret);

/*
 * The same for bytes that are no request of this build.  The module tells
 * from the answer's build what is wrong; more could not be said.
 */
BP_MUST_USE bool bp_serve_foreign(struct bp_buf *ret);

#endif
