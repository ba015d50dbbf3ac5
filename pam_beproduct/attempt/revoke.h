/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * revoke.h - the request REVOKE (RFC 7009): the end of a refresh token, and of
 * those that wait for it (core/queue.h).
 *
 * Runs in: the module, as root in sshd's monitor and in login, and
 * beproductctl; without PAM.  Trusts: configuration, files and queue.
 */
#ifndef BP_ATTEMPT_REVOKE_H
#define BP_ATTEMPT_REVOKE_H

#include "attempt/request.h"
#include "core/queue.h"

/*
 * REVOKE the refresh token TOKEN.  The request has its provider.
 *
 * BP_REVOCATION_REFUSED, BP_NO_REVOCATION  and so it will be the next time
 * else                                     as bp_request_ask()
 */
BP_MUST_USE bool bp_request_revoke(struct bp_request *r, struct bp_text token,
    enum bp_reason *reterr);

/*
 * What is told of the entry Q that was not revoked: WHY, its DETAIL, and
 * whether it goes on waiting.  All is borrowed.
 */
typedef void bp_revoke_said(void *context, const struct bp_queued *q,
    enum bp_reason why, struct bp_text detail, bool waits);

/* Whose tokens, how many at most, and who is told of those that are not. */
struct bp_drain {
	struct bp_queue_place	 place;
	struct bp_text		 config;	/* borrowed: by which they came */
	unsigned		 most;
	bp_revoke_said		*say;
	void			*context;
};

/* What came of it. */
struct bp_drained {
	unsigned		 revoked;
	unsigned		 ended;		/* that nobody can revoke */
	unsigned		 failed;	/* and wait as before */
	bool			 is_busy;	/* another process is at it */
};

/* Does any token that came by D's configuration wait? */
bool	bp_revoke_waits(const struct bp_drain *d);

/*
 * REVOKE what waits, the oldest first: what came from the issuer of R's
 * configuration, by D's.  R is prepared, and its deadline bounds all of it.
 * What is revoked, and what the provider refuses to revoke for good, waits no
 * more; all else does.  After some that failed, it is given up.  Where another
 * process is at it, or the queue cannot be read, nothing is done.
 */
void	bp_revoke_drain(struct bp_request *r, const struct bp_drain *d,
	    struct bp_drained *ret);

#endif
