/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/parent.h"

#include <poll.h>

#include "wire/msg.h"

bool
bp_parent_is_gone(void)
{
	struct pollfd p = { .fd = BP_MSG_OUT };

	return poll(&p, 1, 0) > 0 && (p.revents & POLLHUP) != 0;
}
