/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/host.h"
#include "ctl/check.h"
#include "ctl/waiting.h"

/* The sections whose sign-ins ask for it, with commas between them. */
static bool
list_sections(const struct bp_config *cfg, struct bp_buf *ret)
{
	for (size_t i = 0; i < cfg->services; i++) {
		struct bp_text name = cfg->service[i].name;

		if (bp_host_of(name, BP_TTY_OTHER)->ticket ==
		    BP_TICKET_NEVER || !bp_config_renews(cfg, name))
			continue;
		if (!bp_buf_say(ret, ret->len > 0 ? ", [service:"
		    : "[service:") || !bp_buf_put(ret, name) ||
		    !bp_buf_say(ret, "]"))
			return false;
	}
	return ret->len > 0;
}

/* Nothing to be mended, where the client may have it; else nobody gets in. */
static void
note_offline(struct bp_check *c)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(16384);

	if (list_sections(&c->setup.cfg, &b))
		bp_finding_note(&c->findings,
		    (struct bp_where){ .file = c->path }, "sign-ins of %.*s "
		    "ask for the scope offline_access, which the client must "
		    "be allowed: by it sudo, and sshd for an SSH key that "
		    "has signed in, ask BeProduct again without the person. "
		    "They do not where recheck of [service:sudo] is not "
		    "shorter than ticket, or ticket is 0s", (int)b.len,
		    bp_buf_text(&b).at);
}

static void
note_queue(struct bp_check *c)
{
	static const struct bp_where where = {
	    .file = BP_PATH_STATE "/revoke" };
	struct bp_waiting n = bp_waiting_count();

	if (n.n > 0)
		bp_finding_warn(&c->findings, where, "%u refresh tokens wait "
		    "to be revoked, the oldest for %lld s: the log says why "
		    "(REVOKED_LATER); `beproductctl tickets drop --all` tries "
		    "at once", n.n, n.oldest);
}

void
bp_check_renewal(struct bp_check *c)
{
	if (c->has_cfg)
		note_offline(c);
	note_queue(c);
}
