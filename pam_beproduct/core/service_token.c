/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/service_token.h"
#include "core/cache.h"
#include "wire/list.h"

#include <errno.h>
#include <unistd.h>

static const char form[] = "service token, 1";

/* The texts of a token, in the order of the file. */
enum { TEXTS = 6 };

static void
list_texts(struct bp_service_token *t, struct bp_text *ret[TEXTS])
{
	struct bp_text *const all[TEXTS] = { &t->issuer, &t->client_id,
	    &t->api_url, &t->company, &t->refresh_token, &t->access_token };

	for (size_t i = 0; i < TEXTS; i++)
		ret[i] = all[i];
}

static bool
put_token(struct bp_buf *b, const struct bp_service_token *t)
{
	struct bp_service_token copy = *t;
	struct bp_text *texts[TEXTS];

	list_texts(&copy, texts);
	return bp_list_put(b, bp_text_of(form)) &&
	    bp_cache_put_time(b, t->signed_in) &&
	    bp_cache_put_time(b, t->rotated) &&
	    bp_list_put_all(b, texts, TEXTS);
}

static bool
take_token(struct bp_text rest, struct bp_service_token *ret)
{
	struct bp_service_token t;
	struct bp_text *texts[TEXTS];
	struct bp_text begins;
	bool ok = bp_list_take(&rest, &begins) && bp_text_is(begins, form) &&
	    bp_cache_take_time(&rest, &t.signed_in) &&
	    bp_cache_take_time(&rest, &t.rotated);

	list_texts(&t, texts);
	if (!ok || !bp_list_take_all(&rest, texts, TEXTS) || rest.len > 0 ||
	    t.refresh_token.len == 0)
		return false;
	*ret = t;
	return true;
}

bool
bp_service_token_store(const struct bp_service_place *place,
    const struct bp_service_token *t, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	BP_AUTO(bp_file_close) int dir = -1;

	if (!put_token(&file, t))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_folder(place->folder, place->owner, &dir, reterr) &&
	    bp_file_keep(dir, BP_SERVICE_TOKEN_FILE, bp_buf_text(&file),
	    reterr);
}

bool
bp_service_token_load(const struct bp_service_place *place,
    struct bp_buf *bytes, struct bp_service_token *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int dir = -1;

	if (!bp_file_folder(place->folder, place->owner, &dir, reterr))
		return false;
	if (!bp_file_read_in(dir, BP_SERVICE_TOKEN_FILE, place->owner, bytes,
	    reterr))
		return bp_refuse(reterr, *reterr == BP_FILE_MISSING &&
		    errno == ENOENT ? BP_SERVICE_TOKEN_NONE : *reterr);
	return take_token(bp_buf_text(bytes), ret) ||
	    bp_refuse(reterr, BP_FILE_UNREAD);
}

bool
bp_service_token_erase(const struct bp_service_place *place,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int dir = -1;

	return bp_file_folder(place->folder, place->owner, &dir, reterr) &&
	    (unlinkat(dir, BP_SERVICE_TOKEN_FILE, 0) == 0 ||
	    errno == ENOENT || bp_refuse(reterr, BP_FILE_UNWRITTEN));
}

bool
bp_service_token_is_of(const struct bp_service_token *t,
    const struct bp_config *cfg)
{
	return bp_text_same(t->issuer, cfg->issuer) &&
	    bp_text_same(t->client_id, cfg->client_id) &&
	    bp_text_same(t->api_url, cfg->api_url) &&
	    bp_text_same(t->company, cfg->company);
}

bool
bp_service_token_reserve(const struct bp_service_place *place,
    struct bp_service_room *ret, enum bp_reason *reterr)
{
	static const char nothing[BP_SERVICE_TOKEN_MAX];

	/* its memory, too, before a token is spent */
	if (!bp_buf_add(&ret->bytes, nothing, sizeof(nothing)))
		return bp_refuse(reterr, BP_MEMORY);
	ret->file.lasts = true;
	return bp_file_folder(place->folder, place->owner, &ret->dir,
	    reterr) && bp_file_room_take(ret->dir, BP_SERVICE_TOKEN_FILE,
	    BP_SERVICE_TOKEN_MAX, &ret->file, reterr);
}

bool
bp_service_token_fill(struct bp_service_room *room,
    const struct bp_service_token *t, enum bp_reason *reterr)
{
	room->bytes.len = 0;
	if (!put_token(&room->bytes, t))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_room_fill(&room->file, BP_SERVICE_TOKEN_FILE,
	    bp_buf_text(&room->bytes), reterr);
}

void
bp_service_room_done(struct bp_service_room *room)
{
	bp_file_room_done(&room->file);
	bp_file_close(&room->dir);
	bp_buf_done(&room->bytes);
}
