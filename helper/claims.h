/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claims.h - the table of the claims that were wanted, out of both documents.
 *
 * Runs in: the helper.  Trusts: that both are strict JSON, and none of what
 * they say: values are passed on as they are, and decided upon elsewhere.
 */
#ifndef BP_HELPER_CLAIMS_H
#define BP_HELPER_CLAIMS_H

#include "helper/json.h"
#include "helper/why.h"

/*
 * Append to RET, for each name in WANTED (content of BP_F_WANTED), the
 * id_token's row and then UserInfo's.
 *
 * BP_WIRE_CLAIMS_LONG  a value of more than 4096 bytes, more than 1024 of
 *                      them, a table over RET's ceiling, or no memory; the
 *                      detail names document and claim
 */
BP_MUST_USE bool bp_claims_collect(struct bp_text wanted,
    const struct bp_json *id_token, const struct bp_json *userinfo,
    struct bp_buf *ret, struct bp_why *reterr);

#endif
