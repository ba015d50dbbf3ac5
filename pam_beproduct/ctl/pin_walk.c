/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pin_walk.h"
#include "core/file.h"

#include <stdlib.h>

void
bp_pin_walk_done(struct bp_pin_walk *w)
{
	for (int i = 0; i < w->n; i++)
		free(w->name[i]);
	free(w->name);
	w->name = NULL;
	w->n = 0;
	bp_file_close(&w->dir);
	bp_pins_done(&w->pins);
}

/* What a writer that was killed left behind begins with a dot. */
static int
is_one(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* False: it has been said in W's fault; there being none is true. */
static bool
begin(struct bp_pin_walk *w)
{
	enum bp_reason why;

	if (w->dir >= 0)
		return true;
	/* nobody's, of whom there is no file: the folder is judged by it */
	if (!bp_pins_load(&w->place, bp_text_of(""), &w->pins, &why))
		return false;
	if (!bp_file_folder_if(w->place.folder, w->place.owner, &w->dir,
	    &why) || w->dir < 0)
		return true;
	w->n = scandir(w->place.folder, &w->name, is_one, alphasort);
	if (w->n < 0)
		w->n = 0;
	return true;
}

enum bp_pin_walk_step
bp_pin_walk_next(struct bp_pin_walk *w)
{
	enum bp_reason why;

	if (w->dir < 0 && w->at > 0)
		return BP_PIN_WALK_END;
	if (!begin(w)) {
		w->at++;
		return BP_PIN_WALK_BAD;
	}
	while (w->at < w->n) {
		if (!bp_pins_read(&w->place, w->dir,
		    w->name[w->at++]->d_name, &w->pins, &why))
			return BP_PIN_WALK_BAD;
		/* or it has gone meanwhile */
		if (w->pins.n > 0)
			return BP_PIN_WALK_ACCOUNT;
	}
	return BP_PIN_WALK_END;
}
