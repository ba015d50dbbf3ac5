/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ascii.h"
#include "wire/claim.h"

static bool
is_name(struct bp_text t)
{
	return t.len > 0 && t.len <= BP_CLAIM_NAME_MAX &&
	    bp_text_is_printable(t);
}

/* One way to spell each: no zero stands in front. */
static bool
is_whole(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!bp_ascii_is_digit(t.at[i]))
			return false;
	return t.len == 1 || (t.len > 0 && t.len <= BP_CLAIM_DIGITS_MAX &&
	    t.at[0] != '0');
}

/* One set of rules for what is written and for what is read. */
static bool
is_lawful(const struct bp_claim *c)
{
	static const struct { uint32_t least, most; } counts[BP_CLAIM_KINDS] = {
		[BP_CLAIM_STRING] =	{ 1, 1 },
		[BP_CLAIM_STRINGS] =	{ 0, BP_CLAIM_VALUES_MAX },
		[BP_CLAIM_NUMBER] =	{ 0, 1 },
	};

	return is_name(c->name) && c->document > 0 &&
	    c->document < BP_DOCS && c->kind > 0 &&
	    c->kind < BP_CLAIM_KINDS && bp_list_is_lawful(c->values,
	    counts[c->kind].most, BP_CLAIM_VALUE_MAX,
	    c->kind == BP_CLAIM_NUMBER ? is_whole : bp_text_is_utf8) &&
	    bp_list_count(c->values) >= counts[c->kind].least;
}

/* A row as bytes: the name, two numbers, the values. */
static bool
take_row(struct bp_text *rest, struct bp_claim *ret)
{
	struct bp_text numbers;

	if (!bp_list_take(rest, &ret->name) ||
	    !bp_list_take_bytes(rest, 2, &numbers) ||
	    !bp_list_take(rest, &ret->values))
		return false;
	ret->document = (uint8_t)numbers.at[0];
	ret->kind = (uint8_t)numbers.at[1];
	return true;
}

bool
bp_claim_next(struct bp_text *table, struct bp_claim *ret)
{
	struct bp_text rest = *table;
	struct bp_claim c;

	if (!take_row(&rest, &c) || !is_lawful(&c))
		return false;
	*table = rest;
	*ret = c;
	return true;
}

bool
bp_claim_table_is_lawful(struct bp_text table)
{
	struct bp_claim c;

	while (bp_claim_next(&table, &c))
		;
	return table.len == 0;
}

static bool
next_is(struct bp_text *table, struct bp_text name, enum bp_document document)
{
	struct bp_claim c;

	return bp_claim_next(table, &c) && bp_text_same(c.name, name) &&
	    c.document == document;
}

bool
bp_claim_table_answers(struct bp_text table, struct bp_text wanted)
{
	struct bp_list list = bp_list_of(wanted);
	struct bp_text name;

	while (bp_list_next(&list, &name))
		if (!next_is(&table, name, BP_DOC_ID_TOKEN) ||
		    !next_is(&table, name, BP_DOC_USERINFO))
			return false;
	return table.len == 0;
}

struct bp_claim
bp_claim_find(struct bp_text table, struct bp_text name,
    enum bp_document document)
{
	struct bp_claim c;

	while (bp_claim_next(&table, &c))
		if (bp_text_same(c.name, name) && c.document == document)
			return c;
	return (struct bp_claim){ name, document, BP_CLAIM_ABSENT,
	    bp_text_of("") };
}

bool
bp_claim_string(const struct bp_claim *c, struct bp_text *ret)
{
	struct bp_list list = bp_list_of(c->values);

	return c->kind == BP_CLAIM_STRING && bp_list_next(&list, ret);
}

bool
bp_claim_number(const struct bp_claim *c, int64_t *ret)
{
	struct bp_list list = bp_list_of(c->values);
	struct bp_text digits;
	int64_t n = 0;

	if (c->kind != BP_CLAIM_NUMBER || !bp_list_next(&list, &digits) ||
	    !is_whole(digits))
		return false;
	for (size_t i = 0; i < digits.len; i++)
		n = 10 * n + (digits.at[i] - '0');
	*ret = n;
	return true;
}

bool
bp_claim_add(struct bp_buf *b, const struct bp_claim *c)
{
	const uint8_t numbers[] = { (uint8_t)c->document, (uint8_t)c->kind };
	size_t before = b->len;

	if (is_lawful(c) && bp_list_put(b, c->name) &&
	    bp_buf_add(b, numbers, sizeof(numbers)) &&
	    bp_list_put(b, c->values))
		return true;
	b->len = before;
	return false;
}
