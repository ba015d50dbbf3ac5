/* SPDX-License-Identifier: BSD-2-Clause */
/* Where /proc, tickets, locks and pins are to a test: in its own folder. */
#ifndef BP_TESTS_PLACES_H
#define BP_TESTS_PLACES_H

#include "support/support.h"

static char root[32], parent[32], tickets[48], locks[48], pins[48];

/* For RUN(). */
static int
make_places(void **state)
{
	int failed = make_folder(state);

	(void)snprintf(root, sizeof(root), "%s/proc", folder);
	(void)snprintf(parent, sizeof(parent), "%s/run", folder);
	(void)snprintf(tickets, sizeof(tickets), "%s/run/tickets", folder);
	(void)snprintf(locks, sizeof(locks), "%s/run/locks", folder);
	(void)snprintf(pins, sizeof(pins), "%s/run/pins", folder);
	return failed;
}

#endif
