/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/sshd_says.h"
#include "ctl/run.h"
#include "core/name.h"

#include <stdio.h>
#include <string.h>

bool
bp_sshd_ask(const char *name, struct bp_buf *ret)
{
	char who[BP_ACCOUNT_MAX + 128];
	const char *const argv[] = { BP_PATH_SSHD, "-T", "-C", who, NULL };

	/* -C has a comma between its parts */
	if (strchr(name, ',') != NULL || strlen(name) > BP_ACCOUNT_MAX)
		return false;
	(void)snprintf(who, sizeof(who), "user=%s,host=192.0.2.1,"
	    "addr=192.0.2.1,laddr=192.0.2.2,lport=22", name);
	return bp_run(argv, ret);
}

bool
bp_sshd_value(struct bp_text says, const char *key, struct bp_text *ret)
{
	struct bp_text line, name;

	while (says.len > 0) {
		(void)bp_text_cut(says, '\n', &line, &says);
		if (bp_text_cut(line, ' ', &name, ret) && bp_text_is(name, key))
			return true;
	}
	return false;
}
