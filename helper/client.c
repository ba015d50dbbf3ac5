/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/client.h"

#include "helper/form.h"

bool
bp_client_authenticate(const struct bp_msg *request, struct bp_buf *form)
{
	return bp_form_add(form, "client_id",
	    request->field[BP_F_CLIENT_ID]) &&
	    bp_form_add(form, "client_secret",
	    request->field[BP_F_CLIENT_SECRET]);
}
