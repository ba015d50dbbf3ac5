/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/change.h"
#include "ctl/pam_diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define IN_ETC(t)	BP_PATH_PAM, (t)->name

static bool
say(const char *folder, const char *name, const char *why)
{
	(void)fprintf(stderr, "beproductctl: %s/%s: %s\n", folder, name, why);
	return false;
}

void
bp_change_done(struct bp_change *c)
{
	bp_pam_suppose(NULL, 0);
	for (size_t i = 0; i < c->n; i++) {
		bp_buf_done(&c->of[i].now);
		bp_buf_done(&c->of[i].wanted);
		bp_pam_kept_done(&c->of[i].kept);
	}
	bp_file_close(&c->kept);
}

bool
bp_change_add(struct bp_change *c, const char *name, struct bp_target **ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(256);
	struct bp_target *t = &c->of[c->n];

	if (c->n == BP_TARGETS)
		return say(BP_PATH_PAM, name, "one service too many at once");
	*t = (struct bp_target){ .kept = BP_PAM_KEPT_INIT,
	    .now = BP_BUF_INIT(BP_PAM_TEXT_MAX),
	    .wanted = BP_BUF_INIT(BP_PAM_TEXT_MAX) };
	(void)snprintf(t->name, sizeof(t->name), "%s", name);
	c->n++;
	*ret = t;
	if (bp_pam_file_read(name, &t->now, &t->at, &what))
		return bp_pam_kept_read(c->kept, name, &t->kept);
	(void)fprintf(stderr, "beproductctl: %s/%s: %.*s\n", IN_ETC(t),
	    (int)what.len, (const char *)what.data);
	return false;
}

bool
bp_change_is_any(const struct bp_change *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].differs)
			return true;
	return false;
}

static bool
show_one(const struct bp_target *t)
{
	char from[BP_FILE_NAME_SIZE + 32], to[BP_FILE_NAME_SIZE + 32];

	(void)snprintf(from, sizeof(from), "%s/%s", t->at == BP_PAM_OF_VENDOR
	    ? BP_PATH_PAM_VENDOR : BP_PATH_PAM, t->name);
	(void)snprintf(to, sizeof(to), "%s/%s", IN_ETC(t));
	if (t->goes) {
		(void)printf("%s goes, which is a copy with our lines: "
		    BP_PATH_PAM_VENDOR "/%s counts again\n", to, t->name);
		return true;
	}
	return bp_pam_diff(stdout, from, to, bp_buf_text(&t->now),
	    bp_buf_text(&t->wanted)) || say(IN_ETC(t),
	    "more would change than can be shown: nothing was changed");
}

bool
bp_change_show(const struct bp_change *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].differs && !show_one(&c->of[i]))
			return false;
	return true;
}

static void
free_line(char **line)
{
	free(*line);
}

bool
bp_change_is_wanted(void)
{
	BP_AUTO(free_line) char *line = NULL;
	size_t size = 0;
	ssize_t n;

	(void)fputs("Write this? [y/N] ", stdout);
	(void)fflush(stdout);
	n = getline(&line, &size, stdin);
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	else
		(void)putchar('\n');
	return n > 0 && (strcasecmp(line, "y") == 0 ||
	    strcasecmp(line, "yes") == 0);
}

/* Between question and answer somebody may have been quicker. */
static bool
is_as_shown(const struct bp_target *t)
{
	BP_AUTO(bp_buf_done) struct bp_buf now = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(256);
	enum bp_pam_file_at at;

	return (bp_pam_file_read(t->name, &now, &at, &what) && at == t->at &&
	    bp_text_same(bp_buf_text(&now), bp_buf_text(&t->now))) ||
	    say(IN_ETC(t), "has changed meanwhile: nothing was changed");
}

static bool
make_one(const struct bp_change *c, const struct bp_target *t, bool keep)
{
	if (keep && !bp_pam_kept_write(c->kept, t->name,
	    t->at == BP_PAM_IN_ETC, bp_buf_text(&t->now),
	    bp_buf_text(&t->wanted)))
		return false;
	return (t->goes ? bp_pam_file_remove(t->name)
	    : bp_pam_file_put(t->name, bp_buf_text(&t->wanted))) ||
	    say(IN_ETC(t), bp_file_words(errno));
}

/* As it was, under its own owner and mode, which a new file then has. */
static void
unmake_one(const struct bp_target *t)
{
	bool ok = t->at == BP_PAM_OF_VENDOR ? bp_pam_file_remove(t->name)
	    : bp_pam_file_put(t->name, bp_buf_text(&t->now));

	if (!ok)
		(void)say(IN_ETC(t), "was changed, and could not be changed "
		    "back: call this again");
}

/* Those up to LAST, of which that was not done. */
static bool
undo(const struct bp_change *c, size_t last, bool keep)
{
	for (size_t i = 0; i <= last; i++) {
		const struct bp_target *t = &c->of[i];

		if (!t->differs)
			continue;
		if (i < last)
			unmake_one(t);
		if (keep && !t->kept.is_there)
			bp_pam_kept_drop(c->kept, t->name);
	}
	(void)fputs("beproductctl: so nothing was changed\n", stderr);
	return false;
}

int
bp_change_nothing(int status)
{
	(void)fflush(stdout);
	(void)fputs("beproductctl: nothing was changed\n", stderr);
	return status;
}

bool
bp_change_make(struct bp_change *c, bool keep)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].differs && !is_as_shown(&c->of[i]))
			return false;
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].differs && !make_one(c, &c->of[i], keep))
			return undo(c, i, keep);
	return true;
}
