/*
 * parent.h - does the module that started us still listen?
 *
 * Runs in: the helper.  Trusts: the kernel.
 */
#ifndef BP_HELPER_PARENT_H
#define BP_HELPER_PARENT_H

#include <stdbool.h>

/*
 * Is the module's end of the socket closed?  That it only shut down its
 * writing side, as it does behind a request, is no: an end of file says
 * nothing here, and neither does getppid() across PID namespaces.
 */
bool	bp_parent_is_gone(void);

#endif
