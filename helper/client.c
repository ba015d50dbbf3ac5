/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/client.h"

#include "helper/form.h"

enum { PAIR_MAX = 3 * (BP_CLIENT_ID_MAX + 1 + BP_SECRET_MAX) };

/* RFC 4648 4: with padding, as nothing else here. */
static bool
put_base64(struct bp_text t, struct bp_buf *ret)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; t.len > 0; t = bp_text_after(t, 3)) {
		uint32_t bits = (uint32_t)(uint8_t)t.at[0] << 16 |
		    (t.len > 1 ? (uint32_t)(uint8_t)t.at[1] << 8 : 0) |
		    (t.len > 2 ? (uint32_t)(uint8_t)t.at[2] : 0);
		const char four[] = { digits[bits >> 18],
		    digits[bits >> 12 & 63],
		    t.len > 1 ? digits[bits >> 6 & 63] : '=',
		    t.len > 2 ? digits[bits & 63] : '=' };

		if (!bp_buf_add(ret, four, sizeof(four)))
			return false;
	}
	return true;
}

/* Each is encoded as in a form, or a colon in the id would end it. */
static bool
put_basic(const struct bp_msg *request, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf pair = BP_BUF_INIT(PAIR_MAX);

	return bp_form_encode(request->field[BP_F_CLIENT_ID], &pair) &&
	    bp_buf_say(&pair, ":") &&
	    bp_form_encode(request->field[BP_F_CLIENT_SECRET], &pair) &&
	    put_base64(bp_buf_text(&pair), ret);
}

bool
bp_client_authenticate(const struct bp_msg *request, struct bp_buf *form,
    struct bp_buf *basic)
{
	if (request->given[BP_F_CLIENT_BASIC])
		return put_basic(request, basic);
	return bp_form_add(form, "client_id",
	    request->field[BP_F_CLIENT_ID]) &&
	    bp_form_add(form, "client_secret",
	    request->field[BP_F_CLIENT_SECRET]);
}
