/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claim.h - the table of claims: what each document said of each claim that
 * was wanted, one row a call.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing.
 * The values of a row are a list (list.h): of STRING one, of STRINGS any
 * number, of NUMBER at most one, of every other kind none.  They are valid
 * UTF-8 without NUL, and no more than that: who shows one escapes it.  A
 * number's is its whole part in decimal digits; one below 0 or of more than
 * BP_CLAIM_DIGITS_MAX has none, and is told from others by no more than that.
 */
#ifndef BP_WIRE_CLAIM_H
#define BP_WIRE_CLAIM_H

#include "wire/list.h"

#define BP_CLAIM_NAME_MAX	128	/* bytes */
#define BP_CLAIM_WANTED_MAX	32	/* names */

enum {
	BP_CLAIM_VALUES_MAX = 1024,	/* of one claim in one document */
	BP_CLAIM_VALUE_MAX = 4096,	/* bytes */
	BP_CLAIM_DIGITS_MAX = 15,	/* of a number: doubles are exact there */
	BP_CLAIM_TABLE_MAX = 640 * 1024	/* bytes, of all rows */
};

enum bp_document { BP_DOC_ID_TOKEN = 1, BP_DOC_USERINFO, BP_DOCS };

enum bp_claim_kind {
	BP_CLAIM_ABSENT = 1,
	BP_CLAIM_NULL,
	BP_CLAIM_STRING,
	BP_CLAIM_STRINGS,	/* an array of strings alone, perhaps of none */
	BP_CLAIM_TRUE,
	BP_CLAIM_FALSE,
	BP_CLAIM_NUMBER,
	BP_CLAIM_OTHER,		/* an object, or an array of other things */
	BP_CLAIM_KINDS
};

struct bp_claim {
	struct bp_text		 name;
	enum bp_document	 document;
	enum bp_claim_kind	 kind;
	struct bp_text		 values;	/* a list's content */
};

/* The next row of TABLE, which shrinks by it; false at the end or a fault. */
BP_MUST_USE bool bp_claim_next(struct bp_text *table, struct bp_claim *ret);

/* Is TABLE nothing but whole, lawful rows? */
BP_MUST_USE bool bp_claim_table_is_lawful(struct bp_text table);

/*
 * Does TABLE answer WANTED (a list's content): for each name, in this order,
 * first the id_token's row, then UserInfo's, and nothing else?
 */
BP_MUST_USE bool bp_claim_table_answers(struct bp_text table,
    struct bp_text wanted);

/* NAME in DOCUMENT; a row that the table lacks is ABSENT, without values. */
struct bp_claim	bp_claim_find(struct bp_text table, struct bp_text name,
		    enum bp_document document);

/* The one value of a STRING; of any other kind false. */
BP_MUST_USE bool bp_claim_string(const struct bp_claim *c, struct bp_text *ret);

/* The value of a NUMBER that has one; of any other kind false. */
BP_MUST_USE bool bp_claim_number(const struct bp_claim *c, int64_t *ret);

/* Append a row to B; false if it is not lawful or B is full. */
BP_MUST_USE bool bp_claim_add(struct bp_buf *b, const struct bp_claim *c);

#endif
