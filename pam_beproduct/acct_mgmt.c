/* SPDX-License-Identifier: BSD-2-Clause */
#include "acct_mgmt.h"
#include "by_key.h"
#include "by_look_up.h"
#include "by_ticket.h"
#include "core/setup.h"
#include "kept.h"

static enum bp_reason
judge_account(struct bp_call *c, struct bp_setup *setup,
    struct bp_request *request)
{
	/* first, for then a refusal has the attempt's id, too */
	bool is_admitted = bp_kept_is_admitted(c);
	const struct bp_service *service;
	enum bp_reason why, unsaid;
	bool ask;

	if (!bp_setup_read_config(setup, c->config, &why))
		return why;
	if (!bp_call_is_ours(c, &setup->cfg, &why))
		return why;
	if (!bp_call_is_open(c, setup, &why))
		return why;
	/* in this phase somebody remote has nothing to learn any more */
	if (!c->account.found)
		return BP_ACCOUNT_UNKNOWN;
	service = bp_config_service(&setup->cfg, bp_text_of(c->service));
	if (!bp_service_is_open(service))
		return BP_SERVICE_CLOSED;
	request->deadline = bp_call_deadline(c, service);
	request->how.caller.rhost = bp_text_of(c->rhost);
	c->observes = service->observe;
	bp_by_key_look(c);
	if (is_admitted || bp_by_ticket(c, setup, request, &ask, &why))
		return BP_ADMITTED;
	if (why == c->host->no_sign_in && (bp_by_key(c, setup, &unsaid) ||
	    bp_by_look_up(c, setup, request, &why)))
		return BP_ADMITTED;
	return why;
}

enum bp_reason
bp_acct_mgmt(struct bp_call *c)
{
	BP_AUTO(bp_setup_done) struct bp_setup setup = BP_SETUP_INIT;
	BP_AUTO(bp_request_done) struct bp_request request = BP_REQUEST_INIT;
	enum bp_reason reason = judge_account(c, &setup, &request);

	bp_call_note_attempt(c, &setup, &request);
	return reason;
}
