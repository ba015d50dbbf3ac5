/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg.h - the messages between module and helper; PROTOCOL.md has the bytes.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing that it reads.
 * Zero means nothing good: types, reasons and kinds count from 1, and none of
 * them says "success".  Only a complete CLAIMS message does.
 *
 * Which messages there are, and what may come after what, stands in
 * message.def; which fields, of what kind and in which messages, in field.def.
 *
 * Allocates nothing but in the caller's buffers: the content of every field
 * is borrowed, lists and tables as the bytes that list.h and claim.h walk.
 */
#ifndef BP_WIRE_MSG_H
#define BP_WIRE_MSG_H

#include "wire/limits.h"
#include "wire/text.h"

enum {
	BP_MSG_IN = 3,			/* the helper's descriptor: its request */
	BP_MSG_OUT = 4,			/* and its answer */
	BP_BUILD_SIZE = 16		/* bytes of the build's version */
};

enum bp_msg_type {
	BP_MSG_NONE = 0,	/* there is no such message */
#define T(name, most, has_reason)	BP_MSG_##name,
#include "wire/message.def"
#undef T
	BP_MSG_TYPES
};

enum bp_wire_reason {
	BP_WIRE_NONE = 0,	/* in messages that give none */
#define W(name)	BP_WIRE_##name,
#include "wire/reason.def"
#undef W
	BP_WIRE_REASONS
};

enum bp_field {
#define F(name, word, kind, must, may)	BP_F_##name,
#include "wire/field.def"
#undef F
	BP_FIELDS
};

struct bp_msg {
	enum bp_msg_type	 type;
	enum bp_msg_type	 asked;		/* the request it belongs to */
	enum bp_wire_reason	 reason;	/* where the type gives one */
	bool			 given[BP_FIELDS];
	struct bp_text		 field[BP_FIELDS];	/* borrowed */
};

/* Give M the field F: content as PROTOCOL.md has it for the field's kind. */
void	bp_msg_give(struct bp_msg *m, enum bp_field f, struct bp_text content);

/* A mark is given, or absent. */
void	bp_msg_mark(struct bp_msg *m, enum bp_field f);

/* A number as text, in bytes that the caller lends for as long as M. */
void	bp_msg_give_number(struct bp_msg *m, enum bp_field f, uint32_t n,
	    char lent[BP_DECIMAL_MAX]);

/* The number in F; 0 where F is absent. */
uint32_t bp_msg_number(const struct bp_msg *m, enum bp_field f);

/*
 * May an answer of TYPE come to the request ASKED, when LAST (first the
 * request itself) was what came before?  Then RETENDS says whether it is the
 * last one.  Takes any numbers.
 */
BP_MUST_USE bool bp_msg_may_follow(enum bp_msg_type asked,
    enum bp_msg_type last, enum bp_msg_type type, bool *retends);

/* The most bytes that any answer there may have; 0: none may come. */
size_t	bp_msg_answer_max(enum bp_msg_type asked, enum bp_msg_type last);

/* Append M to RET; false if it breaks a rule of PROTOCOL.md or RET is full. */
BP_MUST_USE bool bp_msg_write(const struct bp_msg *m, struct bp_buf *ret);

/*
 * The same behind its length, as messages travel: what
 * bp_list_take() takes.
 */
BP_MUST_USE bool bp_msg_put_framed(const struct bp_msg *m,
    struct bp_buf *ret);

/*
 * Read BYTES, which must be one whole message of this build and nothing else.
 * RET, filled only on true, borrows its fields from BYTES.
 */
BP_MUST_USE bool bp_msg_read(struct bp_text bytes, struct bp_msg *ret);

/* Is this of another build?  Tells why it could not be read. */
bool	bp_msg_is_foreign(struct bp_text bytes);

/* This build's version, BP_BUILD_SIZE bytes, filled up with NUL. */
struct bp_text	bp_msg_build(void);

#endif
