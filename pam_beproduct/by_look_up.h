/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * by_look_up.h - the account phase where nobody has signed in: what the public
 * API says of the person who has the account (attempt/whose.h), or said a
 * short while ago.
 *
 * Runs in: the module.  Trusts: as look_up.h and core/user.h.
 *
 * An answer serves for `cache` of [api]; while it cannot be had anew, for
 * `grace` more.  One that refuses is asked for anew before it does, so that a
 * role that was given back needs no waiting; and one that the API takes back,
 * of somebody who is no active user any more, serves nobody from then on.
 */
#ifndef BP_BY_LOOK_UP_H
#define BP_BY_LOOK_UP_H

#include "call.h"

/*
 * Is C's account admitted so?  By the files in S, of which the map and what a
 * request needs are read here.
 *
 * The host's no_sign_in  role_source is not api: nobody is asked
 * else                   as bp_setup_read_map(), bp_whose(), bp_judge() and
 *                        bp_request_look_up()
 */
BP_MUST_USE bool bp_by_look_up(struct bp_call *c, struct bp_setup *s,
    struct bp_request *r, enum bp_reason *reterr);

#endif
