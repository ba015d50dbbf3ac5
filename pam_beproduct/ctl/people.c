/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/people.h"

#include <stdio.h>
#include <string.h>

struct bp_account
bp_people_look_up(const struct bp_item *item, char name[BP_ACCOUNT_MAX + 1])
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_text t;

	name[0] = '\0';
	if (!bp_item_copy(item, &b))
		return (struct bp_account){ .failed = true };
	t = bp_buf_text(&b);
	memcpy(name, t.at, t.len);
	name[t.len] = '\0';
	return bp_account_look_up(name);
}

enum bp_reason
bp_people_judge(const struct bp_config *cfg, const struct bp_account *account,
    const char *name)
{
	enum bp_reason why;

	if (bp_account_is_root(account, name))
		return BP_ROOT;
	return bp_account_is_ours(account, name, BP_ABSENT_LOCAL, cfg,
	    &why) ? BP_ADMITTED : why;
}

void
bp_people_each(const struct bp_config *cfg,
    void (*visit)(const struct passwd *pw, void *context), void *context)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL) {
		struct bp_account a = { .found = true, .is_same = true,
		    .uid = pw->pw_uid, .gid = pw->pw_gid };

		if (bp_people_judge(cfg, &a, pw->pw_name) == BP_ADMITTED)
			visit(pw, context);
	}
	endpwent();
}

void
bp_names_add(struct bp_names *names, const char *name)
{
	if (names->n++ == 0) {
		(void)snprintf(names->first, sizeof(names->first), "%s", name);
		(void)snprintf(names->words, sizeof(names->words), "%s",
		    names->first);
	} else
		(void)snprintf(names->words, sizeof(names->words),
		    "%s and %u more", names->first, names->n - 1);
}
