/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.h - the grammar of a line that a person pasted: the address on which
 * the browser ended, or its query (RFC 6749 4.1.2), or just the code.
 *
 * Runs in: the module, which lets nothing else start a helper; and the
 * helper, which believes no module, and decodes.  Trusts: nothing.
 */
#ifndef BP_WIRE_LINE_H
#define BP_WIRE_LINE_H

#include "wire/text.h"

/* The parameters that count; whatever else stands there is not looked at. */
enum bp_param {
	BP_PARAM_CODE,
	BP_PARAM_STATE,
	BP_PARAM_ISS,		/* RFC 9207 */
	BP_PARAM_ERROR,
	BP_PARAMS
};

const char	*bp_param_name(enum bp_param param);

/* The parameter of NAME, by exact bytes; BP_PARAMS: none that counts. */
enum bp_param	bp_param_of(struct bp_text name);

/* The query in LINE, without fragment; all of LINE where no ? stands. */
struct bp_text	bp_line_query(struct bp_text line);

/* Take the next pair off QUERY; without a = its value is empty. */
BP_MUST_USE bool bp_line_next(struct bp_text *query, struct bp_text *retname,
    struct bp_text *retvalue);

/*
 * Is LINE a code alone, perhaps behind `code=` or `?code=`?  Then RET is the
 * code, still with its %XX: BP_BARE_CODE_MIN bytes at least of unreserved
 * characters, / and %XX.
 */
BP_MUST_USE bool bp_line_bare_code(struct bp_text line, struct bp_text *ret);

#endif
