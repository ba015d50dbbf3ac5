/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/pin.h"
#include "core/file.h"
#include "wire/limits.h"
#include "wire/mailbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

const char bp_pin_columns[] =
    "# since\taccount\tissuer\tsub\temail\tapi_id\tby\n";

static const char last_line[] = "end";
static const char by_sign_in[] = "sign-in";
static const char by_administrator[] = "administrator";

enum { COLUMNS = 7, LINE_BYTES = BP_INI_LINE_MAX + 1 };

void
bp_pins_done(struct bp_pins *p)
{
	p->n = 0;
	bp_buf_done(&p->bytes);
	bp_buf_done(&p->fault);
}

/* What is wrong with COLUMN, in order; NULL: nothing. */
static const char *
fault_of(const struct bp_text column[COLUMNS], struct bp_pin *p)
{
	const struct { bool is_met; const char *otherwise; } rows[] = {
		{ bp_text_number(column[0], UINT32_MAX, &p->since),
		    "the time is no number of seconds" },
		{ bp_name_is_account(p->account),
		    "the account is no name that an account can have" },
		{ p->issuer.len > 0 && p->issuer.len <= BP_URL_MAX,
		    "the issuer is empty, or too long" },
		{ p->sub.len > 0 && p->sub.len <= BP_SUB_MAX,
		    "the sub is empty, or too long" },
		{ p->email.len == 0 || bp_mailbox_is_one(p->email),
		    "the e-mail address is none" },
		{ p->api_id.len <= BP_API_ID_MAX, "the API id is too long" },
		{ p->by_administrator || bp_text_is(column[6], by_sign_in),
		    "the last column is neither sign-in nor administrator" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!rows[i].is_met)
			return rows[i].otherwise;
	return NULL;
}

/* What is wrong with LINE; NULL: nothing, and RET is its person. */
static const char *
read_person(struct bp_text line, struct bp_pin *ret)
{
	struct bp_text column[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		if (bp_text_cut(line, '\t', &column[i], &line) !=
		    (i < COLUMNS - 1))
			return "expected seven columns, with a tab between "
			    "each: since, account, issuer, sub, email, "
			    "api_id, by";
	*ret = (struct bp_pin){ .account = column[1], .issuer = column[2],
	    .sub = column[3], .email = column[4], .api_id = column[5],
	    .by_administrator = bp_text_is(column[6], by_administrator) };
	return fault_of(column, ret);
}

enum bp_pin_step
bp_pin_next(struct bp_ini *ini, struct bp_pin *ret)
{
	struct bp_text line;
	enum bp_ini_step step = bp_ini_line(ini, "#", &line);

	if (step == BP_INI_END)
		return BP_PIN_END;
	if (step == BP_INI_BAD)
		return BP_PIN_BAD;
	if (bp_text_is(line, last_line))
		return BP_PIN_LAST;
	ini->what = read_person(line, ret);
	return ini->what == NULL ? BP_PIN_PERSON : BP_PIN_BAD;
}

static bool
spell(struct bp_buf *b, const struct bp_pin *p)
{
	char lent[BP_DECIMAL_MAX];
	const struct bp_text column[COLUMNS] = {
		bp_text_decimal(p->since, lent), p->account, p->issuer,
		p->sub, p->email, p->api_id, bp_text_of(p->by_administrator
		? by_administrator : by_sign_in) };

	for (size_t i = 0; i < COLUMNS; i++)
		if (!bp_buf_say(b, i > 0 ? "\t" : "") ||
		    !bp_buf_put(b, column[i]))
			return false;
	return bp_buf_say(b, "\n");
}

bool
bp_pin_put_line(struct bp_buf *b, const struct bp_pin *p)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(LINE_BYTES);
	struct bp_ini ini;
	struct bp_pin read;

	if (!spell(&line, p))
		return false;
	/* of two lines in one the second would be another's */
	ini = (struct bp_ini){ .rest = bp_buf_text(&line) };
	return bp_pin_next(&ini, &read) == BP_PIN_PERSON &&
	    ini.rest.len == 0 && bp_buf_put(b, bp_buf_text(&line));
}

static bool
is_same_person(const struct bp_pin *a, const struct bp_pin *b)
{
	return bp_text_same(a->issuer, b->issuer) &&
	    bp_text_same(a->sub, b->sub);
}

/* Where she is; PINS->n: nowhere. */
static size_t
find(const struct bp_pins *pins, const struct bp_pin *person)
{
	size_t i = 0;

	while (i < pins->n && !is_same_person(&pins->pin[i], person))
		i++;
	return i;
}

/* FILE:LINE: WHAT, of which no more is said than has room. */
static bool
complain(struct bp_pins *p, const struct bp_pin_place *place,
    const char *name, unsigned line, struct bp_text what)
{
	char lent[BP_DECIMAL_MAX];
	struct bp_buf *b = &p->fault;

	b->len = 0;
	return bp_buf_say(b, place->folder) && (name[0] == '\0' ||
	    (bp_buf_say(b, "/") && bp_buf_say(b, name))) &&
	    (line == 0 || (bp_buf_say(b, ":") &&
	    bp_buf_put(b, bp_text_decimal(line, lent)))) &&
	    bp_buf_say(b, ": ") && bp_buf_put(b, what);
}

static bool
refuse_line(struct bp_pins *p, const struct bp_pin_place *place,
    const char *name, unsigned line, const char *what, enum bp_reason *reterr)
{
	p->n = 0;
	(void)complain(p, place, name, line, bp_text_of(what));
	return bp_refuse(reterr, BP_FILE_UNREAD);
}

/* Is the account of P the one whose file NAME is? */
static bool
is_named_after(const struct bp_pin *p, const char *name)
{
	char hex[BP_DIGEST_HEX + 1];

	bp_digest_hex(p->account, hex);
	return strcmp(hex, name) == 0;
}

/* What is wrong with PERSON, next to those who are there; NULL: nothing. */
static const char *
take_person(struct bp_pins *pins, const struct bp_pin *person,
    const char *name)
{
	if (!is_named_after(person, name))
		return "is of another account than the file's name says";
	if (find(pins, person) < pins->n)
		return "is the second line of this person";
	if (pins->n == BP_PINS_MAX)
		return "is one more than " BP_SPELT(BP_PINS_MAX) " persons";
	pins->pin[pins->n++] = *person;
	return NULL;
}

static bool
parse(struct bp_pins *p, const struct bp_pin_place *place, const char *name,
    enum bp_reason *reterr)
{
	struct bp_ini ini = { .rest = bp_buf_text(&p->bytes) };
	struct bp_pin person;
	enum bp_pin_step step;
	const char *what;

	p->n = 0;
	while ((step = bp_pin_next(&ini, &person)) == BP_PIN_PERSON)
		if ((what = take_person(p, &person, name)) != NULL)
			return refuse_line(p, place, name, ini.line, what,
			    reterr);
	if (step == BP_PIN_BAD)
		return refuse_line(p, place, name, ini.line, ini.what,
		    reterr);
	if (step == BP_PIN_END || ini.rest.len > 0 || p->n == 0)
		return refuse_line(p, place, name, ini.line, "is not whole, or "
		    "names nobody: a file ends with its one line \"end\"",
		    reterr);
	return true;
}

static bool
read_named(const struct bp_pin_place *place, int dir, const char *name,
    struct bp_pins *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf what =
	    BP_BUF_INIT(BP_PINS_FAULT_MAX);
	bool there;

	bp_pins_done(ret);
	if (!bp_file_read_if(dir, name, place->owner, &ret->bytes, &there,
	    &what, reterr)) {
		(void)complain(ret, place, name, 0, bp_buf_text(&what));
		return false;
	}
	return !there || parse(ret, place, name, reterr);
}

bool
bp_pins_read(const struct bp_pin_place *place, int dir, const char *name,
    struct bp_pins *ret, enum bp_reason *reterr)
{
	return read_named(place, dir, name, ret, reterr);
}

/* Whether the folder is there or not; -1 in RET is that it is not. */
static bool
find_folder(const struct bp_pin_place *place, struct bp_pins *pins, int *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int parent = -1;

	if (bp_file_folder_if(place->parent, place->owner, &parent, reterr) &&
	    (parent < 0 || bp_file_folder_if(place->folder, place->owner, ret,
	    reterr)))
		return true;
	(void)complain(pins, place, "", 0, bp_text_of("the folder, or the one "
	    "that it is in, is not root's alone, or cannot be opened"));
	return false;
}

bool
bp_pins_load(const struct bp_pin_place *place, struct bp_text account,
    struct bp_pins *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int dir = -1;
	char name[BP_DIGEST_HEX + 1];

	bp_pins_done(ret);
	if (!find_folder(place, ret, &dir, reterr))
		return false;
	if (dir < 0)
		return true;
	bp_digest_hex(account, name);
	return read_named(place, dir, name, ret, reterr);
}

enum bp_pin_verdict
bp_pins_judge(const struct bp_pins *pins, const struct bp_pin *person)
{
	size_t i = find(pins, person);
	const struct bp_pin *hers = &pins->pin[i];

	if (i == pins->n)
		return pins->n == 0 ? BP_PIN_NONE : BP_PIN_OTHERS;
	return hers->api_id.len == 0 || person->api_id.len == 0 ||
	    bp_text_same(hers->api_id, person->api_id) ? BP_PIN_HERS
	    : BP_PIN_OTHER_USER;
}

bool
bp_pin_admits(enum bp_pin_verdict v, bool is_named)
{
	return v == BP_PIN_NONE || v == BP_PIN_HERS ||
	    (v == BP_PIN_OTHERS && is_named);
}

/* Changes. */

static bool
make_folder(const struct bp_pin_place *place, int *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int parent = -1;

	return bp_file_folder(place->parent, place->owner, &parent, reterr) &&
	    bp_file_folder(place->folder, place->owner, ret, reterr);
}

static bool
spell_file(const struct bp_pin *pin, size_t n, struct bp_buf *ret)
{
	bool ok = bp_buf_say(ret, bp_pin_columns);

	for (size_t i = 0; ok && i < n; i++)
		ok = bp_pin_put_line(ret, &pin[i]);
	return ok && bp_buf_say(ret, last_line) && bp_buf_say(ret, "\n");
}

/* PINS in place of what was there, which is held if there was anything. */
static bool
write_pins(int dir, const char *name, const struct bp_pins *pins,
    bool is_new, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PINS_FILE_MAX);

	if (pins->n == 0)
		return unlinkat(dir, name, 0) == 0 ||
		    bp_refuse(reterr, BP_FILE_UNWRITTEN);
	if (!spell_file(pins->pin, pins->n, &b))
		return bp_refuse(reterr, BP_MEMORY);
	return is_new ? bp_file_create(dir, name, bp_buf_text(&b), reterr)
	    : bp_file_keep(dir, name, bp_buf_text(&b), reterr);
}

/* What is to be done with pins that are held. */
struct edit {
	/* false: BP_PINS_MAX are there; CHANGED where anything is another */
	bool	(*apply)(struct bp_pins *pins, const struct edit *e,
		    size_t *retchanged);
	const struct bp_pin *person;
	bool	 is_only_beside;	/* these, or it is not to be done */
	const struct bp_pin *const *beside;
	size_t	 besides;
};

static bool
is_only_beside(const struct bp_pins *pins, const struct edit *e)
{
	size_t known = 0;

	for (size_t i = 0; i < e->besides; i++)
		known += find(pins, e->beside[i]) < pins->n;
	return known == pins->n;
}

static bool
change_held(const struct bp_pin_place *place, int dir, const char *name,
    bool is_held, const struct edit *e, struct bp_pins *pins,
    size_t *retchanged, enum bp_reason *reterr)
{
	if (!read_named(place, dir, name, pins, reterr))
		return false;
	/* another has it, or made it meanwhile */
	if ((pins->n > 0) != is_held) {
		errno = EAGAIN;
		return bp_refuse(reterr, BP_FILE_UNWRITTEN);
	}
	if (e->is_only_beside && !is_only_beside(pins, e))
		return bp_refuse(reterr, BP_PINNED);
	if (!e->apply(pins, e, retchanged)) {
		(void)complain(pins, place, name, 0, bp_text_of("has "
		    BP_SPELT(BP_PINS_MAX) " persons, as many as may be"));
		return bp_refuse(reterr, BP_MEMORY);
	}
	return *retchanged == 0 || write_pins(dir, name, pins, !is_held,
	    reterr);
}

static bool
change(const struct bp_pin_place *place, struct bp_text account,
    const struct edit *e, struct bp_pins *pins, size_t *retchanged,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int dir = -1;
	BP_AUTO(bp_file_close) int held = -1;
	char name[BP_DIGEST_HEX + 1];
	bool is_held;

	*retchanged = 0;
	bp_digest_hex(account, name);
	/* first, for its words about what stands there */
	if (!bp_pins_load(place, account, pins, reterr) ||
	    !make_folder(place, &dir, reterr))
		return false;
	/* nobody waits: whoever has it may be stopped by his own caller */
	is_held = bp_file_hold(dir, name, &held);
	return change_held(place, dir, name, is_held, e, pins, retchanged,
	    reterr);
}

static bool
apply_add(struct bp_pins *pins, const struct edit *e, size_t *retchanged)
{
	if (find(pins, e->person) < pins->n)
		return true;
	if (pins->n == BP_PINS_MAX)
		return false;
	pins->pin[pins->n++] = *e->person;
	*retchanged = 1;
	return true;
}

/* Who is there no more was taken away meanwhile, and stays so. */
static bool
apply_api_id(struct bp_pins *pins, const struct edit *e, size_t *retchanged)
{
	size_t i = find(pins, e->person);
	struct bp_pin *hers = &pins->pin[i];

	if (i < pins->n && hers->api_id.len == 0 &&
	    e->person->api_id.len > 0) {
		hers->api_id = e->person->api_id;
		*retchanged = 1;
	}
	return true;
}

static bool
apply_known(struct bp_pins *pins, const struct edit *e, size_t *retchanged)
{
	size_t i = find(pins, e->person);
	struct bp_pin *hers = &pins->pin[i];

	if (i < pins->n && !bp_text_same(hers->email, e->person->email)) {
		hers->email = e->person->email;
		*retchanged = 1;
	}
	return apply_api_id(pins, e, retchanged);
}

static bool
apply_drop(struct bp_pins *pins, const struct edit *e, size_t *retchanged)
{
	size_t n = 0;

	for (size_t i = 0; i < pins->n; i++)
		if (e->person->sub.len > 0 &&
		    !bp_text_same(pins->pin[i].sub, e->person->sub))
			pins->pin[n++] = pins->pin[i];
	*retchanged = pins->n - n;
	pins->n = n;
	return true;
}

bool
bp_pin_add(const struct bp_pin_place *place, const struct bp_pin *person,
    struct bp_pins *ret, bool *retadded, enum bp_reason *reterr)
{
	const struct edit e = { .apply = apply_add, .person = person };
	size_t changed;
	bool ok = change(place, person->account, &e, ret, &changed, reterr);

	*retadded = ok && changed > 0;
	return ok;
}

bool
bp_pin_add_beside(const struct bp_pin_place *place,
    const struct bp_pin *person, const struct bp_pin *const beside[],
    size_t n, struct bp_pins *ret, bool *retadded, enum bp_reason *reterr)
{
	const struct edit e = { .apply = apply_add, .person = person,
	    .is_only_beside = true, .beside = beside, .besides = n };
	size_t changed;
	bool ok = change(place, person->account, &e, ret, &changed, reterr);

	*retadded = ok && changed > 0;
	return ok;
}

bool
bp_pin_drop(const struct bp_pin_place *place, struct bp_text account,
    struct bp_text sub, struct bp_pins *ret, size_t *retdropped,
    enum bp_reason *reterr)
{
	const struct bp_pin person = { .account = account, .sub = sub };
	const struct edit e = { .apply = apply_drop, .person = &person };

	return change(place, account, &e, ret, retdropped, reterr);
}

bool
bp_pin_learn_api_id(const struct bp_pin_place *place,
    const struct bp_pin *person, enum bp_reason *reterr)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	const struct edit e = { .apply = apply_api_id, .person = person };
	size_t changed;

	return change(place, person->account, &e, &pins, &changed, reterr);
}

/* The first; false with EEXIST where somebody else was. */
static bool
create(const struct bp_pin_place *place, const struct bp_pin *person,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PINS_FILE_MAX);
	BP_AUTO(bp_file_close) int dir = -1;
	char name[BP_DIGEST_HEX + 1];

	errno = 0;
	bp_digest_hex(person->account, name);
	if (!spell_file(person, 1, &b))
		return bp_refuse(reterr, BP_MEMORY);
	return make_folder(place, &dir, reterr) &&
	    bp_file_create(dir, name, bp_buf_text(&b), reterr);
}

/* As far as it goes: it is no reason to refuse anybody. */
static void
keep_known(const struct bp_pin_place *place, const struct bp_pin *person,
    bool (*apply)(struct bp_pins *, const struct edit *, size_t *),
    enum bp_reason *retunkept)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	const struct edit e = { .apply = apply, .person = person };
	size_t changed;

	if (change(place, person->account, &e, &pins, &changed, retunkept))
		*retunkept = BP_UNDECIDED;
}

static bool
is_known(const struct bp_pins *pins, const struct bp_pin *person)
{
	const struct bp_pin *hers = &pins->pin[find(pins, person)];

	return bp_text_same(hers->email, person->email) &&
	    (hers->api_id.len > 0 || person->api_id.len == 0);
}

/*
 * Nobody is pinned yet: PERSON is, or, with EEXIST, somebody was a moment
 * before, whom RET has then.  V is what pins say of her now.
 */
static bool
keep_first(const struct bp_pin_place *place, const struct bp_pin *person,
    struct bp_pins *ret, enum bp_pin_verdict *v, enum bp_reason *retunkept,
    enum bp_reason *reterr)
{
	if (create(place, person, retunkept)) {
		*retunkept = BP_UNDECIDED;
		return true;
	}
	if (*retunkept != BP_FILE_UNWRITTEN || errno != EEXIST)
		return true;
	if (!bp_pins_load(place, person->account, ret, reterr))
		return false;
	*v = bp_pins_judge(ret, person);
	/* or an administrator has taken that pin away again */
	if (*v != BP_PIN_NONE)
		*retunkept = BP_UNDECIDED;
	return true;
}

bool
bp_pin_keep(const struct bp_pin_place *place, const struct bp_pin *person,
    bool may_join, struct bp_pins *ret, enum bp_reason *retunkept,
    enum bp_reason *reterr)
{
	enum bp_pin_verdict v;

	*retunkept = BP_UNDECIDED;
	if (!bp_pins_load(place, person->account, ret, reterr))
		return false;
	v = bp_pins_judge(ret, person);
	if (v == BP_PIN_NONE &&
	    !keep_first(place, person, ret, &v, retunkept, reterr))
		return false;
	if (v == BP_PIN_HERS && !is_known(ret, person))
		keep_known(place, person, apply_known, retunkept);
	else if (v == BP_PIN_OTHERS && may_join && ret->n < BP_PINS_MAX)
		keep_known(place, person, apply_add, retunkept);
	return bp_pin_admits(v, may_join) || bp_refuse(reterr, BP_PINNED);
}

bool
bp_pin_whose(const struct bp_pin_place *place, struct bp_text account,
    struct bp_text issuer, struct bp_pins *pins, struct bp_pin *ret,
    enum bp_reason *reterr)
{
	const struct bp_pin *hers = NULL;

	if (!bp_pins_load(place, account, pins, reterr))
		return false;
	for (size_t i = 0; i < pins->n; i++) {
		if (!bp_text_same(pins->pin[i].issuer, issuer))
			continue;
		if (hers != NULL)
			return bp_refuse(reterr, BP_SEVERAL_KNOWN);
		hers = &pins->pin[i];
	}
	if (hers == NULL)
		return bp_refuse(reterr, BP_NOBODY_KNOWN);
	*ret = *hers;
	return true;
}
