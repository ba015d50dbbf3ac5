#include "ctl/report.h"
#include "core/log.h"
#include "ctl/suggest.h"

#include <stdarg.h>
#include <stdio.h>

enum { ESCAPED_MAX = 4 * BP_LOG_VALUE_MAX, WANTED_MAX = 8192 };

static const char yes[] = "yes", no[] = "no", tells[] = "-";

#define ARGS(text)	(int)(text).len, (text).at

/* Of what came from outside: no byte of it writes to the terminal. */
struct escaped {
	char	 text[ESCAPED_MAX + 1];
};

static struct escaped
escape(struct bp_text t)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(ESCAPED_MAX);
	struct escaped e = { "" };

	if (bp_log_escape(&b, t))
		(void)snprintf(e.text, sizeof(e.text), "%.*s",
		    ARGS(bp_buf_text(&b)));
	return e;
}

__attribute__((__format__(printf, 3, 4)))
static void
step(const struct bp_report *r, const char *mark, const char *format, ...)
{
	va_list arguments;

	(void)printf("%s%-4s ", r->prefix, mark);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)putchar('\n');
}

struct bp_report
bp_report_of(const struct bp_options *options, const struct bp_setup *setup)
{
	struct bp_report r = { .options = options, .setup = setup,
	    .prefix = "" };

	if (options->user != NULL)
		r.account = bp_whose_look_up(options->user);
	if (options->service != NULL)
		r.service = bp_config_service(&setup->cfg,
		    bp_text_of(options->service));
	return r;
}

static bool
is_ours(const struct bp_report *r, enum bp_reason *reterr)
{
	const char *user = r->options->user;

	if (user == NULL)
		return true;
	if (bp_whose_is_root(&r->account, user))
		return bp_refuse(reterr, BP_ROOT);
	return bp_whose_is_ours(&r->account, user, false, &r->setup->cfg,
	    reterr);
}

bool
bp_report_is_open(const struct bp_report *r, enum bp_reason *reterr)
{
	return is_ours(r, reterr) && (r->options->service == NULL ||
	    bp_service_is_open(r->service) ||
	    bp_refuse(reterr, BP_SERVICE_CLOSED));
}

static void
show_account(const struct bp_report *r)
{
	struct escaped user = escape(bp_text_of(r->options->user));
	enum bp_reason why = BP_ADMITTED;
	bool ours = is_ours(r, &why);
	char uid[32] = "";

	if (r->account.found)
		(void)snprintf(uid, sizeof(uid), " (uid %u)", r->account.uid);
	step(r, ours ? yes : no, "account %s%s%s%s%s", user.text, uid,
	    ours ? "" : ": ", ours ? "" : bp_reason_row(why)->log,
	    why != BP_LOCAL_ACCOUNT ? "" : bp_item_list_has(
	    r->setup->cfg.local_accounts, bp_text_of(r->options->user))
	    ? " (local_accounts)" : " (min_uid, or 65534)");
}

/* `"acme"`, or the kind of what is no string. */
static struct escaped
what_of(const struct bp_claim *c)
{
	struct escaped e = { "" }, value;
	struct bp_text string;

	if (bp_claim_string(c, &string)) {
		value = escape(string);
		(void)snprintf(e.text, sizeof(e.text), "\"%.1000s\"",
		    value.text);
	} else
		(void)snprintf(e.text, sizeof(e.text), "%s",
		    bp_claim_kind_word(c->kind));
	return e;
}

static void
show_tenant(const struct bp_report *r, const struct bp_identity *who)
{
	const struct bp_tenant *t = &r->setup->cfg.tenant;
	struct bp_claim info, token;
	enum bp_reason why;
	bool met = bp_policy_tenant(t, who, &why);

	if (t->kind == BP_TENANT_ANY) {
		step(r, met ? yes : no, "tenant = any");
		return;
	}
	info = bp_claim_find(who->claims, t->name, BP_DOC_USERINFO);
	token = bp_claim_find(who->claims, t->name, BP_DOC_ID_TOKEN);
	step(r, met ? yes : no, "tenant = claim %.*s=%.*s: UserInfo %s, "
	    "id_token %s", ARGS(t->name), ARGS(t->value), what_of(&info).text,
	    what_of(&token).text);
}

static void
show_list(const struct bp_report *r, const char *what, struct bp_text list)
{
	struct bp_list each = bp_list_of(list);
	struct bp_text one;
	const char *between = "";

	(void)printf("%s%-4s %s: ", r->prefix, tells, what);
	for (; bp_list_next(&each, &one); between = ", ")
		(void)printf("%s\"%s\"", between, escape(one).text);
	(void)puts(between[0] == '\0' ? "none" : "");
}

static void
show_demand(const struct bp_report *r, enum bp_demand which,
    struct bp_text roles, struct bp_text scopes)
{
	struct bp_text set = bp_policy_demand_of(r->service, which);
	const char *key = bp_policy_demand_key(which);
	enum bp_reason why = BP_ADMITTED;
	bool met = bp_policy_demand(r->service, which, roles, scopes, &why);

	if (set.len == 0)
		step(r, tells, "[service:%.*s] %s is not set",
		    ARGS(r->service->name), key);
	else
		step(r, met ? yes : no, "[service:%.*s] %s = %.*s",
		    ARGS(r->service->name), key, ARGS(set));
}

static void
show_service(const struct bp_report *r, const struct bp_identity *who)
{
	struct bp_text roles;
	enum bp_reason why;

	if (!bp_service_is_open(r->service)) {
		step(r, no, "service %s: %s",
		    escape(bp_text_of(r->options->service)).text,
		    bp_reason_row(BP_SERVICE_CLOSED)->log);
		return;
	}
	if (!bp_identity_roles(who, r->setup->cfg.role_claim, &roles, &why)) {
		step(r, no, "claim %.*s: %s", ARGS(r->setup->cfg.role_claim),
		    bp_reason_row(why)->log);
		return;
	}
	show_list(r, "roles", roles);
	show_list(r, "scopes", who->scopes);
	for (enum bp_demand i = 0; i < BP_DEMANDS; i++)
		show_demand(r, i, roles, who->scopes);
}

static void
show_email(const struct bp_report *r, const struct bp_email *e)
{
	if (e->differs)
		step(r, no, "e-mail: UserInfo and id_token do not agree");
	else if (e->address.len == 0)
		step(r, tells, "e-mail: none");
	else
		step(r, e->verified ? yes : no, "e-mail \"%s\" is %sverified: "
		    "email_verified is %s", escape(e->address).text,
		    e->verified ? "" : "not ", what_of(&e->why).text);
}

static const struct {
	const char	*mark;
	const char	*words;
	bool		 names_account;	/* the one that the rule gives */
	bool		 is_his;	/* of this person, whatever comes of it */
} verdicts[BP_RULE_VERDICTS] = {
	[BP_RULE_OTHER_IDENTITY] = { no, "does not map this identity", false, false },
	[BP_RULE_GIVES] = { yes, "gives ", true, true },
	[BP_RULE_OTHER_ACCOUNT] = { no, "gives ", true, true },
	[BP_RULE_NO_VALUE] = { no, "there is no such claim that counts",
	    false, false },
	[BP_RULE_UNVERIFIED] = { no, "the e-mail is not verified, or would "
	    "give ", true, true },
	[BP_RULE_DIFFERS] = { no, "UserInfo and id_token do not agree", false,
	    true },
};

/* Whoever asks for no account is told which there are, by the same judge. */
static enum bp_verdict
judge(struct bp_mapping *m, const struct bp_map_rule *rule,
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

/* As it stands in the map, but for the blanks between columns. */
static void
show_rule(const struct bp_report *r, const struct bp_map_rule *rule,
    enum bp_verdict v, struct bp_text account)
{
	const char *mark = rule->is_regex ? "/" : quote_of(&rule->identity);
	const char *quote = quote_of(&rule->account);

	step(r, verdicts[v].mark, "%.*s:%u: %.*s %s%.*s%s %s%.*s%s: %s%.*s",
	    ARGS(r->setup->cfg.map), rule->line, ARGS(rule->claim), mark,
	    ARGS(rule->identity.raw), mark, quote, ARGS(rule->account.raw),
	    quote, verdicts[v].words, verdicts[v].names_account
	    ? (int)account.len : 0, account.at);
}

/* Does a rule give the account, or, where none is asked for, any? */
static bool
show_map(const struct bp_report *r, const struct bp_identity *who)
{
	const char *user = r->options->user;
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(&r->setup->cfg, who, bp_text_of(user != NULL
	    ? user : ""));
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map map = { .rest = bp_buf_text(&r->setup->map) };
	struct bp_map_rule rule;
	enum bp_verdict v;
	bool given = false;

	show_email(r, &m.email);
	while (bp_account_map_next(&map, &rule) == BP_MAP_RULE) {
		v = judge(&m, &rule, &got);
		given = given || v == BP_RULE_GIVES;
		if (r->all_rules || verdicts[v].is_his)
			show_rule(r, &rule, v, bp_buf_text(&got));
	}
	return given;
}

/* The module's own decision, or as much of it as was asked for. */
static bool
decide(const struct bp_report *r, const struct bp_identity *who,
    enum bp_reason *reterr)
{
	const struct bp_options *o = r->options;
	const struct bp_config *cfg = &r->setup->cfg;
	struct bp_text map = bp_buf_text(&r->setup->map);

	if (!is_ours(r, reterr))
		return false;
	if (o->user != NULL && o->service != NULL)
		return bp_policy_decide(cfg, bp_text_of(o->service), map, who,
		    bp_text_of(o->user), reterr);
	if (o->user != NULL)
		return bp_policy_tenant(&cfg->tenant, who, reterr) &&
		    bp_policy_map(cfg, map, who, bp_text_of(o->user), reterr);
	return o->service == NULL ||
	    (bp_policy_tenant(&cfg->tenant, who, reterr) &&
	    bp_policy_service(cfg, r->service, who, reterr));
}

void
bp_report_end(const struct bp_report *r, enum bp_reason reason,
    struct bp_text detail)
{
	const struct bp_options *o = r->options;
	const struct bp_reason_row *row = bp_reason_row(reason);

	if (reason != BP_ADMITTED)
		(void)printf("%s%s: %s: %s%s%s%s\n", r->prefix,
		    row->class == BP_CLASS_BROKEN ? "error" : "refused",
		    row->name, row->log, detail.len > 0 ? " (" : "",
		    escape(detail).text, detail.len > 0 ? ")" : "");
	else if (o->user != NULL && o->service != NULL)
		(void)printf("%sadmitted: %s, by %s\n", r->prefix,
		    escape(bp_text_of(o->user)).text,
		    escape(bp_text_of(o->service)).text);
	else
		(void)printf("%ssigned in%s\n", r->prefix, o->user != NULL
		    ? ", and mapped; no --service was asked about"
		    : o->service != NULL ? ", and allowed; no --user was asked "
		    "about" : "; neither --user nor --service was asked about");
}

/* Of a file: a name that is misspelt there is a claim that is absent. */
static void
show_unwanted(const struct bp_report *r, struct bp_text table)
{
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(WANTED_MAX);
	struct bp_claim c;

	if (!bp_policy_wanted(&r->setup->cfg, bp_buf_text(&r->setup->map),
	    &wanted))
		return;
	while (bp_claim_next(&table, &c))
		if (!bp_list_has(bp_buf_text(&wanted), c.name))
			step(r, tells, "claim %.*s: nothing looks at it",
			    ARGS(c.name));
}

enum bp_reason
bp_report_steps(const struct bp_report *r, const struct bp_identity *who)
{
	enum bp_reason why = BP_UNDECIDED, unused;

	if (r->options->user != NULL)
		show_account(r);
	show_unwanted(r, who->claims);
	show_tenant(r, who);
	if (r->options->service != NULL)
		show_service(r, who);
	if (!show_map(r, who) && is_ours(r, &unused))
		bp_suggest(&r->setup->cfg, who, r->options->user, r->prefix);
	if (decide(r, who, &why))
		why = BP_ADMITTED;
	bp_report_end(r, why, bp_text_of(""));
	return why;
}
