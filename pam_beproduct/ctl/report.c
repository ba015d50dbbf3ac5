/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/report.h"
#include "attempt/judge.h"
#include "core/item.h"
#include "wire/clock.h"
#include "ctl/report_map.h"
#include "ctl/report_pins.h"
#include "ctl/step.h"
#include "ctl/suggest.h"

#include <stdio.h>

enum { LIST_LINE_MAX = 2048 };	/* bytes; of an item at most 1026 */

static void
show_account(const struct bp_question *q)
{
	struct bp_escaped user = bp_escape_text(bp_text_of(q->options->user));
	enum bp_reason why = BP_ADMITTED;
	bool ours = bp_question_is_ours(q, &why);
	char uid[32] = "";

	if (q->account.found)
		(void)snprintf(uid, sizeof(uid), " (uid %u)", q->account.uid);
	bp_step(q->prefix, BP_YES_IF(ours), "account %s%s%s%s%s", user.text,
	    uid, ours ? "" : ": ", ours ? "" : bp_reason_row(why)->log,
	    why != BP_LOCAL_ACCOUNT ? "" : bp_item_list_has(
	    q->setup->cfg.local_accounts, bp_text_of(q->options->user))
	    ? " (local_accounts)" : " (min_uid, or 65534)");
}

/* Few are: where nobody is locked it says nothing. */
static void
show_locks(const struct bp_question *q, const struct bp_identity *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf account =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX), person =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	enum bp_reason why;

	if (bp_question_is_ours(q, &why) &&
	    !bp_question_is_unlocked(q, &account, &why))
		bp_step(q->prefix, BP_NO, "the account: %s: %.*s",
		    bp_reason_row(why)->log, BP_ARGS(bp_buf_text(&account)));
	if (!bp_judge_locks(q->setup, who, &person, &why))
		bp_step(q->prefix, BP_NO, "the person: %s: %.*s",
		    bp_reason_row(why)->log, BP_ARGS(bp_buf_text(&person)));
}

/* Of a file nobody is asked about. */
static void
show_api(const struct bp_question *q, bool met)
{
	const struct bp_config *cfg = &q->setup->cfg;
	bool asked = q->options->claims == NULL;

	bp_step(q->prefix, !met ? BP_NO : asked ? BP_YES : BP_TELLS,
	    "tenant = api: company %.*s at %.*s: %s", BP_ARGS(cfg->company),
	    BP_ARGS(cfg->api_url), !met ? "no single e-mail to ask for"
	    : asked ? "an active user has this e-mail"
	    : "a sign-in asks, and a file cannot");
}

static void
show_tenant(const struct bp_question *q, const struct bp_identity *who)
{
	const struct bp_tenant *t = &q->setup->cfg.tenant;
	struct bp_claim info, token;
	enum bp_reason why;
	bool met = bp_policy_tenant(t, who, &why);

	if (t->kind == BP_TENANT_ANY) {
		bp_step(q->prefix, BP_YES_IF(met), "tenant = any");
		return;
	}
	if (t->kind == BP_TENANT_API) {
		show_api(q, met);
		return;
	}
	info = bp_claim_find(who->claims, t->name, BP_DOC_USERINFO);
	token = bp_claim_find(who->claims, t->name, BP_DOC_ID_TOKEN);
	bp_step(q->prefix, BP_YES_IF(met), "tenant = claim %.*s=%.*s: "
	    "UserInfo %s, id_token %s", BP_ARGS(t->name), BP_ARGS(t->value),
	    bp_escape_claim(&info).text, bp_escape_claim(&token).text);
}

/* ITEM behind what LINE has; false: it is full, and as it was. */
static bool
add_item(struct bp_buf *line, struct bp_text item)
{
	size_t before = line->len;

	if (bp_buf_say(line, before > 0 ? ", \"" : "\"") &&
	    bp_buf_say(line, bp_escape_text(item).text) &&
	    bp_buf_say(line, "\""))
		return true;
	line->len = before;
	return false;
}

static void
show_items(const struct bp_question *q, const char *what, struct bp_text items)
{
	bp_step(q->prefix, BP_TELLS, "%s: %.*s", what, BP_ARGS(items));
}

/* Many items stand on several lines: a file for --claims has short ones. */
static void
show_list(const struct bp_question *q, const char *what, struct bp_text list)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(LIST_LINE_MAX);
	struct bp_list each = bp_list_of(list);
	struct bp_text one;

	while (bp_list_next(&each, &one)) {
		if (add_item(&line, one))
			continue;
		show_items(q, what, bp_buf_text(&line));
		line.len = 0;
		(void)add_item(&line, one);	/* alone it has room */
	}
	show_items(q, what, bp_list_count(list) == 0 ? bp_text_of("none")
	    : bp_buf_text(&line));
}

/* False: they count, and are of no use. */
static bool
show_api_roles(const struct bp_question *q, const struct bp_identity *who)
{
	bool counts = q->setup->cfg.role_source != BP_ROLES_CLAIMS;

	if (who->has_api_roles)
		show_list(q, "roles of the public API", who->api_roles);
	else if (counts)
		bp_step(q->prefix, BP_NO, "roles of the public API: not known");
	return who->has_api_roles || !counts;
}

/* False: they are of no use, and nothing is demanded of them. */
static bool
show_roles(const struct bp_question *q, const struct bp_identity *who,
    struct bp_text *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf detail = BP_BUF_INIT(256);
	const struct bp_config *cfg = &q->setup->cfg;
	enum bp_reason why = BP_ROLE;
	bool usable = bp_identity_roles(who, cfg->role_claim, ret, &why);

	if (cfg->role_source == BP_ROLES_API)
		return show_api_roles(q, who);
	bp_policy_detail(cfg, who, why, &detail);
	if (!usable)
		bp_step(q->prefix, BP_NO, "roles: %s (%.*s)",
		    bp_reason_row(why)->log, BP_ARGS(bp_buf_text(&detail)));
	else if (bp_list_count(*ret) == 0)
		bp_step(q->prefix, BP_TELLS, "roles: none (%.*s)",
		    BP_ARGS(bp_buf_text(&detail)));
	else
		show_list(q, "roles", *ret);
	return show_api_roles(q, who) && usable;
}

/* Few set the last ones: where they are not set they say nothing. */
static void
show_demand(const struct bp_question *q, const struct bp_identity *who,
    enum bp_demand which)
{
	BP_AUTO(bp_buf_done) struct bp_buf detail = BP_BUF_INIT(256);
	const struct bp_config *cfg = &q->setup->cfg;
	struct bp_text set = bp_policy_demand_of(q->service, which);
	const char *key = bp_policy_demand_key(which);
	enum bp_reason why = BP_ADMITTED;
	bool met = bp_policy_demand(cfg, q->service, which, who, &why);

	/* of the roles it has been said already */
	if (which >= BP_DEMAND_ACR)
		bp_policy_detail(cfg, who, why, &detail);
	if (set.len == 0 && which < BP_DEMAND_ACR)
		bp_step(q->prefix, BP_TELLS, "[service:%.*s] %s is not set",
		    BP_ARGS(q->service->name), key);
	else if (set.len > 0)
		bp_step(q->prefix, BP_YES_IF(met),
		    "[service:%.*s] %s = %.*s%s%.*s", BP_ARGS(q->service->name),
		    key, BP_ARGS(set), detail.len > 0 ? ": " : "",
		    BP_ARGS(bp_buf_text(&detail)));
}

/* What it was, is said of what was refused, too. */
static void
show_age(const struct bp_question *q, const struct bp_identity *who,
    int64_t now)
{
	BP_AUTO(bp_buf_done) struct bp_buf time = BP_BUF_INIT(256);
	const struct bp_config *cfg = &q->setup->cfg;
	enum bp_reason why;
	bool met = bp_policy_age(cfg, q->service, who, now, &why);

	if (q->service->max_age == 0)
		return;
	bp_policy_detail(cfg, who, BP_AUTH_TIME, &time);
	bp_step(q->prefix, BP_YES_IF(met), "[service:%.*s] max_age = %us: "
	    "%.*s, and now it is %lld", BP_ARGS(q->service->name),
	    q->service->max_age, BP_ARGS(bp_buf_text(&time)), (long long)now);
}

static void
show_service(const struct bp_question *q, const struct bp_identity *who,
    int64_t now)
{
	struct bp_text roles;

	if (!bp_service_is_open(q->service)) {
		bp_step(q->prefix, BP_NO, "service %s: %s",
		    bp_escape_text(bp_text_of(q->options->service)).text,
		    bp_reason_row(BP_SERVICE_CLOSED)->log);
		return;
	}
	show_age(q, who, now);
	if (!show_roles(q, who, &roles))
		return;
	show_list(q, "scopes", who->scopes);
	for (enum bp_demand i = 0; i < BP_DEMANDS; i++)
		show_demand(q, who, i);
	if (q->service->observe)
		bp_step(q->prefix, BP_TELLS, "[service:%.*s] observe = yes: "
		    "the account phase tells the log, and refuses nobody",
		    BP_ARGS(q->service->name));
}

/* The module's own decision, or as much of it as was asked for. */
static bool
decide(const struct bp_question *q, const struct bp_identity *who,
    int64_t now, enum bp_reason *reterr)
{
	const struct bp_options *o = q->options;
	const struct bp_config *cfg = &q->setup->cfg;
	struct bp_text map = bp_buf_text(&q->setup->map);
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_basis unused;

	if (!bp_question_is_open(q, reterr))
		return false;
	if (o->user != NULL && o->service != NULL)
		return bp_judge(q->setup, bp_text_of(o->service), who,
		    bp_text_of(o->user), &unused, reterr);
	if (!bp_judge_locks(q->setup, who, &file, reterr))
		return false;
	if (o->user != NULL)
		return bp_policy_tenant(&cfg->tenant, who, reterr) &&
		    bp_policy_map(cfg, map, who, bp_text_of(o->user), now,
		    &unused.line, reterr) && bp_judge_pin(q->setup, who,
		    bp_text_of(o->user), &pins, reterr);
	return o->service == NULL ||
	    (bp_policy_age(cfg, q->service, who, now, reterr) &&
	    bp_policy_tenant(&cfg->tenant, who, reterr) &&
	    bp_policy_service(cfg, q->service, who, reterr));
}

void
bp_report_end(const struct bp_question *q, enum bp_reason reason,
    struct bp_text detail)
{
	const struct bp_options *o = q->options;
	const struct bp_reason_row *row = bp_reason_row(reason);

	if (reason != BP_ADMITTED)
		(void)printf("%s%s: %s: %s%s%s%s\n", q->prefix,
		    row->class == BP_CLASS_BROKEN ? "error" : "refused",
		    row->name, row->log, detail.len > 0 ? " (" : "",
		    bp_escape_text(detail).text, detail.len > 0 ? ")" : "");
	else if (o->user != NULL && o->service != NULL)
		(void)printf("%sadmitted: %s, by %s\n", q->prefix,
		    bp_escape_text(bp_text_of(o->user)).text,
		    bp_escape_text(bp_text_of(o->service)).text);
	else
		(void)printf("%ssigned in%s\n", q->prefix, o->user != NULL
		    ? ", and mapped; no --service was asked about"
		    : o->service != NULL ? ", and allowed; no --user was asked "
		    "about" : "; neither --user nor --service was asked about");
}

/* Of a file: a name that is misspelt there is a claim that is absent. */
static void
show_unwanted(const struct bp_question *q, struct bp_text table)
{
	struct bp_text wanted = bp_buf_text(&q->setup->wanted);
	struct bp_claim c;

	while (bp_claim_next(&table, &c))
		if (!bp_list_has(wanted, c.name))
			bp_step(q->prefix, BP_TELLS,
			    "claim %.*s: nothing looks at it",
			    BP_ARGS(c.name));
}

enum bp_reason
bp_report_steps(const struct bp_question *q, const struct bp_identity *who)
{
	enum bp_reason why = BP_UNDECIDED, unused;
	int64_t now = bp_clock_seconds();
	struct bp_map_said said;

	if (q->options->user != NULL)
		show_account(q);
	show_locks(q, who);
	show_unwanted(q, who->claims);
	show_tenant(q, who);
	if (q->options->service != NULL)
		show_service(q, who, now);
	said = bp_report_map(q, who);
	if (!said.gives && bp_question_is_ours(q, &unused))
		bp_suggest(q, who, &said);
	if (said.gives && q->options->user != NULL)
		bp_report_pins(q, who);
	if (decide(q, who, now, &why))
		why = BP_ADMITTED;
	bp_report_end(q, why, bp_text_of(""));
	return why;
}
