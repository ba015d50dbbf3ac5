/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parent.h - does the module that started us still listen?
 *
 * Runs in: the helper.  Trusts: the kernel.
 */
#ifndef BP_HELPER_PARENT_H
#define BP_HELPER_PARENT_H

#include <stdbool.h>

/*
 * Will nobody read our answer?  An end of file on BP_MSG_IN, as it stands
 * behind a request, says nothing here, and neither does getppid() across PID
 * namespaces.
 */
bool	bp_parent_is_gone(void);

#endif
