#include "core/provider.h"
#include "core/file.h"
#include "wire/ascii.h"
#include "wire/endpoint.h"
#include "wire/list.h"

#include <unistd.h>

enum {
	ISSUER_SHOWN = 200,		/* bytes of it in the file's name */
	NAME_SIZE = 256,
	TIME_SIZE = BP_PROVIDER_HEAD - BP_BUILD_SIZE
};

bool
bp_provider_check(const struct bp_msg *m, struct bp_text issuer,
    enum bp_reason *reterr)
{
	if (m->type != BP_MSG_PROVIDER ||
	    !bp_text_same(m->field[BP_F_ISSUER], issuer))
		return bp_refuse(reterr, BP_DISCOVERY_ISSUER);
	return bp_endpoints_are_of(m, issuer) ||
	    bp_refuse(reterr, BP_PROVIDER_FOREIGN);
}

static bool
take_time(struct bp_text *rest, int64_t *ret)
{
	struct bp_text bytes;
	uint64_t n = 0;

	if (!bp_list_take_bytes(rest, TIME_SIZE, &bytes))
		return false;
	for (size_t i = 0; i < TIME_SIZE; i++)
		n = n << 8 | (uint8_t)bytes.at[i];
	*ret = (int64_t)n;
	return n <= INT64_MAX;
}

/* A head in front of the message: another build's is not even read. */
bool
bp_provider_read(struct bp_text file, struct bp_text issuer, int64_t now,
    struct bp_provider *ret)
{
	struct bp_provider p = { .bytes = file };
	struct bp_text build;
	enum bp_reason why;

	if (!bp_list_take_bytes(&p.bytes, BP_BUILD_SIZE, &build) ||
	    !bp_text_same(build, bp_msg_build()) ||
	    !take_time(&p.bytes, &p.time) || p.time > now ||
	    now - p.time > BP_PROVIDER_GOOD ||
	    !bp_msg_read(p.bytes, &p.msg) ||
	    !bp_provider_check(&p.msg, issuer, &why))
		return false;
	*ret = p;
	return true;
}

bool
bp_provider_write(struct bp_text message, int64_t now, struct bp_buf *ret)
{
	uint8_t time[TIME_SIZE];

	for (size_t i = 0; i < TIME_SIZE; i++)
		time[i] = (uint8_t)((uint64_t)now >> (56 - 8 * i));
	return bp_buf_put(ret, bp_msg_build()) &&
	    bp_buf_add(ret, time, sizeof(time)) && bp_buf_put(ret, message);
}

bool
bp_provider_name(struct bp_text issuer, struct bp_buf *ret)
{
	bool ok = bp_buf_say(ret, "provider-");

	for (size_t i = 0; ok && i < issuer.len && i < ISSUER_SHOWN; i++)
		ok = bp_buf_add(ret, bp_ascii_is_plain(issuer.at[i])
		    ? &issuer.at[i] : "_", 1);
	return ok && bp_buf_add(ret, "", 1);
}

/* The folder, open, and the name in it. */
static bool
open_place(const char *path, uid_t owner, struct bp_text issuer, int *retdir,
    struct bp_buf *retname, enum bp_reason *reterr)
{
	if (!bp_provider_name(issuer, retname))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_folder(path, owner, retdir, reterr);
}

bool
bp_provider_load(const char *path, uid_t owner, struct bp_text issuer,
    int64_t now, struct bp_buf *bytes, struct bp_provider *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	return open_place(path, owner, issuer, &dir, &name, &why) &&
	    bp_file_read_in(dir, (const char *)name.data, owner, bytes,
	    &why) && bp_provider_read(bp_buf_text(bytes), issuer, now, ret);
}

bool
bp_provider_store(const char *path, uid_t owner, struct bp_text issuer,
    struct bp_text message, int64_t now, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_PROVIDER_HEAD + BP_RECORD_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;

	if (!open_place(path, owner, issuer, &dir, &name, reterr))
		return false;
	if (!bp_provider_write(message, now, &file))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_replace(dir, (const char *)name.data,
	    bp_buf_text(&file), reterr);
}

void
bp_provider_forget(const char *path, uid_t owner,
    const struct bp_provider *record, struct bp_text issuer, int64_t now)
{
	BP_AUTO(bp_buf_done) struct bp_buf name = BP_BUF_INIT(NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	if (now - record->time >= BP_PROVIDER_STALE &&
	    open_place(path, owner, issuer, &dir, &name, &why))
		(void)unlinkat(dir, (const char *)name.data, 0);
}
