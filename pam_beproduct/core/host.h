/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h - what each host does in its own way: a row a host.
 *
 * Runs in: module and beproductctl.  A table, which knows no PAM.
 * Trusts: nothing.  Whoever adds a host adds its row in host.c, and nothing
 * else; a service without a row is judged by what PAM_TTY names.
 */
#ifndef BP_CORE_HOST_H
#define BP_CORE_HOST_H

#include "core/reason.h"

/* What ends it there; any other refusal opens a second browser round. */
enum bp_final {
	BP_FINAL_CLASS = 0,		/* it does not ask again */
	BP_FINAL_TRIES,
	BP_FINAL_ABORT
};

/* What a sign-in that is remembered (ticket.h) is to it. */
enum bp_ticket_role {
	BP_TICKET_NEVER = 0,		/* it keeps none, and reads none */
	BP_TICKET_HERE,			/* both, in the session it runs in */
	BP_TICKET_PARENT,		/* keeps one for the session that the
					   process above it will begin */
	BP_TICKET_SELF			/* or it itself */
};

struct bp_host {
	const char	*service;	/* PAM's name, as its file's; "": any */
	const char	*gate;		/* whose section judges it without one
					   of its own; NULL: nobody's */
	const char	*command;	/* which goes past the gate's file */
	enum bp_final	 final;
	uint32_t	 deadline;	/* of an attempt, seconds; 0: none */
	size_t		 cut_at;	/* bytes of an answer; 0: not known */
	bool		 shows_apart;	/* text, at once; else in a prompt */
	bool		 hides_answers;	/* without a terminal: no echo there */
	bool		 auth_alone;	/* it must have no account line */
	bool		 has_found;	/* the account, before it asks us */
	bool		 is_remote;	/* who asks is on another host, always */
	bool		 names_keys;	/* in PAM's environment: ssh_key.h */
	bool		 is_deaf;	/* to Ctrl-C: Ctrl-D ends its prompt */
	enum bp_ticket_role ticket;
	/* what it means there that */
	enum bp_reason	 no_prompt;	/* not even the first one was shown */
	enum bp_reason	 broke_off;	/* a later one was not answered */
	enum bp_reason	 no_sign_in;	/* the account phase is alone */
};

/* What PAM_TTY names.  A display, as `:0`, is no terminal. */
enum bp_tty { BP_TTY_OTHER = 0, BP_TTY_SSH, BP_TTY_TERMINAL, BP_TTYS };
enum bp_tty	bp_host_tty(struct bp_text tty);

/* The row of SERVICE, or else of any host with such a TTY.  Never NULL. */
const struct bp_host *bp_host_of(struct bp_text service, enum bp_tty tty);

/* Row I of those that have a name, in the table's order; NULL: no more. */
const struct bp_host *bp_host_at(size_t i);

#endif
