/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"
#include "ctl/locks.h"

#include <stdio.h>
#include <unistd.h>

enum { SHOWN = 10 };

static void
note_lock(struct bp_check *c, const struct bp_locks *w)
{
	const struct bp_lock_file *f = &w->file;
	char path[BP_LOCK_PATH_MAX];
	const struct bp_where where = { .file = path };

	(void)snprintf(path, sizeof(path), "%s/%s", w->place.folder, w->last);
	if (!w->is_good)
		bp_finding_warn(&c->findings, where, "does not say whom it "
		    "locks out; where it has the name of a lock it does");
	else
		bp_finding_note(&c->findings, where, "%s %.*s is locked out "
		    "since %.*s%s%.*s", bp_lock_word(f->lock.kind),
		    (int)f->lock.value.len, f->lock.value.at,
		    (int)f->since.len, bp_buf_text(&f->since).at,
		    f->reason.len > 0 ? ": " : "", (int)f->reason.len,
		    bp_buf_text(&f->reason).at);
}

void
bp_check_locks(struct bp_check *c)
{
	BP_AUTO(bp_locks_done) struct bp_locks w = BP_LOCKS_INIT;
	const struct bp_where where = { .file = w.place.folder };
	unsigned n = 0;

	if (geteuid() != 0)
		return;
	if (!bp_locks_begin(&w))
		bp_finding_error(&c->findings, where, "is no folder of root's "
		    "alone: nobody is let in (chown root, chmod 0700)");
	while (bp_locks_next(&w))
		if (n++ < SHOWN)
			note_lock(c, &w);
	if (n > SHOWN)
		bp_finding_note(&c->findings, where, "%u more are locked out: "
		    "`beproductctl locks`", n - SHOWN);
}
