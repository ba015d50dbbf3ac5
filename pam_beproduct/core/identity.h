/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.h - who signed in: which document each claim counts from.
 *
 * Runs in: module and beproductctl.  Trusts: the helper for what the
 * documents say, since it alone saw them; not the provider for their types.
 * Borrows from the CLAIMS message.
 *
 * UserInfo's claim counts where it bears one, else the id_token's; the two
 * are never merged.  What the public API has of the person stands apart.
 */
#ifndef BP_CORE_IDENTITY_H
#define BP_CORE_IDENTITY_H

#include "core/reason.h"
#include "wire/claim.h"

#define BP_ROLES_MAX	1024
#define BP_ROLE_MAX	255		/* bytes of each */

enum { BP_IDENTITY_ROWS = 2 * BP_CLAIM_WANTED_MAX };

/*
 * A table of 640 KiB is read once, and not for each rule of a map: its rows
 * stand in ROW.  Where they do not, the rest of it is searched each time.
 */
struct bp_identity {
	struct bp_text	 sub;
	struct bp_text	 scopes;	/* granted; a list's content */
	bool		 has_api_roles;
	struct bp_text	 api_roles;	/* the same; the public API's */
	bool		 is_looked_up;	/* there, as the company's user: nobody
					   has signed in */
	struct bp_text	 claims;	/* a table, wire/claim.h */
	struct bp_text	 api_id;	/* of the public API; empty: unasked */
	size_t		 rows;
	size_t		 read;		/* bytes of CLAIMS that are in them */
	struct bp_claim	 row[BP_IDENTITY_ROWS];
};

struct bp_identity bp_identity_make(struct bp_text sub,
    struct bp_text scopes, struct bp_text claims);

/* The identity in M, which must be a CLAIMS message. */
struct bp_identity bp_identity_of(const struct bp_msg *m);

/* What DOCUMENT says of the claim NAME; ABSENT where it has none. */
struct bp_claim	bp_identity_said(const struct bp_identity *who,
		    struct bp_text name, enum bp_document document);

/* The claim NAME of the document that counts; ABSENT where neither has it. */
struct bp_claim	bp_identity_claim(const struct bp_identity *who,
		    struct bp_text name);

/*
 * The roles, as a list's content; absent in both documents: an empty list.
 *
 * BP_ROLE_TYPE  a claim of another type, null and objects among them
 * BP_ROLE_LONG  over BP_ROLES_MAX roles, or one over BP_ROLE_MAX bytes
 */
BP_MUST_USE bool bp_identity_roles(const struct bp_identity *who,
    struct bp_text claim, struct bp_text *ret, enum bp_reason *reterr);

struct bp_email {
	struct bp_text	 address;	/* empty: none that counts */
	bool		 differs;	/* the documents do, or one is none */
	bool		 verified;
	struct bp_claim	 why;		/* the email_verified that decided */
};

/*
 * The e-mail address, and whether it is verified: so says email_verified
 * (true, or "true") of the document that it came from, or, where that one
 * bears none, of the other, if that one has the very same address.
 */
struct bp_email	bp_identity_email(const struct bp_identity *who);

/* A word for the kind of C, for the log: absent, null, string, ... */
const char	*bp_claim_kind_word(enum bp_claim_kind kind);

#endif
