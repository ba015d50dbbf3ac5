/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/host.h"
#include "ctl/check.h"
#include "ctl/people.h"
#include "ctl/sshd_access.h"
#include "ctl/sshd_says.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PEOPLE_MAX = 32 };

/* What sshd does about one account, in the words of `sshd -T`. */
struct person {
	char		 name[BP_ACCOUNT_MAX + 1];
	gid_t		 gid;
	struct bp_buf	 says;
};

struct asked {
	struct bp_check	*check;
	struct person	 people[PEOPLE_MAX];
	size_t		 n;
	bool		 is_mapped;	/* each is named by a rule */
};

static void
asked_done(struct asked *a)
{
	for (size_t i = 0; i < a->n; i++)
		bp_buf_done(&a->people[i].says);
}

static void
add_person(struct asked *a, const char *name, gid_t gid)
{
	struct person *p = &a->people[a->n];

	/* -C has a comma between its parts */
	if (a->n == PEOPLE_MAX || strchr(name, ',') != NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->people[i].name, name) == 0)
			return;
	p->says = (struct bp_buf)BP_BUF_INIT(BP_SSHD_SAYS_MAX);
	(void)snprintf(p->name, sizeof(p->name), "%s", name);
	p->gid = gid;
	a->n++;
}

static void
add_account(const struct passwd *pw, void *context)
{
	add_person(context, pw->pw_name, pw->pw_gid);
}

/* Match blocks may tell people apart: some whom the map names, else some. */
static void
choose_people(struct asked *a)
{
	const struct bp_setup *s = &a->check->setup;
	struct bp_account_map map = { .rest = bp_buf_text(&s->map) };
	char name[BP_ACCOUNT_MAX + 1];
	struct bp_account account;
	struct bp_map_rule rule;

	while (a->check->has_map && a->n < PEOPLE_MAX &&
	    bp_account_map_next(&map, &rule) == BP_MAP_RULE) {
		account = bp_people_look_up(&rule.account, name);
		if (bp_people_judge(&s->cfg, &account, name) == BP_ADMITTED)
			add_person(a, name, account.gid);
	}
	a->is_mapped = a->n > 0;
	if (a->n == 0)
		bp_people_each(&s->cfg, add_account, a);
	if (a->n == 0)
		add_person(a, "nobody", 0);
}

static bool
is_yes(const struct bp_check *c, struct bp_text value)
{
	(void)c;
	return bp_text_is(value, "yes");
}

static bool
is_sshd(const struct bp_check *c, struct bp_text value)
{
	(void)c;
	return bp_text_is(value, "sshd");
}

static bool
is_no(const struct bp_check *c, struct bp_text value)
{
	(void)c;
	return bp_text_is(value, "no");
}

/* A key alone is one where the API says what its owner may. */
static bool
is_way_in(const struct bp_check *c, struct bp_text method)
{
	if (bp_text_is(method, "publickey"))
		return c->setup.cfg.role_source == BP_ROLES_API;
	return bp_text_is(method, "keyboard-interactive") ||
	    bp_text_is(method, "keyboard-interactive:pam");
}

/* Lists with blanks between them, each of methods with commas between. */
static bool
has_way_in(const struct bp_check *c, struct bp_text lists)
{
	struct bp_text list, method;

	if (bp_text_is(lists, "any"))
		return true;
	while (lists.len > 0) {
		(void)bp_text_cut(lists, ' ', &list, &lists);
		while (list.len > 0) {
			(void)bp_text_cut(list, ',', &method, &list);
			if (is_way_in(c, method))
				return true;
		}
	}
	return false;
}

static bool
is_longer(const struct bp_check *c, struct bp_text value)
{
	const struct bp_service *service = bp_config_service(&c->setup.cfg,
	    bp_text_of("sshd"));
	uint32_t ours = service != NULL ? service->deadline : 0, seconds;

	if (ours == 0)
		ours = bp_host_of(bp_text_of("sshd"), BP_TTY_SSH)->deadline;
	return !bp_text_number(value, UINT32_MAX, &seconds) || seconds == 0 ||
	    seconds > ours;
}

static const struct setting {
	const char	*key;		/* as sshd says it */
	const char	*shown;		/* as it is written */
	bool		(*is_good)(const struct bp_check *c,
			    struct bp_text value);
	bool		 is_error;
	const char	*words;
	const char	*with_keys;	/* instead, and no error, where a key
					   alone is a way in; NULL: the same */
} settings[] = {
	{ "usepam", "UsePAM", is_yes, true,
	    "sshd asks no PAM, and no line of ours counts: UsePAM yes",
	    NULL },
	/* OpenSSH 9.8 on */
	{ "pamservicename", "PAMServiceName", is_sshd, true,
	    "sshd comes by the file of another service, and no line in its "
	    "own counts: PAMServiceName sshd", NULL },
	{ "kbdinteractiveauthentication", "KbdInteractiveAuthentication",
	    is_yes, true, "nothing else can show the address, and nobody can "
	    "sign in: KbdInteractiveAuthentication yes", "role_source = api: "
	    "an SSH key alone is the way in, and nobody signs in here" },
	{ "authenticationmethods", "AuthenticationMethods", has_way_in, true,
	    "nobody is ever asked to sign in: one list must have "
	    "keyboard-interactive:pam",
	    NULL },
	{ "passwordauthentication", "PasswordAuthentication", is_no, false,
	    "a client that tries a local password first, and fails, cannot "
	    "sign in on that connection any more: PasswordAuthentication no",
	    NULL },
	{ "logingracetime", "LoginGraceTime", is_longer, false,
	    "sshd ends a sign-in before the deadline of [service:sshd] does, "
	    "and says nothing: a longer one here, or a shorter deadline",
	    NULL },
};

static void
say_setting(struct bp_check *c, const struct setting *s, struct bp_text value,
    const char *name)
{
	struct bp_where where = { .file = "/etc/ssh/sshd_config",
	    .key = bp_text_of(s->shown) };
	bool by_keys = s->with_keys != NULL &&
	    is_way_in(c, bp_text_of("publickey"));
	void (*say)(struct bp_findings *, struct bp_where, const char *, ...)
	    __attribute__((__format__(printf, 3, 4))) = by_keys
	    ? bp_finding_note : s->is_error ? bp_finding_error
	    : bp_finding_warn;

	say(&c->findings, where, "is %.*s%s%s: %s", (int)value.len, value.at,
	    name != NULL ? " for " : "", name != NULL ? name : "",
	    by_keys ? s->with_keys : s->words);
}

/* Of nobody, where it is so for all: then it is said once. */
static void
judge_setting(struct asked *a, const struct setting *s)
{
	struct bp_text value[PEOPLE_MAX];
	bool bad[PEOPLE_MAX];
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		bad[i] = bp_sshd_value(bp_buf_text(&a->people[i].says),
		    s->key, &value[i]) && !s->is_good(a->check, value[i]);
		n += bad[i];
	}
	for (size_t i = 0; i < a->n; i++)
		if (bad[i])
			say_setting(a->check, s, value[i],
			    n < a->n ? a->people[i].name : NULL);
}

/* A rule for somebody whom sshd keeps out leads nowhere. */
static void
judge_access(struct asked *a)
{
	struct bp_where where = { .file = "/etc/ssh/sshd_config" };
	const struct person *p;
	const char *key;

	for (size_t k = 0; (key = bp_sshd_access_key(k)) != NULL; k++) {
		struct bp_names names = { .n = 0 };

		for (p = a->people; p < a->people + a->n; p++)
			if (bp_sshd_keeps_out(k, bp_buf_text(&p->says),
			    p->name, p->gid))
				bp_names_add(&names, p->name);
		where.key = bp_text_of(key);
		if (names.n > 0)
			bp_finding_warn(&a->check->findings, where, "keeps "
			    "out %s, whom the account map names: sshd takes "
			    "no answer of such a person", names.words);
	}
}

/* Its last line says most. */
static void
say_unasked(struct bp_check *c, const struct bp_buf *says)
{
	struct bp_where where = { .file = BP_PATH_SSHD };
	struct bp_text rest = bp_buf_text(says), line, last = { 0 };

	while (rest.len > 0) {
		(void)bp_text_cut(rest, '\n', &line, &rest);
		if (line.len > 0)
			last = line;
	}
	if (access(BP_PATH_SSHD, X_OK) != 0)
		bp_finding_warn(&c->findings, where, "is not there: what sshd "
		    "does is not checked");
	else
		bp_finding_warn(&c->findings, where, "what sshd does is not "
		    "checked, for `sshd -T` fails: %.*s", (int)last.len,
		    last.at);
}

void
bp_check_sshd(struct bp_check *c)
{
	bool is_named = c->sshd.auth || c->sshd.account;
	BP_AUTO(asked_done) struct asked a = { .check = c };

	if (!c->has_cfg || (!is_named && bp_config_service(&c->setup.cfg,
	    bp_text_of("sshd")) == NULL))
		return;
	choose_people(&a);
	for (size_t i = 0; i < a.n; i++)
		if (!bp_sshd_ask(a.people[i].name, &a.people[i].says)) {
			if (is_named)
				say_unasked(c, &a.people[i].says);
			return;
		}
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		judge_setting(&a, &settings[i]);
	if (a.is_mapped)
		judge_access(&a);
}
