/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - strict JSON (RFC 8259): the only way to cJSON.
 *
 * Runs in: the helper.  Trusts: nothing; the bytes come from the network.
 * Before cJSON sees them the bytes are scanned: at most 1 MiB, valid UTF-8
 * without a byte-order mark, no NUL and no \u0000, no raw control characters
 * in strings, no duplicate member names in any object (compared after
 * unescaping), a depth of 32 at most, nothing behind the value, and an object
 * at the top.  Numbers must be finite, of JSON's own grammar, and of at most
 * 63 characters.  An object has at most 1024 members, a document 65536 values.
 */
#ifndef BP_HELPER_JSON_H
#define BP_HELPER_JSON_H

#include "helper/limits.h"
#include "wire/claim.h"

enum { BP_JSON_DEPTH = 32 };

struct bp_json;		/* a value inside a document; opaque */

/*
 * Parse BYTES; RET owns the document, release with bp_json_free().
 * On false RETWHAT says what is wrong, in words fit for a log.
 */
BP_MUST_USE bool bp_json_parse(struct bp_text bytes, struct bp_json **ret,
    const char **retwhat);

/* The same of a document with an object or an array at the top. */
BP_MUST_USE bool bp_json_parse_any(struct bp_text bytes,
    struct bp_json **ret, const char **retwhat);

/* For BP_AUTO: erase every string of the document, and release it. */
void	bp_json_free(struct bp_json **doc);

/* The member NAME, by exact bytes; NULL where there is none, or no object. */
const struct bp_json *bp_json_member(const struct bp_json *object,
    const char *name);
const struct bp_json *bp_json_member_text(const struct bp_json *object,
    struct bp_text name);

/* The first element of an array, and the next one; NULL at the end. */
const struct bp_json *bp_json_first(const struct bp_json *array);
const struct bp_json *bp_json_next(const struct bp_json *element);

/* ABSENT for NULL; an array of strings alone is STRINGS, any other OTHER. */
enum bp_claim_kind bp_json_kind(const struct bp_json *value);
bool	bp_json_is_array(const struct bp_json *value);
bool	bp_json_is_object(const struct bp_json *value);

/* Borrowed until the document goes; false if VALUE (perhaps NULL) is none. */
BP_MUST_USE bool bp_json_string(const struct bp_json *value,
    struct bp_text *ret);
BP_MUST_USE bool bp_json_number(const struct bp_json *value, double *ret);

/* Does DOC hold a number, anywhere, of more than 63 bits and a sign? */
bool	bp_json_has_long_number(const struct bp_json *doc);

#endif
