/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * people.h - accounts of this host, as `check` looks at them: by attempt's own
 * judgement of whose they are.
 *
 * Runs in: beproductctl.  Trusts: NSS.
 */
#ifndef BP_CTL_PEOPLE_H
#define BP_CTL_PEOPLE_H

#include <pwd.h>

#include "attempt/account.h"
#include "core/item.h"
#include "core/account_map.h"

/* The account that ITEM stands for; its name, to be borrowed, into NAME. */
struct bp_account bp_people_look_up(const struct bp_item *item,
    char name[BP_ACCOUNT_MAX + 1]);

/* BP_ADMITTED: the account NAME is ours to judge; else why it is not. */
enum bp_reason	bp_people_judge(const struct bp_config *cfg,
		    const struct bp_account *account, const char *name);

/* Visit each account of ours; directories may enumerate none of theirs. */
void	bp_people_each(const struct bp_config *cfg,
	    void (*visit)(const struct passwd *pw, void *context),
	    void *context);

/* For a finding about many, of whom one tells enough. */
struct bp_names {
	unsigned n;
	char	 first[BP_ACCOUNT_MAX + 1];
	char	 words[BP_ACCOUNT_MAX + 32];	/* "alice and 3 more" */
};
void	bp_names_add(struct bp_names *names, const char *name);

#endif
