/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * form.h - application/x-www-form-urlencoded, both ways (RFC 6749 B).
 *
 * Runs in: the helper.  Trusts: nothing.
 */
#ifndef BP_HELPER_FORM_H
#define BP_HELPER_FORM_H

#include "wire/text.h"

/*
 * Append NAME=VALUE to the form in RET, behind an & where one is needed, both
 * encoded; on false RET is as it was.
 */
BP_MUST_USE bool bp_form_add(struct bp_buf *ret, const char *name,
    struct bp_text value);

/* Append T, encoded; on false RET may have a part of it. */
BP_MUST_USE bool bp_form_encode(struct bp_text t, struct bp_buf *ret);

/* The same, with a space as %20: for what is no form. */
BP_MUST_USE bool bp_form_encode_percent(struct bp_text t, struct bp_buf *ret);

/*
 * Append T to RET with each %XX decoded once, and + as a space.  False at a %
 * without two hexadecimal digits, or where RET is full; then it is as it was.
 */
BP_MUST_USE bool bp_form_decode(struct bp_text t, struct bp_buf *ret);

/* The same, with + as itself: for what is no form. */
BP_MUST_USE bool bp_form_decode_percent(struct bp_text t, struct bp_buf *ret);

#endif
