/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ticket.h - a sign-in that is remembered: what is kept of it, for whom, and
 * how long it serves.
 *
 * Runs in: the module, as root.  Trusts: the folder's owner, the kernel for
 * processes, logins and clocks; of a file's name, and of what PAM's
 * environment says, nothing.
 *
 * Who wants what is not his: somebody who runs as the same user in another
 * session, or as another user in the same one; who can kill sudo at any
 * moment, and give it odd limits; who finds a session's number used again, or
 * carries one into a program that serves others.  So
 *
 *   - a session's must serve sudo alone, whose real uid must be its account's
 *     and not root's: sshd, login, su and cron read none (core/host.c,
 *     test_host; attempt/holder.c, tests/module/test_ticket.py)
 *   - an SSH key's must serve a login with that very key alone, by sshd's word
 *     (by_key.h), and the sessions that it opened, which have no token of
 *     their own but only its name (`of a key` in test_holder)
 *   - it must serve one session alone: the login that the audit knows it by,
 *     whose uid must be the account's too; or, where there is no such login, a
 *     terminal and the leader of the session on it, with that one's start
 *     time, since pids come back (`a key`, in test_ticket)
 *   - what sshd and login keep must become a session's only by the process
 *     for which it was kept, with its start time, for the same uid, within 60
 *     seconds, once, and only if a new login was begun meanwhile: in an sshd
 *     that was started from somebody's shell all share her login
 *     (`what is pending`, in test_ticket)
 *   - it must serve the same account, configuration and issuer, in the same
 *     run of the host, not longer than the service allows by either of two
 *     clocks, of which nobody can set one: set back or forward, the other only
 *     ends it sooner (`a ticket`, in test_ticket)
 *   - it must never be more than the sign-in was: claims are kept and not a
 *     verdict, so that tenant, roles and map decide each time, as they stand
 *     then, and only by what was asked for (test_holder)
 *   - a file that is cut, longer, of another build, another owner's, a link,
 *     or under another name than its own must be none (`a file`, `a folder`
 *     and `a link`, in test_ticket)
 *   - one that cannot be written must be none, and no reason to refuse
 *     anybody (`a full disk`, in test_ticket; tests/module/test_ticket.py)
 *   - what renews it must be spent by one process at a time, and only where
 *     there is room for what comes in its place, which must be kept before
 *     anything else comes of it (attempt/renewal.h, test_renewal)
 *   - a provider that cannot be asked must take nothing away, and one that
 *     refuses for good must end it (test_renewal; tests/module/test_renewal.py)
 *   - it must be gone with its session, and what renews it be revoked
 *     (core/queue.h; tests/module/test_ending.py)
 *
 * What it does not stop: whoever may trace a process of that session, or write
 * on its terminal, is that person to sudo itself.  And an sshd that a person
 * restarted from her shell puts her own later logins into her old session.
 */
#ifndef BP_CORE_TICKET_H
#define BP_CORE_TICKET_H

#include <sys/stat.h>

#include "core/cache.h"
#include "core/config.h"
#include "core/file.h"
#include "core/proc.h"

enum {
	BP_TICKET_PENDING = 60,		/* seconds, until its session begins */
	BP_TICKET_SECRET = 16,		/* bytes of a pending one's name */
	BP_TICKET_NAME_SIZE = 128,
	BP_TICKET_MAX = BP_MSG_MAX + 8192	/* bytes of a file */
};

/* Now, by both clocks; BOOT is borrowed. */
struct bp_moment {
	struct bp_text	 boot;		/* id of the host's run */
	int64_t		 since_boot;	/* seconds, that nobody sets */
	int64_t		 time;		/* seconds since 1970 */
};

/* All is borrowed: to be written from the caller, read from a file's bytes. */
struct bp_ticket {
	struct bp_text	 name;		/* its file's */
	struct bp_text	 opener;	/* of a pending one: PID-START */
	struct bp_text	 login;		/* and the login that it had then */
	uint32_t	 uid;
	struct bp_text	 account, service, config;
	struct bp_text	 attempt;	/* the id of the sign-in, in the log */
	struct bp_moment signed_in;
	struct bp_moment checked;	/* at the provider, the last time */
	struct bp_text	 nonce;		/* of the sign-in */
	struct bp_text	 refresh_token;	/* empty: none was granted */
	struct bp_text	 id_token;	/* a hint at logout, or empty */
	struct bp_text	 key;		/* SSH key that it is bound to */
	struct bp_text	 source;	/* the name of a key's, of which this
					   one knows no more; or empty */
	struct bp_msg	 who;		/* CLAIMS */
};

/* Where: a folder, whose files are OWNER's (0, but for tests). */
struct bp_ticket_place {
	const char	*parent;	/* made where it is missing */
	const char	*folder;	/* the same, in it */
	uid_t		 owner;
};

/*
 * The name of the ticket of UID in the session that the process "self" in ROOT
 * is in, with its NUL.  On false RETWHY says why there can be none.
 */
BP_MUST_USE bool bp_ticket_key(const char *root, uint32_t uid,
    struct bp_buf *ret, const char **retwhy);

/* The same of a login that began, whether or not this process is in it. */
BP_MUST_USE bool bp_ticket_key_login(uint32_t login, uint32_t uid,
    struct bp_buf *ret);

/* Of a pending one, from its SECRET, hex digits; else false. */
BP_MUST_USE bool bp_ticket_key_pending(struct bp_text secret,
    struct bp_buf *ret);

/*
 * Of an SSH key (ssh_key.h) that signed in as ACCOUNT, whose uid is UID, by
 * the file CONFIG.
 */
BP_MUST_USE bool bp_ticket_key_ssh(struct bp_text key, struct bp_text account,
    uint32_t uid, struct bp_text config, struct bp_buf *ret);

/* PID-START of a process. */
BP_MUST_USE bool bp_ticket_opener(const struct bp_process *p,
    struct bp_buf *ret);

/*
 * Keep T under its name, at TIME, and sweep: what is pending for longer than a
 * minute, what killed writers left, and what no session can want any more.
 *
 * BP_MEMORY  it is too long
 * else       as bp_file_folder() and bp_file_replace()
 */
BP_MUST_USE bool bp_ticket_store(const struct bp_ticket_place *place,
    const struct bp_ticket *t, int64_t time, enum bp_reason *reterr);

/*
 * Room for T, which is kept, with any refresh token that there may be, for
 * bp_ticket_fill(): taken before a token is spent for another, which is then
 * kept whatever disk, memory and descriptors have come to.  End with
 * bp_ticket_room_done().
 *
 * BP_FILE_MISSING  T is not kept any more
 * else             as bp_ticket_store()
 */
struct bp_ticket_room {
	int			 dir;
	struct bp_file_room	 file;
	struct bp_buf		 bytes, name;	/* of T's file */
	struct stat		 was;		/* and it, as it stood there */
};
#define BP_TICKET_ROOM_INIT	{ .dir = -1, .file = BP_FILE_ROOM_INIT, \
	.bytes = BP_BUF_INIT(BP_TICKET_MAX), \
	.name = BP_BUF_INIT(BP_TICKET_NAME_SIZE) }
BP_MUST_USE bool bp_ticket_reserve(const struct bp_ticket_place *place,
    const struct bp_ticket *t, struct bp_ticket_room *ret,
    enum bp_reason *reterr);

/* Does that file stand there yet, and no other under its name? */
BP_MUST_USE bool bp_ticket_room_stands(const struct bp_ticket_room *room);

/* Keep T in that room, and use it up; as bp_ticket_store(). */
BP_MUST_USE bool bp_ticket_fill(struct bp_ticket_room *room,
    const struct bp_ticket *t, enum bp_reason *reterr);

void	bp_ticket_room_done(struct bp_ticket_room *room);

/* The ticket NAME into RET, which borrows from BYTES; false: there is none. */
BP_MUST_USE bool bp_ticket_load(const struct bp_ticket_place *place,
    const char *name, int64_t time, struct bp_buf *bytes,
    struct bp_ticket *ret);

/* Away with it. */
void	bp_ticket_erase(const struct bp_ticket_place *place, const char *name);

/* Who wants a ticket to serve, and for how long after which event. */
struct bp_ticket_use {
	uint32_t	 uid;
	struct bp_text	 account, config, issuer;
	struct bp_text	 key;		/* of the login; empty: a session's */
	struct bp_moment now;
	uint32_t	 life;		/* seconds after the sign-in; 0: none */
	uint32_t	 recheck;	/* after the last check; 0: none */
};

/*
 * Does T serve U, whose session it is?  On false RETWHY says what is amiss,
 * and RETSTALE whether nothing is but the age of its last check.
 */
BP_MUST_USE bool bp_ticket_serves(const struct bp_ticket *t,
    const struct bp_ticket_use *u, const char **retwhy, bool *retstale);

/* Who is about to begin a session. */
struct bp_ticket_opening {
	struct bp_text	 opener;	/* PID-START, of the process itself */
	struct bp_login	 login;		/* as it is now */
	uint32_t	 uid;
	struct bp_moment now;
};

/* May the pending T become that session's? */
BP_MUST_USE bool bp_ticket_may_bind(const struct bp_ticket *t,
    const struct bp_ticket_opening *o);

#endif
