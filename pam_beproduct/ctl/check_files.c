#include "ctl/check.h"
#include "core/file.h"
#include "core/policy.h"
#include "core/secret.h"
#include "core/setup.h"
#include "wire/claim.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct bp_where
file_of(const char *path)
{
	return (struct bp_where){ .file = path };
}

/* bp_file_read() has judged; this only says what it judged by. */
static void
say_untrusted(struct bp_check *c, const char *path, mode_t forbidden)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		bp_finding_error(&c->errors, file_of(path), "%s",
		    strerror(errno));
	else if (S_ISLNK(st.st_mode))
		bp_finding_error(&c->errors, file_of(path),
		    "is a symbolic link");
	else if (!S_ISREG(st.st_mode))
		bp_finding_error(&c->errors, file_of(path),
		    "is no plain file");
	else if (st.st_uid != 0)
		bp_finding_error(&c->errors, file_of(path),
		    "is owned by uid %u, not by root", st.st_uid);
	else
		bp_finding_error(&c->errors, file_of(path), "has mode %04o: "
		    "others than root may %s it", st.st_mode & 07777U,
		    (forbidden & 044) != 0 ? "read or write" : "write");
}

static void
say_unread(struct bp_check *c, const char *path, mode_t forbidden,
    size_t most, enum bp_reason why)
{
	int error = errno;

	if (why == BP_FILE_UNTRUSTED)
		say_untrusted(c, path, forbidden);
	else if (why == BP_FILE_MISSING && error == ENOENT)
		bp_finding_error(&c->errors, file_of(path), "is missing");
	else if (why == BP_FILE_MISSING)
		bp_finding_error(&c->errors, file_of(path),
		    "cannot be opened: %s", strerror(error));
	else
		bp_finding_error(&c->errors, file_of(path), "is longer than "
		    "%zu bytes, or cannot be read", most);
}

static bool
read_file(struct bp_check *c, const char *path, mode_t forbidden,
    struct bp_buf *ret)
{
	enum bp_reason why;

	errno = 0;
	if (bp_file_read(path, 0, forbidden, ret, &why))
		return true;
	say_unread(c, path, forbidden, ret->max, why);
	return false;
}

static void
check_config(struct bp_check *c)
{
	struct bp_config_error e;

	if (!read_file(c, c->path, 022, &c->text))
		return;
	c->has_cfg = bp_config_parse(bp_buf_text(&c->text), &c->cfg, &e);
	if (!c->has_cfg)
		bp_finding_error(&c->errors, (struct bp_where){ c->path,
		    e.line, e.key }, "%s", e.what);
}

/*
 * Where the file is that SECTION names by KEY, also where the configuration
 * is refused: as far as it can be read, else OTHERWISE.  The caller frees it.
 */
static char *
path_of(const struct bp_check *c, const char *section, const char *key,
    const char *otherwise)
{
	struct bp_ini ini = { .rest = bp_buf_text(&c->text) };
	struct bp_text path = bp_text_of(otherwise);

	while (bp_ini_next(&ini) == BP_INI_ITEM)
		if (bp_text_is(ini.section, section) &&
		    bp_text_is(ini.key, key) && bp_text_starts(ini.value, "/"))
			path = ini.value;
	return path.len > 0 ? strndup(path.at, path.len) : NULL;
}

static void
free_path(char **path)
{
	free(*path);
}

static void
check_secret(struct bp_check *c)
{
	BP_AUTO(free_path) char *path = path_of(c, "provider",
	    "client_secret_file", BP_CONFIG_SECRET_FILE);
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_SECRET_FILE_MAX);
	struct bp_text secret;
	const char *what;

	if (path != NULL && read_file(c, path, 077, &file) &&
	    !bp_secret_of(bp_buf_text(&file), &secret, &what))
		bp_finding_error(&c->errors, file_of(path), "%s", what);
}

static void
check_ca_file(struct bp_check *c)
{
	static const char mark[] = "-----BEGIN CERTIFICATE-----";
	BP_AUTO(free_path) char *path = path_of(c, "provider", "ca_file", "");
	BP_AUTO(bp_buf_done) struct bp_buf file = BP_BUF_INIT(BP_CA_MAX);
	struct bp_text t;

	if (path == NULL || !read_file(c, path, 022, &file))
		return;
	t = bp_buf_text(&file);
	if (memmem(t.at, t.len, mark, sizeof(mark) - 1) == NULL)
		bp_finding_error(&c->errors, file_of(path),
		    "holds no certificate in PEM");
}

static void
check_map(struct bp_check *c)
{
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(BP_WANTED_MAX);
	struct bp_account_map e;
	struct bp_text text;

	c->map_path = path_of(c, "accounts", "map", BP_CONFIG_MAP);
	if (c->map_path == NULL || !read_file(c, c->map_path, 022, &c->map))
		return;
	text = bp_buf_text(&c->map);
	c->has_map = bp_account_map_check(text, &e);
	if (!c->has_map)
		bp_finding_error(&c->errors, (struct bp_where){
		    .file = c->map_path, .line = e.line }, "%s", e.what);
	else if (c->has_cfg && !bp_policy_wanted(&c->cfg, text, &wanted))
		bp_finding_error(&c->errors, file_of(c->map_path),
		    "more than %d claims are looked at, by map and "
		    "configuration together", BP_CLAIM_WANTED_MAX);
}

void
bp_check_files(struct bp_check *c)
{
	check_config(c);
	check_secret(c);
	check_ca_file(c);
	check_map(c);
}
