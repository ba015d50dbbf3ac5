/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file.h"
#include "ctl/pam_stack.h"
#include "ctl/people.h"
#include "ctl/sshd_access.h"
#include "ctl/sshd_says.h"
#include "ctl/way_in.h"
#include "wire/clock.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DAY = 86400,
	LOCALS_MAX = 32,		/* accounts that are looked at */
	SHOWN = 4,			/* of them, why not */
	KEYS_MAX = 64 * 1024		/* bytes of authorized_keys */
};

struct local {
	char	name[BP_ACCOUNT_MAX + 1];
	gid_t	gid;
	uid_t	uid;
	char	home[BP_PATH_MAX + 1];
	struct bp_way_account facts;
};

struct looking {
	struct bp_way_stack	 stack;
	struct local		 locals[LOCALS_MAX];
	size_t			 n;
	bool			 ssh_is_mute;	/* and is asked no more */
	struct bp_way_in	 found;
};

static bool
is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}
#define IS_ONE_OF(word, words)	is_one_of(word, words, \
	sizeof(words) / sizeof((words)[0]))

/* Where nothing is found libpam refuses; of others than ours, if it must. */
static bool
breaks(const struct bp_pam_line *line)
{
	if (line->fault != NULL)
		return true;
	return line->phase <= BP_PAM_ACCOUNT && !bp_pam_is_there(line) &&
	    (strcasestr(line->module, "beproduct") != NULL ||
	    strcmp(line->control, "required") == 0 ||
	    strcmp(line->control, "requisite") == 0);
}

static void
note_line(const struct bp_pam_line *line, void *context)
{
	/* of these nobody is let in by one alone */
	static const char *const silent[] = { "pam_nologin.so",
	    "pam_deny.so" };
	struct bp_way_stack *s = context;

	if (breaks(line)) {
		s->is_broken = true;
		return;
	}
	if (line->phase != BP_PAM_AUTH && line->phase != BP_PAM_ACCOUNT)
		return;
	if (bp_pam_is_ours(line)) {
		s->refuses = s->refuses || !bp_way_passes(line->control,
		    line->phase == BP_PAM_AUTH);
		return;
	}
	s->wants_listed |= strcmp(line->module, "pam_shells.so") == 0;
	s->wants_terminal |= strcmp(line->module, "pam_securetty.so") == 0;
	if (line->phase == BP_PAM_AUTH)
		s->asks |= strcmp(line->module, "pam_unix.so") == 0;
	else
		s->has_account |= !IS_ONE_OF(line->module, silent);
}

/* pam_securetty lets root in where there is no such file. */
static bool
names_terminal(void)
{
	FILE *f = fopen("/etc/securetty", "re");
	bool is = f == NULL;
	int c;

	while (!is && (c = getc(f)) != EOF)
		if (c == '#')
			while (c != '\n' && c != EOF)
				c = getc(f);
		else
			is = c > ' ';
	if (f != NULL)
		(void)fclose(f);
	return is;
}

static struct bp_way_stack
stack_of(const char *service)
{
	struct bp_way_stack s = {
		.kind = strcmp(service, "sshd") == 0 ? BP_WAY_BY_SSH
		    : strcmp(service, "sudo") == 0 ||
		    strcmp(service, "sudo-i") == 0 ? BP_WAY_BY_SUDO
		    : BP_WAY_BY_CONSOLE,
		.is_shut = access("/etc/nologin", F_OK) == 0 ||
		    access("/run/nologin", F_OK) == 0,
		.has_terminal = names_terminal(),
	};

	bp_pam_each_line(service, note_line, &s);
	return s;
}

/* What such a program does, whoever starts it, is none of a shell's work. */
static bool
is_shell(const char *path)
{
	static const char *const others[] = { "nologin", "false", "true",
	    "sync", "shutdown", "halt", "git-shell" };
	const char *slash = strrchr(path, '/');

	return path[0] == '\0' || (slash != NULL &&
	    !IS_ONE_OF(slash + 1, others) && access(path, X_OK) == 0);
}

static bool
is_listed(const char *path)
{
	const char *shell;
	bool is = path[0] == '\0';

	setusershell();
	while (!is && (shell = getusershell()) != NULL)
		is = strcmp(shell, path) == 0;
	endusershell();
	return is;
}

static void
note_shadow(struct bp_way_account *facts, const struct passwd *pw)
{
	long today = (long)(bp_clock_seconds() / DAY);
	const struct spwd *sp = getspnam(pw->pw_name);
	const char *hash = pw->pw_passwd;

	if (strcmp(hash, "x") == 0)
		hash = sp != NULL ? sp->sp_pwdp : "";
	facts->has_password = bp_way_is_password(hash);
	facts->is_expired = sp != NULL && bp_way_is_expired(sp, today);
	facts->must_change = sp != NULL && bp_way_must_change(sp, today);
}

static void
add_local(struct looking *l, const struct passwd *pw)
{
	struct local *one = &l->locals[l->n];

	if (l->n == LOCALS_MAX)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->locals[i].name, pw->pw_name) == 0)
			return;
	*one = (struct local){ .gid = pw->pw_gid, .uid = pw->pw_uid };
	(void)snprintf(one->name, sizeof(one->name), "%s", pw->pw_name);
	(void)snprintf(one->home, sizeof(one->home), "%s", pw->pw_dir);
	one->facts.is_root = pw->pw_uid == 0;
	one->facts.has_shell = is_shell(pw->pw_shell);
	one->facts.is_listed = is_listed(pw->pw_shell);
	note_shadow(&one->facts, pw);
	l->n++;
}

static void
add_name(struct looking *l, const char *name)
{
	const struct passwd *pw = getpwnam(name);

	if (pw != NULL)
		add_local(l, pw);
}

/* Below min_uid, of whom those count that are people's. */
static void
add_others(struct looking *l, const struct bp_config *cfg)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL) {
		struct bp_account a = { .found = true, .is_same = true,
		    .uid = pw->pw_uid, .gid = pw->pw_gid };
		enum bp_reason whose = bp_people_judge(cfg, &a, pw->pw_name);

		if ((whose == BP_ROOT || whose == BP_LOCAL_ACCOUNT) &&
		    is_shell(pw->pw_shell))
			add_local(l, pw);
	}
	endpwent();
}

static void
add_locals(struct looking *l, const struct bp_config *cfg)
{
	char name[BP_ACCOUNT_MAX + 1];
	struct bp_item item;
	struct bp_text list;

	add_name(l, "root");
	if (cfg == NULL)
		return;
	list = cfg->local_accounts;
	while (bp_item_next(&list, &item)) {
		(void)bp_people_look_up(&item, name);
		add_name(l, name);
	}
	add_others(l, cfg);
}

/* sshd heeds no file that another could have written. */
static bool
is_hers(const struct stat *st, const struct local *one, bool strict)
{
	return !strict || ((st->st_uid == 0 || st->st_uid == one->uid) &&
	    (st->st_mode & 022) == 0);
}

/* Its last folder, and the home. */
static bool
has_safe_way(char *path, const struct local *one, bool strict)
{
	char *slash = strrchr(path, '/');
	struct stat st;
	bool is;

	*slash = '\0';
	is = stat(path[0] != '\0' ? path : "/", &st) == 0 &&
	    is_hers(&st, one, strict);
	*slash = '/';
	return is && stat(one->home, &st) == 0 && is_hers(&st, one, strict);
}

/*
 * The person may have put anything in its place: only a plain file is opened,
 * and only to see whether it holds a key.
 */
static bool
has_key_in(char *path, const struct local *one, bool strict)
{
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(KEYS_MAX);
	BP_AUTO(bp_file_close) int place = open(path, O_PATH | O_CLOEXEC);
	BP_AUTO(bp_file_close) int fd = -1;
	char link[64];
	struct stat st;

	if (place < 0 || fstat(place, &st) != 0 || !S_ISREG(st.st_mode) ||
	    !is_hers(&st, one, strict) || !has_safe_way(path, one, strict))
		return false;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", place);
	fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (fd >= 0 && bp_buf_fill(&keys, fd) > 0)
		;
	return bp_way_has_key(bp_buf_text(&keys));
}

/* sshd_config(5): %h, %u, %U, and below the home without a slash. */
static bool
put_path(struct bp_text pattern, const struct local *one, struct bp_buf *ret)
{
	char uid[BP_DECIMAL_MAX];

	if (pattern.len > 0 && pattern.at[0] != '/' &&
	    !bp_text_starts(pattern, "%h") &&
	    !(bp_buf_say(ret, one->home) && bp_buf_say(ret, "/")))
		return false;
	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.at[i], next = i + 1 < pattern.len
		    ? pattern.at[i + 1] : '\0';
		bool ok = c != '%' ? bp_buf_add(ret, &c, 1)
		    : next == 'h' ? bp_buf_say(ret, one->home)
		    : next == 'u' ? bp_buf_say(ret, one->name)
		    : next == 'U' ? bp_buf_put(ret,
		    bp_text_decimal(one->uid, uid))
		    : next == '%' && bp_buf_say(ret, "%");

		if (!ok)
			return false;
		i += c == '%';
	}
	return bp_buf_add(ret, "", 1);
}

static bool
has_key(const struct local *one, struct bp_text says)
{
	struct bp_text patterns, pattern, value;
	bool strict = bp_sshd_value(says, "strictmodes", &value) &&
	    bp_text_is(value, "yes");

	if (!bp_sshd_value(says, "authorizedkeysfile", &patterns))
		return false;
	while (patterns.len > 0) {
		BP_AUTO(bp_buf_done) struct bp_buf path =
		    BP_BUF_INIT(2 * BP_PATH_MAX);

		(void)bp_text_cut(patterns, ' ', &pattern, &patterns);
		if (!bp_text_is(pattern, "none") &&
		    put_path(pattern, one, &path) && path.data[0] == '/' &&
		    has_key_in((char *)path.data, one, strict))
			return true;
	}
	return false;
}

/* Keys that stand in no file. */
static bool
has_other_keys(struct bp_text says)
{
	static const char *const keys[] = { "authorizedkeyscommand",
	    "trustedusercakeys" };
	struct bp_text value;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (bp_sshd_value(says, keys[i], &value) &&
		    !bp_text_is(value, "none"))
			return true;
	return false;
}

static bool
keeps_out(const struct local *one, struct bp_text says)
{
	for (size_t k = 0; bp_sshd_access_key(k) != NULL; k++)
		if (bp_sshd_keeps_out(k, says, one->name, one->gid))
			return true;
	return false;
}

static enum bp_way
way_by_ssh(struct looking *l, struct local *one)
{
	BP_AUTO(bp_buf_done) struct bp_buf says =
	    BP_BUF_INIT(BP_SSHD_SAYS_MAX);
	struct bp_way_ssh ssh = { .has_said = false };
	struct bp_text t;

	if (!l->ssh_is_mute && bp_sshd_ask(one->name, &says)) {
		t = bp_buf_text(&says);
		ssh = bp_way_ssh_of(t);
		ssh.keeps_out = keeps_out(one, t);
		one->facts.has_key = has_key(one, t);
		l->found.may_be = l->found.may_be || has_other_keys(t);
	}
	l->ssh_is_mute = !ssh.has_said;
	return bp_way_of(&l->stack, &one->facts, &ssh);
}

static enum bp_way
way_of(struct looking *l, struct local *one)
{
	return l->stack.kind == BP_WAY_BY_SSH ? way_by_ssh(l, one)
	    : bp_way_of(&l->stack, &one->facts, NULL);
}

/* NAME and WHAT, behind what is said of others. */
static void
say(struct bp_way_in *w, const char *name, const char *between,
    const char *what)
{
	size_t n = strlen(w->words);

	(void)snprintf(w->words + n, sizeof(w->words) - n, "%s%s%s%s",
	    n > 0 ? "; " : "", name, between, what);
}

static void
say_more(struct bp_way_in *w, size_t more)
{
	size_t n = strlen(w->words);

	if (more > 0)
		(void)snprintf(w->words + n, sizeof(w->words) - n,
		    "; and %zu more", more);
}

struct bp_way_in
bp_way_in(const struct bp_config *cfg, const char *service)
{
	static struct looking l;	/* too much for a stack */
	enum bp_way way;

	l = (struct looking){ .stack = stack_of(service) };
	add_locals(&l, cfg);
	for (size_t i = 0; i < l.n; i++) {
		way = way_of(&l, &l.locals[i]);
		if (bp_way_is_in(way)) {
			l.found = (struct bp_way_in){ .is = true };
			say(&l.found, l.locals[i].name, ", ",
			    bp_way_words(way));
			return l.found;
		}
		if (i < SHOWN)
			say(&l.found, l.locals[i].name, ": ",
			    bp_way_words(way));
	}
	say_more(&l.found, l.n > SHOWN ? l.n - SHOWN : 0);
	return l.found;
}
