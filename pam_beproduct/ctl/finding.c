/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/finding.h"
#include "ctl/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDING_MAX = 16384 };	/* bytes of a line */

enum kind { ERROR, OUTAGE, WARNING, NOTE, OK, KINDS };
static const struct {
	const char *check, *doctor, *level;
} words[KINDS] = {
	[ERROR] = { "", "error: ", "error" },
	[OUTAGE] = { "", "error: ", "error" },
	[WARNING] = { "warning: ", "warning: ", "warning" },
	[NOTE] = { "note: ", "note: ", "note" },
	[OK] = { "ok: ", "ok: ", "ok" },
};

void
bp_findings_done(struct bp_findings *f)
{
	bp_buf_done(&f->said);
}

/*
 * A name in a file must not write to the administrator's terminal, which may
 * heed controls of two bytes, too.
 */
static bool
put_clean(struct bp_buf *line, struct bp_text t)
{
	bool prints, ok = true;
	size_t n;

	for (; ok && t.len > 0; t = bp_text_after(t, n)) {
		n = bp_text_character(t, &prints);
		ok = n > 0 && prints ? bp_buf_add(line, t.at, n)
		    : bp_buf_say(line, "?");
		if (n == 0)
			n = 1;
	}
	return ok;
}

static bool
put_where(struct bp_buf *line, struct bp_where where)
{
	char lent[BP_DECIMAL_MAX];

	if (where.file[0] == '\0')
		return true;
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

static void
count(struct bp_findings *f, enum kind kind)
{
	f->errors += kind == ERROR;
	f->outages += kind == OUTAGE;
	f->warnings += kind == WARNING;
}

/* What doctor finds is its output; what check does, it refuses. */
static FILE *
place_of(const struct bp_findings *f, enum kind kind)
{
	return f->form == BP_FINDINGS_CHECK && kind == ERROR ? stderr : stdout;
}

/* LINE begins with a line's end; WHOLE: it has all that is to be said. */
static void
show_line(const struct bp_findings *f, enum kind kind,
    const struct bp_buf *line, bool whole)
{
	struct bp_text t = bp_text_after(bp_buf_text(line), 1);

	(void)fprintf(place_of(f, kind), "%s%.*s%s",
	    f->form == BP_FINDINGS_CHECK ? words[kind].check
	    : words[kind].doctor, (int)t.len, t.at, whole ? "" : " ...\n");
}

static void
show_object(struct bp_findings *f, enum kind kind, struct bp_where where,
    struct bp_text what)
{
	(void)printf("%s{\"level\": \"%s\", \"file\": ",
	    f->objects++ == 0 ? "[\n" : ",\n", words[kind].level);
	bp_escape_json(bp_text_of(where.file));
	(void)printf(", \"line\": %u, \"key\": ", where.line);
	bp_escape_json(where.key);
	(void)fputs(", \"what\": ", stdout);
	bp_escape_json(what);
	(void)putchar('}');
}

void
bp_findings_end(struct bp_findings *f)
{
	if (f->form == BP_FINDINGS_JSON)
		(void)fputs(f->objects == 0 ? "[]\n" : "\n]\n", stdout);
}

static void
say(struct bp_findings *f, enum kind kind, struct bp_where where,
    struct bp_text what)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(FINDING_MAX);
	bool whole = bp_buf_say(&line, "\n") && put_where(&line, where) &&
	    put_clean(&line, what) && bp_buf_say(&line, "\n");

	if (whole && !is_new(f, &line))
		return;
	count(f, kind);
	if (f->form == BP_FINDINGS_JSON)
		show_object(f, kind, where, what);
	else
		show_line(f, kind, &line, whole);
}

__attribute__((__format__(printf, 4, 0)))
static void
say_finding(struct bp_findings *f, enum kind kind, struct bp_where where,
    const char *format, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	say(f, kind, where, bp_text_of(text != NULL ? text : "no memory"));
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
bp_finding_ok(struct bp_findings *f, struct bp_where where,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_finding(f, OK, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_outage(struct bp_findings *f, struct bp_where where,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_finding(f, OUTAGE, where, format, arguments);
	va_end(arguments);
}

void
bp_finding_complaint(struct bp_findings *f, struct bp_text complaint)
{
	say(f, ERROR, (struct bp_where){ .file = "" }, complaint);
}
