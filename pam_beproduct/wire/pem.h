/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pem.h - does a file of certificate authorities hold a certificate?
 *
 * Runs in: module, helper and beproductctl, so that all three say the same of
 * a ca_file.  Trusts: nothing.
 */
#ifndef BP_WIRE_PEM_H
#define BP_WIRE_PEM_H

#include "wire/text.h"

/*
 * A line that begins a certificate (RFC 7468, or as OpenSSL names it besides).
 * Coarse: whether it is sound shows at the first connection.
 */
bool	bp_pem_has_certificate(struct bp_text pem);

#endif
