/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDING_MAX = 16384 };	/* bytes of a line */

enum kind { ERROR, WARNING, NOTE };
static const char *const prefixes[] = { [ERROR] = "",
    [WARNING] = "warning: ", [NOTE] = "note: " };

void
bp_findings_done(struct bp_findings *f)
{
	bp_buf_done(&f->said);
}

/* A name in a file must not write to the administrator's terminal. */
static bool
put_clean(struct bp_buf *line, struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!bp_buf_add(line, (unsigned char)t.at[i] < 0x20 ||
		    t.at[i] == 0x7f ? "?" : &t.at[i], 1))
			return false;
	return true;
}

static bool
put_where(struct bp_buf *line, struct bp_where where)
{
	char lent[BP_DECIMAL_MAX];

	return put_clean(line, bp_text_of(where.file)) &&
	    (where.line == 0 || (bp_buf_say(line, ":") && bp_buf_put(line,
	    bp_text_decimal(where.line, lent)))) && bp_buf_say(line, ": ") &&
	    (where.key.len == 0 || (put_clean(line, where.key) &&
	    bp_buf_say(line, ": ")));
}

/* What is true of two files of which one includes the other is said once. */
static bool
is_new(struct bp_findings *f, const struct bp_buf *line)
{
	struct bp_text said = bp_buf_text(&f->said), t = bp_buf_text(line);
	bool is_old = memmem(said.at, said.len, t.at, t.len) != NULL;

	/* without room: to say it twice is better than not at all */
	if (!is_old && !bp_buf_put(&f->said, t))
		f->said.len = 0;
	return !is_old;
}

/* LINE begins with a line's end; WHOLE: it has all that is to be said. */
static void
say_line(struct bp_findings *f, enum kind kind, struct bp_buf *line,
    bool whole)
{
	struct bp_text t;

	whole = whole && bp_buf_say(line, "\n");
	if (whole && !is_new(f, line))
		return;
	f->warnings += kind == WARNING;
	f->errors += kind == ERROR;
	t = bp_text_after(bp_buf_text(line), 1);
	(void)fprintf(kind == ERROR ? stderr : stdout, "%s%.*s%s",
	    prefixes[kind], (int)t.len, t.at, whole ? "" : " ...\n");
}

__attribute__((__format__(printf, 4, 0)))
static void
say_finding(struct bp_findings *f, enum kind kind, struct bp_where where,
    const char *format, va_list arguments)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(FINDING_MAX);
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	say_line(f, kind, &line, bp_buf_say(&line, "\n") &&
	    put_where(&line, where) && text != NULL &&
	    put_clean(&line, bp_text_of(text)));
	free(text);
}

void
bp_finding_error(struct bp_findings *f, struct bp_where where,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_finding(f, ERROR, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_warn(struct bp_findings *f, struct bp_where where,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_finding(f, WARNING, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_note(struct bp_findings *f, struct bp_where where,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_finding(f, NOTE, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_complaint(struct bp_findings *f, struct bp_text complaint)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(FINDING_MAX);

	say_line(f, ERROR, &line, bp_buf_say(&line, "\n") &&
	    put_clean(&line, complaint));
}
