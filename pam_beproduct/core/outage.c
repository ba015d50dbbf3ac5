/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/outage.h"
#include "wire/list.h"

static const char kind[] = "outage";

bool
bp_outage_is(enum bp_reason why)
{
	static const enum bp_reason reasons[] = {
		BP_NO_NAME, BP_NO_CONNECTION, BP_TLS, BP_PROXY,
		BP_SILENCE, BP_STATUS, BP_BODY, BP_NO_KEYS, BP_HELPER_SILENT,
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i] == why)
			return true;
	return false;
}

/* Behind the head: the reason's number, the issuer, the detail. */
bool
bp_outage_load(const struct bp_cache *c, int64_t now, struct bp_buf *bytes,
    struct bp_outage *ret)
{
	struct bp_outage o;
	struct bp_text rest, number, issuer;

	bytes->len = 0;
	if (!bp_cache_load(c, kind, bytes))
		return false;
	rest = bp_buf_text(bytes);
	if (!bp_cache_take_head(&rest, now, &o.time) ||
	    !bp_list_take_bytes(&rest, BP_LIST_NUMBER, &number) ||
	    !bp_list_take(&rest, &issuer) || !bp_list_take(&rest, &o.detail))
		return false;
	o.why = bp_list_number(number.at);
	if (!bp_outage_is(o.why) || !bp_text_same(issuer, c->issuer))
		return false;
	*ret = o;
	return true;
}

bool
bp_outage_store(const struct bp_cache *c, const struct bp_outage *o)
{
	BP_AUTO(bp_buf_done) struct bp_buf file = BP_BUF_INIT(BP_OUTAGE_MAX);
	uint8_t number[BP_LIST_NUMBER];
	enum bp_reason why;

	bp_list_set_number(number, (uint32_t)o->why);
	return bp_cache_put_head(&file, o->time) &&
	    bp_buf_add(&file, number, sizeof(number)) &&
	    bp_list_put(&file, c->issuer) && bp_list_put(&file, o->detail) &&
	    bp_cache_store(c, kind, bp_buf_text(&file), &why);
}

void
bp_outage_forget(const struct bp_cache *c)
{
	bp_cache_forget(c, kind);
}
