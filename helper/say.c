/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/say.h"

#include "wire/list.h"

bool
bp_say(const struct bp_listener *to, const struct bp_msg *m,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf framed =
	    BP_BUF_INIT(BP_LIST_NUMBER + BP_MSG_MAX);

	if (!bp_msg_put_framed(m, &framed))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "the answer breaks a rule of the wire");
	to->hear(to->arg, bp_buf_text(&framed));
	return true;
}
