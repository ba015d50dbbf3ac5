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
