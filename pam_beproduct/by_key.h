/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * by_key.h - the SSH key that a login was made with: which one, and whether
 * the map lets it in by itself, as a key of no person.
 *
 * Runs in: the module, in authenticate and in the account phase.  Trusts:
 * sshd's monitor, for the key (core/ssh_key.h).
 *
 * In sshd alone PAM's environment is the host's own.  It names the key in
 * authenticate, where keyboard-interactive comes after publickey
 * (AuthenticationMethods), and in the account phase after any two methods;
 * where the key was the only one, OpenSSH 9.2 and 10.0 name none before the
 * session phase, which cannot refuse any more (measured, and read in its
 * monitor.c).
 *
 * Whoever wants more of a key than it is given:
 *
 *   - brings the variable along, in sudo, su, login or under another name: it
 *     must not be read there (tests/module/test_key.py)
 *   - has another key, or another account with the same uid: neither may do
 *     (test_policy, test_holder, tests/e2e/test_key_cases.py)
 *   - has two keys, one of them let in: none may count (test_ssh_key)
 *   - has the key, after the sign-in's time, its logout, or the role is gone:
 *     it must be asked anew (test_holder, tests/module/test_key.py)
 *   - gets in through an sshd that was restarted from somebody's shell: the
 *     key says who it is, not the login that the kernel knows (test_key_cases)
 *
 * Who can use the key, as by an agent that is forwarded, is whoever signed in
 * with it, until the ticket ends.
 */
#ifndef BP_BY_KEY_H
#define BP_BY_KEY_H

#include "call.h"

/* Which key it is, into C; none where the host names none, or more than one. */
void	bp_by_key_look(struct bp_call *c);

/*
 * Does a rule of the map let C's key in as C's account?  Then the log says so.
 *
 * The host's no_sign_in  there is no key, or no such account
 * else                   as bp_setup_read_map() and bp_policy_key()
 */
BP_MUST_USE bool bp_by_key(struct bp_call *c, struct bp_setup *s,
    enum bp_reason *reterr);

#endif
