/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"
#include "ctl/people.h"
#include "ctl/stack.h"
#include "ctl/sudoers.h"
#include "wire/ascii.h"

#include <stdio.h>
#include <string.h>

static const struct bp_where main_file = { .file = "/etc/sudoers" };

/* What an entry of sudoers says, as far as its lines have been read. */
struct entry {
	enum { OTHER = 0, DEFAULTS, RULE } kind;
	bool	 for_all;	/* Defaults that are not of some alone */
	char	 who[64];	/* of a rule: one of ours, perhaps */
};

struct looking {
	struct bp_check	*check;
	bool		 has_auth, has_account;
	bool		 asks_each_time;	/* timestamp_timeout=0, all */
	struct entry	 entry;
};

static struct bp_where
at_line(const struct bp_sudoers_line *line)
{
	return (struct bp_where){ .file = line->file, .line = line->line };
}

/* Without blanks, which may stand around its =. */
static void
drop_blanks(char *setting)
{
	char *to = setting;

	for (; *setting != '\0'; setting++)
		if (!bp_ascii_is_blank(*setting))
			*to++ = *setting;
	*to = '\0';
}

/* The last one counts; a time for some alone is not 0 for the others. */
static void
look_at_time(struct looking *l, const char *setting)
{
	static const char key[] = "timestamp_timeout=";
	bool is_zero = strcmp(setting, "!timestamp_timeout") == 0;

	if (!is_zero && strncmp(setting, key, sizeof(key) - 1) != 0)
		return;
	is_zero = is_zero || strcmp(setting + sizeof(key) - 1, "0") == 0;
	l->asks_each_time = is_zero &&
	    (l->entry.for_all || l->asks_each_time);
}

/* Where sudo asks nobody, the account phase alone is left. */
static void
warn_unasked(struct looking *l, const struct bp_sudoers_line *line,
    const char *what)
{
	if (l->has_account)
		bp_finding_warn(&l->check->findings, at_line(line), "%s: sudo "
		    "asks nobody then, and our account line refuses, "
		    "unless a ticket serves", what);
	else if (l->has_auth)
		bp_finding_warn(&l->check->findings, at_line(line), "%s: sudo "
		    "asks nobody then, and no role is looked at", what);
}

/* The file of PAM's by which sudo then comes, if no line of ours is in it. */
static void
look_at_service(struct looking *l, const struct bp_sudoers_line *line,
    const char *setting)
{
	static const char *const keys[] = { "pam_service=",
	    "pam_login_service=", "pam_askpass_service=" };
	char name[BP_SERVICE_NAME_MAX + 1];
	size_t n;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		n = strlen(keys[i]);
		if (!l->has_auth || strncmp(setting, keys[i], n) != 0)
			continue;
		(void)snprintf(name, sizeof(name), "%s", setting + n +
		    (setting[n] == '"'));
		name[strcspn(name, "\"")] = '\0';
		if (!bp_stack_of(name).auth.is)
			bp_finding_warn(&l->check->findings, at_line(line),
			    "%s: sudo then comes by " BP_PATH_PAM "/%s, which "
			    "has no auth line of ours", setting, name);
	}
}

static void
look_at_setting(struct looking *l, const struct bp_sudoers_line *line,
    char *setting)
{
	/* whom sudo then asks in the caller's stead, or that it asks nobody */
	static const char *const targets[] = { "rootpw", "targetpw",
	    "runaspw" };
	static const char *const unasked[] = { "!authenticate",
	    "exempt_group=" };

	drop_blanks(setting);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (l->has_auth && strcmp(setting, targets[i]) == 0)
			bp_finding_warn(&l->check->findings, at_line(line),
			    "%s: sudo then signs in another account than its "
			    "caller's, and one that is root's is not ours",
			    setting);
	for (size_t i = 0; i < sizeof(unasked) / sizeof(unasked[0]); i++)
		if (strncmp(setting, unasked[i], strlen(unasked[i])) == 0)
			warn_unasked(l, line, setting);
	look_at_service(l, line, setting);
	look_at_time(l, setting);
}

/* A group, an alias or a number may be anybody's, ours among them. */
static bool
may_be_ours(const struct looking *l, const char *name)
{
	struct bp_account account;

	if (!l->check->has_cfg || strchr("%+#!", name[0]) != NULL ||
	    bp_ascii_is_capital(name[0]))
		return true;
	account = bp_account_look_up(name);
	return bp_people_judge(&l->check->setup.cfg, &account, name) ==
	    BP_ADMITTED;
}

/* The users at the front of a rule, of whom the first that may be ours. */
static char *
look_at_users(struct looking *l, char *rest)
{
	size_t n;
	char end;

	do {
		rest += strspn(rest, ", \t");
		n = strcspn(rest, ", \t");
		end = rest[n];
		rest[n] = '\0';
		if (l->entry.who[0] == '\0' && may_be_ours(l, rest))
			(void)snprintf(l->entry.who, sizeof(l->entry.who),
			    "%s", rest);
		rest += n;
		if (end != '\0')
			*rest = end;
		n = strspn(rest, " \t");
	} while (rest[n] == ',');
	return rest;
}

static bool
is_alias(const char *line)
{
	static const char *const words[] = { "User_Alias", "Runas_Alias",
	    "Host_Alias", "Cmnd_Alias", "Cmd_Alias" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(line, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* What LINE begins, and what of it is left to be looked at. */
static char *
begin_entry(struct looking *l, char *line)
{
	static const char defaults[] = "Defaults";

	l->entry = (struct entry){ .kind = RULE };
	line += strspn(line, " \t");
	if (strncmp(line, defaults, sizeof(defaults) - 1) == 0) {
		line += sizeof(defaults) - 1;
		l->entry.kind = DEFAULTS;
		l->entry.for_all = strchr(" \t", *line) != NULL;
		return line + strcspn(line, " \t");
	}
	if (is_alias(line))
		l->entry.kind = OTHER;
	return l->entry.kind == RULE ? look_at_users(l, line) : line;
}

static void
look_at_rule(struct looking *l, const struct bp_sudoers_line *line,
    const char *rest)
{
	static const char word[] = "NOPASSWD";
	const char *tag = strstr(rest, word), *end;
	char what[sizeof(word) + sizeof(l->entry.who) + 5];

	if (tag == NULL || l->entry.who[0] == '\0' ||
	    (tag > rest && strchr(" \t=,:)", tag[-1]) == NULL))
		return;
	end = tag + sizeof(word) - 1;
	if (end[strspn(end, " \t")] != ':')
		return;
	(void)snprintf(what, sizeof(what), "%s for %s", word, l->entry.who);
	warn_unasked(l, line, what);
}

static void
look_at_line(const struct bp_sudoers_line *line, void *context)
{
	struct looking *l = context;
	char *rest = line->text, *setting;

	if (!line->is_more)
		rest = begin_entry(l, rest);
	if (l->entry.kind == RULE)
		look_at_rule(l, line, rest);
	else if (l->entry.kind == DEFAULTS)
		while ((setting = strtok_r(rest, ",", &rest)) != NULL)
			look_at_setting(l, line, setting);
}

void
bp_check_sudoers(struct bp_check *c)
{
	struct looking l = { .check = c, .has_auth = c->sudo.auth,
	    .has_account = c->sudo.account };

	bp_sudoers_each(look_at_line, &l);
	if (l.has_account && !l.asks_each_time)
		bp_finding_warn(&c->findings, main_file, "lacks Defaults "
		    "timestamp_timeout=0: within sudo's own timestamp nobody "
		    "signs in, and our account line refuses once no ticket "
		    "serves");
}
