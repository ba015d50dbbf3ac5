/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/change.h"
#include "ctl/enable.h"
#include "ctl/gate.h"

#include <stdio.h>
#include <string.h>

/*
 * What stood there before `enable`.  A copy of the vendor's file goes, unless
 * that is gone: through no file at all the service would come by `other`.
 */
static bool
take_back(struct bp_target *t)
{
	t->differs = true;
	t->goes = !t->kept.existed && bp_pam_file_is_vendors(t->name);
	return bp_buf_put(&t->wanted, t->kept.text);
}

/* A line that jumps over one of ours counts it, and would lead elsewhere. */
static bool
say_jumps(const struct bp_target *t)
{
	struct bp_pam_places all = bp_pam_places_of(t->name);
	const struct bp_pam_spot *over;

	for (size_t i = 0; i < BP_PAM_PHASES; i++) {
		over = &all.of[i].over_ours;
		if (over->file[0] == '\0')
			continue;
		(void)fprintf(stderr, "beproductctl: %s:%u: jumps over a line "
		    "of ours, and counts it: only you can take that out\n",
		    over->file, over->line);
		return false;
	}
	return true;
}

/* Of a file that somebody has changed since, our lines and nothing else. */
static bool
take_out(struct bp_target *t)
{
	size_t n;

	if (!bp_pam_edit_out(bp_buf_text(&t->now), &t->wanted, &n)) {
		(void)fprintf(stderr, "beproductctl: " BP_PATH_PAM "/%s: has "
		    "too many lines of ours\n", t->name);
		return false;
	}
	t->differs = n > 0;
	return n == 0 || say_jumps(t);
}

static bool
plan_one(struct bp_change *c, const char *name)
{
	struct bp_target *t;

	if (!bp_change_add(c, name, &t))
		return false;
	if (t->at != BP_PAM_IN_ETC)
		return true;
	return bp_pam_kept_is_written(&t->kept, bp_buf_text(&t->now))
	    ? take_back(t) : take_out(t);
}

/* What is kept of what is not enabled any more is of no use. */
static void
forget(const struct bp_change *c)
{
	for (size_t i = 0; i < c->n; i++)
		bp_pam_kept_drop(c->kept, c->of[i].name);
}

static int
make(struct bp_change *c, const struct bp_options *o, const char *what)
{
	if (!bp_change_is_any(c)) {
		forget(c);
		(void)printf("%s: no line of ours stands in " BP_PATH_PAM "\n",
		    what);
		return BP_EXIT_GOOD;
	}
	if (!bp_change_show(c))
		return BP_EXIT_CONFIG;
	(void)fputs("From then on the local password is enough there.\n",
	    stdout);
	if (!o->yes && !bp_change_is_wanted())
		return bp_change_nothing(BP_EXIT_REFUSED);
	if (!bp_change_make(c, false))
		return BP_EXIT_CONFIG;
	forget(c);
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].differs)
			(void)printf("%s is not enabled any more\n",
			    c->of[i].name);
	return BP_EXIT_GOOD;
}

static int
disable_one(struct bp_change *c, const struct bp_options *o)
{
	const char *pair[2];

	bp_gate_pair(o->names[0], pair);
	for (size_t i = 0; i < 2 && pair[i] != NULL; i++)
		if (!plan_one(c, pair[i]))
			return bp_change_nothing(BP_EXIT_CONFIG);
	return make(c, o, o->names[0]);
}

/*** All ***/

struct others {
	const struct bp_change *change;
	const char	*name;		/* of the file that is looked at */
	bool		 are_any;
};

/* Will this file be as it was before `enable`? */
static bool
is_taken_back(const struct bp_change *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->of[i].name, name) == 0)
			return c->of[i].differs;
	return false;
}

static void
look_at_line(const struct bp_pam_line *line, void *context)
{
	struct others *o = context;

	if (!bp_pam_is_ours(line))
		return;
	o->are_any = true;
	(void)fprintf(stderr, "beproductctl: %s:%u: a line of ours that "
	    "`enable` has not put in, or in a file that was changed since: "
	    "`beproductctl disable %s` shows what it would do\n", line->file,
	    line->line, o->name);
}

static void
look_at_file(const char *name, void *context)
{
	struct others *o = context;

	o->name = name;
	if (!is_taken_back(o->change, name))
		(void)bp_pam_file(name, look_at_line, o);
}

/* Only what is as `enable` left it: else nothing, and it is named. */
static bool
plan_all(struct bp_change *c)
{
	char name[BP_FILE_NAME_SIZE] = "";
	struct others others = { .change = c };
	struct bp_target *t;

	while (c->kept >= 0 && bp_file_next(c->kept, name)) {
		if (!bp_change_add(c, name, &t))
			return false;
		if (t->at == BP_PAM_IN_ETC && bp_pam_kept_is_written(&t->kept,
		    bp_buf_text(&t->now)) && !take_back(t))
			return false;
	}
	bp_pam_each(look_at_file, &others);
	return !others.are_any;
}

int
bp_disable(const struct bp_options *options)
{
	BP_AUTO(bp_change_done) struct bp_change c = { .kept = -1 };
	const char *service = options->names[0];

	if (!options->all && (options->names[1] != NULL ||
	    !bp_gate_is_name(service))) {
		(void)fprintf(stderr, "beproductctl: disable needs the name of "
		    "one service, as its file in " BP_PATH_PAM " has it\n");
		return BP_EXIT_USAGE;
	}
	if (!bp_is_root() || !bp_pam_kept_open(false, &c.kept))
		return BP_EXIT_CONFIG;
	if (!options->all)
		return disable_one(&c, options);
	return plan_all(&c) ? make(&c, options, "--all")
	    : bp_change_nothing(BP_EXIT_CONFIG);
}
