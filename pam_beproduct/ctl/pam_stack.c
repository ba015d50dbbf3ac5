/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_stack.h"
#include "wire/ascii.h"
#include "wire/buf.h"

#include <sys/stat.h>

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { DEEPEST = 16 };		/* libpam's own limit */

static const char *const folders[] = { BP_PATH_PAM, BP_PATH_PAM_VENDOR };
enum { FOLDERS = sizeof(folders) / sizeof(folders[0]) };

/* What bp_pam_suppose() was told. */
static const struct bp_pam_text *supposed;
static size_t n_supposed;

/* One file on its way through. */
struct reading {
	char		*path;
	FILE		*file;
	unsigned	 line, first;	/* the last that was read, and where
					   what is read began */
	struct bp_pam_way way;		/* of what is included */
	enum bp_pam_phase only;		/* 0: all */
	bool		 follow;
	bool		 in_substack;
	unsigned	 depth;
	bp_pam_visitor	*visit;
	void		*context;
};

static bool walk(const char *name, struct reading how);

static void
free_string(char **s)
{
	free(*s);
}

static void
reading_done(struct reading *r)
{
	if (r->file != NULL)
		(void)fclose(r->file);
	free(r->path);
}

static FILE *
open_text(struct bp_text t)
{
	return t.len == 0 ? fopen("/dev/null", "re")
	    : fmemopen((void *)(uintptr_t)t.at, t.len, "r");
}

static bool
open_supposed(struct reading *r, const char *name)
{
	for (size_t i = 0; i < n_supposed; i++) {
		struct bp_text t = supposed[i].text;

		if (strcmp(supposed[i].name, name) != 0)
			continue;
		r->file = open_text(t);
		if (r->file != NULL && asprintf(&r->path, BP_PATH_PAM "/%s",
		    name) < 0)
			r->path = NULL;
		return r->path != NULL;
	}
	return false;
}

static bool
open_in(struct reading *r, const char *folder, const char *name)
{
	struct stat st;

	if (asprintf(&r->path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "",
	    name) < 0) {
		r->path = NULL;
		return false;
	}
	/* a FIFO there must not hang us */
	if (stat(r->path, &st) == 0 && S_ISREG(st.st_mode))
		r->file = fopen(r->path, "re");
	if (r->file == NULL) {
		free(r->path);
		r->path = NULL;
	}
	return r->file != NULL;
}

static bool
open_file(struct reading *r, const char *name)
{
	if (name[0] == '/')
		return open_in(r, "", name);
	if (open_supposed(r, name))
		return true;
	for (size_t i = 0; i < FOLDERS; i++)
		if (open_in(r, folders[i], name))
			return true;
	return false;
}

/* What counts of a line: no comment, no blanks at its end; CR is none. */
static void
strip(char *s)
{
	size_t n = strcspn(s, "#");

	while (n > 0 && strchr(" \t\n", s[n - 1]) != NULL)
		n--;
	s[n] = '\0';
}

/* Lines of the file up to one that is not continued; the caller frees it. */
static char *
next_line(struct reading *r)
{
	BP_AUTO(free_string) char *piece = NULL;
	char *line = NULL, *joined;
	size_t size = 0, n;
	bool more = true;

	r->first = r->line + 1;
	while (more && getline(&piece, &size, r->file) >= 0) {
		r->line++;
		strip(piece);
		n = strlen(piece);
		more = n > 0 && piece[n - 1] == '\\';
		if (more)
			piece[n - 1] = ' ';
		if (asprintf(&joined, "%s%s", line != NULL ? line : "",
		    piece) < 0)
			break;
		free(line);
		line = joined;
	}
	return line;
}

/* The next word, or what stands in brackets, cut off REST. */
static char *
next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t"), *end;

	end = word[0] == '[' ? strchr(word, ']') : NULL;
	end = end != NULL ? end + 1 : word + strcspn(word, " \t");
	*rest = end;
	if (*end != '\0') {
		*end = '\0';
		*rest = end + 1;
	}
	return word;
}

static enum bp_pam_phase
phase_of(const char *word)
{
	static const char *const names[BP_PAM_PHASES] = {
		[BP_PAM_AUTH] = "auth", [BP_PAM_ACCOUNT] = "account",
		[BP_PAM_PASSWORD] = "password",
		[BP_PAM_SESSION] = "session",
	};

	if (word[0] == '-')
		word++;
	for (enum bp_pam_phase p = BP_PAM_AUTH; p < BP_PAM_PHASES; p++)
		if (strcasecmp(word, names[p]) == 0)
			return p;
	return 0;
}

/* Blanks in a control's brackets may be many, and stand about a =, too. */
static void
squeeze(char *s)
{
	char *to = s + 1;

	for (s++; *s != '\0'; s++) {
		bool is_blank = strchr(" \t", *s) != NULL;

		if (strchr("=]", *s) != NULL && to[-1] == ' ')
			to--;
		if (!is_blank)
			*to++ = *s;
		else if (strchr(" [=", to[-1]) == NULL)
			*to++ = ' ';
	}
	*to = '\0';
}

/* As it can be compared: libpam minds the case in brackets alone. */
static void
tidy_control(char *s)
{
	if (*s == '[')
		squeeze(s);
	else
		for (; *s != '\0'; s++)
			*s = bp_ascii_small(*s);
}

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Where R is; of a name that it includes there, the way begins with it. */
static struct bp_pam_way
way_of(const struct reading *r, const char *name)
{
	return r->depth > 0 ? r->way : (struct bp_pam_way){ .first = r->first,
	    .last = r->line, .name = name };
}

static void
visit_fault(const struct reading *r, const char *word, const char *fault)
{
	const struct bp_pam_line line = { .file = r->path, .line = r->line,
	    .way = way_of(r, NULL), .fault = fault, .control = word,
	    .path = "", .module = "" };

	r->visit(&line, r->context);
}

static void
enter(const struct reading *r, const char *name, enum bp_pam_phase only,
    bool substack)
{
	struct reading deeper = *r;

	if (!r->follow || r->depth == DEEPEST)
		return;
	deeper.way = way_of(r, name);
	deeper.depth++;
	deeper.only = only;
	deeper.in_substack = r->in_substack || substack;
	if (!walk(name, deeper))
		visit_fault(r, name, "no such file to include");
}

static bool
is_control(const char *word)
{
	static const char *const words[] = { "required", "requisite",
	    "sufficient", "optional" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return word[0] == '[' && word[strlen(word) - 1] == ']';
}

/* What stands behind a phase. */
static void
read_module(const struct reading *r, enum bp_pam_phase phase, char *rest)
{
	struct bp_pam_line line = { .file = r->path, .line = r->line,
	    .way = way_of(r, NULL), .phase = phase,
	    .in_substack = r->in_substack };
	char *control = next_word(&rest), *word;

	tidy_control(control);
	word = next_word(&rest);
	line.control = control;
	line.path = word;
	line.module = base_of(word);
	line.arguments = rest;
	if (strcasecmp(control, "include") == 0)
		enter(r, word, phase, false);
	else if (strcasecmp(control, "substack") == 0)
		enter(r, word, phase, true);
	else if (is_control(control))
		r->visit(&line, r->context);
	else
		visit_fault(r, control, "no control of PAM's (required, "
		    "requisite, sufficient, optional or [...])");
}

static void
read_line(const struct reading *r, char *rest)
{
	char *word = next_word(&rest);
	enum bp_pam_phase phase = phase_of(word);

	if (strcasecmp(word, "@include") == 0)
		enter(r, next_word(&rest), r->only, false);
	else if (phase == 0 && word[0] != '\0')
		visit_fault(r, word, "no phase of PAM's (auth, account, "
		    "password or session)");
	else if (phase != 0 && (r->only == 0 || r->only == phase))
		read_module(r, phase, rest);
}

static void
read_lines(struct reading *r)
{
	char *line;

	while ((line = next_line(r)) != NULL) {
		read_line(r, line);
		free(line);
	}
}

static bool
walk(const char *name, struct reading how)
{
	BP_AUTO(reading_done) struct reading r = how;

	r.path = NULL;
	r.file = NULL;
	r.line = 0;
	if (!open_file(&r, name))
		return false;
	read_lines(&r);
	return true;
}

void
bp_pam_text_lines(struct bp_text text, bp_pam_visitor *visit, void *context)
{
	BP_AUTO(reading_done) struct reading r = { .visit = visit,
	    .context = context, .file = open_text(text),
	    .path = strdup("") };

	if (r.file != NULL && r.path != NULL)
		read_lines(&r);
}

void
bp_pam_each_line(const char *service, bp_pam_visitor *visit, void *context)
{
	(void)walk(service, (struct reading){ .follow = true, .visit = visit,
	    .context = context });
}

bool
bp_pam_file(const char *name, bp_pam_visitor *visit, void *context)
{
	return walk(name, (struct reading){ .visit = visit,
	    .context = context });
}

/* What editors and packages leave behind is no service. */
static int
is_service(const struct dirent *entry)
{
	static const char *const ends[] = { "~", ".bak", ".orig", ".example",
	    ".dpkg-old", ".dpkg-new", ".dpkg-dist", ".dpkg-bak", ".rpmnew",
	    ".rpmsave", ".rpmorig" };
	size_t n = strlen(entry->d_name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (n >= strlen(ends[i]) && strcmp(entry->d_name + n -
		    strlen(ends[i]), ends[i]) == 0)
			return 0;
	return entry->d_name[0] != '.';
}

void
bp_pam_each(void (*visit)(const char *name, void *context), void *context)
{
	struct dirent **entries;

	for (size_t f = 0; f < FOLDERS; f++) {
		int n = scandir(folders[f], &entries, is_service, alphasort);

		for (int i = 0; i < n; i++) {
			visit(entries[i]->d_name, context);
			free(entries[i]);
		}
		if (n >= 0)
			free(entries);
	}
}

void
bp_pam_suppose(const struct bp_pam_text *texts, size_t n)
{
	supposed = texts;
	n_supposed = n;
}

bool
bp_pam_is_ours(const struct bp_pam_line *line)
{
	return strcmp(line->module, "pam_beproduct.so") == 0;
}

bool
bp_pam_is_asking(const struct bp_pam_line *line)
{
	static const char *const asking[] = { "pam_unix.so", "pam_sss.so",
	    "pam_krb5.so", "pam_ldap.so", "pam_winbind.so" };

	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++)
		if (strcmp(line->module, asking[i]) == 0)
			return true;
	return false;
}

bool
bp_pam_is_ending(const struct bp_pam_line *line)
{
	return !line->in_substack &&
	    (strcmp(line->control, "sufficient") == 0 ||
	    strstr(line->control, "=done") != NULL);
}

/* A folder without pam_unix is none where libpam looks, and tells nothing. */
bool
bp_pam_is_there(const struct bp_pam_line *line)
{
	char path[PATH_MAX];

	if (line->path[0] == '/')
		return access(line->path, F_OK) == 0;
	(void)snprintf(path, sizeof(path), "%s/%s", BP_PATH_MODULES,
	    line->path);
	return access(path, F_OK) == 0 ||
	    access(BP_PATH_MODULES "/pam_unix.so", F_OK) != 0;
}

bool
bp_pam_is_common(const char *name)
{
	static const char *const names[] = { "system-auth", "password-auth",
	    "system-account", "system-login", "fingerprint-auth",
	    "smartcard-auth", "postlogin" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "common-", sizeof("common-") - 1) == 0;
}
