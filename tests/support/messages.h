/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * messages.h - the tables of the wire for test programs: every field with its
 * kind and ceilings, every message with its name, and a small lawful message
 * of each type; and what messages are made of: lists, claims, the record.
 */
#ifndef BP_TESTS_MESSAGES_H
#define BP_TESTS_MESSAGES_H

#include <stdlib.h>

#include "wire/claim.h"
#include "wire/endpoint.h"
#include "wire/list.h"
#include "wire/msg.h"

enum kind { TEXT, BYTES, NUMBER, MARK, LIST, TABLE };

static const struct field {
	const char	*name;
	enum bp_field	 f;
	enum kind	 kind;
	uint32_t	 most, items, each;
	uint32_t	 must, may;	/* sets of types */
} fields[] = {
#define TEXT(most)		TEXT, most, 0, 0
#define BYTES(most)		BYTES, most, 0, 0
#define NUMBER(most)		NUMBER, most, 0, 0
#define MARK			MARK, 0, 0, 0
#define LIST(most, items, each)	LIST, most, items, each
#define TABLE(most)		TABLE, most, 0, 0
#define M(type)			(1U << BP_MSG_##type)
#define F(name, word, kind, must, may)	{ word, BP_F_##name, kind, must, may },
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

static const struct type {
	const char		*name;
	enum bp_msg_type	 type;
	uint32_t		 most;
	bool			 has_reason;
} types[] = {
#define T(name, most, has_reason)  { #name, BP_MSG_##name, most, has_reason },
#include "wire/message.def"
#undef T
};

static const struct sequence {
	const char		*name, *behind, *answers;
	enum bp_msg_type	 asked, last, answer;
	bool			 ends;
} sequences[] = {
#define LAST	true
#define MORE	false
#define A(asked, last, answer, ends)	{ #asked, #last, #answer,	\
	BP_MSG_##asked, BP_MSG_##last, BP_MSG_##answer, ends },
#include "wire/message.def"
#undef A
#undef MORE
#undef LAST
};
enum { SEQUENCES = sizeof(sequences) / sizeof(sequences[0]) };

/* The names of reasons, by their numbers; of 0 there is none. */
static const char *const reasons[BP_WIRE_REASONS] = {
	"",
#define W(name)	#name,
#include "wire/reason.def"
#undef W
};

static inline bool
has_place(const struct field *f, enum bp_msg_type type)
{
	return ((f->must | f->may) >> type & 1) != 0;
}

static inline bool
is_required(const struct field *f, enum bp_msg_type type)
{
	return (f->must >> type & 1) != 0;
}

/* Is it a request, or else the first request that may have it? */
static inline enum bp_msg_type
request_of(enum bp_msg_type type)
{
	for (size_t i = 0; i < SEQUENCES; i++)
		if (sequences[i].asked == type || sequences[i].answer == type)
			return sequences[i].asked;
	return sequences[0].asked;	/* FAILED belongs to all */
}

/* A small good content for each kind. */
static const struct bp_text small[] = {
	[TEXT] = BP_TEXT("text"), [BYTES] = BP_TEXT("\0\xff"),
	[NUMBER] = BP_TEXT("7"), [MARK] = BP_TEXT("1"),
	[LIST] = BP_TEXT("\0\0\0\2" "\0\0\0\1a" "\0\0\0\0"),
	[TABLE] = BP_TEXT("\0\0\0\1a" "\2\3" "\0\0\0\011" "\0\0\0\1"
	    "\0\0\0\1v"),
};

/* A good message of TYPE with all that it must have, and may have. */
static inline struct bp_msg
message(enum bp_msg_type type)
{
	struct bp_msg m = { .type = type, .asked = request_of(type),
	    .reason = types[type - 1].has_reason ? BP_WIRE_SILENCE
	    : BP_WIRE_NONE };

	for (size_t i = 0; i < BP_FIELDS; i++)
		if (has_place(&fields[i], type))
			bp_msg_give(&m, fields[i].f, small[fields[i].kind]);
	return m;
}

/* Only for want of memory, or of a lawful message: no test goes on then. */
static inline void
put_or_abort(bool ok)
{
	if (!ok)
		abort();
}

/* The list of ITEMS, of N or until a NULL; B has its bytes. */
static inline struct bp_text
put_texts(const char *const *items, size_t n, struct bp_buf *b)
{
	put_or_abort(bp_list_start(b));
	for (size_t i = 0; i < n && items[i] != NULL; i++)
		put_or_abort(bp_list_add(b, bp_text_of(items[i])));
	return bp_buf_text(b);
}

/* A row of a table of claims; VALUES as for put_texts(). */
static inline void
put_claim(struct bp_buf *table, enum bp_document document,
    struct bp_text name, enum bp_claim_kind kind, const char *const *values,
    size_t n)
{
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_claim c = { name, document, kind,
	    put_texts(values, n, &list) };

	put_or_abort(bp_claim_add(table, &c));
}

/* A provider's record, whose endpoints are those that are needed, in order. */
static inline struct bp_msg
provider_of(struct bp_text issuer, const struct bp_text *endpoints,
    struct bp_text keys)
{
	struct bp_msg m = { .type = BP_MSG_PROVIDER,
	    .asked = BP_MSG_DISCOVER };

	bp_msg_give(&m, BP_F_ISSUER, issuer);
	for (size_t i = 0; i < BP_ENDPOINTS; i++)
		if (bp_endpoints[i].is_needed)
			bp_msg_give(&m, bp_endpoints[i].field, *endpoints++);
	bp_msg_give(&m, BP_F_KEYS, keys);
	return m;
}

/* Are BYTES one message behind its length, and nothing else? */
static inline bool
read_framed(struct bp_text bytes, struct bp_msg *ret)
{
	struct bp_text one;

	return bp_list_take(&bytes, &one) && bytes.len == 0 &&
	    bp_msg_read(one, ret);
}

#endif
