/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - how this host's client says who it is at the token endpoint:
 * client_secret_post or client_secret_basic (RFC 6749 2.3.1).
 *
 * Runs in: the helper.  Trusts: the module that asks.
 */
#ifndef BP_HELPER_CLIENT_H
#define BP_HELPER_CLIENT_H

#include "helper/why.h"

/* Bytes of base64 for an id and a secret of which each byte is spelt %XX. */
enum { BP_BASIC_MAX = 4 * (BP_CLIENT_ID_MAX + 1 + BP_SECRET_MAX) };

/*
 * Put the credentials of REQUEST, its client id and secret, on the token
 * request: into FORM, or, where it asks for that, into BASIC alone, an empty
 * buffer, as an Authorization header has them behind `Basic`.  False: no room.
 */
BP_MUST_USE bool bp_client_authenticate(const struct bp_msg *request,
    struct bp_buf *form, struct bp_buf *basic);

#endif
