/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/name.h"
#include "wire/ascii.h"
#include "wire/claim.h"

static bool
has_blank(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (bp_ascii_is_blank(t.at[i]))
			return true;
	return false;
}

bool
bp_name_is_account(struct bp_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || name.at[i] == ':')
			return false;
	return name.len > 0 && name.len <= BP_ACCOUNT_MAX &&
	    name.at[0] != '-' && !has_blank(name) &&
	    bp_text_is_printable(name);
}

bool
bp_name_is_claim(struct bp_text name)
{
	return name.len > 0 && name.len <= BP_CLAIM_NAME_MAX &&
	    !has_blank(name) && bp_text_is_printable(name);
}
