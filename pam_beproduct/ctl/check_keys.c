/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"
#include "ctl/people.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>

/* Only whether it is there: the person may have put anything in its place. */
static void
warn_file(struct bp_check *c, const struct passwd *pw, const char *name)
{
	struct stat st;
	char *path;

	if (asprintf(&path, "%s/.ssh/%s", pw->pw_dir, name) < 0)
		return;
	if (stat(path, &st) == 0 && st.st_size > 0)
		bp_finding_warn(&c->findings, (struct bp_where){ .file = path },
		    "sshd's account line refuses %s these keys without a "
		    "sign-in in the same login, or one that stands for it "
		    "(README.md, SSH keys), unless local_accounts names the "
		    "account", pw->pw_name);
	free(path);
}

static void
warn_keys(const struct passwd *pw, void *context)
{
	warn_file(context, pw, "authorized_keys");
	warn_file(context, pw, "authorized_keys2");
}

void
bp_check_keys(struct bp_check *c)
{
	if (c->has_cfg && c->sshd.account &&
	    c->setup.cfg.role_source != BP_ROLES_API)
		bp_people_each(&c->setup.cfg, warn_keys, c);
}
