/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/options.h"

#include <stdio.h>
#include <unistd.h>

int
bp_exit_of(enum bp_reason reason)
{
	switch (bp_reason_row(reason)->class) {
	case BP_CLASS_ADMITTED:
		return BP_EXIT_GOOD;
	case BP_CLASS_DENIED:
	case BP_CLASS_FAILED:
	case BP_CLASS_TRIES:
	case BP_CLASS_LOCAL:
	case BP_CLASS_ABSENT:
	case BP_CLASS_CONVERSATION:
	case BP_CLASS_MUTE:
		return BP_EXIT_REFUSED;
	case BP_CLASS_UNAVAILABLE:
		return BP_EXIT_UNAVAILABLE;
	case BP_CLASS_BROKEN:
		break;
	}
	return BP_EXIT_CONFIG;
}

bool
bp_is_root(void)
{
	if (geteuid() == 0)
		return true;
	(void)fputs("beproductctl: only root can do this: it takes the files "
	    "that root alone may read\n", stderr);
	return false;
}
