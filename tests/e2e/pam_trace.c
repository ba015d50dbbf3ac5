/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into the hosts under test: logs what each call of libpam answered.
 *
 * sshd, as one of them, cannot be asked.  Its log tells MAXTRIES and
 * ACCT_EXPIRED from the rest and calls every other refusal "Authentication
 * failure", and says nothing at all where the module left a sentence (OpenSSH
 * 9.2, measured).
 * With `die` in the stack, libpam's answer is that of our module.
 */
#define _GNU_SOURCE
#include <security/pam_appl.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <syslog.h>

typedef int (*call)(pam_handle_t *, int);

static int
traced(const char *name, pam_handle_t *pamh, int flags)
{
	/* not RTLD_NEXT, which does not find what sudo's plugin brought in */
	void *libpam = dlopen("libpam.so.0", RTLD_LAZY | RTLD_NOLOAD);
	call real = libpam == NULL ? NULL : (call)dlsym(libpam, name);
	int code;

	if (real == NULL)
		abort();
	code = real(pamh, flags);
	syslog(LOG_AUTHPRIV | LOG_DEBUG, "pam_trace: %s=%d", name, code);
	return code;
}

#define TRACED(name)							\
	int name(pam_handle_t *pamh, int flags)				\
	{ return traced(#name, pamh, flags); }

TRACED(pam_authenticate)
TRACED(pam_acct_mgmt)
TRACED(pam_setcred)
TRACED(pam_open_session)
TRACED(pam_close_session)
