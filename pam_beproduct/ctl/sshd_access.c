/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/sshd_access.h"

#include <grp.h>
#include <limits.h>

/* An account, as sshd compares it. */
struct who {
	struct bp_text	 name;
	const gid_t	*groups;
	int		 n;
};

/* `*` is any bytes, `?` any one: back to the last `*`, which takes one more. */
static bool
is_like(struct bp_text t, struct bp_text pattern)
{
	struct bp_text star = { 0 }, tried = { 0 };
	bool has_star = false;

	while (t.len > 0) {
		if (pattern.len > 0 && *pattern.at == '*') {
			pattern = star = bp_text_after(pattern, 1);
			tried = t;
			has_star = true;
		} else if (pattern.len > 0 && (*pattern.at == '?' ||
		    *pattern.at == *t.at)) {
			pattern = bp_text_after(pattern, 1);
			t = bp_text_after(t, 1);
		} else if (has_star) {
			t = tried = bp_text_after(tried, 1);
			pattern = star;
		} else
			return false;
	}
	while (pattern.len > 0 && *pattern.at == '*')
		pattern = bp_text_after(pattern, 1);
	return pattern.len == 0;
}

static bool
allows_user(const struct who *who, struct bp_text pattern)
{
	struct bp_text user, host;

	(void)bp_text_cut(pattern, '@', &user, &host);
	return is_like(who->name, user);
}

static bool
denies_user(const struct who *who, struct bp_text pattern)
{
	struct bp_text user, host;

	return (!bp_text_cut(pattern, '@', &user, &host) ||
	    bp_text_is(host, "*")) && is_like(who->name, user);
}

static bool
has_group(const struct who *who, struct bp_text pattern)
{
	const struct group *group;

	for (int i = 0; i < who->n; i++) {
		group = getgrgid(who->groups[i]);
		if (group != NULL &&
		    is_like(bp_text_of(group->gr_name), pattern))
			return true;
	}
	return false;
}

static const struct key {
	const char	*key;		/* as sshd says it: a line a pattern */
	const char	*shown;		/* as it is written */
	bool		(*is_named)(const struct who *who,
			    struct bp_text pattern);
	bool		 denies;
} keys[] = {
	{ "denyusers", "DenyUsers", denies_user, true },
	{ "allowusers", "AllowUsers", allows_user, false },
	{ "denygroups", "DenyGroups", has_group, true },
	{ "allowgroups", "AllowGroups", has_group, false },
};

/* Is WHO named by one of its patterns?  False also where it has none. */
static bool
names(const struct key *k, struct bp_text says, const struct who *who,
    bool *retset)
{
	struct bp_text line, name, pattern;

	*retset = false;
	while (says.len > 0) {
		(void)bp_text_cut(says, '\n', &line, &says);
		if (!bp_text_cut(line, ' ', &name, &pattern) ||
		    !bp_text_is(name, k->key))
			continue;
		*retset = true;
		if (k->is_named(who, pattern))
			return true;
	}
	return false;
}

const char *
bp_sshd_access_key(size_t number)
{
	return number < sizeof(keys) / sizeof(keys[0]) ? keys[number].shown :
	    NULL;
}

bool
bp_sshd_keeps_out(size_t number, struct bp_text says, const char *name,
    gid_t gid)
{
	static gid_t groups[NGROUPS_MAX];	/* as many as sshd looks at */
	struct who who = { bp_text_of(name), groups, NGROUPS_MAX };
	bool is_set, is_named;

	if (getgrouplist(name, gid, groups, &who.n) < 0)
		who.n = NGROUPS_MAX;
	is_named = names(&keys[number], says, &who, &is_set);
	return is_set && is_named == keys[number].denies;
}
