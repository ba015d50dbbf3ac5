/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/cache.h"
#include "core/file.h"
#include "core/user.h"
#include "ctl/escape.h"
#include "wire/clock.h"
#include "wire/list.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* By how their names begin. */
static const struct kind {
	const char	*begins, *what;
} kinds[] = {
	{ "provider-", "the provider's record" },
	{ "outage-", "an outage" },
	{ BP_USER_KIND, "a user of the public API" },
};

static const struct kind *
kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bp_text_starts(bp_text_of(name), kinds[i].begins))
			return &kinds[i];
	return NULL;
}

static void
show_roles(struct bp_text roles)
{
	struct bp_list each = bp_list_of(roles);
	struct bp_text role;
	const char *between = "";

	(void)fputs(" roles=\"", stdout);
	for (; bp_list_next(&each, &role); between = ", ") {
		(void)fputs(between, stdout);
		(void)fputs(bp_escape_text(role).text, stdout);
	}
	(void)fputs("\"", stdout);
}

/* Of whom; of a file that is none of ours nothing counts, and none is said. */
static void
show_user(int dir, const char *name, int64_t now)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes =
	    BP_BUF_INIT(BP_USER_FILE_MAX);
	struct bp_user_key key;
	struct bp_user u;
	enum bp_reason why;

	if (!bp_file_read_in(dir, name, 0, &bytes, &why) ||
	    !bp_user_read(bp_buf_text(&bytes), now, &key, &u)) {
		(void)fputs(" of no use", stdout);
		return;
	}
	(void)printf(" email=\"%s\"",
	    bp_escape_text(u.said.field[BP_F_EMAIL]).text);
	(void)printf(" id=\"%s\"",
	    bp_escape_text(u.said.field[BP_F_API_ID]).text);
	show_roles(u.said.field[BP_F_API_ROLES]);
}

/* One that is gone meanwhile is no fault. */
static int
show_file(int dir, const char *name)
{
	const struct kind *kind = kind_of(name);
	int64_t now = bp_clock_seconds();
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return BP_EXIT_GOOD;
	(void)printf("%s: %s, %llds old", bp_escape_text(
	    bp_text_of(name)).text, kind->what,
	    (long long)(now - (int64_t)st.st_mtime));
	if (strcmp(kind->begins, BP_USER_KIND) == 0)
		show_user(dir, name, now);
	(void)putchar('\n');
	return BP_EXIT_GOOD;
}

static bool
open_folder(int *ret)
{
	enum bp_reason why;

	if (bp_file_folder(BP_PATH_CACHE, 0, ret, &why))
		return true;
	(void)fprintf(stderr, "beproductctl: " BP_PATH_CACHE ": %s\n",
	    bp_file_why(why, errno));
	return false;
}

/* What is done with each file of a kind; an exit code. */
typedef int visit(int dir, const char *name);

static int
is_ours(const struct dirent *d)
{
	return kind_of(d->d_name) != NULL;
}

/* All of them, however many: who drops them wants none to be left. */
static int
visit_all(visit *each)
{
	BP_AUTO(bp_file_close) int dir = -1;
	int status = BP_EXIT_GOOD, one, n;
	struct dirent **found;

	if (!bp_is_root() || !open_folder(&dir))
		return BP_EXIT_CONFIG;
	n = scandir(BP_PATH_CACHE, &found, is_ours, alphasort);
	if (n < 0) {
		(void)fprintf(stderr, "beproductctl: " BP_PATH_CACHE ": %s\n",
		    bp_file_words(errno));
		return BP_EXIT_CONFIG;
	}
	for (int i = 0; i < n; i++) {
		one = each(dir, found[i]->d_name);
		if (one != BP_EXIT_GOOD)
			status = one;
		free(found[i]);
	}
	free(found);
	return status;
}

static int
drop_file(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT) {
		(void)fprintf(stderr, "beproductctl: %s: %s\n",
		    bp_escape_text(bp_text_of(name)).text,
		    bp_file_words(errno));
		return BP_EXIT_CONFIG;
	}
	(void)printf("dropped %s\n", bp_escape_text(bp_text_of(name)).text);
	return BP_EXIT_GOOD;
}

int
bp_cache_show(const struct bp_options *options)
{
	(void)options;
	return visit_all(show_file);
}

int
bp_cache_drop(const struct bp_options *options)
{
	(void)options;
	return visit_all(drop_file);
}
