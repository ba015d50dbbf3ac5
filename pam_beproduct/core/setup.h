/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.h - the files of an installation: read, vetted and parsed.
 *
 * Runs in: module and beproductctl, as root.  Trusts: root, who owns them.
 * Owns the bytes; what is parsed borrows from them until bp_setup_done().
 * Each reader that refuses leaves a complaint, FILE:LINE: KEY: what, without
 * what is not known: fit for a log, and for `beproductctl check`, which calls
 * one reader after the other to name all that is wrong.
 */
#ifndef BP_CORE_SETUP_H
#define BP_CORE_SETUP_H

#include "core/account_map.h"
#include "core/config.h"
#include "core/lock.h"
#include "core/pin.h"
#include "core/reason.h"
#include "core/secret.h"

enum { BP_COMPLAINT_MAX = 6144 };	/* bytes */

struct bp_setup {
	struct bp_buf	 text;		/* beproduct.conf */
	struct bp_config cfg;
	struct bp_buf	 map;		/* accounts.map, checked whole */
	struct bp_buf	 wanted;	/* the claims that decide: a list */
	struct bp_buf	 secret_file;
	struct bp_text	 secret;
	struct bp_buf	 ca;		/* empty: the system's store */
	struct bp_buf	 complaint;	/* about the file that was refused */
	struct bp_lock_place locks;	/* where who is locked out stands */
	struct bp_pin_place pins;	/* where whose account it is stands */
};
#define BP_SETUP_INIT	{ .text = BP_BUF_INIT(BP_CONFIG_MAX), \
	.map = BP_BUF_INIT(BP_MAP_MAX), \
	.wanted = BP_BUF_INIT(BP_WANTED_MAX), \
	.secret_file = BP_BUF_INIT(BP_SECRET_FILE_MAX), \
	.ca = BP_BUF_INIT(BP_CA_MAX), \
	.complaint = BP_BUF_INIT(BP_COMPLAINT_MAX), \
	.locks = BP_LOCK_HERE, .pins = BP_PIN_HERE }

/* The configuration alone: enough to tell which accounts are ours. */
BP_MUST_USE bool bp_setup_read_config(struct bp_setup *s, const char *path,
    enum bp_reason *reterr);

/*
 * The map alone, as it now stands: with it, enough to decide about somebody
 * who signed in.  Needs the configuration: what both look at can be too many
 * claims.
 */
BP_MUST_USE bool bp_setup_read_map(struct bp_setup *s,
    enum bp_reason *reterr);

/* The client secret alone; each of these may be read again. */
BP_MUST_USE bool bp_setup_read_secret(struct bp_setup *s,
    enum bp_reason *reterr);

/* The certificates alone; none are named, none are read. */
BP_MUST_USE bool bp_setup_read_ca(struct bp_setup *s, enum bp_reason *reterr);

/* Secret and certificates: what any request to the token endpoint needs. */
BP_MUST_USE bool bp_setup_read_client(struct bp_setup *s,
    enum bp_reason *reterr);

/* And the map: what a sign-in needs besides. */
BP_MUST_USE bool bp_setup_read_rest(struct bp_setup *s,
    enum bp_reason *reterr);

/* For BP_AUTO: erase and release. */
void	bp_setup_done(struct bp_setup *s);

#endif
