/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ascii.h"
#include "wire/mailbox.h"

static bool
is_ascii(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] != ' ' && !bp_ascii_is_visible(t.at[i]))
			return false;
	return true;
}

bool
bp_mailbox_is_one(struct bp_text address)
{
	struct bp_text local, domain, left, right;

	return address.len <= BP_MAILBOX_MAX && is_ascii(address) &&
	    bp_text_cut(address, '@', &local, &domain) && local.len > 0 &&
	    domain.len > 0 && !bp_text_cut(domain, '@', &left, &right);
}

bool
bp_mailbox_put(struct bp_text address, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool in_domain = false, ok = bp_mailbox_is_one(address);

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

bool
bp_mailbox_choose(const struct bp_claim *info, const struct bp_claim *token,
    struct bp_text *ret)
{
	bool in_info = info->kind != BP_CLAIM_ABSENT;
	bool in_token = token->kind != BP_CLAIM_ABSENT;
	struct bp_text a = bp_text_of(""), b = bp_text_of("");

	if ((in_info && !bp_claim_string(info, &a)) ||
	    (in_token && !bp_claim_string(token, &b)) ||
	    (in_info && in_token && !bp_text_same(a, b)))
		return false;
	*ret = in_info ? a : b;
	return true;
}
