/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renewal.h - a ticket is checked again at the provider, once for all of its
 * session who want to know.
 *
 * Runs in: the module, as root; without PAM.  Trusts: as holder.h; of the
 * provider's answer what renew.h lets pass.
 *
 * A refresh token may have one use, and a second use of one that is spent may
 * end all that came of it.  So
 *
 *   - one process of a session at a time asks; who had to wait looks at the
 *     ticket again before it asks itself
 *   - there is room on the disk for the new token before the old one is spent,
 *     and the new one is kept as soon as it is there, before anything else
 *     comes of it; who is killed meanwhile, again and again, leaves one such
 *     room, for /run is memory
 *   - a token that is refused is compared with the ticket as it stands then:
 *     only where that still has it is the ticket erased
 *   - whoever is killed between the provider's answer and its arrival on the
 *     disk, or whose helper is on its way yet, leaves a token that is spent:
 *     the next renewal is refused, and the person is asked
 */
#ifndef BP_ATTEMPT_RENEWAL_H
#define BP_ATTEMPT_RENEWAL_H

#include "attempt/holder.h"
#include "attempt/request.h"

/*
 * Renew F, which bp_holder_find() found and may be renewed, by the files in
 * R's setup (all of them), and for R's caller.  On true F is a ticket of the
 * provider's word of now, and borrows from R until the next request.  On false
 * F->why may say more.
 *
 * BP_RENEWAL_REFUSED  by the provider, for good: the ticket is gone
 * BP_NO_SIGN_IN       it is gone, or does not serve any more; or it cannot be
 *                     had alone, or there is no room for a new token
 * else                as bp_request_provider() and bp_request_renew(): nothing
 *                     is known that was not known before
 */
BP_MUST_USE bool bp_renewal_of(const struct bp_holder *h,
    struct bp_request *r, struct bp_found *f, enum bp_reason *reterr);

#endif
