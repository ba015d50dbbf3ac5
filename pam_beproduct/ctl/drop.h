/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drop.h - tickets that an administrator ends, and what waits to be revoked.
 *
 * Runs in: beproductctl, as root.  Trusts: tickets, queue and files of root's.
 * By the order of a session's end: the token into the queue, the ticket away,
 * and then the queue, of the configuration that beproductctl was called with.
 */
#ifndef BP_CTL_DROP_H
#define BP_CTL_DROP_H

#include "attempt/revoke.h"
#include "core/ticket.h"
#include "ctl/options.h"

/*
 * Called for each sign-in that is dropped, before its bytes are gone: S and R
 * are ready, and R has its provider if WHY is BP_ADMITTED.
 */
typedef void bp_drop_visit(const struct bp_ticket *t,
    const struct bp_setup *s, const struct bp_request *r, enum bp_reason why);

/*
 * Drop the tickets that OPTIONS name, by name, by user, or all of them, and
 * revoke what waits.  VISIT may be NULL.  What it exits with: 3 where it could
 * not be done, 2 where tokens wait, 1 where a name is none, or the provider
 * revokes no token.
 */
int	bp_drop(const struct bp_options *options, bp_drop_visit *visit);

/*
 * The same of what is no ticket: DROP takes it away, once its token is in the
 * queue, and gives what beproductctl exits with if nothing worse comes.  S has
 * the configuration, where that could be read.
 */
typedef int bp_drop_other_thing(const struct bp_options *options,
    const struct bp_setup *s);
int	bp_drop_other(const struct bp_options *options,
	    bp_drop_other_thing *drop);

#endif
