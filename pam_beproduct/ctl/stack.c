/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/stack.h"

#include <stdio.h>
#include <string.h>

static void
mark(struct bp_mark *m, const struct bp_pam_line *line)
{
	if (m->is)
		return;
	m->is = true;
	m->line = line->line;
	(void)snprintf(m->file, sizeof(m->file), "%s", line->file);
}

struct bp_where
bp_where_marked(const struct bp_mark *m)
{
	return (struct bp_where){ .file = m->file, .line = m->line };
}

static void
note_auth(struct bp_stack *s, const struct bp_pam_line *line)
{
	if (bp_pam_is_ours(line))
		mark(&s->auth, line);
	else if (!s->auth.is && bp_pam_is_asking(line))
		mark(&s->asks_first, line);
	else if (!s->auth.is && bp_pam_is_ending(line) &&
	    strcmp(line->module, "pam_rootok.so") != 0)
		mark(&s->lets_in, line);
	else if (!s->auth.is && strcmp(line->module, "pam_wheel.so") == 0 &&
	    strcmp(line->control, "required") == 0)
		mark(&s->wheel, line);
	else if (s->auth.is && strcmp(line->module, "pam_nologin.so") == 0)
		mark(&s->nologin, line);
	else if (s->auth.is && strcmp(line->module, "pam_rootok.so") == 0)
		mark(&s->rootok, line);
}

static void
note_account(struct bp_stack *s, const struct bp_pam_line *line)
{
	if (strcmp(line->module, "pam_unix.so") == 0)
		s->has_unix = true;
	if (bp_pam_is_ours(line))
		mark(&s->account, line);
	else if (s->account.is)
		s->another = true;
	else if (bp_pam_is_ending(line))
		mark(&s->ends_first, line);
}

static void
note_session(struct bp_stack *s, const struct bp_pam_line *line)
{
	if (strcmp(line->module, "pam_loginuid.so") == 0)
		mark(&s->loginuid, line);
	else if (s->loginuid.is && bp_pam_is_ours(line))
		mark(&s->session, line);
}

static void
note_line(const struct bp_pam_line *line, void *context)
{
	if (line->phase == BP_PAM_AUTH)
		note_auth(context, line);
	else if (line->phase == BP_PAM_ACCOUNT)
		note_account(context, line);
	else if (line->phase == BP_PAM_SESSION)
		note_session(context, line);
}

struct bp_stack
bp_stack_of(const char *service)
{
	struct bp_stack s = { .another = false };

	bp_pam_each_line(service, note_line, &s);
	return s;
}
