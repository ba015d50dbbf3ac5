/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h - `beproductctl doctor`: the whole installation, as it is and as it
 * works now: all that `check` looks at, the helper, the provider, the public
 * API, and who gets in while the provider is down.
 *
 * Runs in: beproductctl, as root.  Trusts: root's files, once they are vetted;
 * of the provider nothing: what it says is shown (finding.h), and decides
 * about no sign-in.
 *
 * A part that finds nothing to be mended says so in one line, so that it can
 * be seen what was looked at.  It asks the provider twice at most, for as long
 * as `timeout` says, and programs of this host for BP_RUN_MS each.  The
 * provider's record is asked for anew, and not kept; only the public API is
 * asked as the account phase asks it: by the record that is kept, or is then,
 * and by this host's token, which is renewed where it must be.
 */
#ifndef BP_CTL_DOCTOR_H
#define BP_CTL_DOCTOR_H

#include "attempt/request.h"
#include "ctl/check.h"

/* The parts that `check` has not. */
bp_check_part	bp_doctor_folders;	/* doctor_host.c: modes of our folders */
bp_check_part	bp_doctor_login;	/* how long login waits */
bp_check_part	bp_doctor_machine;	/* SELinux, AppArmor */
bp_check_part	bp_doctor_ways;		/* the lock-out check */
bp_check_part	bp_doctor_helper;	/* doctor_helper.c: it runs, confined */
bp_check_part	bp_doctor_provider;	/* doctor_provider.c */
bp_check_part	bp_doctor_api;		/* doctor_api.c */

/*
 * What went wrong with a request, as WHY and the request's detail tell, and
 * its mend.
 */
void	bp_doctor_say_why(struct bp_check *c, const struct bp_request *r,
	    enum bp_reason why, struct bp_where where);

/* The whole of it; what beproductctl exits with. */
int	bp_doctor(const struct bp_options *options);

#endif
