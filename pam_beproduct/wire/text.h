/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h - read borrowed bytes: compare, cut, count, and refuse what must not
 * reach a terminal or a log.
 *
 * Runs in: module, helper and beproductctl.  Trusts: nothing; every byte may
 * be hostile.  Allocates nothing; what comes back is borrowed from what was
 * given.
 */
#ifndef BP_WIRE_TEXT_H
#define BP_WIRE_TEXT_H

#include "wire/buf.h"

/* A number that a macro names, as it is said: in texts of ceilings. */
#define BP_SPELT(number)	BP_SPELT_(number)
#define BP_SPELT_(number)	#number

/* A text of a literal, in constants too. */
#define BP_TEXT(literal)	{ "" literal, sizeof(literal) - 1 }

struct bp_text	bp_text_of(const char *string);

/* Equality has these spellings only: none can be mistyped as an ordering. */
bool	bp_text_same(struct bp_text a, struct bp_text b);
bool	bp_text_is(struct bp_text t, const char *word);
bool	bp_text_starts(struct bp_text t, const char *with);

/* The same, in a time that tells only the lengths: for what is secret. */
bool	bp_text_same_secret(struct bp_text a, struct bp_text b);

/* T without its first N bytes; of fewer, an empty end of it. */
struct bp_text	bp_text_after(struct bp_text t, size_t n);

/* T without the spaces and tabs at both ends. */
struct bp_text	bp_text_trim(struct bp_text t);

/* Split at the first AT; without one false, and all of T is on the left. */
bool	bp_text_cut(struct bp_text t, char at, struct bp_text *left,
	    struct bp_text *right);

/* Decimal digits and nothing else, MOST at most. */
BP_MUST_USE bool bp_text_number(struct bp_text t, uint32_t most, uint32_t *ret);

/* N in decimal digits, in bytes that the caller lends for as long. */
enum { BP_DECIMAL_MAX = 10 };
struct bp_text	bp_text_decimal(uint32_t n, char lent[BP_DECIMAL_MAX]);

/* Strict UTF-8 (RFC 3629) without NUL; of no bytes, too. */
bool	bp_text_is_utf8(struct bp_text t);

/* The same without controls and marks that turn the line. */
bool	bp_text_is_printable(struct bp_text t);

/* Visible ASCII alone, 0x21 to 0x7e: what names and addresses consist of. */
bool	bp_text_is_visible(struct bp_text t);

/*
 * Take one character off T: its length in bytes, and whether it prints, in
 * RETPRINTS.  0 where T does not begin with strict UTF-8, or is empty.
 */
size_t	bp_text_character(struct bp_text t, bool *retprints);

/* T without the printable ASCII that it begins with, which needs no look. */
struct bp_text	bp_text_after_ascii(struct bp_text t);

#endif
