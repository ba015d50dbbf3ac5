/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/policy.h"

#include <string.h>

/* A document may lack the tenant's claim, but may not say otherwise. */
static bool
says_otherwise(const struct bp_claim *c, struct bp_text value)
{
	struct bp_text said;

	return c->kind != BP_CLAIM_ABSENT &&
	    !(bp_claim_string(c, &said) && bp_text_same(said, value));
}

bool
bp_policy_tenant(const struct bp_tenant *tenant,
    const struct bp_identity *who, enum bp_reason *reterr)
{
	struct bp_claim info, token;

	if (tenant->kind == BP_TENANT_ANY)
		return true;
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

static bool
meets_any_role(struct bp_text setting, struct bp_text has)
{
	return bp_config_is_any_role(setting) || has_any(setting, has);
}

/* A key of the section that demands something, in the order of refusal. */
static const struct demand {
	const char	*key;
	size_t		 setting;	/* its offset */
	bool		 of_scopes;	/* or else of roles */
	bool		(*is_met)(struct bp_text setting, struct bp_text has);
	enum bp_reason	 why;
} demands[BP_DEMANDS] = {
#define OF(field)	offsetof(struct bp_service, field)
	[BP_DEMAND_ROLE] = { "require_role", OF(require_role), false,
	    meets_any_role, BP_ROLE },
	[BP_DEMAND_ALL_ROLES] = { "require_all_roles", OF(require_all_roles),
	    false, has_all, BP_ALL_ROLES },
	[BP_DEMAND_SCOPE] = { "require_scope", OF(require_scope), true,
	    has_any, BP_SCOPE },
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

bool
bp_policy_demand(const struct bp_service *service, enum bp_demand which,
    struct bp_text roles, struct bp_text scopes, enum bp_reason *reterr)
{
	const struct demand *d = &demands[which];
	struct bp_text setting = bp_policy_demand_of(service, which);

	return setting.len == 0 ||
	    d->is_met(setting, d->of_scopes ? scopes : roles) ||
	    bp_refuse(reterr, d->why);
}

bool
bp_policy_service(const struct bp_config *cfg,
    const struct bp_service *service, const struct bp_identity *who,
    enum bp_reason *reterr)
{
	struct bp_text roles;

	if (!bp_service_is_open(service))
		return bp_refuse(reterr, BP_SERVICE_CLOSED);
	if (!bp_identity_roles(who, cfg->role_claim, &roles, reterr))
		return false;
	for (enum bp_demand i = 0; i < BP_DEMANDS; i++)
		if (!bp_policy_demand(service, i, roles, who->scopes, reterr))
			return false;
	return true;
}

struct bp_mapping
bp_policy_mapping(const struct bp_config *cfg, const struct bp_identity *who,
    struct bp_text account)
{
	struct bp_mapping m = { .left = BP_STEPS_MAX, .cfg = cfg,
	    .who = who, .account = account,
	    .email = bp_identity_email(who),
	    .address = BP_BUF_INIT(BP_EMAIL_MAX) };

	m.has_address = bp_name_put_email(m.email.address, &m.address);
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
	return bp_text_same(bp_buf_text(ret), m->account) ? BP_RULE_GIVES
	    : BP_RULE_OTHER_ACCOUNT;
}

static enum bp_verdict
judge_email(struct bp_mapping *m, const struct bp_map_rule *rule,
    struct bp_buf *ret)
{
	enum bp_verdict v;

	if (m->email.differs && bp_item_is(&rule->account, m->account))
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
	if (bp_text_is(rule->claim, "email"))
		return judge_email(m, rule, ret);
	if (bp_text_is(rule->claim, "sub"))
		return judge(m, rule, m->who->sub, ret);
	c = bp_identity_claim(m->who, rule->claim);
	return bp_claim_string(&c, &value) ? judge(m, rule, value, ret)
	    : BP_RULE_NO_VALUE;
}

/* A rule that only would give the account says more than one that does not. */
static enum bp_reason
reason_of(enum bp_verdict v, enum bp_reason so_far)
{
	static const enum bp_reason reasons[BP_RULE_VERDICTS] = {
		[BP_RULE_UNVERIFIED] = BP_EMAIL_UNVERIFIED,
		[BP_RULE_DIFFERS] = BP_EMAIL_DIFFERS,
	};

	return reasons[v] != BP_UNDECIDED ? reasons[v] : so_far;
}

bool
bp_policy_map(const struct bp_config *cfg, struct bp_text map,
    const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping m =
	    bp_policy_mapping(cfg, who, account);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_account_map lines = { .rest = map };
	enum bp_reason why = BP_NO_RULE;
	struct bp_map_rule rule;
	enum bp_map_step step;
	enum bp_verdict v = 0;

	/* to the end, though one gave it: a broken map admits nobody */
	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (v != BP_RULE_GIVES) {
			v = bp_policy_rule(&m, &rule, &got);
			why = reason_of(v, why);
		}
	if (step != BP_MAP_END)
		return bp_refuse(reterr, BP_MAP);
	if (m.left == 0)
		return bp_refuse(reterr, BP_MAP_LONG);
	return v == BP_RULE_GIVES || bp_refuse(reterr, why);
}

bool
bp_policy_decide(const struct bp_config *cfg, struct bp_text service,
    struct bp_text map, const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr)
{
	return bp_policy_tenant(&cfg->tenant, who, reterr) &&
	    bp_policy_service(cfg, bp_config_service(cfg, service), who,
	    reterr) && bp_policy_map(cfg, map, who, account, reterr);
}

static bool
want(struct bp_buf *list, struct bp_text name)
{
	struct bp_text so_far = bp_buf_text(list);

	return bp_list_has(so_far, name) ||
	    (bp_list_count(so_far) < BP_CLAIM_WANTED_MAX &&
	    bp_list_add(list, name));
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
	    want(ret, cfg->tenant.name)) &&
	    bp_account_map_wanted(map, ret, reterr);
}

void
bp_policy_detail(const struct bp_config *cfg, const struct bp_identity *who,
    enum bp_reason reason, struct bp_buf *ret)
{
	struct bp_claim c = bp_identity_claim(who, cfg->role_claim);
	bool is_none = c.kind == BP_CLAIM_ABSENT ||
	    (c.kind == BP_CLAIM_STRINGS && bp_list_count(c.values) == 0);
	size_t before = ret->len;

	if (reason != BP_ROLE_TYPE && reason != BP_ROLE_LONG &&
	    !((reason == BP_ROLE || reason == BP_ALL_ROLES) && is_none))
		return;
	/* half of it would say something else */
	if (!bp_buf_say(ret, "role_claim = ") ||
	    !bp_buf_put(ret, cfg->role_claim) || !bp_buf_say(ret,
	    c.kind != BP_CLAIM_ABSENT && is_none ? ": empty " : ": ") ||
	    !bp_buf_say(ret, bp_claim_kind_word(c.kind)))
		ret->len = before;
}
