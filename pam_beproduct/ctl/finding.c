#include "ctl/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A name in a file must not write to the administrator's terminal. */
static void
show(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		(void)fputc((unsigned char)*text < 0x20 || *text == 0x7f
		    ? '?' : *text, to);
}

static void
show_where(FILE *to, struct bp_where where)
{
	show(to, where.file);
	if (where.line > 0)
		(void)fprintf(to, ":%u", where.line);
	(void)fputs(": ", to);
	if (where.key.len == 0)
		return;
	for (size_t i = 0; i < where.key.len; i++)
		show(to, (const char[]){ where.key.at[i], '\0' });
	(void)fputs(": ", to);
}

__attribute__((__format__(printf, 3, 0)))
static void
say(FILE *to, struct bp_where where, const char *format, va_list arguments)
{
	char *text = NULL;

	show_where(to, where);
	if (vasprintf(&text, format, arguments) >= 0) {
		show(to, text);
		free(text);
	}
	(void)fputc('\n', to);
}

void
bp_finding_error(unsigned *errors, struct bp_where where, const char *format,
    ...)
{
	va_list arguments;

	++*errors;
	va_start(arguments, format);
	say(stderr, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_warn(struct bp_where where, const char *format, ...)
{
	va_list arguments;

	(void)fputs("warning: ", stdout);
	va_start(arguments, format);
	say(stdout, where, format, arguments);
	va_end(arguments);
}
