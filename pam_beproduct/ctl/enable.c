/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/enable.h"
#include "ctl/change.h"
#include "ctl/check.h"
#include "ctl/gate.h"
#include "ctl/way_in.h"

#include <stdio.h>
#include <string.h>

static const enum bp_pam_phase phases[] = { BP_PAM_AUTH, BP_PAM_ACCOUNT,
    BP_PAM_SESSION };
enum { PHASES = sizeof(phases) / sizeof(phases[0]) };

static struct bp_where
at_spot(const struct bp_pam_spot *s)
{
	return (struct bp_where){ .file = s->file, .line = s->line };
}

/*** Where the lines go ***/

/* Target I as TEXT, behind those before it as they will be. */
static void
suppose(struct bp_change *c, size_t i, const struct bp_buf *text)
{
	c->as[i] = (struct bp_pam_text){ c->of[i].name, bp_buf_text(text) };
	bp_pam_suppose(c->as, i + 1);
}

static bool
say_against(struct bp_findings *f, const char *file,
    enum bp_pam_phase phase, const struct bp_pam_place *p)
{
	const char *word = phase == BP_PAM_AUTH ? "auth"
	    : phase == BP_PAM_ACCOUNT ? "account" : "session";

	switch (p->against) {
	case BP_PAM_NOTHING:
		return true;
	case BP_PAM_NO_PLACE:
		bp_finding_error(f, (struct bp_where){ .file = file },
		    phase == BP_PAM_AUTH ? "no line of it asks for a password: "
		    "where ours belongs only you can say"
		    : "it has no account line, and with ours as the only one "
		    "root, too, would be refused");
		break;
	case BP_PAM_JUMP:
		bp_finding_error(f, at_spot(&p->culprit), "jumps over the "
		    "place of our %s line, and would lead elsewhere with it: "
		    "only you can put it in", word);
		break;
	case BP_PAM_SKIPPED:
		bp_finding_error(f, at_spot(&p->culprit), "stands behind the "
		    "line that asks for a password, and our auth line, ahead "
		    "of that, would skip it: move it to the front");
		break;
	}
	return false;
}

/* What the first file of a pair has, the second may include. */
static bool
is_of_first(const struct bp_change *c, size_t i, const struct bp_pam_spot *s)
{
	char file[sizeof(s->file)];

	(void)snprintf(file, sizeof(file), BP_PATH_PAM "/%s", c->of[0].name);
	return i > 0 && strcmp(file, s->file) == 0;
}

/* The edits of target I, as it is supposed. */
static bool
find_edits(struct bp_change *c, size_t i, struct bp_findings *f,
    struct bp_pam_edit *ret, size_t *retn)
{
	const char *name = c->of[i].name, *line;
	struct bp_pam_places all = bp_pam_places_of(name);
	char file[BP_FILE_NAME_SIZE + 32];

	(void)snprintf(file, sizeof(file), BP_PATH_PAM "/%s", name);
	for (size_t k = 0; k < PHASES; k++) {
		const struct bp_pam_place *p = &all.of[phases[k]];

		line = bp_gate_line(name, phases[k]);
		if (line == NULL || (phases[k] == BP_PAM_SESSION &&
		    !p->has_place) || is_of_first(c, i, &p->ours))
			continue;
		if (p->ours.file[0] != '\0') {
			bp_finding_error(f, at_spot(&p->ours), "a line of ours "
			    "that %s includes: take it out first", file);
			return false;
		}
		if (!say_against(f, file, phases[k], p))
			return false;
		ret[(*retn)++] = (struct bp_pam_edit){ .line = p->line,
		    .put = line };
	}
	return true;
}

/* Our first line in target I, as it stands. */
static struct bp_pam_spot
first_of_ours(struct bp_change *c, size_t i)
{
	struct bp_pam_spot first = { .line = 0 };
	struct bp_pam_places all;

	suppose(c, i, &c->of[i].now);
	all = bp_pam_places_of(c->of[i].name);
	for (size_t k = 0; k < PHASES; k++) {
		const struct bp_pam_spot *s = &all.of[phases[k]].ours;

		if (s->file[0] != '\0' && !is_of_first(c, i, s) &&
		    (first.line == 0 || s->line < first.line))
			first = *s;
	}
	return first;
}

/* Do our lines, which stand there, say what they would if we put them in? */
static bool
is_as_ours(struct bp_change *c, size_t i, struct bp_findings *f)
{
	BP_AUTO(bp_buf_done) struct bp_buf is = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf as = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	struct bp_pam_spot first = first_of_ours(c, i);
	bool ok = bp_pam_edit_meaning(c->of[i].name, &is);

	suppose(c, i, &c->of[i].wanted);
	if (ok && bp_pam_edit_meaning(c->of[i].name, &as) &&
	    bp_text_same(bp_buf_text(&is), bp_buf_text(&as)))
		return true;
	bp_finding_error(f, at_spot(&first), "a line of ours, and together "
	    "they stand otherwise than `enable` puts them: leave them so, or "
	    "take them out first");
	return false;
}

/* What is to stand in target I. */
static bool
plan_one(struct bp_change *c, size_t i, struct bp_findings *f)
{
	BP_AUTO(bp_buf_done) struct bp_buf plain =
	    BP_BUF_INIT(BP_PAM_TEXT_MAX);
	struct bp_pam_edit edits[PHASES];
	struct bp_target *t = &c->of[i];
	size_t n = 0, ours;

	if (!bp_pam_edit_out(bp_buf_text(&t->now), &plain, &ours)) {
		bp_finding_error(f, (struct bp_where){ .file = t->name },
		    "has too many lines of ours");
		return false;
	}
	suppose(c, i, &plain);
	if (!find_edits(c, i, f, edits, &n))
		return false;
	if (!bp_pam_edit(bp_buf_text(&plain), edits, n, &t->wanted)) {
		bp_finding_error(f, (struct bp_where){ .file = t->name },
		    "would be longer than a PAM file may be");
		return false;
	}
	t->differs = ours == 0 && n > 0;
	suppose(c, i, &t->wanted);
	return ours == 0 || is_as_ours(c, i, f);
}

/* A program that was built without a second service needs no second file. */
static void
warn_other(struct bp_findings *f, const char *name)
{
	bp_finding_warn(f, (struct bp_where){ .file = BP_PATH_PAM }, "has no "
	    "file %s: where %s looks for it, libpam takes " BP_PATH_PAM
	    "/other, and it goes past our lines", name,
	    bp_host_of(bp_text_of(name), BP_TTY_OTHER)->command);
}

/* Both of a pair, or one; the second may be missing. */
static bool
plan(struct bp_change *c, const char *service, struct bp_findings *f)
{
	const char *pair[2];
	struct bp_target *t;

	bp_gate_pair(service, pair);
	for (size_t i = 0; i < 2 && pair[i] != NULL; i++) {
		if (!bp_change_add(c, pair[i], &t)) {
			f->errors++;
			return false;
		}
		if (t->at == BP_PAM_NOWHERE && i > 0) {
			warn_other(f, pair[i]);
			return true;
		}
		if (t->at == BP_PAM_NOWHERE) {
			bp_finding_error(f, (struct bp_where){ .file =
			    BP_PATH_PAM }, "has no file %s, nor has "
			    BP_PATH_PAM_VENDOR, pair[i]);
			return false;
		}
		if (!plan_one(c, i, f))
			return false;
	}
	return true;
}

/*** Whom it would let in ***/

static void
judge_section(struct bp_check *k, const char *service)
{
	const struct bp_service *section;
	struct bp_account_map map = { .rest = bp_buf_text(&k->setup.map) };
	struct bp_map_rule rule;

	if (!k->has_cfg)
		return;
	section = bp_config_service(&k->setup.cfg, bp_text_of(service));
	if (section == NULL)
		bp_finding_error(&k->findings, (struct bp_where){ .file =
		    k->path }, "there is no [service:%s]: nobody of ours "
		    "could get in", service);
	else if (!bp_service_is_open(section))
		bp_finding_error(&k->findings, bp_check_where(k, "service",
		    section->name, NULL), "names neither require_role nor "
		    "require_all_roles: nobody of ours could get in");
	if (k->has_map && bp_account_map_next(&map, &rule) != BP_MAP_RULE)
		bp_finding_error(&k->findings, (struct bp_where){ .file =
		    k->map_path }, "has no rule: nobody of ours could get in");
}

/* What `check` would say afterwards, as far as this service is concerned. */
static void
judge(struct bp_check *k, const struct bp_change *c)
{
	static void (*const parts[])(struct bp_check *) = {
		bp_check_files, bp_check_host, bp_check_meaning,
		bp_check_renewal, bp_check_service, bp_check_map,
		bp_check_locks, bp_check_pins,
	};
	const char *service = c->of[0].name;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](k);
	for (size_t i = 0; i < c->n; i++)
		bp_check_stack(k, c->of[i].name);
	judge_section(k, service);
	k->sshd.auth = k->sshd.account = strcmp(service, "sshd") == 0;
	k->sudo.auth = k->sudo.account = strcmp(service, "sudo") == 0;
	bp_check_passwords(k);
	bp_check_keys(k);
	if (k->sshd.auth)
		bp_check_sshd(k);
	if (k->sudo.auth)
		bp_check_sudoers(k);
}

/* Who administers this host must get in while the provider is down. */
static void
warn_way_in(const struct bp_check *k, const char *service)
{
	struct bp_way_in way = bp_way_in(k->has_cfg ? &k->setup.cfg : NULL,
	    service);

	if (!way.is)
		(void)printf("warning: %s: while the provider is down, nobody "
		    "%s: %s\n", service, way.may_be ? "is known to get in by it"
		    : "gets in by it", way.words);
}

static void
warn_config(struct bp_check *k)
{
	if (strcmp(k->path, BP_PATH_CONFIG) != 0)
		bp_finding_warn(&k->findings, (struct bp_where){ .file =
		    k->path }, "is what was looked at, and the lines read "
		    BP_PATH_CONFIG);
}

/*** The command ***/

static void
say_besides(const struct bp_change *c)
{
	const char *service = c->of[0].name;

	if (!bp_gate_is_tried(service))
		(void)printf("note: %s: with this service it is untried: it "
		    "must show text and take an answer\n", service);
	(void)fputs("Keep a root shell open until a sign-in has been tried.\n",
	    stdout);
}

static int
make(struct bp_change *c, const struct bp_options *o)
{
	const char *service = c->of[0].name;

	say_besides(c);
	if (!o->yes && !bp_change_is_wanted())
		return bp_change_nothing(BP_EXIT_REFUSED);
	if (!bp_change_make(c, true))
		return BP_EXIT_CONFIG;
	(void)printf("%s is enabled; `beproductctl disable %s` takes it "
	    "back\n", service, service);
	return BP_EXIT_GOOD;
}

static int
enable(struct bp_change *c, const char *service, const struct bp_options *o)
{
	BP_AUTO(bp_check_done) struct bp_check k = { .path = o->config,
	    .setup = BP_SETUP_INIT, .findings = BP_FINDINGS_INIT };

	if (!bp_pam_kept_open(true, &c->kept))
		return BP_EXIT_CONFIG;
	if (!plan(c, service, &k.findings))
		return bp_change_nothing(BP_EXIT_CONFIG);
	if (!bp_change_is_any(c)) {
		(void)printf("%s is enabled already: our lines stand in "
		    BP_PATH_PAM "/%s\n", service, c->of[0].name);
		return BP_EXIT_GOOD;
	}
	if (!bp_change_show(c))
		return BP_EXIT_CONFIG;
	judge(&k, c);
	if (k.findings.errors > 0)
		return bp_change_nothing(BP_EXIT_CONFIG);
	warn_config(&k);
	warn_way_in(&k, c->of[0].name);
	return make(c, o);
}

int
bp_enable(const struct bp_options *options)
{
	BP_AUTO(bp_change_done) struct bp_change c = { .kept = -1 };
	const char *service = options->names[0], *why;

	if (options->names[1] != NULL || !bp_gate_is_name(service)) {
		(void)fprintf(stderr, "beproductctl: enable needs the name of "
		    "one service, as its file in " BP_PATH_PAM " has it\n");
		return BP_EXIT_USAGE;
	}
	why = bp_gate_against(service);
	if (why != NULL) {
		(void)fprintf(stderr, "beproductctl: %s: %s\n", service, why);
		return bp_change_nothing(BP_EXIT_CONFIG);
	}
	return bp_is_root() ? enable(&c, service, options) : BP_EXIT_CONFIG;
}
