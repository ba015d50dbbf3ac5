/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/provider.h"
#include "wire/endpoint.h"

static const char kind[] = "provider";

enum { CLOCKS_BEGIN = 1704067200 };	/* with the year 2024 */

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

bool
bp_provider_clock(const struct bp_msg *m, int64_t before, int64_t after,
    int64_t *ret)
{
	int64_t date = bp_msg_number(m, BP_F_DATE);

	if (date < CLOCKS_BEGIN)
		return false;
	*ret = date < before ? before - date
	    : date > after ? after - date : 0;
	return true;
}

bool
bp_provider_read(struct bp_text file, struct bp_text issuer, int64_t now,
    struct bp_provider *ret)
{
	struct bp_provider p = { .bytes = file };
	enum bp_reason why;

	if (!bp_cache_take_head(&p.bytes, now, &p.time) ||
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
	return bp_cache_put_head(ret, now) && bp_buf_put(ret, message);
}

bool
bp_provider_load(const struct bp_cache *c, int64_t now, struct bp_buf *bytes,
    struct bp_provider *ret)
{
	bytes->len = 0;
	return bp_cache_load(c, kind, bytes) &&
	    bp_provider_read(bp_buf_text(bytes), c->issuer, now, ret);
}

bool
bp_provider_store(const struct bp_cache *c, struct bp_text message,
    int64_t now, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_CACHE_HEAD + BP_RECORD_MAX);

	if (!bp_provider_write(message, now, &file))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_cache_store(c, kind, bp_buf_text(&file), reterr);
}

void
bp_provider_forget(const struct bp_cache *c,
    const struct bp_provider *record, int64_t now)
{
	if (now - record->time >= BP_PROVIDER_STALE)
		bp_cache_forget(c, kind);
}
