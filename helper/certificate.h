/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * certificate.h - what a server's certificate must have besides what TLS
 * libraries look at.
 *
 * Runs in: the helper.  Trusts: nothing in it.
 *
 * A name stands in subjectAltName or nowhere (RFC 9525 6.3): libcurl would
 * take the subject's common name where no other stands, which authorities do
 * not check as names and no constraint of theirs holds.
 */
#ifndef BP_HELPER_CERTIFICATE_H
#define BP_HELPER_CERTIFICATE_H

#include <stdbool.h>

/*
 * Have each server's certificate looked at in CONTEXT, an SSL_CTX, once its
 * chain is verified as ever.  *RETNAMELESS, which is borrowed as long, is set
 * where it is refused for want of names.
 */
void	bp_certificate_watch(void *context, bool *retnameless);

#endif
