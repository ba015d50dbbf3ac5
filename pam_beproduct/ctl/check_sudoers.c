#include "ctl/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char folder[] = "/etc/sudoers.d";

/* What sudo asks whom for then, in the caller's stead. */
static const char *const targets[] = { "rootpw", "targetpw", "runaspw" };

struct looking {
	struct bp_check	*check;
	bool	 has_auth;
	bool	 asks_each_time;	/* timestamp_timeout=0, of everybody */
	bool	 for_all;		/* the Defaults at hand; not of some */
	bool	 goes_on;		/* a backslash continues it */
};

/* SETTING up to a comment, without blanks, which may stand around its =. */
static void
squeeze(char *setting)
{
	char *to = setting;

	for (; *setting != '\0' && strchr("\n\\#", *setting) == NULL;
	    setting++)
		if (strchr(" \t", *setting) == NULL)
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
	l->asks_each_time = is_zero && (l->for_all || l->asks_each_time);
}

static void
look_at_setting(struct looking *l, struct bp_where where, char *setting)
{
	squeeze(setting);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (l->has_auth && strcmp(setting, targets[i]) == 0)
			bp_finding_warn(&l->check->findings, where,
			    "%s: sudo then signs in another "
			    "account than its caller's, and one that is root's "
			    "is not ours", setting);
	look_at_time(l, setting);
}

static bool
is_continued(const char *line)
{
	size_t n = strcspn(line, "\n");

	return n > 0 && line[n - 1] == '\\';
}

static void
look_at_line(struct looking *l, struct bp_where where, char *line)
{
	static const char defaults[] = "Defaults";
	char *rest = line + strspn(line, " \t"), *setting;
	bool is_more = l->goes_on;

	if (!is_more && strncmp(rest, defaults, sizeof(defaults) - 1) != 0)
		return;
	l->goes_on = is_continued(line);
	if (!is_more) {
		rest += sizeof(defaults) - 1;
		l->for_all = strchr(" \t", *rest) != NULL;
		rest += strcspn(rest, " \t\n");
	}
	while ((setting = strtok_r(rest, ",", &rest)) != NULL)
		look_at_setting(l, where, setting);
}

static void
look_at_file(struct looking *l, const char *path)
{
	struct bp_where where = { .file = path };
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (f == NULL)
		return;
	l->goes_on = false;
	while (getline(&line, &size, f) >= 0) {
		where.line++;
		look_at_line(l, where, line);
	}
	free(line);
	(void)fclose(f);
}

/* As sudo itself passes over them. */
static int
is_read(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return strchr(entry->d_name, '.') == NULL &&
	    entry->d_name[n - 1] != '~';
}

static void
look_at_folder(struct looking *l)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_read, alphasort);
	char *path;

	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
			look_at_file(l, path);
			free(path);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void
bp_check_sudoers(struct bp_check *c, bool has_auth, bool has_account)
{
	struct looking l = { .check = c, .has_auth = has_auth };

	look_at_file(&l, "/etc/sudoers");
	look_at_folder(&l);
	if (has_account && !l.asks_each_time)
		bp_finding_warn(&c->findings,
		    (struct bp_where){ .file = "/etc/sudoers" },
		    "lacks Defaults timestamp_timeout=0: within sudo's own "
		    "timestamp nobody signs in, and our account line refuses");
}
