/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64url.h - RFC 4648 section 5 without padding, one spelling a value.
 *
 * Runs in: the helper; and the module, which encodes.  Trusts: nothing.
 * Refused: any other byte, padding, a length of 1 modulo 4, and bits that are
 * left over and not zero.
 */
#ifndef BP_WIRE_BASE64URL_H
#define BP_WIRE_BASE64URL_H

#include "wire/text.h"

/* Append what T stands for to RET; on false RET is as it was. */
BP_MUST_USE bool bp_base64url_decode(struct bp_text t, struct bp_buf *ret);

/* Append T's spelling to RET. */
BP_MUST_USE bool bp_base64url_encode(struct bp_text t, struct bp_buf *ret);

#endif
