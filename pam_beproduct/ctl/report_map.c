/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/report_map.h"
#include "core/day.h"
#include "ctl/step.h"
#include "wire/clock.h"

static void
show_email(const struct bp_question *q, const struct bp_email *e)
{
	if (e->differs)
		bp_step(q->prefix, BP_NO,
		    "e-mail: UserInfo and id_token do not agree");
	else if (e->address.len == 0)
		bp_step(q->prefix, BP_TELLS, "e-mail: none");
	else
		bp_step(q->prefix, BP_YES_IF(e->verified), "e-mail \"%s\" is "
		    "%sverified: email_verified is %s",
		    bp_escape_text(e->address).text, e->verified ? "" : "not ",
		    bp_escape_claim(&e->why).text);
}

static const struct {
	const char	*mark;
	const char	*words;
	bool		 names_account;	/* that the rule gives */
	bool		 is_his;	/* about this person, whichever */
} verdicts[BP_RULE_VERDICTS] = {
	[BP_RULE_OTHER_IDENTITY] = { BP_NO, "does not map this identity",
	    false, false },
	[BP_RULE_GIVES] = { BP_YES, "gives ", true, true },
	[BP_RULE_OTHER_ACCOUNT] = { BP_NO, "gives ", true, true },
	[BP_RULE_NO_VALUE] = { BP_NO, "there is no such claim that counts",
	    false, false },
	[BP_RULE_UNVERIFIED] = { BP_NO, "the e-mail is not verified: it "
	    "would give ", true, true },
	[BP_RULE_DIFFERS] = { BP_NO, "UserInfo and id_token do not agree",
	    false, true },
	[BP_RULE_PAST] = { BP_NO, "has ended: it would give ", true, true },
	[BP_RULE_OF_KEY] = { BP_NO, "is an SSH key's, and no person's", false,
	    false },
};

/* Whoever asks for no account is told which there are, by the same judge. */
static enum bp_verdict
judge_rule(struct bp_mapping *m, const struct bp_map_rule *rule,
    struct bp_buf *got)
{
	BP_AUTO(bp_buf_done) struct bp_buf account =
	    BP_BUF_INIT(BP_ACCOUNT_MAX);
	enum bp_verdict v = bp_policy_rule(m, rule, got);

	if (v != BP_RULE_OTHER_ACCOUNT || m->account.len > 0 ||
	    !bp_buf_put(&account, bp_buf_text(got)))
		return v;
	m->account = bp_buf_text(&account);
	v = bp_policy_rule(m, rule, got);
	m->account = bp_text_of("");
	return v;
}

static const char *
quote_of(const struct bp_item *item)
{
	return item->quoted ? "\"" : "";
}

static void
put_end(const struct bp_map_rule *rule, struct bp_buf *ret)
{
	if (rule->end != 0 && (!bp_buf_say(ret, " until=") ||
	    !bp_day_put(rule->end - 1, ret)))
		ret->len = 0;
}

/* As it stands in the map, but for the blanks between columns. */
static void
show_rule(const struct bp_question *q, const struct bp_map_rule *rule,
    enum bp_verdict v, struct bp_text account)
{
	const char *mark = rule->is_regex ? "/" : quote_of(&rule->identity);
	const char *quote = quote_of(&rule->account);
	BP_AUTO(bp_buf_done) struct bp_buf end = BP_BUF_INIT(32);

	put_end(rule, &end);
	bp_step(q->prefix, verdicts[v].mark,
	    "%.*s:%u: %.*s %s%.*s%s %s%.*s%s%.*s: %s%.*s",
	    BP_ARGS(q->setup->cfg.map), rule->line, BP_ARGS(rule->claim),
	    mark, BP_ARGS(rule->identity.raw), mark,
	    quote, BP_ARGS(rule->account.raw), quote,
	    BP_ARGS(bp_buf_text(&end)), verdicts[v].words,
	    verdicts[v].names_account ? (int)account.len : 0, account.at);
}

static void
note_verdict(struct bp_map_said *said, const struct bp_map_rule *rule,
    enum bp_verdict v, struct bp_text account)
{
	said->gives = said->gives || v == BP_RULE_GIVES;
	if (v == BP_RULE_OTHER_IDENTITY && account.len > 0 &&
	    said->others == 0 && bp_item_is(&rule->account, account))
		said->others = rule->line;
	if (v == BP_RULE_OTHER_ACCOUNT && said->another == 0)
		said->another = rule->line;
}

struct bp_map_said
bp_report_map(const struct bp_question *q, const struct bp_identity *who)
{
	const char *user = q->options->user;
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(&q->setup->cfg, who, bp_text_of(user != NULL
	    ? user : ""), bp_clock_seconds());
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = bp_buf_text(&q->setup->map) };
	struct bp_map_said said = { .gives = false };
	struct bp_map_rule rule;
	enum bp_verdict v;

	show_email(q, &m.email);
	while (bp_account_map_next(&map, &rule) == BP_MAP_RULE) {
		v = judge_rule(&m, &rule, &got);
		note_verdict(&said, &rule, v, m.account);
		if (q->all_rules || verdicts[v].is_his)
			show_rule(q, &rule, v, bp_buf_text(&got));
	}
	return said;
}
