/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_beproduct.c - the PAM entry points, and the one place where an outcome
 * becomes a PAM code.
 *
 * Runs as: root, a guest inside sshd, sudo, su, login.
 * Trusts: the host and root's files.  Not the caller, whose environment it
 * never reads, and not the helper.
 */
#include <security/pam_modules.h>

#include "acct_mgmt.h"
#include "conv.h"
#include "kept.h"
#include "authenticate.h"
#include "session.h"

struct codes {
	int	 authenticate, account;
};

/*
 * What the conversation said, where that ends the stack as well: of the rest
 * the host's stack might make leave to go on, or even success.
 */
static int
broken_off(int conv_code)
{
	static const int ends[] = {
		PAM_BUF_ERR, PAM_SYSTEM_ERR, PAM_ABORT, PAM_PERM_DENIED,
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (conv_code == ends[i])
			return conv_code;
	return PAM_CONV_ERR;
}

/* No default: a new class does not compile until it has its codes. */
static struct codes
codes_of(enum bp_class class, int conv_code)
{
	switch (class) {
	case BP_CLASS_ADMITTED:
		return (struct codes){ PAM_SUCCESS, PAM_SUCCESS };
	case BP_CLASS_DENIED:
		return (struct codes){ PAM_PERM_DENIED, PAM_PERM_DENIED };
	case BP_CLASS_FAILED:
		return (struct codes){ PAM_AUTH_ERR, PAM_USER_UNKNOWN };
	case BP_CLASS_TRIES:
		return (struct codes){ PAM_MAXTRIES, PAM_SERVICE_ERR };
	case BP_CLASS_UNAVAILABLE:
		return (struct codes){ PAM_AUTHINFO_UNAVAIL,
		    PAM_AUTHINFO_UNAVAIL };
	case BP_CLASS_LOCAL:
		return (struct codes){ PAM_USER_UNKNOWN, PAM_IGNORE };
	case BP_CLASS_ABSENT:
		return (struct codes){ PAM_USER_UNKNOWN, PAM_USER_UNKNOWN };
	case BP_CLASS_CONVERSATION:
		return (struct codes){ broken_off(conv_code),
		    PAM_SERVICE_ERR };
	case BP_CLASS_MUTE:
		return (struct codes){ PAM_AUTHINFO_UNAVAIL,
		    PAM_AUTHINFO_UNAVAIL };
	case BP_CLASS_BROKEN:
		break;
	}
	return (struct codes){ PAM_SERVICE_ERR, PAM_SERVICE_ERR };
}

/* And a new end, its code. */
static int
final_code(enum bp_final final, int otherwise)
{
	switch (final) {
	case BP_FINAL_TRIES:
		return PAM_MAXTRIES;
	case BP_FINAL_ABORT:
		return PAM_ABORT;
	case BP_FINAL_CLASS:
		break;
	}
	return otherwise;
}

/*
 * Refusals that are none of a sign-in's: the stack goes on to passwords, or
 * this method of the host has no prompts and the next one has (MAXTRIES from
 * sshd's password method would take keyboard-interactive away as well).
 */
static bool
is_final(enum bp_class class)
{
	return class != BP_CLASS_ADMITTED && class != BP_CLASS_LOCAL &&
	    class != BP_CLASS_ABSENT && class != BP_CLASS_CONVERSATION &&
	    class != BP_CLASS_MUTE;
}

/*
 * authenticate logs all; account no local account, and nothing twice: what it
 * admits by a ticket nobody has logged.
 */
static bool
is_logged(const struct bp_call *c, enum bp_class class)
{
	return c->phase == BP_PHASE_AUTH || c->debug || c->decided ||
	    (class != BP_CLASS_LOCAL && class != BP_CLASS_ADMITTED);
}

/* To the stack's next account module, as if ours were not there. */
static bool
is_left(const struct bp_call *c, enum bp_reason reason)
{
	return c->observes && reason != BP_ADMITTED && reason != BP_LOCKED &&
	    reason != BP_LOCK_UNTOLD;
}

static int
conclude(struct bp_call *c, enum bp_reason reason)
{
	const struct bp_reason_row *why = bp_reason_row(reason);
	struct codes codes = codes_of(why->class, c->conv_code);

	c->is_left = is_left(c, reason);
	if (is_logged(c, why->class))
		bp_call_log(c, reason);
	if (c->is_left)
		return PAM_IGNORE;
	bp_conv_say(c, why->say);
	if (c->phase == BP_PHASE_ACCOUNT)
		return codes.account;
	if (!is_final(why->class))
		return codes.authenticate;
	return final_code(c->host->final, codes.authenticate);
}

/* The order is the promise: root is left alone before anything is read. */
static enum bp_reason
outcome_of(struct bp_call *c, bool has_user, int argc, const char **argv)
{
	/* whoever asks now, what somebody was admitted by is over */
	bool is_clean = c->phase != BP_PHASE_AUTH || bp_kept_erase(c);
	enum bp_reason why;

	if (!has_user)
		return BP_BROKE_OFF;
	if (bp_call_is_root(c))
		return BP_ROOT;
	if (!is_clean)
		return BP_MEMORY;
	if (!bp_call_arguments(c, argc, argv, &why))
		return why;
	return c->phase == BP_PHASE_AUTH ? bp_authenticate(c) : bp_acct_mgmt(c);
}

static int
serve(pam_handle_t *pamh, enum bp_phase phase, int argc, const char **argv)
{
	BP_AUTO(bp_call_done) struct bp_call c;
	bool has_user = bp_call_begin(pamh, phase, &c);

	return conclude(&c, outcome_of(&c, has_user, argc, argv));
}

#define ENTRY	__attribute__((__visibility__("default"))) int

ENTRY
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return serve(pamh, BP_PHASE_AUTH, argc, argv);
}

ENTRY
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return serve(pamh, BP_PHASE_ACCOUNT, argc, argv);
}

/* Decides nothing: IGNORE breaks jump stacks, and an error sudo's session. */
ENTRY
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

/* It stands in no documented stack, and passwords are none of its business. */
ENTRY
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

/* A ticket begins and ends here, and whatever comes of it refuses nobody. */
ENTRY
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	bp_session_open(pamh, argc, argv);
	return PAM_SUCCESS;
}

ENTRY
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	(void)flags;
	bp_session_close(pamh, argc, argv);
	return PAM_SUCCESS;
}
