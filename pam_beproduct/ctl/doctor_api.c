/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/look_up.h"
#include "core/item.h"
#include "ctl/doctor.h"
#include "ctl/step.h"
#include "wire/list.h"
#include "wire/mailbox.h"

/* The first whom a rule names by an address; false: there is none. */
static bool
choose_person(const struct bp_check *c, struct bp_buf *ret)
{
	struct bp_account_map map = {
	    .rest = bp_buf_text(&c->setup.map) };
	BP_AUTO(bp_buf_done) struct bp_buf one = BP_BUF_INIT(BP_MAILBOX_MAX);
	struct bp_map_rule rule;

	while (bp_account_map_next(&map, &rule) == BP_MAP_RULE) {
		one.len = 0;
		if (bp_text_is(rule.claim, "email") && !rule.is_regex &&
		    bp_item_copy(&rule.identity, &one) &&
		    bp_mailbox_put(bp_buf_text(&one), ret))
			return true;
	}
	return false;
}

static struct bp_where
in_api(const struct bp_check *c, const char *key)
{
	return bp_check_where(c, "api", bp_text_of(""), key);
}

/* Is there a service for whose role the API might say? */
static bool
is_wanted(const struct bp_check *c, struct bp_text role)
{
	for (size_t i = 0; i < c->setup.cfg.services; i++) {
		const struct bp_service *s = &c->setup.cfg.service[i];

		if (bp_config_is_any_role(s->require_role) ||
		    bp_item_list_has(s->require_role, role) ||
		    bp_item_list_has(s->require_all_roles, role))
			return true;
	}
	return false;
}

static void
say_user(struct bp_check *c, struct bp_text address, const struct bp_msg *m)
{
	struct bp_list roles = bp_list_of(m->field[BP_F_API_ROLES]);
	struct bp_where where = in_api(c, "role_source");
	struct bp_text role;
	unsigned n = 0;
	bool wanted = false;

	for (; bp_list_next(&roles, &role); n++)
		wanted = wanted || is_wanted(c, role);
	if (wanted)
		bp_finding_ok(&c->findings, where, "the public API answers, "
		    "and %.*s has a role there that a section names",
		    BP_ARGS(address));
	else
		bp_finding_warn(&c->findings, where, "the public API answers, "
		    "and of %u roles that %.*s has there no section names "
		    "one: compare require_role with `beproductctl cache "
		    "show`", n, BP_ARGS(address));
}

/* What is wrong with one person is no fault of this host's. */
static void
say_refusal(struct bp_check *c, const struct bp_request *r,
    enum bp_reason why, struct bp_text address)
{
	const struct bp_reason_row *row = bp_reason_row(why);

	if (row->class == BP_CLASS_DENIED)
		bp_finding_warn(&c->findings, in_api(c, "company"), "the "
		    "public API answers, but of %.*s, whom the account map "
		    "names: %s: %s", BP_ARGS(address), row->name, row->log);
	else
		bp_doctor_say_why(c, r, why, in_api(c, "base_url"));
}

/* As the account phase asks: so that a renewed token is kept as it keeps it. */
static void
ask(struct bp_check *c, struct bp_text address)
{
	BP_AUTO(bp_request_done) struct bp_request r = BP_REQUEST_INIT;
	const struct bp_look_up who = { .place = BP_SERVICE_HERE,
	    .run = BP_PATH_RUN, .email = address, .may_renew = true };
	struct bp_msg said = { 0 };
	enum bp_reason why = BP_UNDECIDED;

	if (bp_request_prepare(&r, &c->setup, &why) &&
	    bp_request_look_up(&r, &who, &said, &why))
		say_user(c, address, &said);
	else
		say_refusal(c, &r, why, address);
	if (r.unkept.len > 0)
		bp_finding_error(&c->findings, (struct bp_where){
		    .file = BP_PATH_STATE }, "%.*s",
		    BP_ARGS(bp_buf_text(&r.unkept)));
}

void
bp_doctor_api(struct bp_check *c)
{
	BP_AUTO(bp_buf_done) struct bp_buf address =
	    BP_BUF_INIT(BP_MAILBOX_MAX);

	if (c->setup.cfg.role_source == BP_ROLES_API && c->has_map &&
	    choose_person(c, &address))
		ask(c, bp_buf_text(&address));
	else if (bp_config_asks_api(&c->setup.cfg))
		bp_finding_note(&c->findings, in_api(c, "base_url"), "what "
		    "the public API says is not looked at: `beproductctl "
		    "sign-in` asks it, as somebody who signs in");
}
