/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * origin.h - is this address of the issuer's own origin (RFC 6454)?
 *
 * Runs in: the helper that fetched an endpoint, and the module that loads it.
 * Trusts: the issuer, which root wrote.  Of the address nothing.
 */
#ifndef BP_WIRE_ORIGIN_H
#define BP_WIRE_ORIGIN_H

#include "wire/text.h"

/*
 * Is URL an https address of visible ASCII, without user information and
 * fragment, whose host (in any case) and port (443 where none stands) are
 * those of ISSUER, an address of the same form?
 */
bool	bp_origin_is_of(struct bp_text url, struct bp_text issuer);

/* The same form, of whatever host: what an issuer must be. */
bool	bp_origin_is_https(struct bp_text url);

/* The host in URL, without port; empty where URL is not of the form. */
struct bp_text	bp_origin_host(struct bp_text url);

#endif
