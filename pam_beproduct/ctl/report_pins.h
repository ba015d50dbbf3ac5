/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_pins.h - whose the account is that was asked about, as a step of a
 * report (report.h), with what settles it where it is another's.
 *
 * Runs in: beproductctl, as root.  Pins nobody.
 */
#ifndef BP_CTL_REPORT_PINS_H
#define BP_CTL_REPORT_PINS_H

#include "core/identity.h"
#include "ctl/question.h"

void	bp_report_pins(const struct bp_question *q,
	    const struct bp_identity *who);

#endif
