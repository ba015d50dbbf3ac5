#include "core/host.h"
#include "ctl/check.h"
#include "ctl/pam_stack.h"

#include <stdio.h>
#include <string.h>

#define AUTH_CONTROL	"[success=done user_unknown=ignore default=die]"

static struct bp_where
at(const struct bp_pam_line *line)
{
	return (struct bp_where){ .file = line->file, .line = line->line };
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
				bp_finding_warn(&c->findings, at(line),
				    "%s: another "
				    "configuration than was checked", word);
		} else if (strcmp(word, "debug") != 0)
			bp_finding_warn(&c->findings, at(line),
			    "%s: no argument of "
			    "pam_beproduct, which then refuses everybody",
			    word);
	}
}

static void
warn_line(const struct bp_pam_line *line, void *context)
{
	struct bp_check *c = context;

	if (!bp_pam_is_ours(line))
		return;
	if (line->phase == BP_PAM_AUTH &&
	    strcmp(line->control, AUTH_CONTROL) != 0)
		bp_finding_warn(&c->findings, at(line),
		    "auth %s: what is documented and "
		    "tested is " AUTH_CONTROL, line->control);
	if (line->phase == BP_PAM_ACCOUNT &&
	    strcmp(line->control, "required") != 0)
		bp_finding_warn(&c->findings, at(line),
		    "account %s: what is documented and "
		    "tested is required", line->control);
	if (bp_pam_is_common(strrchr(line->file, '/') + 1))
		bp_finding_warn(&c->findings, at(line),
		    "would decide about cron, "
		    "systemd-user and all else that includes this file: name "
		    "pam_beproduct in the files of single services");
	warn_arguments(c, line);
}

/* A copy of a line that is looked at again when its stack has been read. */
struct mark {
	bool	 is;
	char	 file[256];
	unsigned line;
};

static void
mark(struct mark *m, const struct bp_pam_line *line)
{
	if (m->is)
		return;
	m->is = true;
	m->line = line->line;
	(void)snprintf(m->file, sizeof(m->file), "%s", line->file);
}

static struct bp_where
marked(const struct mark *m)
{
	return (struct bp_where){ .file = m->file, .line = m->line };
}

/* What a service comes through, as far as it concerns us. */
struct stack {
	struct mark	 auth, account;		/* our first line */
	struct mark	 asks_first;		/* before our auth line */
	struct mark	 nologin, rootok;	/* behind it */
	struct mark	 ends_first;		/* before our account line */
	bool		 another;		/* account module behind it */
};

static bool
is_one_of(const char *word, const char *const words[])
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static void
note_auth(struct stack *s, const struct bp_pam_line *line)
{
	static const char *const asking[] = { "pam_unix.so", "pam_sss.so",
	    "pam_krb5.so", "pam_ldap.so", "pam_winbind.so", NULL };

	if (bp_pam_is_ours(line))
		mark(&s->auth, line);
	else if (!s->auth.is && is_one_of(line->module, asking))
		mark(&s->asks_first, line);
	else if (s->auth.is && strcmp(line->module, "pam_nologin.so") == 0)
		mark(&s->nologin, line);
	else if (s->auth.is && strcmp(line->module, "pam_rootok.so") == 0)
		mark(&s->rootok, line);
}

static void
note_account(struct stack *s, const struct bp_pam_line *line)
{
	bool ends = !line->in_substack &&
	    (strcmp(line->control, "sufficient") == 0 ||
	    strstr(line->control, "=done") != NULL);

	if (bp_pam_is_ours(line))
		mark(&s->account, line);
	else if (s->account.is)
		s->another = true;
	else if (ends)
		mark(&s->ends_first, line);
}

static void
note(const struct bp_pam_line *line, void *context)
{
	if (line->phase == BP_PAM_AUTH)
		note_auth(context, line);
	else if (line->phase == BP_PAM_ACCOUNT)
		note_account(context, line);
}

static struct stack
stack_of(const char *service)
{
	struct stack s = { 0 };

	bp_pam_stack(service, note, &s);
	return s;
}

static void
warn_auth(struct bp_check *c, const struct stack *s)
{
	if (!s->auth.is)
		return;
	if (s->asks_first.is)
		bp_finding_warn(&c->findings, marked(&s->auth),
		    "stands behind a module "
		    "that asks for a password (%s:%u): put it before "
		    "common-auth", s->asks_first.file, s->asks_first.line);
	if (s->nologin.is)
		bp_finding_warn(&c->findings, marked(&s->nologin),
		    "pam_nologin is skipped "
		    "by success=done of pam_beproduct, which must stand "
		    "behind it");
	if (s->rootok.is)
		bp_finding_warn(&c->findings, marked(&s->rootok),
		    "pam_rootok comes too "
		    "late: root, too, is asked to sign in; pam_beproduct must "
		    "stand behind it");
}

static void
warn_account(struct bp_check *c, const struct stack *s)
{
	if (!s->account.is)
		return;
	if (s->ends_first.is)
		bp_finding_warn(&c->findings, marked(&s->account),
		    "a line before it can "
		    "end the phase (%s:%u), and the role would not be asked "
		    "for: put it before common-account", s->ends_first.file,
		    s->ends_first.line);
	if (!s->another)
		bp_finding_warn(&c->findings, marked(&s->account),
		    "no other account module "
		    "stands behind it: what is not ours, root too, would be "
		    "refused");
}

static void
warn_section(struct bp_check *c, const char *service,
    const struct stack *s)
{
	const struct mark *first = s->auth.is ? &s->auth : &s->account;

	if (c->has_cfg && first->is &&
	    bp_config_service(&c->setup.cfg, bp_text_of(service)) == NULL)
		bp_finding_warn(&c->findings, marked(first),
		    "there is no [service:%s] in "
		    "%s: it admits nobody", service, c->path);
}

static void
check_service(const char *name, void *context)
{
	struct bp_check *c = context;
	struct stack s;

	(void)bp_pam_file(name, warn_line, c);
	if (bp_pam_is_common(name))
		return;
	s = stack_of(name);
	warn_auth(c, &s);
	warn_account(c, &s);
	warn_section(c, name, &s);
	if (s.account.is &&
	    bp_host_of(bp_text_of(name), BP_TTY_OTHER)->auth_alone)
		bp_finding_warn(&c->findings, marked(&s.account), "here the "
		    "auth line stands alone: an account line refuses root's "
		    "own su");
}

/* One program, two services: what stands in one alone, the other goes past. */
static void
warn_pair(struct bp_check *c, const char *one, const char *other,
    const char *how)
{
	struct stack a = stack_of(one), b = stack_of(other);

	if (a.auth.is != b.auth.is)
		bp_finding_warn(&c->findings,
		    marked(a.auth.is ? &a.auth : &b.auth),
		    "%s has our auth line and %s has not: %s goes past it",
		    a.auth.is ? one : other, a.auth.is ? other : one,
		    a.auth.is ? how : one);
	if (a.account.is != b.account.is)
		bp_finding_warn(&c->findings,
		    marked(a.account.is ? &a.account : &b.account),
		    "%s has our account line and %s has not: %s goes past it",
		    a.account.is ? one : other, a.account.is ? other : one,
		    a.account.is ? how : one);
}

void
bp_check_pam(struct bp_check *c)
{
	const struct bp_host *host;

	bp_pam_each(check_service, c);
	for (size_t i = 0; (host = bp_host_at(i)) != NULL; i++)
		if (host->gate != NULL)
			warn_pair(c, host->gate, host->service, host->command);
	if (c->has_cfg && stack_of("sshd").account.is)
		bp_check_keys(c);
	bp_check_sudoers(c,
	    stack_of("sudo").auth.is || stack_of("sudo-i").auth.is,
	    stack_of("sudo").account.is || stack_of("sudo-i").account.is);
}
