/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/queue.h"
#include "core/random.h"
#include "wire/list.h"

#include <string.h>
#include <unistd.h>

enum { RANDOM_BYTES = 16, TIME_DIGITS = 16 };

/* The texts of an entry, in the order of the file. */
enum { TEXTS = 4 };

static void
list_texts(struct bp_queued *q, struct bp_text *ret[TEXTS])
{
	struct bp_text *const all[TEXTS] = { &q->issuer, &q->config,
	    &q->attempt, &q->token };

	for (size_t i = 0; i < TEXTS; i++)
		ret[i] = all[i];
}

static bool
put_entry(struct bp_buf *b, const struct bp_queued *q)
{
	struct bp_queued copy = *q;
	struct bp_text *texts[TEXTS];

	list_texts(&copy, texts);
	return bp_cache_put_head(b, q->time) &&
	    bp_list_put_all(b, texts, TEXTS);
}

static bool
take_entry(struct bp_text rest, int64_t now, struct bp_queued *ret)
{
	struct bp_queued q;
	struct bp_text *texts[TEXTS];

	list_texts(&q, texts);
	if (!bp_cache_take_head(&rest, now, &q.time) ||
	    !bp_list_take_all(&rest, texts, TEXTS) || rest.len > 0)
		return false;
	*ret = q;
	return true;
}

/* So that the oldest is the first by its name, and none is another's. */
static bool
make_name(int64_t time, struct bp_buf *ret)
{
	static const char digits[] = "0123456789abcdef";
	bool ok = true;

	for (unsigned i = TIME_DIGITS; ok && i > 0; i--)
		ok = bp_buf_add(ret, &digits[(uint64_t)time >> 4 * (i - 1) &
		    0xf], 1);
	return ok && bp_buf_say(ret, "-") &&
	    bp_random_hex(ret, RANDOM_BYTES) && bp_buf_add(ret, "", 1);
}

static bool
open_folder(const struct bp_queue_place *place, int64_t now, int *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int parent = -1;

	if (!bp_file_folder(place->parent, place->owner, &parent, reterr) ||
	    !bp_file_folder(place->folder, place->owner, ret, reterr))
		return false;
	bp_file_sweep(*ret, "", BP_QUEUE_AGE, now);
	return true;
}

bool
bp_queue_put(const struct bp_queue_place *place, const struct bp_queued *q,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file = BP_BUF_INIT(BP_QUEUE_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_FILE_NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;

	if (!put_entry(&file, q))
		return bp_refuse(reterr, BP_MEMORY);
	if (!make_name(q->time, &name))
		return bp_refuse(reterr, BP_RANDOM);
	if (!open_folder(place, q->time, &dir, reterr))
		return false;
	if (bp_file_count(dir) >= BP_QUEUE_FILES)
		return bp_refuse(reterr, BP_QUEUE_FULL);
	return bp_file_replace(dir, (const char *)name.data,
	    bp_buf_text(&file), reterr);
}

void
bp_queue_done(struct bp_queue *w)
{
	bp_file_close(&w->dir);
}

bool
bp_queue_begin(const struct bp_queue_place *place, int64_t now,
    struct bp_queue *ret, enum bp_reason *reterr)
{
	*ret = (struct bp_queue){ .dir = -1, .owner = place->owner,
	    .now = now };
	return open_folder(place, now, &ret->dir, reterr);
}

bool
bp_queue_lock(const struct bp_queue *w)
{
	return bp_file_lock(w->dir);
}

static bool
next_name(struct bp_queue *w)
{
	if (w->at == w->n) {
		w->n = bp_file_names(w->dir, w->name, w->ahead,
		    BP_QUEUE_AHEAD);
		w->at = 0;
	}
	if (w->n == 0)
		return false;
	memcpy(w->name, w->ahead[w->at++], sizeof(w->name));
	return true;
}

bool
bp_queue_next(struct bp_queue *w, struct bp_buf *bytes, struct bp_queued *ret)
{
	enum bp_reason why;

	while (next_name(w)) {
		bp_buf_done(bytes);
		if (bp_file_read_in(w->dir, w->name, w->owner, bytes, &why) &&
		    take_entry(bp_buf_text(bytes), w->now, ret))
			return true;
	}
	return false;
}

void
bp_queue_remove(const struct bp_queue *w)
{
	(void)unlinkat(w->dir, w->name, 0);
}
