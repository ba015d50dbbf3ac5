/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - ceilings that more than one file has to keep: what module and
 * helper send each other, and what they are made of.  Bytes, unless it says
 * otherwise.  More is refused, and never cut.
 *
 * Runs in: module, helper and beproductctl.  What one file alone keeps stands
 * there; the ceilings of claims stand in claim.h.  Those that a message says
 * are macros, for BP_SPELT().
 */
#ifndef BP_WIRE_LIMITS_H
#define BP_WIRE_LIMITS_H

#define BP_URL_MAX	512		/* issuer, redirect URI, endpoints */
#define BP_CLIENT_ID_MAX	255
#define BP_SECRET_MAX	1024		/* the client's */
#define BP_API_ID_MAX	128		/* of its users */
#define BP_API_ROLE_COUNT_MAX	60	/* of one of them */
#define BP_USERS_MAX	1047552		/* all of them, a list's content */
#define BP_USERS_ITEM_COUNT_MAX	196608	/* of that list */
#define BP_MAILBOX_MAX	320		/* of an address: RFC 5321 */
#define BP_COMPANY_MAX	128		/* in the public API's addresses */
#define BP_SUB_MAX	255		/* OIDC Core 2 */
#define BP_LIST_MAX	128		/* items of a list in the configuration */
#define BP_ITEM_MAX	255		/* of each, as it is written */
#define BP_DATE_MAX	4102444800	/* seconds since 1970: the year 2100 */
#define BP_SKEW_MAX	300		/* seconds, of two clocks */

enum {
	BP_NONCE_MAX = 255,		/* state and nonce */
	BP_VERIFIER_MAX = 128,		/* RFC 7636 4.1 */

	BP_SCOPES_MAX = 16 * 1024,	/* a list's content */
	BP_OFFERED_MAX = 8 * 1024,	/* the same, of scopes on offer */
	BP_WANTED_MAX = 8 * 1024,	/* the same, of names of claims */

	BP_ALGS_MAX = 128,		/* the same, of algs */
	BP_ALG_COUNT_MAX = 4,
	BP_ALG_MAX = 16,

	BP_LINE_MAX = 4096,		/* a pasted line, and what is in it */
	BP_BARE_CODE_MIN = 22,		/* RFC 6749 10.10: 128 bits */

	BP_TIME_MAX = 600 * 1000,	/* milliseconds, of a request */

	BP_CA_MAX = 512 * 1024,		/* ca_file: Debian's bundle has 220 KB */
	BP_RECORD_MAX = 256 * 1024,	/* a PROVIDER message */
	BP_KEYS_MAX = 240 * 1024,	/* its keys, a list's content */
	BP_KEY_COUNT_MAX = 128,		/* keys of a set */
	BP_KEY_ITEMS = 4,		/* of the list, a key: alg, kid, n, e */
	BP_KEY_ITEM_MAX = 2048,		/* n of 8192 bits in base64url has 1366 */
	BP_KID_MAX = 255,

	BP_API_ROLES_MAX = 16 * 1024,	/* of its user, a list's content */
	BP_USER_MAX = 20 * 1024,	/* a message that names one */

	BP_TOKEN_MAX = 64 * 1024,
	BP_TOKEN_MSG_MAX = 129 * 1024,	/* a message that bears two */
	BP_DETAIL_MAX = 256,		/* words for the log */

	BP_MSG_MAX = 1024 * 1024,	/* a whole message */
	BP_FAILURE_MAX = 1024		/* one that gives a reason */
};

#endif
