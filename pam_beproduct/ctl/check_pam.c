/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/host.h"
#include "ctl/check.h"
#include "ctl/pam_place.h"
#include "ctl/stack.h"

#include <stdio.h>
#include <string.h>

static struct bp_where
at(const struct bp_pam_line *line)
{
	return (struct bp_where){ .file = line->file, .line = line->line };
}

static const struct bp_host *
host_of(const char *service)
{
	return bp_host_of(bp_text_of(service), BP_TTY_OTHER);
}

/* Other arguments than these refuse every sign-in. */
static void
warn_arguments(struct bp_check *c, const struct bp_pam_line *line)
{
	static const char config[] = "config=";
	char *rest = line->arguments, *word;

	while ((word = strtok_r(rest, " \t", &rest)) != NULL) {
		if (strncmp(word, config, sizeof(config) - 1) == 0) {
			if (strcmp(word + sizeof(config) - 1, c->path) != 0)
				bp_finding_warn(&c->findings, at(line), "%s: "
				    "another configuration than was checked",
				    word);
		} else if (strcmp(word, "debug") != 0)
			bp_finding_warn(&c->findings, at(line), "%s: no "
			    "argument of pam_beproduct, which then refuses "
			    "everybody", word);
	}
}

static void
warn_ours(struct bp_check *c, const struct bp_pam_line *line)
{
	if (line->phase == BP_PAM_AUTH &&
	    strcmp(line->control, BP_PAM_AUTH_CONTROL) != 0)
		bp_finding_warn(&c->findings, at(line), "auth %s: what is "
		    "documented and tested is " BP_PAM_AUTH_CONTROL,
		    line->control);
	if (line->phase == BP_PAM_ACCOUNT &&
	    strcmp(line->control, "required") != 0)
		bp_finding_warn(&c->findings, at(line), "account %s: what is "
		    "documented and tested is required", line->control);
	if (bp_pam_is_common(strrchr(line->file, '/') + 1))
		bp_finding_warn(&c->findings, at(line), "would decide about "
		    "cron, systemd-user and all else that includes this file: "
		    "name pam_beproduct in the files of single services");
	warn_arguments(c, line);
}

/* pam_beproduct and PAM_BEPRODUCT.so are no module's names, either. */
static bool
is_meant(const struct bp_pam_line *line)
{
	return strcasestr(line->module, "beproduct") != NULL;
}

static void
check_own_line(const struct bp_pam_line *line, void *context)
{
	struct bp_check *c = context;

	if (bp_pam_is_ours(line))
		warn_ours(c, line);
	else if (is_meant(line))
		bp_finding_error(&c->findings, at(line), "%s: misspelt, and "
		    "libpam refuses everybody: pam_beproduct.so",
		    line->module);
}

/* Of a service that concerns us, what libpam will stumble over. */
static void
check_line(const struct bp_pam_line *line, void *context)
{
	struct bp_check *c = context;

	if (line->fault != NULL)
		bp_finding_error(&c->findings, at(line), "%s: %s; libpam then "
		    "refuses everybody, root too", line->control, line->fault);
	else if (line->phase <= BP_PAM_ACCOUNT && !is_meant(line) &&
	    !bp_pam_is_there(line))
		bp_finding_warn(&c->findings, at(line), "%s: there is no such "
		    "module in " BP_PATH_MODULES, line->path);
	else if (bp_pam_is_ours(line) && !bp_pam_is_there(line))
		bp_finding_error(&c->findings, at(line), "%s: there is no "
		    "such module, and libpam refuses everybody: make install "
		    "puts it into " BP_PATH_MODULES, line->path);
}

static void
warn_auth(struct bp_check *c, const struct bp_stack *s)
{
	struct bp_where where = bp_where_marked(&s->auth);

	if (s->asks_first.is)
		bp_finding_warn(&c->findings, where, "stands behind a module "
		    "that asks for a password (%s:%u): put it before "
		    "common-auth", s->asks_first.file, s->asks_first.line);
	if (s->lets_in.is)
		bp_finding_warn(&c->findings, where, "a line before it can "
		    "let in (%s:%u), and whoever comes by that is not asked "
		    "to sign in: put ours before it", s->lets_in.file,
		    s->lets_in.line);
	if (s->wheel.is)
		bp_finding_warn(&c->findings, bp_where_marked(&s->wheel),
		    "pam_wheel as required refuses only after the sign-in in "
		    "the browser: requisite refuses before it");
	if (s->nologin.is)
		bp_finding_warn(&c->findings, bp_where_marked(&s->nologin),
		    "pam_nologin is skipped by success=done of pam_beproduct, "
		    "which must stand behind it");
	if (s->rootok.is)
		bp_finding_warn(&c->findings, bp_where_marked(&s->rootok),
		    "pam_rootok comes too late: root, too, is asked to sign "
		    "in; pam_beproduct must stand behind it");
}

static void
warn_account(struct bp_check *c, const char *service,
    const struct bp_stack *s)
{
	struct bp_where where = bp_where_marked(&s->account);

	if (s->ends_first.is)
		bp_finding_warn(&c->findings, where, "a line before it can "
		    "end the phase (%s:%u), and the role would not be asked "
		    "for: put it before common-account", s->ends_first.file,
		    s->ends_first.line);
	if (!s->another)
		bp_finding_warn(&c->findings, where, "no other account module "
		    "stands behind it: what is not ours, root too, would be "
		    "refused");
	if (host_of(service)->auth_alone)
		bp_finding_warn(&c->findings, where, "here the auth line "
		    "stands alone: an account line refuses root's own su");
	else if (!s->auth.is)
		bp_finding_warn(&c->findings, where, "without an auth line of "
		    "ours nobody signs in, and this one refuses all accounts "
		    "of ours: \"" BP_PAM_AUTH_LINE "\" before common-auth");
}

/* Of those that begin sessions, and whose sign-ins are to be remembered. */
static void
warn_session(struct bp_check *c, const char *service,
    const struct bp_stack *s)
{
	const struct bp_service *section = c->has_cfg
	    ? bp_config_service(&c->setup.cfg, bp_text_of(service)) : NULL;
	enum bp_ticket_role role = host_of(service)->ticket;

	if (section != NULL && section->ticket > 0 && s->loginuid.is &&
	    !s->session.is && (role == BP_TICKET_PARENT ||
	    role == BP_TICKET_SELF))
		bp_finding_warn(&c->findings, bp_where_marked(&s->loginuid),
		    "without \"" BP_PAM_SESSION_LINE "\" behind this line "
		    "sudo asks once more in the same session");
}

/* A jump may be meant, but what it leaves ungated must not be a surprise. */
static void
warn_jumps(struct bp_check *c, const char *service)
{
	static const char *const words[BP_PAM_PHASES] = {
		[BP_PAM_AUTH] = "auth", [BP_PAM_ACCOUNT] = "account" };
	struct bp_pam_places all = bp_pam_places_of(service);
	const struct bp_pam_spot *over;

	for (size_t i = 0; i < BP_PAM_PHASES; i++) {
		over = &all.of[i].over_ours;
		if (words[i] != NULL && over->file[0] != '\0')
			bp_finding_warn(&c->findings, (struct bp_where){
			    .file = over->file, .line = over->line }, "can "
			    "jump over our %s line, which whoever comes so "
			    "is not held against", words[i]);
	}
}

static void
warn_section(struct bp_check *c, const char *service,
    const struct bp_stack *s)
{
	const struct bp_mark *first = s->auth.is ? &s->auth : &s->account;

	if (c->has_cfg &&
	    bp_config_service(&c->setup.cfg, bp_text_of(service)) == NULL)
		bp_finding_warn(&c->findings, bp_where_marked(first), "there "
		    "is no [service:%s] in %s: it admits nobody", service,
		    c->path);
}

void
bp_check_stack(struct bp_check *c, const char *name)
{
	struct bp_stack s;

	(void)bp_pam_file(name, check_own_line, c);
	if (bp_pam_is_common(name))
		return;
	s = bp_stack_of(name);
	if (!s.auth.is && !s.account.is)
		return;
	bp_pam_each_line(name, check_line, c);
	c->meets_unix = c->meets_unix || (s.auth.is && s.has_unix);
	if (s.auth.is) {
		warn_auth(c, &s);
		warn_session(c, name, &s);
	}
	if (s.account.is)
		warn_account(c, name, &s);
	warn_jumps(c, name);
	warn_section(c, name, &s);
}

static void
check_stack(const char *name, void *context)
{
	bp_check_stack(context, name);
}

static void
ignore_line(const struct bp_pam_line *line, void *context)
{
	(void)line;
	(void)context;
}

/* Whoever reads the section believes that the service is gated. */
static void
check_section(struct bp_check *c, const char *name, struct bp_where section)
{
	struct bp_stack s = bp_stack_of(name);
	char file[BP_SERVICE_NAME_MAX + sizeof("/etc/pam.d/")];

	if (s.auth.is || s.account.is)
		return;
	if (!bp_pam_file(name, ignore_line, NULL)) {
		bp_finding_warn(&c->findings, section, "PAM knows no service "
		    "of this name here: there is no /etc/pam.d/%s", name);
		return;
	}
	(void)snprintf(file, sizeof(file), "/etc/pam.d/%s", name);
	bp_pam_each_line(name, check_line, c);
	bp_finding_error(&c->findings, (struct bp_where){ .file = file },
	    "there is [service:%s], but no line of pam_beproduct.so, and "
	    "nothing is gated: `beproductctl enable %s` puts in \""
	    BP_PAM_AUTH_LINE "\" before common-auth%s", name, name,
	    host_of(name)->auth_alone ? "" : ", and \""
	    BP_PAM_ACCOUNT_LINE "\" before common-account");
}

static void
check_sections(struct bp_check *c)
{
	char name[BP_SERVICE_NAME_MAX + 1];
	struct bp_text t;

	for (size_t i = 0; c->has_cfg && i < c->setup.cfg.services; i++) {
		t = c->setup.cfg.service[i].name;
		(void)snprintf(name, sizeof(name), "%.*s", (int)t.len, t.at);
		check_section(c, name, bp_check_where(c, "service",
		    t, NULL));
	}
}

/* One program, two services: what stands in one alone, the other goes past. */
static void
warn_pair(struct bp_check *c, const struct bp_host *other)
{
	struct bp_stack a = bp_stack_of(other->gate);
	struct bp_stack b = bp_stack_of(other->service);
	const struct {
		const char		*what;
		const struct bp_mark	*a, *b;
	} rows[] = {
		{ "auth", &a.auth, &b.auth },
		{ "account", &a.account, &b.account },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].a->is != rows[i].b->is)
			bp_finding_warn(&c->findings, bp_where_marked(
			    rows[i].a->is ? rows[i].a : rows[i].b),
			    "%s has our %s line and %s has not: %s goes past "
			    "it", rows[i].a->is ? other->gate : other->service,
			    rows[i].what, rows[i].a->is ? other->service
			    : other->gate, rows[i].a->is ? other->command
			    : other->gate);
}

void
bp_check_pam(struct bp_check *c)
{
	struct bp_stack sshd = bp_stack_of("sshd"), sudo = bp_stack_of("sudo"),
	    sudo_i = bp_stack_of("sudo-i");
	const struct bp_host *host;

	bp_pam_each(check_stack, c);
	check_sections(c);
	for (size_t i = 0; (host = bp_host_at(i)) != NULL; i++)
		if (host->gate != NULL)
			warn_pair(c, host);
	c->sshd.auth = sshd.auth.is;
	c->sshd.account = sshd.account.is;
	c->sudo.auth = sudo.auth.is || sudo_i.auth.is;
	c->sudo.account = sudo.account.is || sudo_i.account.is;
}
