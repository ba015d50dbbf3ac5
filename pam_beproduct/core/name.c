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

static bool
is_ascii(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] != ' ' && !bp_ascii_is_visible(t.at[i]))
			return false;
	return true;
}

bool
bp_name_is_email(struct bp_text address)
{
	struct bp_text local, domain, left, right;

	return address.len <= BP_EMAIL_MAX && is_ascii(address) &&
	    bp_text_cut(address, '@', &local, &domain) && local.len > 0 &&
	    domain.len > 0 && !bp_text_cut(domain, '@', &left, &right);
}

bool
bp_name_put_email(struct bp_text address, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool in_domain = false, ok = bp_name_is_email(address);

	for (size_t i = 0; ok && i < address.len; i++) {
		char c = address.at[i];

		in_domain = in_domain || c == '@';
		if (in_domain)
			c = bp_ascii_small(c);
		ok = bp_buf_add(ret, &c, 1);
	}
	if (!ok)
		ret->len = before;
	return ok;
}
