/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - ceilings that more than one file of the helper keeps, in bytes.
 *
 * Runs in: the helper.  What module and helper both keep stands in
 * wire/limits.h.
 */
#ifndef BP_HELPER_LIMITS_H
#define BP_HELPER_LIMITS_H

#include "wire/limits.h"

enum {
	BP_BODY_MAX = 1024 * 1024,	/* a document of the provider's */
	BP_SHOWN_MAX = 100		/* others' words, in a detail */
};

#endif
