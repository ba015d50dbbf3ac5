/* SPDX-License-Identifier: BSD-2-Clause */
#include <security/pam_modules.h>

#include "by_key.h"
#include "core/policy.h"
#include "wire/clock.h"

void
bp_by_key_look(struct bp_call *c)
{
	const char *info = c->host->names_keys
	    ? pam_getenv(c->pamh, BP_SSH_KEY_VARIABLE) : NULL;
	const char *why;

	if (info != NULL && info[0] != '\0' &&
	    !bp_ssh_key_read(bp_text_of(info), &c->key, &why))
		bp_call_note(c, bp_text_of(why));
}

bool
bp_by_key(struct bp_call *c, struct bp_setup *s, enum bp_reason *reterr)
{
	struct bp_text key = bp_text_of(c->key.name);
	struct bp_basis basis = { 0 };

	if (key.len == 0 || !c->account.found)
		return bp_refuse(reterr, c->host->no_sign_in);
	if (!bp_setup_read_map(s, reterr) ||
	    !bp_policy_key(bp_buf_text(&s->map), key, bp_text_of(c->user),
	    bp_clock_seconds(), &basis.line, reterr))
		return false;
	bp_call_note_who(c, NULL, "key");
	bp_call_note_basis(c, &s->cfg, NULL, &basis, BP_ADMITTED);
	bp_call_note(c, bp_text_of("by a key of no person"));
	c->decided = true;
	return true;
}
