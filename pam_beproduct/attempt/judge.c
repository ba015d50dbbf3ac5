/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/judge.h"
#include "wire/clock.h"

static bool
is_open(const struct bp_setup *s, enum bp_lock_kind kind,
    struct bp_text value, struct bp_buf *retfile, enum bp_reason *reterr)
{
	const struct bp_lock l = { kind, s->cfg.issuer, value };

	return bp_lock_is_open(&s->locks, &l, retfile, reterr);
}

/* Each address that DOCUMENT names, also of a claim that maps nobody. */
static bool
has_open_email(const struct bp_setup *s, const struct bp_identity *who,
    enum bp_document document, struct bp_buf *retfile, enum bp_reason *reterr)
{
	struct bp_claim c = bp_identity_said(who, bp_text_of("email"),
	    document);
	struct bp_list each = bp_list_of(c.values);
	struct bp_text address;

	while (bp_list_next(&each, &address))
		if (!is_open(s, BP_LOCK_EMAIL, address, retfile, reterr))
			return false;
	return true;
}

bool
bp_judge_locks(const struct bp_setup *s, const struct bp_identity *who,
    struct bp_buf *retfile, enum bp_reason *reterr)
{
	return is_open(s, BP_LOCK_SUB, who->sub, retfile, reterr) &&
	    has_open_email(s, who, BP_DOC_USERINFO, retfile, reterr) &&
	    has_open_email(s, who, BP_DOC_ID_TOKEN, retfile, reterr);
}

bool
bp_judge(const struct bp_setup *s, struct bp_text service,
    const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);

	return bp_judge_locks(s, who, &file, reterr) &&
	    bp_policy_decide(&s->cfg, service, bp_buf_text(&s->map), who,
	    account, bp_clock_seconds(), reterr);
}

void
bp_judge_detail(const struct bp_setup *s, const struct bp_identity *who,
    enum bp_reason reason, struct bp_buf *ret)
{
	enum bp_reason why;

	if ((reason != BP_LOCKED && reason != BP_LOCK_UNTOLD) ||
	    bp_judge_locks(s, who, ret, &why))
		bp_policy_detail(&s->cfg, who, reason, ret);
}
