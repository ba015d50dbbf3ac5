/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_sign_in.h - `beproductctl service-sign-in`: this host's own token
 * for the public API (core/service_token.h).
 *
 * Runs in: beproductctl, as root.  Shows no token.
 */
#ifndef BP_CTL_SERVICE_SIGN_IN_H
#define BP_CTL_SERVICE_SIGN_IN_H

#include "ctl/options.h"

/*
 * One sign-in on this terminal, of somebody whom the public API knows as an
 * active user of the company; its refresh token is kept in place of the one
 * that was there, which is then revoked.  Once it is there it is used, as the
 * account phase will.  What beproductctl exits with: 1 also where no refresh
 * token came, or there is no place for it; then what was there still is.
 */
int	bp_service_sign_in(const struct bp_options *options);

#endif
