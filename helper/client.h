/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - how this host's client says who it is at the token endpoint:
 * client_secret_post (RFC 6749 2.3.1).
 *
 * Runs in: the helper.  Trusts: the module that asks.
 */
#ifndef BP_HELPER_CLIENT_H
#define BP_HELPER_CLIENT_H

#include "helper/why.h"

/*
 * Put the credentials of REQUEST, its client id and secret, on the token
 * request whose form is FORM.  False: no room.
 */
BP_MUST_USE bool bp_client_authenticate(const struct bp_msg *request,
    struct bp_buf *form);

#endif
