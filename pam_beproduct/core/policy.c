/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/policy.h"
#include "wire/mailbox.h"

#include <string.h>

/* A document may lack the tenant's claim, but may not say otherwise. */
static bool
says_otherwise(const struct bp_claim *c, struct bp_text value)
{
	struct bp_text said;

	return c->kind != BP_CLAIM_ABSENT &&
	    !(bp_claim_string(c, &said) && bp_text_same(said, value));
}

static bool
has_address(const struct bp_identity *who)
{
	struct bp_email email = bp_identity_email(who);

	return !email.differs && email.address.len > 0;
}

bool
bp_policy_tenant(const struct bp_tenant *tenant,
    const struct bp_identity *who, enum bp_reason *reterr)
{
	struct bp_claim info, token;

	if (tenant->kind == BP_TENANT_ANY || who->is_looked_up)
		return true;
	if (tenant->kind == BP_TENANT_API)
		return has_address(who) || bp_refuse(reterr, BP_TENANT);
	info = bp_identity_said(who, tenant->name, BP_DOC_USERINFO);
	token = bp_identity_said(who, tenant->name, BP_DOC_ID_TOKEN);
	if (tenant->kind != BP_TENANT_CLAIM ||
	    (info.kind == BP_CLAIM_ABSENT && token.kind == BP_CLAIM_ABSENT) ||
	    says_otherwise(&info, tenant->value) ||
	    says_otherwise(&token, tenant->value))
		return bp_refuse(reterr, BP_TENANT);
	return true;
}

/* Is any item of the setting LIST among HAS, a list's content? */
static bool
has_any(struct bp_text list, struct bp_text has)
{
	struct bp_list each = bp_list_of(has);
	struct bp_text one;

	while (bp_list_next(&each, &one))
		if (bp_item_list_has(list, one))
			return true;
	return false;
}

static bool
has_item(struct bp_text has, const struct bp_item *item)
{
	struct bp_list each = bp_list_of(has);
	struct bp_text one;

	while (bp_list_next(&each, &one))
		if (bp_item_is(item, one))
			return true;
	return false;
}

static bool
has_all(struct bp_text list, struct bp_text has)
{
	struct bp_item item;

	while (bp_item_next(&list, &item))
		if (!has_item(has, &item))
			return false;
	return list.len == 0;
}

/* The id_token's: of a sign-in UserInfo knows nothing. */
static struct bp_claim
of_sign_in(const struct bp_identity *who, const char *name)
{
	return bp_identity_said(who, bp_text_of(name), BP_DOC_ID_TOKEN);
}

/* What a demand is held against, as a list's content. */
typedef bool source(const struct bp_config *cfg,
    const struct bp_identity *who, struct bp_text *ret, enum bp_reason *reterr);

static bool
roles_of(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text *ret, enum bp_reason *reterr)
{
	return bp_identity_roles(who, cfg->role_claim, ret, reterr);
}

/* Of a person of whom the API has no usable role, nothing is guessed. */
static bool
api_roles_of(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text *ret, enum bp_reason *reterr)
{
	(void)cfg;
	if (!who->has_api_roles)
		return bp_refuse(reterr, BP_API_ROLE_TYPE);
	*ret = who->api_roles;
	return true;
}

static bool
scopes_of(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text *ret, enum bp_reason *reterr)
{
	(void)cfg;
	(void)reterr;
	*ret = who->scopes;
	return true;
}

/* OIDC Core 2: acr is a string, amr an array of strings. */
static bool
acr_of(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text *ret, enum bp_reason *reterr)
{
	struct bp_claim c = of_sign_in(who, "acr");

	(void)cfg;
	if (c.kind != BP_CLAIM_ABSENT && c.kind != BP_CLAIM_STRING)
		return bp_refuse(reterr, BP_ACR_TYPE);
	*ret = c.values;
	return true;
}

static bool
amr_of(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text *ret, enum bp_reason *reterr)
{
	struct bp_claim c = of_sign_in(who, "amr");

	(void)cfg;
	if (c.kind != BP_CLAIM_ABSENT && c.kind != BP_CLAIM_STRINGS)
		return bp_refuse(reterr, BP_AMR_TYPE);
	*ret = c.values;
	return true;
}

static bool
meets_any_role(struct bp_text setting, struct bp_text has)
{
	return bp_config_is_any_role(setting) || has_any(setting, has);
}

/* A key of the section that demands something, in the order of refusal. */
static const struct demand {
	const char	*key;
	size_t		 setting;	/* its offset */
	source		*has;
	bool		(*is_met)(struct bp_text setting, struct bp_text has);
	enum bp_reason	 why;
} demands[BP_DEMANDS] = {
#define OF(field)	offsetof(struct bp_service, field)
	[BP_DEMAND_ROLE] = { "require_role", OF(require_role), roles_of,
	    meets_any_role, BP_ROLE },
	[BP_DEMAND_ALL_ROLES] = { "require_all_roles", OF(require_all_roles),
	    roles_of, has_all, BP_ALL_ROLES },
	[BP_DEMAND_SCOPE] = { "require_scope", OF(require_scope), scopes_of,
	    has_any, BP_SCOPE },
	[BP_DEMAND_ACR] = { "require_acr", OF(require_acr), acr_of, has_any,
	    BP_ACR },
	[BP_DEMAND_AMR] = { "require_amr", OF(require_amr), amr_of, has_all,
	    BP_AMR },
#undef OF
};

const char *
bp_policy_demand_key(enum bp_demand which)
{
	return demands[which].key;
}

struct bp_text
bp_policy_demand_of(const struct bp_service *service, enum bp_demand which)
{
	struct bp_text setting;

	memcpy(&setting, (const char *)service + demands[which].setting,
	    sizeof(setting));
	return setting;
}

/* Of roles there may be two sources, and what counts must meet the demand. */
static bool
counts(const struct bp_config *cfg, const struct demand *d, source *has)
{
	if (has == api_roles_of)
		return d->has == roles_of &&
		    cfg->role_source != BP_ROLES_CLAIMS;
	return d->has != roles_of || cfg->role_source != BP_ROLES_API;
}

bool
bp_policy_demand(const struct bp_config *cfg,
    const struct bp_service *service, enum bp_demand which,
    const struct bp_identity *who, enum bp_reason *reterr)
{
	const struct demand *d = &demands[which];
	source *const sources[] = { d->has, api_roles_of };
	struct bp_text setting = bp_policy_demand_of(service, which), has;

	for (size_t i = 0; setting.len > 0 && i < 2; i++) {
		if (!counts(cfg, d, sources[i]))
			continue;
		if (!sources[i](cfg, who, &has, reterr))
			return false;
		if (!d->is_met(setting, has))
			return bp_refuse(reterr, d->why);
	}
	return true;
}

bool
bp_policy_age(const struct bp_config *cfg, const struct bp_service *service,
    const struct bp_identity *who, int64_t now, enum bp_reason *reterr)
{
	struct bp_claim c = of_sign_in(who, "auth_time");
	int64_t skew = cfg->clock_skew, time;

	if (service == NULL || service->max_age == 0)
		return true;
	if (!bp_claim_number(&c, &time))
		return bp_refuse(reterr, BP_AUTH_TIME);
	if (time > now + skew)
		return bp_refuse(reterr, BP_AUTH_TIME_AHEAD);
	return now - time <= service->max_age + skew ||
	    bp_refuse(reterr, BP_AUTH_TIME_PAST);
}

bool
bp_policy_service(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    enum bp_reason *reterr)
{
	if (!bp_service_is_open(service))
		return bp_refuse(reterr, BP_SERVICE_CLOSED);
	for (enum bp_demand i = 0; i < BP_DEMANDS; i++)
		if (!bp_policy_demand(cfg, service, i, who, reterr))
			return false;
	return true;
}

struct bp_mapping
bp_policy_mapping(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text account, int64_t now)
{
	struct bp_mapping m = { .left = BP_STEPS_MAX, .cfg = cfg,
	    .who = who, .account = account, .now = now,
	    .email = bp_identity_email(who),
	    .address = BP_BUF_INIT(BP_MAILBOX_MAX) };

	m.has_address = bp_mailbox_put(m.email.address, &m.address);
	return m;
}

void
bp_policy_mapping_done(struct bp_mapping *m)
{
	bp_buf_done(&m->address);
}

/* What RULE says of VALUE, its claim's. */
static enum bp_verdict
judge(struct bp_mapping *m, const struct bp_map_rule *rule,
    struct bp_text value, struct bp_buf *ret)
{
	if (!bp_map_rule_gives(rule, value, &m->left, ret))
		return BP_RULE_OTHER_IDENTITY;
	if (!bp_text_same(bp_buf_text(ret), m->account))
		return BP_RULE_OTHER_ACCOUNT;
	return bp_map_rule_has_ended(rule, m->now) ? BP_RULE_PAST
	    : BP_RULE_GIVES;
}

static enum bp_verdict
judge_email(struct bp_mapping *m, const struct bp_map_rule *rule,
    struct bp_buf *ret)
{
	enum bp_verdict v;

	if (m->email.differs && bp_item_is(&rule->account, m->account) &&
	    !bp_map_rule_has_ended(rule, m->now))
		return BP_RULE_DIFFERS;
	if (!m->has_address)
		return BP_RULE_NO_VALUE;
	v = judge(m, rule, bp_buf_text(&m->address), ret);
	if (v == BP_RULE_GIVES && m->cfg->require_email_verified &&
	    !m->email.verified)
		return BP_RULE_UNVERIFIED;
	return v;
}

enum bp_verdict
bp_policy_rule(struct bp_mapping *m, const struct bp_map_rule *rule,
    struct bp_buf *ret)
{
	struct bp_claim c;
	struct bp_text value;

	ret->len = 0;
	if (bp_map_rule_is_key(rule))
		return BP_RULE_OF_KEY;
	if (bp_text_is(rule->claim, "email"))
		return judge_email(m, rule, ret);
	if (bp_text_is(rule->claim, "sub"))
		return judge(m, rule, m->who->sub, ret);
	c = bp_identity_claim(m->who, rule->claim);
	return bp_claim_string(&c, &value) ? judge(m, rule, value, ret)
	    : BP_RULE_NO_VALUE;
}

/* A rule that only would give the account says more than one that does not. */
static void
weigh(enum bp_verdict v, unsigned line, unsigned *retline,
    enum bp_reason *retwhy)
{
	static const enum bp_reason reasons[BP_RULE_VERDICTS] = {
		[BP_RULE_UNVERIFIED] = BP_EMAIL_UNVERIFIED,
		[BP_RULE_DIFFERS] = BP_EMAIL_DIFFERS,
		[BP_RULE_PAST] = BP_RULE_ENDED,
	};

	if (v != BP_RULE_GIVES && reasons[v] == BP_UNDECIDED)
		return;
	*retwhy = reasons[v];
	*retline = line;
}

bool
bp_policy_map(const struct bp_config *cfg, struct bp_text map,
    const struct bp_identity *who, struct bp_text account, int64_t now,
    unsigned *retline, enum bp_reason *reterr)
{
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(cfg, who, account, now);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map lines = { .rest = map };
	enum bp_reason why = BP_NO_RULE;
	struct bp_map_rule rule;
	enum bp_map_step step;
	enum bp_verdict v = 0;

	*retline = 0;
	/* to the end, though one gave it: a broken map admits nobody */
	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (v != BP_RULE_GIVES) {
			v = bp_policy_rule(&m, &rule, &got);
			weigh(v, rule.line, retline, &why);
		}
	if (step != BP_MAP_END)
		return bp_refuse(reterr, BP_MAP);
	if (m.left == 0)
		return bp_refuse(reterr, BP_MAP_LONG);
	return v == BP_RULE_GIVES || bp_refuse(reterr, why);
}

static bool
gives_key(const struct bp_map_rule *rule, struct bp_text key,
    struct bp_text account, int64_t now)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	uint32_t left = 0;	/* such a rule has no expression */

	return bp_map_rule_is_key(rule) && !bp_map_rule_has_ended(rule, now) &&
	    bp_map_rule_gives(rule, key, &left, &got) &&
	    bp_text_same(bp_buf_text(&got), account);
}

bool
bp_policy_key(struct bp_text map, struct bp_text key, struct bp_text account,
    int64_t now, unsigned *retline, enum bp_reason *reterr)
{
	struct bp_account_map lines = { .rest = map };
	struct bp_map_rule rule;
	enum bp_map_step step;

	*retline = 0;
	/* to the end, as above */
	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (*retline == 0 && gives_key(&rule, key, account, now))
			*retline = rule.line;
	return (step == BP_MAP_END || bp_refuse(reterr, BP_MAP)) &&
	    (*retline != 0 || bp_refuse(reterr, BP_NO_RULE));
}

bool
bp_policy_names(const struct bp_config *cfg, struct bp_text map,
    const struct bp_identity *who, struct bp_text account, int64_t now)
{
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(cfg, who, account, now);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map lines = { .rest = map };
	struct bp_map_rule rule;

	while (bp_account_map_next(&lines, &rule) == BP_MAP_RULE)
		if (bp_text_is(rule.claim, "sub") && !rule.is_regex &&
		    bp_policy_rule(&m, &rule, &got) == BP_RULE_GIVES)
			return true;
	return false;
}

bool
bp_policy_decide(const struct bp_config *cfg, struct bp_text service,
    struct bp_text map, const struct bp_identity *who, struct bp_text account,
    int64_t now, struct bp_basis *ret, enum bp_reason *reterr)
{
	const struct bp_service *section = bp_config_service(cfg, service);

	*ret = (struct bp_basis){ 0 };
	if (!bp_policy_age(cfg, section, who, now, reterr) ||
	    !bp_policy_tenant(&cfg->tenant, who, reterr))
		return false;
	ret->has_roles = true;
	return bp_policy_service(cfg, section, who, reterr) &&
	    bp_policy_map(cfg, map, who, account, now, &ret->line, reterr);
}

/* A comma within one is not to look like one between two. */
static bool
put_role(struct bp_text role, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool is_plain = role.len > 0 && memchr(role.at, ',', role.len) == NULL
	    && memchr(role.at, '"', role.len) == NULL;

	if ((before == 0 || bp_buf_say(ret, ", ")) &&
	    (is_plain ? bp_buf_put(ret, role) : bp_item_quote(role, ret)))
		return true;
	ret->len = before;
	return false;
}

bool
bp_policy_roles(const struct bp_config *cfg, const struct bp_service *service,
    const struct bp_identity *who, bool of_api, bool all, struct bp_buf *ret)
{
	source *from = of_api ? api_roles_of : roles_of;
	struct bp_text has, role;
	enum bp_reason unused;
	struct bp_list each;

	if (service == NULL || !counts(cfg, &demands[BP_DEMAND_ROLE], from) ||
	    !from(cfg, who, &has, &unused))
		return false;
	all = all || bp_config_is_any_role(service->require_role);
	each = bp_list_of(has);
	while (bp_list_next(&each, &role))
		if ((all || bp_item_list_has(service->require_role, role) ||
		    bp_item_list_has(service->require_all_roles, role)) &&
		    !put_role(role, ret))
			break;
	return true;
}

static bool
want(struct bp_buf *list, struct bp_text name)
{
	struct bp_text so_far = bp_buf_text(list);

	return bp_list_has(so_far, name) ||
	    (bp_list_count(so_far) < BP_CLAIM_WANTED_MAX &&
	    bp_list_add(list, name));
}

/* What a service looks at; which one it will be is not known here. */
static bool
want_for(struct bp_buf *list, const struct bp_service *s)
{
	const struct { const char *claim; bool wanted; } rows[] = {
		{ "acr", s->require_acr.len > 0 },
		{ "amr", s->require_amr.len > 0 },
		{ "auth_time", s->max_age > 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].wanted && !want(list, bp_text_of(rows[i].claim)))
			return false;
	return true;
}

static bool
want_for_services(struct bp_buf *list, const struct bp_config *cfg)
{
	for (size_t i = 0; i < cfg->services; i++)
		if (!want_for(list, &cfg->service[i]))
			return false;
	return true;
}

bool
bp_policy_wanted(const struct bp_config *cfg, struct bp_text map,
    struct bp_buf *ret, struct bp_account_map *reterr)
{
	*reterr = (struct bp_account_map){ .what = "no memory" };
	return bp_list_start(ret) && want(ret, bp_text_of("email")) &&
	    want(ret, bp_text_of("email_verified")) &&
	    want(ret, cfg->role_claim) &&
	    (cfg->tenant.kind != BP_TENANT_CLAIM ||
	    want(ret, cfg->tenant.name)) && want_for_services(ret, cfg) &&
	    bp_account_map_wanted(map, ret, reterr);
}

/* Half of it would say something else. */
static bool
say_kind(struct bp_buf *b, const char *before, struct bp_text claim,
    const struct bp_claim *c)
{
	struct bp_list list = bp_list_of(c->values);
	bool is_empty = c->kind == BP_CLAIM_STRINGS && list.left == 0;
	struct bp_text digits;

	return bp_buf_say(b, before) && bp_buf_put(b, claim) &&
	    bp_buf_say(b, is_empty ? ": empty " : ": ") &&
	    bp_buf_say(b, bp_claim_kind_word(c->kind)) &&
	    (c->kind != BP_CLAIM_NUMBER || !bp_list_next(&list, &digits) ||
	    (bp_buf_say(b, " ") && bp_buf_put(b, digits)));
}

/* What the reason is about. */
static const struct subject {
	enum bp_reason	 reason;
	const char	*claim;		/* of the id_token; NULL: role_claim */
	bool		 if_none;	/* only where it says nothing */
} subjects[] = {
	{ BP_ROLE_TYPE,	NULL, false },
	{ BP_ROLE_LONG,	NULL, false },
	{ BP_ROLE,	NULL, true },
	{ BP_ALL_ROLES,	NULL, true },
	{ BP_ACR_TYPE,	"acr", false },
	{ BP_AMR_TYPE,	"amr", false },
	{ BP_ACR,	"acr", true },
	{ BP_AMR,	"amr", true },
	{ BP_AUTH_TIME,	"auth_time", false },
	{ BP_AUTH_TIME_PAST, "auth_time", false },
	{ BP_AUTH_TIME_AHEAD, "auth_time", false },
};

void
bp_policy_detail(const struct bp_config *cfg, const struct bp_identity *who,
    enum bp_reason reason, struct bp_buf *ret)
{
	size_t i = 0, before = ret->len;
	const struct subject *s;
	struct bp_claim c;

	while (i < sizeof(subjects) / sizeof(subjects[0]) &&
	    subjects[i].reason != reason)
		i++;
	if (i == sizeof(subjects) / sizeof(subjects[0]))
		return;
	s = &subjects[i];
	if (s->claim == NULL && cfg->role_source == BP_ROLES_API)
		return;
	c = s->claim != NULL ? of_sign_in(who, s->claim)
	    : bp_identity_claim(who, cfg->role_claim);
	if (s->if_none && c.kind != BP_CLAIM_ABSENT &&
	    !(c.kind == BP_CLAIM_STRINGS && bp_list_count(c.values) == 0))
		return;
	if (!say_kind(ret, s->claim != NULL ? "id_token: " : "role_claim = ",
	    s->claim != NULL ? bp_text_of(s->claim) : cfg->role_claim, &c))
		ret->len = before;
}
