/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin_change.h - pins that an administrator changes, beside people who sign in
 * meanwhile; and how they are told of.
 *
 * Runs in: beproductctl, as root.  Waits for whoever changes the same pins, for
 * some seconds.  On false it has been said why.
 */
#ifndef BP_CTL_PIN_CHANGE_H
#define BP_CTL_PIN_CHANGE_H

#include "core/pin.h"

BP_MUST_USE bool bp_pin_change_add(const struct bp_pin *person,
    bool *retadded);

/*
 * The same, unless the account is another's than of the N in BESIDE: then true,
 * and PINS has whose.
 */
enum bp_pin_beside { BP_PIN_BESIDE_OTHERS = 0, BP_PIN_BESIDE_ADDED,
    BP_PIN_BESIDE_THERE };
BP_MUST_USE bool bp_pin_change_add_beside(const struct bp_pin *person,
    const struct bp_pin *const beside[], size_t n, struct bp_pins *pins,
    enum bp_pin_beside *ret);
BP_MUST_USE bool bp_pin_change_drop(struct bp_text account,
    struct bp_text sub, size_t *retdropped);

/* A day, of UTC: 2026-11-30 */
struct bp_pin_date {
	char	 text[32];
};
struct bp_pin_date bp_pin_date(uint32_t since);

#endif
