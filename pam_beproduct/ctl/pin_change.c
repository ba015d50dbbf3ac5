/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pin_change.h"
#include "core/day.h"
#include "core/file.h"
#include "ctl/step.h"
#include "wire/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

enum { WAIT_MS = 5000, AGAIN_MS = 50 };

static const struct bp_pin_place place = BP_PIN_HERE;

/* Until DEADLINE: may another try end better? */
static bool
is_busy(enum bp_reason why, int error, int64_t deadline)
{
	if (why != BP_FILE_UNWRITTEN || (error != EAGAIN && error != EEXIST) ||
	    bp_clock_ms() >= deadline)
		return false;
	(void)poll(NULL, 0, AGAIN_MS);
	return true;
}

static bool
say_why(struct bp_text account, const struct bp_pins *pins,
    enum bp_reason why, int error)
{
	struct bp_text fault = bp_buf_text(&pins->fault);

	if (fault.len > 0)
		(void)fprintf(stderr, "beproductctl: %.*s\n", BP_ARGS(fault));
	else if (error == EAGAIN && why == BP_FILE_UNWRITTEN)
		(void)fprintf(stderr, "beproductctl: %s: another process "
		    "changes these pins: if it goes on, look for a sudo of "
		    "the account that was stopped\n",
		    bp_escape_text(account).text);
	else
		(void)fprintf(stderr, "beproductctl: %s: %s\n", place.folder,
		    bp_file_why(why, error));
	return false;
}

bool
bp_pin_change_add(const struct bp_pin *person, bool *retadded)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	int64_t deadline = bp_clock_ms() + WAIT_MS;
	enum bp_reason why;

	while (!bp_pin_add(&place, person, &pins, retadded, &why)) {
		int error = errno;

		if (!is_busy(why, error, deadline))
			return say_why(person->account, &pins, why, error);
	}
	return true;
}

bool
bp_pin_change_add_beside(const struct bp_pin *person,
    const struct bp_pin *const beside[], size_t n, struct bp_pins *pins,
    enum bp_pin_beside *ret)
{
	int64_t deadline = bp_clock_ms() + WAIT_MS;
	enum bp_reason why;
	bool added;

	while (!bp_pin_add_beside(&place, person, beside, n, pins, &added,
	    &why)) {
		int error = errno;

		if (why == BP_PINNED) {
			*ret = BP_PIN_BESIDE_OTHERS;
			return true;
		}
		if (!is_busy(why, error, deadline))
			return say_why(person->account, pins, why, error);
	}
	*ret = added ? BP_PIN_BESIDE_ADDED : BP_PIN_BESIDE_THERE;
	return true;
}

bool
bp_pin_change_drop(struct bp_text account, struct bp_text sub,
    size_t *retdropped)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	int64_t deadline = bp_clock_ms() + WAIT_MS;
	enum bp_reason why;

	while (!bp_pin_drop(&place, account, sub, &pins, retdropped, &why)) {
		int error = errno;

		if (!is_busy(why, error, deadline))
			return say_why(account, &pins, why, error);
	}
	return true;
}

struct bp_pin_date
bp_pin_date(uint32_t since)
{
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(sizeof(((struct bp_pin_date *)0)->text));
	struct bp_pin_date ret = { "" };

	if (bp_day_put(since, &b) && bp_buf_add(&b, "", 1))
		(void)snprintf(ret.text, sizeof(ret.text), "%s",
		    (const char *)b.data);
	return ret;
}
