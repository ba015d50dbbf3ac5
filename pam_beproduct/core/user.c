/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/user.h"
#include "core/digest.h"
#include "core/file.h"
#include "wire/list.h"

#include <unistd.h>

static const char kind[] = BP_USER_KIND;

enum { KEY_TEXTS = 5, KEY_MAX = 2048 };

static void
list_texts(struct bp_user_key *k, struct bp_text *ret[KEY_TEXTS])
{
	struct bp_text *const all[KEY_TEXTS] = { &k->issuer, &k->api_url,
	    &k->company, &k->api_id, &k->email };

	for (size_t i = 0; i < KEY_TEXTS; i++)
		ret[i] = all[i];
}

static bool
put_key(const struct bp_user_key *k, struct bp_buf *ret)
{
	struct bp_user_key copy = *k;
	struct bp_text *texts[KEY_TEXTS];

	list_texts(&copy, texts);
	return bp_list_put_all(ret, texts, KEY_TEXTS);
}

static bool
take_key(struct bp_text *rest, struct bp_user_key *ret)
{
	struct bp_text *texts[KEY_TEXTS];

	list_texts(ret, texts);
	return bp_list_take_all(rest, texts, KEY_TEXTS);
}

static bool
is_same(struct bp_user_key a, struct bp_user_key b)
{
	struct bp_text *of_a[KEY_TEXTS], *of_b[KEY_TEXTS];

	list_texts(&a, of_a);
	list_texts(&b, of_b);
	for (size_t i = 0; i < KEY_TEXTS; i++)
		if (!bp_text_same(*of_a[i], *of_b[i]))
			return false;
	return true;
}

/* What the file begins with behind its head, and the file's name. */
struct spelt {
	struct bp_buf	 key;
	char		 name[sizeof(kind) + BP_DIGEST_HEX];
};
#define SPELT_INIT	{ .key = BP_BUF_INIT(KEY_MAX) }

static void
spelt_done(struct spelt *s)
{
	bp_buf_done(&s->key);
}

static bool
spell(const struct bp_user_key *k, struct spelt *ret)
{
	for (size_t i = 0; i < sizeof(kind); i++)
		ret->name[i] = kind[i];
	if (!put_key(k, &ret->key))
		return false;
	bp_digest_hex(bp_buf_text(&ret->key), ret->name + sizeof(kind) - 1);
	return true;
}

/* Behind the head: the key, the message. */
bool
bp_user_read(struct bp_text file, int64_t now, struct bp_user_key *retkey,
    struct bp_user *ret)
{
	struct bp_text rest = file, said;
	struct bp_user_key key;
	struct bp_user u;

	if (!bp_cache_take_head(&rest, now, &u.time) ||
	    !take_key(&rest, &key) || !bp_list_take(&rest, &said) ||
	    rest.len > 0 || !bp_msg_read(said, &u.said) ||
	    u.said.type != BP_MSG_USER)
		return false;
	*retkey = key;
	*ret = u;
	return true;
}

bool
bp_user_load(const struct bp_user_place *place, const struct bp_user_key *key,
    int64_t now, struct bp_buf *bytes, struct bp_user *ret)
{
	BP_AUTO(spelt_done) struct spelt s = SPELT_INIT;
	BP_AUTO(bp_file_close) int dir = -1;
	struct bp_user_key has;
	struct bp_user u;
	enum bp_reason why;

	bp_buf_done(bytes);
	if (!spell(key, &s) ||
	    !bp_file_folder(place->folder, place->owner, &dir, &why) ||
	    !bp_file_read_in(dir, s.name, place->owner, bytes, &why) ||
	    !bp_user_read(bp_buf_text(bytes), now, &has, &u) ||
	    !is_same(has, *key))
		return false;
	*ret = u;
	return true;
}

bool
bp_user_store(const struct bp_user_place *place,
    const struct bp_user_key *key, const struct bp_user *u,
    enum bp_reason *reterr)
{
	BP_AUTO(spelt_done) struct spelt s = SPELT_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_USER_FILE_MAX);
	BP_AUTO(bp_file_close) int dir = -1;

	if (!spell(key, &s) || !bp_cache_put_head(&file, u->time) ||
	    !bp_buf_put(&file, bp_buf_text(&s.key)) ||
	    !bp_msg_put_framed(&u->said, &file))
		return bp_refuse(reterr, BP_MEMORY);
	if (!bp_file_folder(place->folder, place->owner, &dir, reterr))
		return false;
	bp_file_sweep(dir, kind, BP_USER_SWEPT, u->time);
	return bp_file_replace(dir, s.name, bp_buf_text(&file), reterr);
}

void
bp_user_forget(const struct bp_user_place *place,
    const struct bp_user_key *key)
{
	BP_AUTO(spelt_done) struct spelt s = SPELT_INIT;
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	if (spell(key, &s) &&
	    bp_file_folder(place->folder, place->owner, &dir, &why))
		(void)unlinkat(dir, s.name, 0);
}
