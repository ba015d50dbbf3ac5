/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/cache.h"
#include "core/file.h"
#include "wire/ascii.h"
#include "wire/list.h"

#include <unistd.h>

enum {
	ISSUER_SHOWN = 200,		/* bytes of it in the file's name */
	NAME_SIZE = 256,
	TIME_SIZE = BP_CACHE_HEAD - BP_BUILD_SIZE
};

bool
bp_cache_name(const char *kind, struct bp_text issuer, struct bp_buf *ret)
{
	bool ok = bp_buf_say(ret, kind) && bp_buf_say(ret, "-");

	for (size_t i = 0; ok && i < issuer.len && i < ISSUER_SHOWN; i++)
		ok = bp_buf_add(ret, bp_ascii_is_plain(issuer.at[i])
		    ? &issuer.at[i] : "_", 1);
	return ok && bp_buf_add(ret, "", 1);
}

bool
bp_cache_take_time(struct bp_text *rest, int64_t *ret)
{
	struct bp_text after = *rest, bytes;
	uint64_t n = 0;

	if (!bp_list_take_bytes(&after, TIME_SIZE, &bytes))
		return false;
	for (size_t i = 0; i < TIME_SIZE; i++)
		n = n << 8 | (uint8_t)bytes.at[i];
	if (n > INT64_MAX)
		return false;
	*rest = after;
	*ret = (int64_t)n;
	return true;
}

bool
bp_cache_put_time(struct bp_buf *ret, int64_t time)
{
	uint8_t bytes[TIME_SIZE];

	for (size_t i = 0; i < TIME_SIZE; i++)
		bytes[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
	return bp_buf_add(ret, bytes, sizeof(bytes));
}

/* What another build has kept is not even read. */
bool
bp_cache_take_head(struct bp_text *file, int64_t now, int64_t *rettime)
{
	struct bp_text rest = *file, build;
	int64_t time;

	if (!bp_list_take_bytes(&rest, BP_BUILD_SIZE, &build) ||
	    !bp_text_same(build, bp_msg_build()) ||
	    !bp_cache_take_time(&rest, &time) || time > now)
		return false;
	*file = rest;
	*rettime = time;
	return true;
}

bool
bp_cache_put_head(struct bp_buf *ret, int64_t now)
{
	return bp_buf_put(ret, bp_msg_build()) && bp_cache_put_time(ret, now);
}

/* The folder, open, and the name in it. */
static bool
open_place(const struct bp_cache *c, const char *kind, int *retdir,
    struct bp_buf *retname, enum bp_reason *reterr)
{
	if (!bp_cache_name(kind, c->issuer, retname))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_folder(c->folder, c->owner, retdir, reterr);
}

bool
bp_cache_load(const struct bp_cache *c, const char *kind,
    struct bp_buf *bytes)
{
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	return open_place(c, kind, &dir, &name, &why) &&
	    bp_file_read_in(dir, (const char *)name.data, c->owner, bytes,
	    &why);
}

bool
bp_cache_store(const struct bp_cache *c, const char *kind,
    struct bp_text bytes, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;

	return open_place(c, kind, &dir, &name, reterr) &&
	    bp_file_replace(dir, (const char *)name.data, bytes, reterr);
}

void
bp_cache_forget(const struct bp_cache *c, const char *kind)
{
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	if (open_place(c, kind, &dir, &name, &why))
		(void)unlinkat(dir, (const char *)name.data, 0);
}
