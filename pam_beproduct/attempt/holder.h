/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * holder.h - who holds a ticket (core/ticket.h): the host that asks, the
 * account, and the session that it is in or will begin.
 *
 * Runs in: the module, as root; without PAM.  Trusts: the kernel, the host's
 * row (core/host.h) and root's files.
 */
#ifndef BP_ATTEMPT_HOLDER_H
#define BP_ATTEMPT_HOLDER_H

#include "core/host.h"
#include "core/policy.h"
#include "core/setup.h"
#include "core/ticket.h"

/* All is borrowed.  Begin with BP_HOLDER_HERE, but in tests. */
struct bp_holder {
	const char		*proc;
	struct bp_ticket_place	 place;
	const struct bp_host	*host;
	struct bp_text		 service, account, config;
	struct bp_text		 key;		/* of the login, as a host that
						   names keys has it; or none */
	uid_t			 uid;		/* the account's */
	uid_t			 caller;	/* the real one of this process */
};
#define BP_HOLDER_HERE	.proc = "/proc", .place = { .parent = BP_PATH_RUN, \
	.folder = BP_PATH_RUN "/tickets" }

/* A ticket that serves; init with BP_FOUND_INIT, end with bp_found_done(). */
struct bp_found {
	struct bp_buf		 bytes;
	struct bp_ticket	 ticket;	/* borrows from them */
	int64_t			 age;		/* seconds since its sign-in */
	const char		*why;		/* where there is none */
	bool			 may_renew;	/* it serves, or will if the
						   provider says so */
	bool			 is_renewed;	/* it was, now (renewal.h) */
	struct bp_basis		 basis;		/* of what was decided by it */
	enum bp_reason		 unkept;	/* and that was not kept; 0: it was */
	int			 unkept_error;	/* errno */
	struct bp_buf		 token;		/* a new one */
	bool			 is_too_late;	/* for which the ticket was
						   gone: it is nobody's */
};
#define BP_FOUND_INIT	{ .bytes = BP_BUF_INIT(BP_TICKET_MAX), \
	.token = BP_BUF_INIT(BP_TOKEN_MAX) }
void	bp_found_done(struct bp_found *f);

/*
 * The ticket that serves H now, by CFG: the session's; of a session that an
 * SSH key opened, that key's; of a login with one, that one's.  On false
 * RET->why says why there is none; NULL where the host reads none.  RET may
 * have been used before.
 */
BP_MUST_USE bool bp_holder_find(const struct bp_holder *h,
    const struct bp_config *cfg, struct bp_found *ret);

/*
 * Does who signed in for F satisfy H's service as its account, as the files in
 * S (with the map) stand now?
 *
 * The host's no_sign_in: they ask for something else; F->why says so
 * else as bp_judge()
 */
BP_MUST_USE bool bp_holder_admits(const struct bp_holder *h,
    const struct bp_setup *s, struct bp_found *f, enum bp_reason *reterr);

/*
 * Keep that H signed in by the attempt ID, whose nonce was NONCE, as the
 * CLAIMS message WHO says, and the tokens that it bears: for the session that
 * it is in, or pending; then RET gets the secret that the session is to bring,
 * with its NUL.  Where the section has it so, all of it is kept for the SSH
 * key of H's login, and for the session only where that is.  True also where
 * nothing is to be kept.
 *
 * BP_RANDOM, or as bp_ticket_store()
 */
BP_MUST_USE bool bp_holder_keep(const struct bp_holder *h,
    const struct bp_config *cfg, const char *id, struct bp_text nonce,
    const struct bp_msg *who, struct bp_buf *ret, enum bp_reason *reterr);

/*
 * Keep, pending, for the session that H will begin, where the ticket F of its
 * SSH key is; RET as above.
 *
 * BP_RANDOM, or as bp_ticket_store()
 */
BP_MUST_USE bool bp_holder_lend(const struct bp_holder *h,
    const struct bp_found *f, struct bp_buf *ret, enum bp_reason *reterr);

/*
 * H begins its session, to which SECRET was brought: the pending ticket
 * becomes its, or is gone.  False: it was to, and could not be written.
 * RETLEFT, whose bytes are else empty, gets what was pending and is gone.
 *
 * As bp_ticket_store()
 */
BP_MUST_USE bool bp_holder_open(const struct bp_holder *h,
    struct bp_text secret, struct bp_found *retleft, enum bp_reason *reterr);

/* What bp_holder_close() will erase; false: nothing that can be read. */
BP_MUST_USE bool bp_holder_ending(const struct bp_holder *h,
    struct bp_found *ret);

/*
 * What is kept for the SSH key of H's login, or else for the session that it
 * is in, whether or not it serves.
 */
BP_MUST_USE bool bp_holder_kept(const struct bp_holder *h,
    struct bp_found *ret);

/* H's session is over, and with it all that was kept for it. */
void	bp_holder_close(const struct bp_holder *h);

#endif
