/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * call.h - one call of the host: what it names, what is known of the account,
 * and the line that the log gets.
 *
 * Runs in: the module, as root, a guest inside sshd, sudo, su, login.
 * Trusts: the host for its items' pointers, which it owns; not for a byte in
 * them, since user and host names come from the other side.
 */
#ifndef BP_CALL_H
#define BP_CALL_H

#include <security/pam_modules.h>

#include "core/host.h"
#include "core/policy.h"
#include "core/ssh_key.h"
#include "attempt/account.h"
#include "attempt/holder.h"
#include "attempt/request.h"

enum bp_phase { BP_PHASE_AUTH = 1, BP_PHASE_ACCOUNT, BP_PHASE_SESSION,
    BP_PHASES };

enum { BP_ID_SIZE = 16 };		/* hex digits, shown and logged */

/* One call; release with bp_call_done().  What it names is borrowed. */
struct bp_call {
	pam_handle_t	*pamh;
	enum bp_phase	 phase;
	const char	*service, *user, *rhost;	/* "" where unset */
	enum bp_tty	 tty;
	const struct bp_host *host;
	const char	*config;
	bool		 debug;
	bool		 decided;	/* now, and not on this handle before */
	bool		 observes;	/* its section only wants to know */
	bool		 is_left;	/* the log alone is told of a refusal */
	struct bp_account account;
	struct bp_ssh_key key;		/* of this login, by_key.h */
	char		 id[BP_ID_SIZE + 1];
	int		 conv_code;	/* what broke the conversation off */
	unsigned	 prompts;	/* that were answered */
	struct bp_buf	 detail;	/* for the log: where and what */
	struct bp_buf	 who;		/* pairs of the log: sub, email, ... */
	int64_t		 began;		/* on the clock of bp_clock_ms() */
};

/* Begin: items and id.  False with a PAM code where there is no user. */
BP_MUST_USE bool bp_call_begin(pam_handle_t *pamh, enum bp_phase phase,
    struct bp_call *ret);
void	bp_call_done(struct bp_call *c);

/* Is the account root's?  Looks it up; nothing else is read before this. */
bool	bp_call_is_root(struct bp_call *c);

/* Module arguments: config=PATH and debug.  BP_ARGUMENT */
BP_MUST_USE bool bp_call_arguments(struct bp_call *c, int argc,
    const char **argv, enum bp_reason *reterr);

/* Is the account ours to judge?  As bp_account_is_ours(). */
BP_MUST_USE bool bp_call_is_ours(const struct bp_call *c,
    const struct bp_config *cfg, enum bp_reason *reterr);

/*
 * When C has to have ended, on the clock of bp_clock_ms(); 0: whenever.  Some
 * hosts end it by themselves, and without a word.
 */
int64_t	bp_call_deadline(const struct bp_call *c,
	    const struct bp_service *service);

/* Is it not locked?  As bp_lock_is_open(); C's log names the file. */
BP_MUST_USE bool bp_call_is_open(struct bp_call *c, const struct bp_setup *s,
    enum bp_reason *reterr);

/* Whose ticket it would be; borrows from C. */
struct bp_holder bp_call_holder(const struct bp_call *c);

/* What the log says of where and what; what finds no room is cut. */
void	bp_call_note(struct bp_call *c, struct bp_text detail);

/*
 * What it says of the files and requests of an attempt that is over; and a
 * line of a helper that was left.
 */
void	bp_call_note_attempt(struct bp_call *c, const struct bp_setup *s,
	    const struct bp_request *r);

/* What the log says of who it is (NULL: nobody), and BY what that is known. */
void	bp_call_note_who(struct bp_call *c, const struct bp_identity *who,
	    const char *by);

/* And of what was decided about WHO: REASON, which rests on BASIS. */
void	bp_call_note_basis(struct bp_call *c, const struct bp_config *cfg,
	    const struct bp_identity *who, const struct bp_basis *basis,
	    enum bp_reason reason);

/*
 * One line, "EVENT phase=... attempt=...": that somebody is about to be asked,
 * and the decision, with how long it took.  README has a table of all keys.
 * Failing to log changes nothing.
 */
void	bp_call_log_started(const struct bp_call *c);
void	bp_call_log(const struct bp_call *c, enum bp_reason reason);

/* One that is no decision, but something to be looked at; and of DETAIL. */
void	bp_call_log_alone(const struct bp_call *c, enum bp_reason reason);
void	bp_call_log_beside(struct bp_call *c, enum bp_reason reason,
	    struct bp_text detail);

#endif
