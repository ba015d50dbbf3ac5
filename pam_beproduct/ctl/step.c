/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/step.h"

#include <stdarg.h>
#include <stdio.h>

void
bp_step(const char *prefix, const char *mark, const char *format, ...)
{
	va_list arguments;

	(void)printf("%s%-4s ", prefix, mark);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)putchar('\n');
}
