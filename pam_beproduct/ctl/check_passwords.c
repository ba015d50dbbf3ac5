/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"
#include "ctl/people.h"
#include "wire/clock.h"

#include <shadow.h>

/* Ages past which nobody lives; useradd writes 99999 for none. */
enum { DAY = 86400, NEVER = 10000 };

/* Of whom pam_unix asks a local password, after a good sign-in. */
struct ages {
	struct bp_names	 now, later;
};

/* As pam_unix reads shadow(5), in days since 1970. */
static bool
is_over(const struct spwd *sp, long today)
{
	return sp->sp_lstchg == 0 || (sp->sp_max != -1 &&
	    today >= sp->sp_lstchg && today - sp->sp_lstchg > sp->sp_max);
}

/* No password has such a hash: nobody can type it, nor change it. */
static bool
is_locked(const struct spwd *sp)
{
	return sp->sp_pwdp[0] == '!' || sp->sp_pwdp[0] == '*';
}

static void
look_at_age(const struct passwd *pw, void *context)
{
	struct ages *ages = context;
	const struct spwd *sp = getspnam(pw->pw_name);

	if (sp == NULL)
		return;
	if (is_over(sp, (long)(bp_clock_seconds() / DAY)))
		bp_names_add(&ages->now, pw->pw_name);
	else if (is_locked(sp) && sp->sp_max != -1 && sp->sp_max < NEVER)
		bp_names_add(&ages->later, pw->pw_name);
}

void
bp_check_passwords(struct bp_check *c)
{
	static const struct bp_where shadow = { .file = "/etc/shadow" };
	struct ages ages = { .now = { .n = 0 } };

	if (!c->has_cfg || !c->meets_unix)
		return;
	bp_people_each(&c->setup.cfg, look_at_age, &ages);
	if (ages.now.n > 0)
		bp_finding_warn(&c->findings, shadow, "%s: after a good "
		    "sign-in pam_unix asks for the local password, which is "
		    "too old: chage -d \"$(date +%%F)\" -M -1 %s",
		    ages.now.words, ages.now.first);
	if (ages.later.n > 0)
		bp_finding_warn(&c->findings, shadow, "%s: one day pam_unix "
		    "will ask for a local password that nobody has (a maximal "
		    "age, as PASS_MAX_DAYS sets it): chage -M -1 %s",
		    ages.later.words, ages.later.first);
}
