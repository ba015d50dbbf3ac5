#include "ctl/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A name in a file must not write to the administrator's terminal. */
static void
show(FILE *to, struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		(void)fputc((unsigned char)t.at[i] < 0x20 || t.at[i] == 0x7f
		    ? '?' : t.at[i], to);
}

static void
show_where(FILE *to, struct bp_where where)
{
	show(to, bp_text_of(where.file));
	if (where.line > 0)
		(void)fprintf(to, ":%u", where.line);
	(void)fputs(": ", to);
	if (where.key.len == 0)
		return;
	show(to, where.key);
	(void)fputs(": ", to);
}

__attribute__((__format__(printf, 3, 0)))
static void
say(FILE *to, struct bp_where where, const char *format, va_list arguments)
{
	char *text = NULL;

	show_where(to, where);
	if (vasprintf(&text, format, arguments) >= 0) {
		show(to, bp_text_of(text));
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
bp_finding_complaint(unsigned *errors, struct bp_text complaint)
{
	++*errors;
	show(stderr, complaint);
	(void)fputc('\n', stderr);
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
