/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - a request, and the answers to it.
 *
 * Runs in: the helper.  Trusts: the module that asks.
 */
#ifndef BP_HELPER_SERVE_H
#define BP_HELPER_SERVE_H

#include "helper/say.h"

/* Say the answers to REQUEST.  False: REQUEST is none. */
BP_MUST_USE bool bp_serve(const struct bp_msg *request,
    const struct bp_listener *to);

/*
 * The same for bytes that are no request of this build.  The module tells
 * from the answer's build what is wrong; more could not be said.
 */
BP_MUST_USE bool bp_serve_foreign(const struct bp_listener *to);

#endif
