/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claims_file.h - what came back of a sign-in as a text that can be kept,
 * changed, and explained again: INI, as ini.h reads it.
 *
 * Runs in: beproductctl.  Trusts: nothing.  Composes and reads; no files.
 *
 *	[claims]
 *	sub = 4c9e4f0e-...
 *	scope = openid, email		granted; may be left out
 *	email = alice@example.com	of UserInfo, as all that follows
 *	email_verified = true
 *	role = Host Login, "CN=a, DC=b"
 *	claim = https://x.example/upn alice
 *	[id_token]
 *	email = alice@example.com	of the id_token
 *	[api]
 *	role = Host Login		what the public API has of the person
 *
 * A claim that is absent is left out.  What there is of one is
 *
 *	one item, more items	a string, a list of strings; quoted as in
 *				beproduct.conf where they hold , or "
 *	(list) or (list) item	a list of none, or of one
 *	true  false  null	these, and not the strings; "true" is a string
 *	(number) 12		its whole part, where that is known
 *	(number)  (other)	of which no more is known
 *
 * `claim = NAME ...` is for names that cannot be keys, and for those that are
 * taken: sub, scope, claim.
 */
#ifndef BP_CTL_CLAIMS_FILE_H
#define BP_CTL_CLAIMS_FILE_H

#include "core/config.h"
#include "core/identity.h"

enum { BP_CLAIMS_FILE_MAX = 1024 * 1024 };	/* bytes of the text */

/* Owns what it has read; release with bp_claims_file_done(). */
struct bp_claims_file {
	struct bp_buf	 sub;
	struct bp_buf	 scopes;	/* a list's content */
	struct bp_buf	 claims;	/* a table, wire/claim.h */
	struct bp_buf	 api_roles;	/* a list's content; empty: not known */
};
#define BP_CLAIMS_FILE_INIT	{ BP_BUF_INIT(BP_SUB_MAX), \
	BP_BUF_INIT(BP_SCOPES_MAX), BP_BUF_INIT(BP_CLAIM_TABLE_MAX), \
	BP_BUF_INIT(BP_API_ROLES_MAX) }
void	bp_claims_file_done(struct bp_claims_file *f);

/* TEXT into RET, which is as it was initialised.  RETERR only on false. */
BP_MUST_USE bool bp_claims_file_read(struct bp_text text,
    struct bp_claims_file *ret, struct bp_config_error *reterr);

/* Borrowed until F is released. */
struct bp_identity bp_claims_file_identity(const struct bp_claims_file *f);

/*
 * WHO as such a text, appended to RET.  A claim that this form cannot hold (a
 * value does not print, or the line is too long) is a comment that says so.
 * False: RET is full.
 */
BP_MUST_USE bool bp_claims_file_write(const struct bp_identity *who,
    struct bp_buf *ret);

#endif
