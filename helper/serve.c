/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/serve.h"

#include "helper/request/discover.h"
#include "helper/request/list.h"
#include "helper/request/look_up.h"
#include "helper/request/redeem.h"
#include "helper/request/renew.h"
#include "helper/request/revoke.h"

typedef bool server(const struct bp_msg *request,
    const struct bp_listener *to, struct bp_failure *reterr);

static server *
server_of(enum bp_msg_type type)
{
	static const struct {
		enum bp_msg_type type;
		server		*serve;
	} requests[] = {
		{ BP_MSG_DISCOVER,	bp_discover },
		{ BP_MSG_REDEEM,	bp_redeem },
		{ BP_MSG_RENEW,		bp_renew },
		{ BP_MSG_REVOKE,	bp_revoke },
		{ BP_MSG_LOOK_UP,	bp_look_up },
		{ BP_MSG_LIST,		bp_list_users },
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].type == type)
			return requests[i].serve;
	return NULL;
}

/* May the person paste again? */
static bool
is_unusable(enum bp_wire_reason reason)
{
	static const enum bp_wire_reason reasons[] = {
		BP_WIRE_NO_CODE, BP_WIRE_STATE_WRONG, BP_WIRE_ISS_MISSING,
		BP_WIRE_CODE_REFUSED,
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i] == reason)
			return true;
	return false;
}

static bool
say_failure(enum bp_msg_type asked, const struct bp_failure *failure,
    const struct bp_listener *to)
{
	const struct bp_why *why = &failure->why;
	struct bp_why second;
	struct bp_msg m = { .asked = asked, .reason = why->reason };

	m.type = is_unusable(why->reason) ? BP_MSG_UNUSABLE : BP_MSG_FAILED;
	if (why->detail[0] != '\0')
		bp_msg_give(&m, BP_F_DETAIL, bp_text_of(why->detail));
	if (failure->record_stale)
		bp_msg_mark(&m, BP_F_RECORD_STALE);
	return bp_say(to, &m, &second);
}

bool
bp_serve(const struct bp_msg *request, const struct bp_listener *to)
{
	struct bp_failure failure = { 0 };
	server *serve = server_of(request->type);

	return serve != NULL && (serve(request, to, &failure) ||
	    say_failure(request->type, &failure, to));
}

bool
bp_serve_foreign(const struct bp_listener *to)
{
	struct bp_failure failure = { 0 };

	return bp_why(&failure.why, BP_WIRE_HELPER_BROKEN,
	    "the request is of another build") ||
	    say_failure(BP_MSG_DISCOVER, &failure, to);
}
