/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/waiting.h"
#include "core/queue.h"
#include "wire/clock.h"

#include <fcntl.h>

struct bp_waiting
bp_waiting_count(void)
{
	static const struct bp_queue_place place = BP_QUEUE_HERE;
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(BP_QUEUE_MAX);
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	struct bp_waiting ret = { 0 };
	struct bp_queued q;

	/* to begin a walk makes the folder, and sweeps */
	w.dir = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    O_NOFOLLOW);
	w.now = bp_clock_seconds();
	while (w.dir >= 0 && bp_queue_next(&w, &bytes, &q))
		if (ret.n++ == 0)
			ret.oldest = w.now - q.time;
	return ret;
}
