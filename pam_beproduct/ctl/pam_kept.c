/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_kept.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER	BP_PATH_STATE "/pam.d"
#define WRITTEN	"written = "
#define EXISTED	"existed = "

static bool
say_why(const char *name, const char *why)
{
	(void)fprintf(stderr, "beproductctl: " FOLDER "%s%s: %s\n",
	    name[0] != '\0' ? "/" : "", name, why);
	return false;
}

void
bp_pam_kept_done(struct bp_pam_kept *k)
{
	bp_buf_done(&k->file);
}

static bool
open_folder(bool make, int *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int parent = -1;

	return make ? bp_file_folder(BP_PATH_STATE, 0, &parent, reterr) &&
	    bp_file_folder(FOLDER, 0, ret, reterr)
	    : bp_file_folder_if(FOLDER, 0, ret, reterr);
}

bool
bp_pam_kept_open(bool make, int *ret)
{
	enum bp_reason why;

	if (!open_folder(make, ret, &why))
		return say_why("", bp_file_why(why, errno));
	return *ret < 0 || bp_file_lock(*ret) ||
	    say_why("", "another `beproductctl enable` or `disable` is at "
	    "work: nothing was changed");
}

/* What stands behind KEY in the first line of REST, which is cut off. */
static bool
take(struct bp_text *rest, const char *key, struct bp_text *ret)
{
	struct bp_text line;

	if (!bp_text_starts(*rest, key) ||
	    !bp_text_cut(*rest, '\n', &line, rest))
		return false;
	*ret = bp_text_after(line, strlen(key));
	return true;
}

static bool
parse(struct bp_pam_kept *k)
{
	struct bp_text rest = bp_buf_text(&k->file), written, existed, empty;

	if (!take(&rest, WRITTEN, &written) || written.len != BP_DIGEST_HEX ||
	    !take(&rest, EXISTED, &existed) ||
	    !bp_text_cut(rest, '\n', &empty, &k->text) || empty.len != 0)
		return false;
	memcpy(k->written, written.at, BP_DIGEST_HEX);
	k->written[BP_DIGEST_HEX] = '\0';
	k->existed = bp_text_is(existed, "yes");
	return k->existed || bp_text_is(existed, "no");
}

bool
bp_pam_kept_read(int dir, const char *name, struct bp_pam_kept *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(256);
	enum bp_reason why;

	if (dir < 0)
		return true;
	if (!bp_file_read_if(dir, name, 0, &ret->file, &ret->is_there, &what,
	    &why))
		return say_why(name, bp_file_why(why, errno));
	return !ret->is_there || parse(ret) || say_why(name, "is not what "
	    "`enable` keeps: remove it, and it is as if the lines had been "
	    "put in by hand");
}

bool
bp_pam_kept_write(int dir, const char *name, bool existed,
    struct bp_text text, struct bp_text written)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PAM_KEPT_MAX);
	char hex[BP_DIGEST_HEX + 1];
	enum bp_reason why;

	bp_digest_hex(written, hex);
	if (!bp_buf_say(&b, WRITTEN) || !bp_buf_say(&b, hex) ||
	    !bp_buf_say(&b, "\n" EXISTED) ||
	    !bp_buf_say(&b, existed ? "yes\n\n" : "no\n\n") ||
	    !bp_buf_put(&b, text))
		return say_why(name, "no memory");
	return bp_file_keep(dir, name, bp_buf_text(&b), &why) ||
	    say_why(name, bp_file_why(why, errno));
}

bool
bp_pam_kept_is_written(const struct bp_pam_kept *k, struct bp_text text)
{
	char hex[BP_DIGEST_HEX + 1];

	bp_digest_hex(text, hex);
	return k->is_there && strcmp(hex, k->written) == 0;
}

void
bp_pam_kept_drop(int dir, const char *name)
{
	if (dir >= 0 && unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		(void)say_why(name, bp_file_words(errno));
}
