#include "core/policy.h"
#include "core/account_map.h"

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
	info = bp_claim_find(who->claims, tenant->name, BP_DOC_USERINFO);
	token = bp_claim_find(who->claims, tenant->name, BP_DOC_ID_TOKEN);
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
	if (service->require_role.len > 0 &&
	    !bp_service_takes_any_role(service) &&
	    !has_any(service->require_role, roles))
		return bp_refuse(reterr, BP_ROLE);
	if (service->require_all_roles.len > 0 &&
	    !has_all(service->require_all_roles, roles))
		return bp_refuse(reterr, BP_ALL_ROLES);
	if (service->require_scope.len > 0 &&
	    !has_any(service->require_scope, who->scopes))
		return bp_refuse(reterr, BP_SCOPE);
	return true;
}

/* What rules are held against, put in order once for all of them. */
struct facts {
	const struct bp_config	*cfg;
	const struct bp_identity *who;
	struct bp_email		 email;
	struct bp_text		 address;	/* as rules compare it */
	bool			 has_address;
	struct bp_text		 account;
};

/* Whether RULE gives the account; if it only would, RETERR says why not. */
static bool
gives_by_email(const struct facts *f, const struct bp_map_rule *rule,
    enum bp_reason *reterr)
{
	if (f->email.differs && bp_item_is(&rule->account, f->account))
		return bp_refuse(reterr, BP_EMAIL_DIFFERS);
	if (!f->has_address ||
	    !bp_map_rule_maps(rule, f->address, f->account))
		return false;
	if (f->cfg->require_email_verified && !f->email.verified)
		return bp_refuse(reterr, BP_EMAIL_UNVERIFIED);
	return true;
}

static bool
gives(const struct facts *f, const struct bp_map_rule *rule,
    enum bp_reason *reterr)
{
	struct bp_claim c;
	struct bp_text value;

	if (bp_text_is(rule->claim, "email"))
		return gives_by_email(f, rule, reterr);
	if (bp_text_is(rule->claim, "sub"))
		return bp_map_rule_maps(rule, f->who->sub, f->account);
	c = bp_identity_claim(f->who, rule->claim);
	return bp_claim_string(&c, &value) &&
	    bp_map_rule_maps(rule, value, f->account);
}

bool
bp_policy_map(const struct bp_config *cfg, struct bp_text map,
    const struct bp_identity *who, struct bp_text account,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf address = BP_BUF_INIT(1024);
	struct facts f = { .cfg = cfg, .who = who, .account = account,
	    .email = bp_identity_email(who) };
	struct bp_account_map lines = { .rest = map };
	enum bp_reason why = BP_NO_RULE;
	struct bp_map_rule rule;
	enum bp_map_step step;
	bool given = false;

	f.has_address = bp_account_map_email(f.email.address, &address);
	f.address = bp_buf_text(&address);
	/* to the end, though one gave it: a broken map admits nobody */
	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (!given)
			given = gives(&f, &rule, &why);
	if (step != BP_MAP_END)
		return bp_refuse(reterr, BP_MAP);
	return given || bp_refuse(reterr, why);
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
    struct bp_buf *ret)
{
	return bp_list_start(ret) && want(ret, bp_text_of("email")) &&
	    want(ret, bp_text_of("email_verified")) &&
	    want(ret, cfg->role_claim) &&
	    (cfg->tenant.kind != BP_TENANT_CLAIM ||
	    want(ret, cfg->tenant.name)) &&
	    bp_account_map_wanted(map, ret) &&
	    bp_list_count(bp_buf_text(ret)) <= BP_CLAIM_WANTED_MAX;
}
