/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/suggest.h"
#include "wire/clock.h"
#include "ctl/step.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 2048 };

/* A column of the map, quoted where bare it would be another. */
static bool
put_column(struct bp_buf *b, struct bp_text t)
{
	bool bare = t.len > 0 && t.at[0] != '/' &&
	    memchr(t.at, ' ', t.len) == NULL &&
	    memchr(t.at, '"', t.len) == NULL;

	return bare ? bp_buf_put(b, t) : bp_item_quote(t, b);
}

static bool
gives(struct bp_mapping *m, struct bp_text line)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = line };
	struct bp_map_rule rule;

	return bp_account_map_next(&map, &rule) == BP_MAP_RULE &&
	    bp_policy_rule(m, &rule, &got) == BP_RULE_GIVES;
}

/* HEADING goes out before the first line, which makes it NULL. */
static void
show_suggestion(const struct bp_question *q, struct bp_mapping *m,
    const char *claim, struct bp_text value, const char **heading)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(LINE_MAX_BYTES);

	if (!bp_buf_say(&line, claim) || !bp_buf_say(&line, "  ") ||
	    !put_column(&line, value) || !bp_buf_say(&line, "  ") ||
	    !put_column(&line, m->account) || !gives(m, bp_buf_text(&line)))
		return;
	if (*heading != NULL)
		bp_step(q->prefix, BP_TELLS, "%s%.*s lacks one of these lines:",
		    *heading, BP_ARGS(m->cfg->map));
	*heading = NULL;
	(void)printf("%s%.*s\n", q->prefix, BP_ARGS(bp_buf_text(&line)));
}

/* A browser that is signed in goes on as whoever that is, without asking. */
static bool
doubt(const struct bp_question *q, const struct bp_mapping *m,
    const struct bp_map_said *said)
{
	struct bp_escaped who = bp_escape_text(m->email.address.len > 0
	    ? m->email.address : m->who->sub);
	unsigned line = said->others > 0 ? said->others : said->another;

	if (q->options->user == NULL || line == 0)
		return false;
	bp_step(q->prefix, BP_NO, "the browser was signed in as \"%s\", and "
	    "%.*s:%u gives %s: was another person meant?", who.text,
	    BP_ARGS(m->cfg->map), line, said->others > 0
	    ? "this account to somebody else"
	    : "this person another account");
	bp_step(q->prefix, BP_TELLS, "then sign out at BeProduct, or use a "
	    "private window, and sign in again");
	return true;
}

void
bp_suggest(const struct bp_question *q, const struct bp_identity *who,
    const struct bp_map_said *said)
{
	const struct bp_config *cfg = &q->setup->cfg;
	const char *user = q->options->user;
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(cfg, who, bp_text_of(user != NULL ? user
	    : "ACCOUNT"), bp_clock_seconds());
	const char *heading = doubt(q, &m, said) ? "else " : "";

	show_suggestion(q, &m, "sub", who->sub, &heading);
	if (cfg->tenant.kind != BP_TENANT_ANY && m.has_address)
		show_suggestion(q, &m, "email", bp_buf_text(&m.address),
		    &heading);
}
