#include "ctl/suggest.h"

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
gives(const struct bp_mapping *m, struct bp_text line)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = line };
	struct bp_map_rule rule;

	return bp_account_map_next(&map, &rule) == BP_MAP_RULE &&
	    bp_policy_rule(m, &rule, &got) == BP_RULE_GIVES;
}

/* HEADING goes out before the first line, which makes it NULL. */
static void
suggest(const struct bp_mapping *m, const char *claim, struct bp_text value,
    const char *prefix, const char **heading)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(LINE_MAX_BYTES);

	if (!bp_buf_say(&line, claim) || !bp_buf_say(&line, "  ") ||
	    !put_column(&line, value) || !bp_buf_say(&line, "  ") ||
	    !put_column(&line, m->account) || !gives(m, bp_buf_text(&line)))
		return;
	if (*heading != NULL)
		(void)printf("%s%-4s %.*s lacks one of these lines:\n", prefix,
		    *heading, (int)m->cfg->map.len, m->cfg->map.at);
	*heading = NULL;
	(void)printf("%s%.*s\n", prefix, (int)line.len, bp_buf_text(&line).at);
}

void
bp_suggest(const struct bp_config *cfg, const struct bp_identity *who,
    const char *user, const char *prefix)
{
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(cfg, who, bp_text_of(user != NULL ? user
	    : "ACCOUNT"));
	const char *heading = "-";

	suggest(&m, "sub", who->sub, prefix, &heading);
	if (cfg->tenant.kind == BP_TENANT_CLAIM && m.has_address)
		suggest(&m, "email", bp_buf_text(&m.address), prefix,
		    &heading);
}
