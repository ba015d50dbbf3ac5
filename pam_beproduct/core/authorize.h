/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authorize.h - the secrets of an attempt, and the address that the person
 * opens (RFC 6749 4.1.1, OIDC Core 3.1.2.1).
 *
 * Runs in: module and beproductctl.  Trusts: configuration and provider
 * record; the names of host, service and account only after plain().
 */
#ifndef BP_CORE_AUTHORIZE_H
#define BP_CORE_AUTHORIZE_H

#include "core/config.h"
#include "core/reason.h"

enum {
	BP_SECRET_BYTES = 20,		/* of randomness in state and nonce */
	BP_VERIFIER_BYTES = 32,		/* and in the verifier, RFC 7636 4.1 */
	BP_STATE_MAX = 3 * 33 + 2 * BP_SECRET_BYTES,
	BP_ADDRESS_MAX = 4096
};

/* One attempt; init with BP_ATTEMPT_INIT, release with bp_attempt_done(). */
struct bp_attempt {
	struct bp_buf	 label;		/* web1_sshd_alice */
	struct bp_buf	 state;		/* label, _, random */
	struct bp_buf	 nonce;
	struct bp_buf	 verifier;	/* of PKCE, sent or not */
	bool		 renews;	/* bp_config_renews(), of a host's that
					   remembers: not made here */
	bool		 is_again;	/* the last sign-in is too old */
};
#define BP_ATTEMPT_INIT	{ BP_BUF_INIT(BP_STATE_MAX), \
	BP_BUF_INIT(BP_STATE_MAX), BP_BUF_INIT(2 * BP_SECRET_BYTES), \
	BP_BUF_INIT(2 * BP_VERIFIER_BYTES), false, false }

/*
 * Make label, state, nonce and verifier of an attempt.  HOST, SERVICE and
 * ACCOUNT are cut to 32 bytes each (of HOST what stands before its first dot),
 * and every byte but letters, digits, `.` and `-` becomes `-`.
 *
 * BP_RANDOM
 */
BP_MUST_USE bool bp_attempt_make(struct bp_attempt *ret, struct bp_text host,
    struct bp_text service, struct bp_text account, enum bp_reason *reterr);

void	bp_attempt_done(struct bp_attempt *attempt);

/*
 * The address, appended to RET, with what SERVICE (perhaps NULL) wants of the
 * sign-in (prompt and max_age), and with the verifier's challenge where the
 * configuration has it so.  State stands first, so that a browser's narrow
 * address bar shows which host asks.
 *
 * BP_MEMORY  it would be longer than RET may be
 */
BP_MUST_USE bool bp_authorize_address(const struct bp_config *cfg,
    struct bp_text endpoint, const struct bp_service *service,
    const struct bp_attempt *attempt, struct bp_buf *ret,
    enum bp_reason *reterr);

/* T for an address, appended to RET (RFC 3986 2.1): all else is %XX. */
BP_MUST_USE bool bp_authorize_encode(struct bp_text t, struct bp_buf *ret);

#endif
