/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/msg.h"
#include "wire/claim.h"
#include "wire/list.h"

#include <string.h>

enum { HEAD = BP_BUILD_SIZE + 3, ABSENT = 1, GIVEN = 2 };

static const char build[BP_BUILD_SIZE] = PACKAGE_VERSION;
_Static_assert(sizeof(PACKAGE_VERSION) <= BP_BUILD_SIZE, "version is cut");

/* One row a field: what may stand in it, and in which messages it may stand. */
struct rule;
typedef bool lawful(const struct rule *r, struct bp_text content);
static lawful is_text, is_bytes, is_number, is_mark, is_list, is_table;

static const struct rule {
	lawful		*is;
	uint32_t	 most;		/* bytes; of a number its value */
	uint32_t	 items, each;	/* of lists: how many, and their bytes */
	uint32_t	 must, may;	/* sets of messages */
} rules[BP_FIELDS] = {
#define TEXT(most)		is_text, most, 0, 0
#define BYTES(most)		is_bytes, most, 0, 0
#define NUMBER(most)		is_number, most, 0, 0
#define MARK			is_mark, 0, 0, 0
#define LIST(most, items, each)	is_list, most, items, each
#define TABLE(most)		is_table, most, 0, 0
#define M(type)			(1U << BP_MSG_##type)
#define F(name, word, kind, must, may)	[BP_F_##name] = { kind, must, may },
#include "wire/field.def"
#undef F
#undef M
#undef TABLE
#undef LIST
#undef MARK
#undef NUMBER
#undef BYTES
#undef TEXT
};
_Static_assert(BP_MSG_TYPES <= 32, "a set of messages has 32 bits");

/* There is no type 0: its row stays empty. */
static const struct shape {
	size_t	 most;
	bool	 has_reason;
} shapes[BP_MSG_TYPES] = {
#define T(name, most, has_reason)	[BP_MSG_##name] = { most, has_reason },
#include "wire/message.def"
#undef T
};

static const struct sequence {
	enum bp_msg_type	 asked, last, answer;
	bool			 ends;
} sequences[] = {
#define LAST	true
#define MORE	false
#define A(asked, last, answer, ends)	{ BP_MSG_##asked, BP_MSG_##last, \
	BP_MSG_##answer, ends },
#include "wire/message.def"
#undef A
#undef MORE
#undef LAST
};
enum { SEQUENCES = sizeof(sequences) / sizeof(sequences[0]) };

static bool
is_text(const struct rule *r, struct bp_text content)
{
	return content.len > 0 && content.len <= r->most &&
	    bp_text_is_printable(content);
}

static bool
is_bytes(const struct rule *r, struct bp_text content)
{
	return content.len > 0 && content.len <= r->most;
}

static bool
is_number(const struct rule *r, struct bp_text content)
{
	uint32_t n;

	return content.len <= BP_DECIMAL_MAX &&
	    bp_text_number(content, r->most, &n);
}

/* What is not so is absent: a mark that says 0 would be given all the same. */
static bool
is_mark(const struct rule *r, struct bp_text content)
{
	(void)r;
	return bp_text_is(content, "1");
}

static bool
is_list(const struct rule *r, struct bp_text content)
{
	return content.len <= r->most && bp_list_is_lawful(content, r->items,
	    r->each, bp_text_is_printable);
}

static bool
is_table(const struct rule *r, struct bp_text content)
{
	return content.len <= r->most && bp_claim_table_is_lawful(content);
}

static bool
is_type(unsigned n)
{
	return n < BP_MSG_TYPES;
}

/* Has anything come to ASKED that more may follow, LAST being the last? */
static bool
is_open(enum bp_msg_type asked, enum bp_msg_type last)
{
	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == asked && sequences[i].last == last)
			return true;
	return false;
}

bool
bp_msg_may_follow(enum bp_msg_type asked, enum bp_msg_type last,
    enum bp_msg_type type, bool *retends)
{
	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == asked && sequences[i].last == last &&
		    sequences[i].answer == type) {
			*retends = sequences[i].ends;
			return true;
		}
	if (type != BP_MSG_FAILED || !is_open(asked, last))
		return false;
	*retends = true;
	return true;
}

size_t
bp_msg_answer_max(enum bp_msg_type asked, enum bp_msg_type last)
{
	size_t most = is_open(asked, last) ? shapes[BP_MSG_FAILED].most : 0;

	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == asked &&
		    sequences[i].last == last &&
		    shapes[sequences[i].answer].most > most)
			most = shapes[sequences[i].answer].most;
	return most;
}

/* A request is its own; an answer belongs to a request that may have it. */
static bool
is_asked(const struct bp_msg *m)
{
	if (m->type == m->asked || m->type == BP_MSG_FAILED)
		return is_open(m->asked, m->asked);
	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == m->asked &&
		    sequences[i].answer == m->type)
			return true;
	return false;
}

static bool
is_in(uint32_t messages, enum bp_msg_type type)
{
	return (messages >> type & 1) != 0;
}

/* Fields stand in a message in the order of field.def. */
static bool
has_place(enum bp_msg_type type, unsigned f)
{
	return is_in(rules[f].must | rules[f].may, type);
}

static bool
is_field_lawful(const struct bp_msg *m, unsigned f)
{
	if (!m->given[f])
		return !is_in(rules[f].must, m->type);
	return has_place(m->type, f) && rules[f].is(&rules[f], m->field[f]);
}

/* One set of rules for what is written and for what is read. */
static bool
is_lawful(const struct bp_msg *m)
{
	if (!is_type(m->type) || !is_asked(m) ||
	    m->reason >= BP_WIRE_REASONS ||
	    shapes[m->type].has_reason != (m->reason > 0))
		return false;
	for (unsigned f = 0; f < BP_FIELDS; f++)
		if (!is_field_lawful(m, f))
			return false;
	return true;
}

void
bp_msg_give(struct bp_msg *m, enum bp_field f, struct bp_text content)
{
	m->given[f] = true;
	m->field[f] = content;
}

void
bp_msg_mark(struct bp_msg *m, enum bp_field f)
{
	bp_msg_give(m, f, bp_text_of("1"));
}

void
bp_msg_give_number(struct bp_msg *m, enum bp_field f, uint32_t n,
    char lent[BP_DECIMAL_MAX])
{
	bp_msg_give(m, f, bp_text_decimal(n, lent));
}

uint32_t
bp_msg_number(const struct bp_msg *m, enum bp_field f)
{
	uint32_t n;

	return m->given[f] && bp_text_number(m->field[f], UINT32_MAX, &n) ? n
	    : 0;
}

struct bp_text
bp_msg_build(void)
{
	return (struct bp_text){ build, BP_BUILD_SIZE };
}

static bool
put_field(struct bp_buf *b, const struct bp_msg *m, unsigned f)
{
	const uint8_t mark = m->given[f] ? GIVEN : ABSENT;

	return bp_buf_add(b, &mark, 1) &&
	    (!m->given[f] || bp_list_put(b, m->field[f]));
}

bool
bp_msg_write(const struct bp_msg *m, struct bp_buf *ret)
{
	const uint8_t numbers[] = { (uint8_t)m->type, (uint8_t)m->asked,
	    (uint8_t)m->reason };
	size_t before = ret->len;
	bool ok = is_lawful(m) && bp_buf_put(ret, bp_msg_build()) &&
	    bp_buf_add(ret, numbers, sizeof(numbers));

	for (unsigned f = 0; ok && f < BP_FIELDS; f++)
		ok = !has_place(m->type, f) || put_field(ret, m, f);
	if (!ok)
		ret->len = before;
	return ok;
}

bool
bp_msg_put_framed(const struct bp_msg *m, struct bp_buf *ret)
{
	static const uint8_t room[BP_LIST_NUMBER];
	size_t before = ret->len;

	if (bp_buf_add(ret, room, sizeof(room)) && bp_msg_write(m, ret)) {
		bp_list_set_number(ret->data + before, (uint32_t)(ret->len -
		    before - sizeof(room)));
		return true;
	}
	ret->len = before;
	return false;
}

static bool
take_field(struct bp_text *rest, struct bp_msg *m, unsigned f)
{
	struct bp_text mark;

	if (!bp_list_take_bytes(rest, 1, &mark) ||
	    (mark.at[0] != ABSENT && mark.at[0] != GIVEN))
		return false;
	m->given[f] = mark.at[0] == GIVEN;
	return !m->given[f] || bp_list_take(rest, &m->field[f]);
}

bool
bp_msg_is_foreign(struct bp_text bytes)
{
	return bytes.len >= HEAD &&
	    memcmp(bytes.at, build, BP_BUILD_SIZE) != 0;
}

bool
bp_msg_read(struct bp_text bytes, struct bp_msg *ret)
{
	struct bp_text rest = bytes, head;
	struct bp_msg m = { 0 };

	if (bp_msg_is_foreign(bytes) ||
	    !bp_list_take_bytes(&rest, HEAD, &head))
		return false;
	m.type = (uint8_t)head.at[BP_BUILD_SIZE];
	m.asked = (uint8_t)head.at[BP_BUILD_SIZE + 1];
	m.reason = (uint8_t)head.at[BP_BUILD_SIZE + 2];
	if (!is_type(m.type))
		return false;
	for (unsigned f = 0; f < BP_FIELDS; f++)
		if (has_place(m.type, f) && !take_field(&rest, &m, f))
			return false;
	if (rest.len > 0 || !is_lawful(&m))
		return false;
	*ret = m;
	return true;
}
