/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.h - services that `enable` and `disable` know, and those that must not
 * be gated.
 *
 * Runs in: beproductctl.  Two tables; trusts nothing.
 */
#ifndef BP_CTL_GATE_H
#define BP_CTL_GATE_H

#include "core/host.h"
#include "ctl/pam_place.h"

/* Why SERVICE gets no line of ours; NULL: it may. */
const char	*bp_gate_against(const char *service);

/* May SERVICE be the name of a file of PAM's? */
bool	bp_gate_is_name(const char *service);

/*
 * The services that are one program with SERVICE, that which judges them
 * first: RET[0], and RET[1] or NULL.
 */
void	bp_gate_pair(const char *service, const char *ret[2]);

/* The line that SERVICE gets in PHASE; NULL: none. */
const char	*bp_gate_line(const char *service, enum bp_pam_phase phase);

/* Has it a row in host.c, which the tests sign in by? */
bool	bp_gate_is_tried(const char *service);

#endif
