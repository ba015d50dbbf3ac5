/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/lock_file.h"
#include "core/day.h"
#include "core/ini.h"
#include "core/item.h"

#include <stdio.h>
#include <string.h>

void
bp_lock_file_done(struct bp_lock_file *f)
{
	bp_buf_done(&f->issuer);
	bp_buf_done(&f->value);
	bp_buf_done(&f->since);
	bp_buf_done(&f->reason);
}

static bool
put_since(int64_t now, struct bp_buf *ret)
{
	unsigned second = (unsigned)(now % BP_DAY);
	char time[32];

	(void)snprintf(time, sizeof(time), "T%02u:%02u:%02uZ\n",
	    second / 3600, second / 60 % 60, second % 60);
	return bp_buf_say(ret, "since = ") && bp_day_put(now, ret) &&
	    bp_buf_say(ret, time);
}

static bool
put_quoted(const char *key, struct bp_text t, struct bp_buf *ret)
{
	return t.len == 0 || (bp_buf_say(ret, key) &&
	    bp_buf_say(ret, " = ") && bp_item_quote(t, ret) &&
	    bp_buf_say(ret, "\n"));
}

bool
bp_lock_file_put(const struct bp_lock *l, int64_t now, struct bp_text reason,
    struct bp_buf *ret)
{
	return bp_buf_say(ret, "# This file locks by its name, whatever stands "
	    "here: `beproductctl unlock`.\n[lock]\nkind = ") &&
	    bp_buf_say(ret, bp_lock_word(l->kind)) &&
	    bp_buf_say(ret, "\n") && (l->kind != BP_LOCK_SUB ||
	    put_quoted("issuer", l->issuer, ret)) &&
	    put_quoted("value", l->value, ret) && put_since(now, ret) &&
	    put_quoted("reason", reason, ret);
}

/* Quoted or bare, and nothing behind it. */
static bool
take_item(struct bp_text value, struct bp_buf *ret)
{
	struct bp_item item;

	return ret->len == 0 && bp_item_next(&value, &item) &&
	    value.len == 0 && bp_item_copy(&item, ret);
}

static bool
take_kind(struct bp_text value, struct bp_lock *ret)
{
	for (ret->kind = BP_LOCK_ACCOUNT; ret->kind < BP_LOCK_KINDS;
	    ret->kind++)
		if (bp_text_is(value, bp_lock_word(ret->kind)))
			return true;
	return false;
}

static bool
take_pair(struct bp_text key, struct bp_text value, struct bp_lock_file *f)
{
	const struct { const char *key; struct bp_buf *at; } rows[] = {
		{ "issuer", &f->issuer }, { "value", &f->value },
		{ "since", &f->since }, { "reason", &f->reason },
	};

	if (bp_text_is(key, "kind"))
		return take_kind(value, &f->lock);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (bp_text_is(key, rows[i].key))
			return take_item(value, rows[i].at);
	return key.len == 0;
}

static bool
parse(struct bp_text text, struct bp_lock_file *f)
{
	struct bp_ini ini = { .rest = text };
	enum bp_ini_step step;

	while ((step = bp_ini_next(&ini)) == BP_INI_ITEM)
		if (!take_pair(ini.key, ini.value, f))
			return false;
	f->lock.issuer = bp_buf_text(&f->issuer);
	f->lock.value = bp_buf_text(&f->value);
	return step == BP_INI_END && f->lock.kind != 0 &&
	    bp_lock_may_be(&f->lock);
}

bool
bp_lock_file_read(int dir, const char *name, uid_t owner,
    struct bp_lock_file *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_LOCK_FILE_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf is = BP_BUF_INIT(BP_LOCK_NAME_SIZE);
	enum bp_reason why;

	bp_lock_file_done(ret);
	ret->lock.kind = 0;
	(void)snprintf(ret->name, sizeof(ret->name), "%s", name);
	return bp_file_read_in(dir, name, owner, &text, &why) &&
	    parse(bp_buf_text(&text), ret) && bp_lock_name(&ret->lock, &is) &&
	    strcmp((const char *)is.data, name) == 0;
}
