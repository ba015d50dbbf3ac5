/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/walk.h"
#include "wire/clock.h"

#include <string.h>

void
bp_walk_done(struct bp_walk *w)
{
	bp_file_close(&w->dir);
	bp_buf_done(&w->bytes);
}

static bool
begin(struct bp_walk *w)
{
	const struct bp_holder h = { BP_HOLDER_HERE };
	enum bp_reason why;

	w->place = h.place;
	w->now = bp_clock_seconds();
	return w->dir >= 0 ||
	    bp_file_folder(w->place.folder, w->place.owner, &w->dir, &why);
}

static bool
load(struct bp_walk *w)
{
	bp_buf_done(&w->bytes);
	return bp_ticket_load(&w->place, w->name, w->now, &w->bytes,
	    &w->ticket);
}

bool
bp_walk_next(struct bp_walk *w)
{
	if (!begin(w))
		return false;
	while (bp_file_next(w->dir, w->name))
		if (load(w))
			return true;
	return false;
}

bool
bp_walk_find(struct bp_walk *w, const char *name)
{
	if (strlen(name) >= sizeof(w->name) || !begin(w))
		return false;
	/* which another path to it is not: the ticket knows its name */
	memcpy(w->name, name, strlen(name) + 1);
	return load(w);
}

bool
bp_walk_is_pending(const struct bp_walk *w)
{
	return w->ticket.opener.len > 0;
}
