/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/finding.h"
#include "ctl/given_file.h"
#include "ctl/index.h"
#include "ctl/pin_change.h"
#include "ctl/pins.h"
#include "ctl/step.h"

#include <stdio.h>
#include <stdlib.h>

enum { IMPORT_MAX = 16 * 1024 * 1024 };		/* bytes of the file */

/* What a line comes to, by the pins that are there before any is made. */
enum plan { TO_BE_PINNED = 1, IS_THERE, IS_OTHERS, WAS_PINNED };

struct line {
	struct bp_pin	 person;
	unsigned	 number;
	enum plan	 plan;
};

struct import {
	const char	*file;
	struct bp_buf	 text;
	struct line	*line;		/* borrow from TEXT */
	size_t		 n, room;
	struct bp_index	 by_account;	/* of lines */
	unsigned	 pinned, there, left;
};

static void
import_done(struct import *i)
{
	bp_buf_done(&i->text);
	free(i->line);
	bp_index_done(&i->by_account);
}

static bool
fail_at(const struct import *i, unsigned number, const char *what)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;

	bp_finding_error(&said, (struct bp_where){ i->file, number, { 0 } },
	    "%s", what);
	return false;
}

static bool
add_line(struct import *i, const struct bp_pin *p, unsigned number)
{
	size_t room = i->room == 0 ? 64 : 2 * i->room;
	struct line *more;

	if (i->n == i->room) {
		more = reallocarray(i->line, room, sizeof(*more));
		if (more == NULL)
			return fail_at(i, number, "no memory");
		i->line = more;
		i->room = room;
	}
	i->line[i->n++] = (struct line){ *p, number, 0 };
	return true;
}

/* Files that were put behind each other have an end in the middle. */
static bool
read_lines(struct import *i)
{
	struct bp_ini ini = { .rest = bp_buf_text(&i->text) };
	struct bp_pin p;
	enum bp_pin_step step;

	while ((step = bp_pin_next(&ini, &p)) != BP_PIN_END) {
		if (step == BP_PIN_BAD)
			return fail_at(i, ini.line, ini.what);
		if (step == BP_PIN_PERSON && !add_line(i, &p, ini.line))
			return false;
	}
	return true;
}

static void
say_others(const struct import *i, const struct line *l,
    const struct bp_pins *pins)
{
	(void)fprintf(stderr, "%s:%u: %s is pinned to %s, and not to %s: left "
	    "as it is\n", i->file, l->number,
	    bp_escape_text(l->person.account).text,
	    bp_escape_text(pins->pin[0].sub).text,
	    bp_escape_text(l->person.sub).text);
}

/* RET is IS_OTHERS: it has been said whose the account is. */
static bool
plan_line(const struct import *i, const struct line *l, enum plan *ret)
{
	static const struct bp_pin_place place = BP_PIN_HERE;
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	enum bp_reason why;

	if (!bp_pins_load(&place, l->person.account, &pins, &why)) {
		(void)fprintf(stderr, "beproductctl: %.*s\n",
		    BP_ARGS(bp_buf_text(&pins.fault)));
		return false;
	}
	switch (bp_pins_judge(&pins, &l->person)) {
	case BP_PIN_NONE:
		*ret = TO_BE_PINNED;
		return true;
	case BP_PIN_HERS:
	case BP_PIN_OTHER_USER:
		*ret = IS_THERE;
		return true;
	case BP_PIN_OTHERS:
		break;
	}
	*ret = IS_OTHERS;
	say_others(i, l, &pins);
	return true;
}

static bool
plan_all(struct import *i)
{
	for (size_t n = 0; n < i->n; n++) {
		struct line *l = &i->line[n];

		if (!plan_line(i, l, &l->plan))
			return false;
		if (!bp_index_add(&i->by_account, l->person.account, n))
			return fail_at(i, l->number, "no memory");
	}
	bp_index_sort(&i->by_account);
	return true;
}

/* Whom this import has pinned to the account of L; no more have a place. */
static size_t
list_beside(const struct import *i, const struct line *l,
    const struct bp_pin *ret[BP_PINS_MAX])
{
	struct bp_text account = l->person.account;
	size_t n = 0, of, at = bp_index_find(&i->by_account, account);

	while (n < BP_PINS_MAX && bp_index_next(&i->by_account, account, &at,
	    &of))
		if (i->line[of].plan == WAS_PINNED &&
		    bp_text_same(i->line[of].person.account, account))
			ret[n++] = &i->line[of].person;
	return n;
}

/* Of an account that was nobody's: somebody may have signed in meanwhile. */
static bool
pin_line(struct import *i, struct line *l)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	const struct bp_pin *beside[BP_PINS_MAX], *p = &l->person;
	size_t n = list_beside(i, l, beside);
	enum bp_pin_beside how;

	if (!bp_pin_change_add_beside(p, beside, n, &pins, &how))
		return false;
	i->there += how == BP_PIN_BESIDE_THERE;
	i->left += how == BP_PIN_BESIDE_OTHERS;
	if (how == BP_PIN_BESIDE_OTHERS)
		say_others(i, l, &pins);
	if (how != BP_PIN_BESIDE_ADDED)
		return true;
	l->plan = WAS_PINNED;
	i->pinned++;
	(void)printf("%s is pinned to %s\n", bp_escape_text(p->account).text,
	    bp_escape_text(p->sub).text);
	return true;
}
static bool
pin_all(struct import *i)
{
	for (size_t n = 0; n < i->n; n++) {
		struct line *l = &i->line[n];

		i->there += l->plan == IS_THERE;
		i->left += l->plan == IS_OTHERS;
		if (l->plan == TO_BE_PINNED && !pin_line(i, l))
			return false;
	}
	return true;
}

int
bp_pins_import(const struct bp_options *options)
{
	BP_AUTO(import_done) struct import i = {
		.file = options->names[0],
		.text = BP_BUF_INIT(IMPORT_MAX),
	};

	if (i.file == NULL || options->names[1] != NULL) {
		(void)fputs("beproductctl: pins import needs one FILE\n",
		    stderr);
		return BP_EXIT_USAGE;
	}
	if (!bp_is_root() || !bp_given_file_read(i.file, &i.text) ||
	    !read_lines(&i) || !plan_all(&i) || !pin_all(&i))
		return BP_EXIT_CONFIG;
	(void)printf("%u pinned, %u were already, %u left\n", i.pinned,
	    i.there, i.left);
	return i.left > 0 ? BP_EXIT_REFUSED : BP_EXIT_GOOD;
}
