#include "ctl/check.h"

#include <sys/stat.h>

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

/* Is it an account that the account line judges? */
static bool
is_ours(const struct bp_config *cfg, const struct passwd *pw)
{
	return pw->pw_uid != 0 && pw->pw_uid >= cfg->min_uid &&
	    pw->pw_uid != 65534 && !bp_item_list_has(cfg->local_accounts,
	    bp_text_of(pw->pw_name));
}

/* Only whether it is there: the person may have put anything in its place. */
static void
warn_keys(struct bp_check *c, const struct passwd *pw, const char *name)
{
	struct stat st;
	char *path;

	if (asprintf(&path, "%s/.ssh/%s", pw->pw_dir, name) < 0)
		return;
	if (stat(path, &st) == 0 && st.st_size > 0)
		bp_finding_warn(&c->findings, (struct bp_where){ .file = path },
		    "sshd's "
		    "account line refuses %s these keys without a sign-in in "
		    "the same login, unless local_accounts names the account",
		    pw->pw_name);
	free(path);
}

void
bp_check_keys(struct bp_check *c)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL)
		if (is_ours(&c->setup.cfg, pw)) {
			warn_keys(c, pw, "authorized_keys");
			warn_keys(c, pw, "authorized_keys2");
		}
	endpwent();
}
