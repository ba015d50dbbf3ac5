/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/sudoers.h"
#include "wire/ascii.h"
#include "wire/buf.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef BP_PATH_SUDOERS
#define BP_PATH_SUDOERS	"/etc/sudoers"
#endif
#ifndef BP_PATH_SUDOERS_VENDOR
#define BP_PATH_SUDOERS_VENDOR	"/usr/etc/sudoers"
#endif

enum { DEEPEST = 128 };		/* sudo's own limit */

/* One file on its way through. */
struct sudoers {
	const char		*path;
	unsigned		 line;
	unsigned		 depth;
	bool			 goes_on;	/* a backslash ended the line */
	bool			*is_too_deep;	/* sudo reads nothing more then */
	bp_sudoers_visitor	*visit;
	void			*context;
};

static void read_sudoers(const char *path, struct sudoers how);

/* Ends LINE where its comment begins: a # that names no number of a user. */
static void
cut_comment(char *line)
{
	bool quoted = false;

	for (; *line != '\0' && *line != '\n'; line++) {
		if (*line == '"')
			quoted = !quoted;
		if (*line == '\\' && line[1] != '\0' && line[1] != '\n')
			line++;
		else if (*line == '#' && !quoted &&
		    !bp_ascii_is_digit(line[1]))
			break;
	}
	*line = '\0';
}

/* Is it to be read together with the next?  Then without its backslash. */
static bool
take_backslash(char *line)
{
	size_t n = strlen(line);

	if (n == 0 || line[n - 1] != '\\')
		return false;
	line[n - 1] = '\0';
	return true;
}

/* FROM, without its quotes and escapes, and with %h as this host's name. */
static void
put_path(char *to, size_t room, const char *from)
{
	char host[HOST_NAME_MAX + 1] = "";
	size_t n = 0;

	(void)gethostname(host, sizeof(host) - 1);
	host[strcspn(host, ".")] = '\0';
	for (; *from != '\0' && n + sizeof(host) < room; from++) {
		if (from[0] == '%' && from[1] == 'h') {
			n = (size_t)(stpcpy(to + n, host) - to);
			from++;
		} else if (*from != '"' && *from != '\\')
			to[n++] = *from;
	}
	to[n] = '\0';
}

/* Beside the file that includes it, unless it says where. */
static void
resolve(const struct sudoers *s, char *rest, char path[PATH_MAX])
{
	const char *slash = strrchr(s->path, '/');
	size_t n = 0;

	rest += strspn(rest, " \t");
	for (n = strcspn(rest, "\n"); n > 0 && bp_ascii_is_blank(rest[n - 1]);)
		n--;
	rest[n] = '\0';
	n = 0;
	if (rest[0] != '/' && rest[0] != '"' && slash != NULL)
		n = (size_t)snprintf(path, PATH_MAX, "%.*s",
		    (int)(slash + 1 - s->path), s->path);
	put_path(path + n, PATH_MAX - n, rest);
}

static int
is_read(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return strchr(entry->d_name, '.') == NULL &&
	    entry->d_name[n - 1] != '~';
}

static void
read_folder(const char *folder, struct sudoers how)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_read, alphasort);
	char *path;

	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
			read_sudoers(path, how);
			free(path);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* Is LINE an include?  Then it is followed. */
static bool
follow(const struct sudoers *s, char *line)
{
	static const struct {
		const char	*word;
		void		(*read)(const char *path, struct sudoers how);
	} words[] = {
		{ "includedir", read_folder }, { "include", read_sudoers },
	};
	char *rest = line + strspn(line, " \t"), path[PATH_MAX];

	if (*rest != '@' && *rest != '#')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(rest + 1, words[i].word, n) != 0 ||
		    !bp_ascii_is_blank(rest[1 + n]))
			continue;
		resolve(s, rest + 1 + n, path);
		words[i].read(path, *s);
		return true;
	}
	return false;
}

static void
read_sudoers_line(struct sudoers *s, char *line)
{
	struct bp_sudoers_line one = { s->path, s->line, line, s->goes_on };

	if (!s->goes_on && follow(s, line))
		return;
	cut_comment(line);
	s->goes_on = take_backslash(line);
	if (line[strspn(line, " \t")] != '\0')
		s->visit(&one, s->context);
}

static void
close_file(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f);
}

static void
read_sudoers(const char *path, struct sudoers how)
{
	BP_AUTO(close_file) FILE *f = NULL;
	char *line = NULL;
	size_t size = 0;

	if (how.depth == DEEPEST)
		*how.is_too_deep = true;
	if (*how.is_too_deep)
		return;
	f = fopen(path, "re");
	how.depth++;
	how.path = path;
	how.line = 0;
	how.goes_on = false;
	while (f != NULL && getline(&line, &size, f) >= 0) {
		how.line++;
		read_sudoers_line(&how, line);
	}
	free(line);
}

void
bp_sudoers_each(bp_sudoers_visitor *visit, void *context)
{
	bool is_too_deep = false, has_own = access(BP_PATH_SUDOERS, F_OK) == 0;

	read_sudoers(has_own ? BP_PATH_SUDOERS : BP_PATH_SUDOERS_VENDOR,
	    (struct sudoers){ .visit = visit, .context = context,
	    .is_too_deep = &is_too_deep });
}
