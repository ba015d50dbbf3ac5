/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a phase has met so far: modules have numbers, and ours have none. */
struct met {
	unsigned long	 n;
	unsigned long	 furthest;	/* that a jump so far leads to */
	struct bp_pam_spot jump;	/* the line of that */
};

/* A phase on its way. */
struct phase {
	struct met	 met;
	unsigned	 line;		/* of the own file, by which all since
					   BEFORE has come */
	struct met	 before;
	unsigned	 substack;	/* that line, if it includes what was
					   met last as a substack; else 0 */
};

enum { JUMP_MAX = 1000 };		/* no stack has as many */

struct looking {
	struct phase		 phase[BP_PAM_PHASES];
	struct bp_pam_places	 places;
};

static void
keep_spot(struct bp_pam_spot *s, const struct bp_pam_line *line)
{
	if (s->file[0] != '\0')
		return;
	s->line = line->line;
	(void)snprintf(s->file, sizeof(s->file), "%s", line->file);
}

/* The furthest module that [...=N...] leads to, of one that is number AT. */
static unsigned long
jump_of(const char *control, unsigned long at)
{
	unsigned long most = 0, n;

	while ((control = strchr(control, '=')) != NULL) {
		control++;
		n = strtoul(control, NULL, 10);
		n = n < JUMP_MAX ? n : JUMP_MAX;
		most = n > most ? n : most;
	}
	return most == 0 ? 0 : at + 1 + most;
}

/* Ahead of LINE of the own file, where as much has been MET. */
static void
choose(struct bp_pam_place *p, unsigned line, const struct met *met)
{
	p->has_place = true;
	p->line = line;
	p->against = BP_PAM_NOTHING;
	if (met->furthest <= met->n)
		return;
	p->against = BP_PAM_JUMP;
	p->culprit = met->jump;
}

static void
look_at_auth(struct bp_pam_place *p, const struct phase *of,
    const struct bp_pam_line *line)
{
	bool is_common = line->way.name != NULL &&
	    bp_pam_is_common(line->way.name);
	bool is_rootok = strcmp(line->module, "pam_rootok.so") == 0;

	/* root's own su is nobody's who is asked */
	if (!p->has_place && (is_common || bp_pam_is_asking(line) ||
	    (bp_pam_is_ending(line) && !is_rootok)))
		choose(p, of->line, &of->before);
	else if (p->has_place && p->against == BP_PAM_NOTHING &&
	    (is_rootok || strcmp(line->module, "pam_nologin.so") == 0)) {
		p->against = BP_PAM_SKIPPED;
		keep_spot(&p->culprit, line);
	}
}

static void
look_at_account(struct bp_pam_place *p, const struct phase *of,
    const struct bp_pam_line *line)
{
	bool is_common = line->way.name != NULL &&
	    bp_pam_is_common(line->way.name);

	if (!p->has_place && (is_common || bp_pam_is_ending(line) ||
	    bp_pam_is_asking(line)))
		choose(p, of->line, &of->before);
}

static void
look_at_session(struct bp_pam_place *p, const struct phase *of,
    const struct bp_pam_line *line)
{
	struct met behind = of->met;

	behind.n++;
	if (!p->has_place && strcmp(line->module, "pam_loginuid.so") == 0)
		choose(p, line->way.last + 1, &behind);
}

static void
look_at_ours(struct bp_pam_place *p, const struct phase *of,
    const struct bp_pam_line *line)
{
	keep_spot(&p->ours, line);
	if (of->met.furthest > of->met.n && p->over_ours.file[0] == '\0')
		p->over_ours = of->met.jump;
}

/* A jump counts a substack as one, and none leads out of it. */
static bool
is_in_substack(struct phase *of, const struct bp_pam_line *line)
{
	of->met.n += line->in_substack && of->substack != line->way.first;
	of->substack = line->in_substack ? line->way.first : 0;
	return line->in_substack;
}

static void
count(struct phase *of, const struct bp_pam_line *line)
{
	struct met *met = &of->met;
	unsigned long to = jump_of(line->control, met->n);

	if (is_in_substack(of, line))
		return;
	met->n++;
	if (to <= met->furthest)
		return;
	met->furthest = to;
	met->jump.file[0] = '\0';
	keep_spot(&met->jump, line);
}

static void
look_at_line(const struct bp_pam_line *line, void *context)
{
	static void (*const looks[BP_PAM_PHASES])(struct bp_pam_place *,
	    const struct phase *, const struct bp_pam_line *) = {
		[BP_PAM_AUTH] = look_at_auth,
		[BP_PAM_ACCOUNT] = look_at_account,
		[BP_PAM_SESSION] = look_at_session,
	};
	struct looking *l = context;
	struct phase *of = &l->phase[line->phase];

	if (looks[line->phase] == NULL)
		return;
	if (bp_pam_is_ours(line)) {
		look_at_ours(&l->places.of[line->phase], of, line);
		return;
	}
	if (line->way.first != of->line) {
		of->line = line->way.first;
		of->before = of->met;
	}
	looks[line->phase](&l->places.of[line->phase], of, line);
	count(of, line);
}

struct bp_pam_places
bp_pam_places_of(const char *service)
{
	struct looking l = { .places = { .of = { { .line = 0 } } } };
	struct bp_pam_place *account = &l.places.of[BP_PAM_ACCOUNT];
	const struct phase *of = &l.phase[BP_PAM_ACCOUNT];

	for (size_t i = 0; i < BP_PAM_PHASES; i++)
		l.places.of[i].against = BP_PAM_NO_PLACE;
	bp_pam_each_line(service, look_at_line, &l);
	/* nothing ends the phase before its end: another one must follow */
	if (!account->has_place && of->met.n > 0)
		choose(account, of->line, &of->before);
	return l.places;
}
