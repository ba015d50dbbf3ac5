/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/day.h"
#include "core/match.h"
#include "core/policy.h"
#include "ctl/check.h"
#include "ctl/people.h"
#include "wire/ascii.h"
#include "wire/clock.h"

#include <string.h>

enum { END_SOON = 14 * BP_DAY };	/* seconds */

/* Accounts that are not here, and the rule of the first. */
struct missing {
	struct bp_where	 where;
	struct bp_names	 names;
};

static struct bp_where
at_rule(const struct bp_check *c, const struct bp_map_rule *rule)
{
	return (struct bp_where){ c->map_path, rule->line, rule->claim };
}

/* Only where no group is part of it: then the account is known here. */
static void
look_at_account(struct bp_check *c, const struct bp_map_rule *rule,
    struct missing *missing)
{
	struct bp_text raw = rule->account.raw;
	char name[BP_ACCOUNT_MAX + 1];
	struct bp_account account;
	enum bp_reason why;

	if (memchr(raw.at, '\\', raw.len) != NULL)
		return;
	account = bp_people_look_up(&rule->account, name);
	why = bp_people_judge(&c->setup.cfg, &account, name);
	if (why == BP_ROOT || why == BP_LOCAL_ACCOUNT)
		bp_finding_warn(&c->findings, at_rule(c, rule), "%s is local "
		    "by local_accounts or min_uid: no rule ever gives it",
		    name);
	if (why == BP_NO_ACCOUNT && missing->names.n == 0)
		missing->where = at_rule(c, rule);
	if (why == BP_NO_ACCOUNT)
		bp_names_add(&missing->names, name);
}

/* The domain that is compared has small letters alone. */
static bool
never_matches(const struct bp_map_rule *rule)
{
	struct bp_text local, domain;

	if (!rule->is_regex ||
	    !bp_text_cut(rule->identity.raw, '@', &local, &domain))
		return false;
	for (size_t i = 0; i < domain.len; i++)
		if (bp_ascii_is_capital(domain.at[i]))
			return true;
	return false;
}

static void
look_at_email(struct bp_check *c, const struct bp_map_rule *rule)
{
	if (c->setup.cfg.tenant.kind == BP_TENANT_ANY)
		bp_finding_warn(&c->findings, at_rule(c, rule), "under tenant "
		    "= any the administrator of any customer can make a "
		    "person with this address; a rule by sub is safe");
	if (never_matches(rule))
		bp_finding_warn(&c->findings, at_rule(c, rule), "a capital "
		    "letter behind the @: domains are compared in small "
		    "letters");
}

/* Of which nobody is told otherwise, until somebody stands at a closed door. */
static void
look_at_end(struct bp_check *c, const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf day = BP_BUF_INIT(32);
	int64_t now = bp_clock_seconds();
	bool has_ended = bp_map_rule_has_ended(rule, now);

	if (rule->end == 0 || (!has_ended && rule->end - now > END_SOON) ||
	    !bp_day_put(rule->end - 1, &day))
		return;
	bp_finding_warn(&c->findings, at_rule(c, rule), "until=%.*s: the rule "
	    "%s", (int)day.len, bp_buf_text(&day).at, has_ended
	    ? "has ended, and gives nothing any more"
	    : "ends with that day, in UTC");
}

static void
look_at_rule(struct bp_check *c, const struct bp_map_rule *rule)
{
	look_at_end(c, rule);
	if (bp_text_is(rule->claim, "email"))
		look_at_email(c, rule);
	else if (bp_map_rule_is_key(rule))
		bp_finding_note(&c->findings, at_rule(c, rule), "sshd names a "
		    "key only where it is not the only method: its account "
		    "needs AuthenticationMethods publickey,"
		    "keyboard-interactive:pam in sshd_config");
	else if (!bp_text_is(rule->claim, "sub"))
		bp_finding_warn(&c->findings, at_rule(c, rule), "people may "
		    "often set this claim themselves: make sure that yours "
		    "cannot");
}

/* What the expressions of MAP take of somebody who has IDENTITY everywhere. */
static uint32_t
steps_for(struct bp_text map, struct bp_text identity)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map lines = { .rest = map };
	uint32_t left = BP_STEPS_MAX;
	struct bp_map_rule rule;

	while (bp_account_map_next(&lines, &rule) == BP_MAP_RULE)
		if (bp_map_rule_gives(&rule, identity, &left, &got))
			got.len = 0;
	return BP_STEPS_MAX - left;
}

/* A person may choose what he is called: the worst of some that were found. */
static void
warn_cost(struct bp_check *c)
{
	static const char *const likes[] = { "a", "a.", "a0-", "aaaaaaa@" };
	char identity[BP_MATCH_MAX];
	uint32_t most = 0, steps;

	for (size_t i = 0; i < sizeof(likes) / sizeof(likes[0]); i++) {
		for (size_t n = 0; n < sizeof(identity); n++)
			identity[n] = likes[i][n % strlen(likes[i])];
		steps = steps_for(bp_buf_text(&c->setup.map),
		    (struct bp_text){ identity, sizeof(identity) });
		if (steps > most)
			most = steps;
	}
	if (most > BP_STEPS_MAX / 2)
		bp_finding_warn(&c->findings, (struct bp_where){
		    .file = c->map_path }, "its expressions can take %u %% of "
		    "the steps after which a sign-in is refused: fewer, or "
		    "with less that repeats", most / (BP_STEPS_MAX / 100));
}

void
bp_check_map(struct bp_check *c)
{
	struct bp_account_map map = { .rest = bp_buf_text(&c->setup.map) };
	struct missing missing = { .names = { .n = 0 } };
	struct bp_map_rule rule;
	unsigned rules = 0;

	if (!c->has_cfg || !c->has_map)
		return;
	for (; bp_account_map_next(&map, &rule) == BP_MAP_RULE; rules++) {
		look_at_rule(c, &rule);
		look_at_account(c, &rule, &missing);
	}
	if (missing.names.n > 0)
		bp_finding_warn(&c->findings, missing.where, "this host has "
		    "no account %s: such a rule maps nobody",
		    missing.names.words);
	if (rules == 0)
		bp_finding_warn(&c->findings, (struct bp_where){
		    .file = c->map_path }, "has no rule: nobody can sign in "
		    "(`beproductctl sign-in` shows the line for a person)");
	warn_cost(c);
}
