/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/account.h"
#include "core/item.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOKUP_FIRST = 1024, LOOKUP_MOST = 1024 * 1024	/* bytes for NSS */
};

/* Not found, and could not be asked, are two things: getpwnam_r(3). */
struct bp_account
bp_account_look_up(const char *user)
{
	struct bp_account a = { .failed = true };
	struct passwd pw, *found = NULL;
	int error = ERANGE;

	for (size_t n = LOOKUP_FIRST; n <= LOOKUP_MOST && error == ERANGE;
	    n *= 4) {
		char *room = malloc(n);

		if (room == NULL)
			return a;
		error = getpwnam_r(user, &pw, room, n, &found);
		if (found != NULL)
			a = (struct bp_account){ .found = true,
			    .uid = pw.pw_uid, .gid = pw.pw_gid,
			    .is_same = strcmp(pw.pw_name, user) == 0 };
		free(room);
	}
	if (!a.found)
		a.failed = error != 0 && error != ENOENT && error != ESRCH;
	return a;
}

bool
bp_account_is_root(const struct bp_account *a, const char *user)
{
	/* the name alone is enough: a failed look-up must not lock root out */
	return bp_text_is(bp_text_of(user), "root") ||
	    (a->found && a->uid == 0);
}

bool
bp_account_is_ours(const struct bp_account *a, const char *user,
    enum bp_absent absent, const struct bp_config *cfg, enum bp_reason *reterr)
{
	if (bp_item_list_has(cfg->local_accounts, bp_text_of(user)))
		return bp_refuse(reterr, BP_LOCAL_ACCOUNT);
	/* a directory that flaps must not open the stack: getpwnam_r(3) */
	if (a->failed || (!a->found && absent == BP_ABSENT_LOOKUP))
		return bp_refuse(reterr, BP_ACCOUNT_LOOKUP);
	if (!a->found)
		return absent == BP_ABSENT_REMOTE ||
		    bp_refuse(reterr, BP_NO_ACCOUNT);
	if (a->uid < cfg->min_uid || a->uid == BP_UID_NOBODY)
		return bp_refuse(reterr, BP_LOCAL_ACCOUNT);
	return a->is_same || bp_refuse(reterr, BP_ACCOUNT_SPELLING);
}
