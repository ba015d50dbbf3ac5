/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h - the session phase: a pending ticket becomes its session's, and
 * ends with it.
 *
 * Runs in: the module, in sshd's monitor and in login; elsewhere it does
 * nothing, so that a sudo or su inside a session ends nothing.
 * It decides nothing: whatever comes of it, the host is told success.
 */
#ifndef BP_SESSION_H
#define BP_SESSION_H

#include <security/pam_modules.h>

/* A session begins, after pam_loginuid has told the kernel whose. */
void	bp_session_open(pam_handle_t *pamh, int argc, const char **argv);

/*
 * It is over: its ticket goes, and the refresh token in it is revoked, now or
 * when a session ends while the provider can be reached (core/queue.h).
 */
void	bp_session_close(pam_handle_t *pamh, int argc, const char **argv);

#endif
