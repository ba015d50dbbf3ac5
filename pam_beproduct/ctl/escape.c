/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/escape.h"
#include "core/identity.h"

#include <stdio.h>

struct bp_escaped
bp_escape_text(struct bp_text t)
{
	struct bp_escaped e = { "" };
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(sizeof(e.text) - 1);

	if (bp_log_escape(&b, t))
		(void)snprintf(e.text, sizeof(e.text), "%.*s", (int)b.len,
		    bp_buf_text(&b).at);
	return e;
}

struct bp_escaped
bp_escape_claim(const struct bp_claim *c)
{
	struct bp_escaped e = { "" }, value;
	struct bp_text string;

	if (bp_claim_string(c, &string)) {
		value = bp_escape_text(string);
		(void)snprintf(e.text, sizeof(e.text), "\"%.1000s\"",
		    value.text);
	} else
		(void)snprintf(e.text, sizeof(e.text), "%s",
		    bp_claim_kind_word(c->kind));
	return e;
}

/*
 * RFC 8259, 7.  What may not print is told as in a log: it is read on a
 * terminal, too, which may heed a control of two bytes.
 */
void
bp_escape_json(struct bp_text t)
{
	struct bp_escaped escaped;

	if (!bp_text_is_printable(t)) {
		escaped = bp_escape_text(t);
		t = bp_text_of(escaped.text);
	}
	(void)putchar('"');
	for (size_t i = 0; i < t.len; i++)
		(void)printf(t.at[i] == '"' || t.at[i] == '\\' ? "\\%c"
		    : "%c", t.at[i]);
	(void)putchar('"');
}

void
bp_escape_pair(const char *name, struct bp_text t)
{
	(void)printf("\"%s\": ", name);
	bp_escape_json(t);
	(void)fputs(", ", stdout);
}
