/*
 * msg.h - the messages between module and helper; PROTOCOL.md has the bytes.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing that it reads.
 * Zero means nothing good: types, reasons and kinds count from 1, and none of
 * them says "success".  Only a complete CLAIMS message does.
 *
 * Allocates nothing but in the caller's buffers: the content of every field
 * is borrowed, lists and tables as the bytes that list.h and claim.h walk.
 */
#ifndef BP_WIRE_MSG_H
#define BP_WIRE_MSG_H

#include "wire/text.h"

enum {
	BP_MSG_SOCKET = 3,		/* the helper's descriptor */
	BP_MSG_MAX = 1024 * 1024,	/* bytes of a whole message */
	BP_BUILD_SIZE = 16		/* bytes of the build's version */
};

enum bp_msg_type {
	BP_MSG_DISCOVER = 1,	/* request */
	BP_MSG_REDEEM,		/* request */
	BP_MSG_PROVIDER,	/* answer: the provider record */
	BP_MSG_CLAIMS,		/* answer: who signed in */
	BP_MSG_UNUSABLE,	/* answer, a reason: ask the person again */
	BP_MSG_FAILED,		/* answer, a reason */
	BP_MSG_TYPES
};

enum bp_wire_reason {
	BP_WIRE_NONE = 0,	/* in messages that give none */
#define W(name)	BP_WIRE_##name,
#include "wire/reason.def"
#undef W
	BP_WIRE_REASONS
};

/* Every field there is; which message has which is a table in msg.c. */
enum bp_field {
	BP_F_ISSUER,		/* text */
	BP_F_CA_FILE,		/* bytes: PEM; absent: the system's store */
	BP_F_TIME_LEFT,		/* number: milliseconds */
	BP_F_RECORD,		/* bytes: a PROVIDER message */
	BP_F_CLIENT_ID,		/* text */
	BP_F_CLIENT_SECRET,	/* text */
	BP_F_REDIRECT_URI,	/* text */
	BP_F_SCOPES,		/* list: asked for, in CLAIMS granted */
	BP_F_STATE,		/* text: what was sent */
	BP_F_NONCE,		/* text */
	BP_F_LINE,		/* text: what was pasted, trimmed */
	BP_F_CLOCK_SKEW,	/* number: seconds */
	BP_F_WANTED,		/* list: names of claims */
	BP_F_AUTHORIZATION_ENDPOINT, /* text, as the next three */
	BP_F_TOKEN_ENDPOINT,
	BP_F_USERINFO_ENDPOINT,
	BP_F_JWKS_URI,
	BP_F_ISS_PROMISED,	/* mark: 1, or absent; RFC 9207 */
	BP_F_KEYS,		/* list: three texts a key: kid, n, e (RFC 7518 6.3);
				   kid is empty where the key has none */
	BP_F_SUB,		/* text */
	BP_F_CLAIMS,		/* table, wire/claim.h */
	BP_F_KEYS_STALE,	/* mark: 1, or absent: the record's keys are old */
	BP_F_DETAIL,		/* text, for the log alone */
	BP_FIELDS
};

struct bp_msg {
	enum bp_msg_type	 type;
	enum bp_msg_type	 asked;		/* the request it belongs to */
	enum bp_wire_reason	 reason;	/* UNUSABLE and FAILED only */
	bool			 given[BP_FIELDS];
	struct bp_text		 field[BP_FIELDS];	/* borrowed */
};

/* Give M the field F: content as PROTOCOL.md has it for the field's kind. */
void	bp_msg_give(struct bp_msg *m, enum bp_field f, struct bp_text content);

/* A number as text, in bytes that the caller lends for as long as M. */
void	bp_msg_give_number(struct bp_msg *m, enum bp_field f, uint32_t n,
	    char lent[BP_DECIMAL_MAX]);

/* The number in F; 0 where F is absent. */
uint32_t bp_msg_number(const struct bp_msg *m, enum bp_field f);

/* Append M to RET; false if it breaks a rule of PROTOCOL.md or RET is full. */
BP_MUST_USE bool bp_msg_write(const struct bp_msg *m, struct bp_buf *ret);

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
