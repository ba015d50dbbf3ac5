/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/roster.h"
#include "attempt/judge.h"
#include "attempt/look_up.h"
#include "ctl/people.h"
#include "wire/clock.h"
#include "wire/mailbox.h"

#include <stdlib.h>
#include <string.h>

/* One making: what is needed until it is made. */
struct making {
	struct bp_roster	*r;
	struct bp_index		 by_id, by_email;	/* of users */
	int64_t			 now;
};

void
bp_roster_done(struct bp_roster *r)
{
	for (size_t i = 0; i < r->gains; i++)
		free(r->gain[i].account);
	free(r->gain);
	free(r->user);
	free(r->rule);
	bp_index_done(&r->by_account);
	bp_index_done(&r->by_identity);
	bp_roster_pins_done(&r->pins);
	bp_buf_done(&r->fault);
}

static void
making_done(struct making *m)
{
	bp_index_done(&m->by_id);
	bp_index_done(&m->by_email);
}

/*** The map, once ***/

/* As they are compared; false: it is an expression, or there is no memory. */
static bool
put_identity(const struct bp_map_rule *rule, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAP_MAX);

	if (rule->is_regex || !bp_item_copy(&rule->identity, &b))
		return false;
	return bp_text_is(rule->claim, "email")
	    ? bp_mailbox_put(bp_buf_text(&b), ret)
	    : bp_buf_put(ret, bp_buf_text(&b));
}

static bool
is_of_claim(const struct bp_map_rule *rule)
{
	return bp_text_is(rule->claim, "email") ||
	    bp_text_is(rule->claim, "sub");
}

static bool
keep_rule(struct bp_roster *r, const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAP_MAX);

	if (!is_of_claim(rule)) {
		r->has_unseen = r->has_unseen || !bp_map_rule_is_key(rule);
		return true;
	}
	r->rule[r->rules] = *rule;
	return rule->is_regex ? bp_index_add(&r->by_identity,
	    bp_text_of(""), r->rules++) : (put_identity(rule, &b) &&
	    bp_index_add(&r->by_identity, bp_buf_text(&b), r->rules++));
}

/* A rule has a line of its own. */
static size_t
count_lines(struct bp_text t)
{
	size_t n = 1;

	for (size_t i = 0; i < t.len; i++)
		n += t.at[i] == '\n';
	return n;
}

static bool
read_rules(struct bp_roster *r, enum bp_reason *reterr)
{
	struct bp_account_map lines = { .rest = bp_buf_text(&r->setup->map) };
	enum bp_map_step step;
	struct bp_map_rule rule;

	r->rule = calloc(count_lines(lines.rest), sizeof(*r->rule));
	if (r->rule == NULL)
		return bp_refuse(reterr, BP_MEMORY);
	while ((step = bp_account_map_next(&lines, &rule)) == BP_MAP_RULE)
		if (!keep_rule(r, &rule))
			return bp_refuse(reterr, BP_MEMORY);
	bp_index_sort(&r->by_identity);
	return step == BP_MAP_END || bp_refuse(reterr, BP_MAP);
}

/*** The users ***/

static bool
read_users(struct making *m, struct bp_text content, enum bp_reason *reterr)
{
	struct bp_roster *r = m->r;
	struct bp_list list = bp_list_of(content);
	enum bp_person_step step;
	struct bp_person p;

	/* four items a user at least */
	r->user = calloc(list.left / 4 + 1, sizeof(*r->user));
	if (r->user == NULL)
		return bp_refuse(reterr, BP_MEMORY);
	while ((step = bp_person_next(&list, &p)) == BP_PERSON_NEXT) {
		r->user[r->users] = (struct bp_roster_user){ .said = p };
		if (!bp_index_add(&m->by_id, p.id, r->users) ||
		    !bp_index_add(&m->by_email, p.email, r->users))
			return bp_refuse(reterr, BP_MEMORY);
		r->users++;
	}
	bp_index_sort(&m->by_id);
	bp_index_sort(&m->by_email);
	return step == BP_PERSON_END || bp_refuse(reterr, BP_HELPER_ANSWER);
}

/* Whoever asks the API for one of two gets neither. */
static bool
is_alone(const struct making *m, size_t number)
{
	const struct bp_roster_user *all = m->r->user, *u = &all[number];
	size_t n, at = bp_index_find(&m->by_id, u->said.id);

	while (u->said.id.len > 0 && bp_index_next(&m->by_id, u->said.id, &at,
	    &n))
		if (n != number && bp_text_same(all[n].said.id, u->said.id))
			return false;
	at = bp_index_find(&m->by_email, u->said.email);
	while (u->said.email.len > 0 && bp_index_next(&m->by_email,
	    u->said.email, &at, &n))
		if (n != number && bp_text_same(all[n].said.email,
		    u->said.email))
			return false;
	return true;
}

/*** What the map gives, and what is against it ***/

static bool
add_gain(struct bp_roster *r, const struct bp_gain *g)
{
	size_t room = r->room == 0 ? 64 : 2 * r->room;
	struct bp_gain *more;

	if (r->gains == r->room) {
		more = reallocarray(r->gain, room, sizeof(*more));
		if (more == NULL)
			return false;
		r->gain = more;
		r->room = room;
	}
	r->gain[r->gains++] = *g;
	return true;
}

static bool
is_unlocked(const struct bp_roster *r, struct bp_text account,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	const struct bp_lock l = { BP_LOCK_ACCOUNT, .value = account };

	return bp_lock_is_open(&r->setup->locks, &l, &file, reterr);
}

/* Too little may be known of whom it is pinned to, to say it is another. */
static bool
is_hers(const struct bp_roster *r, const struct bp_identity *who,
    struct bp_text account, enum bp_reason *reterr)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;

	if (bp_judge_pin(r->setup, who, account, &pins, reterr))
		return true;
	for (size_t i = 0; *reterr == BP_PINNED && who->sub.len == 0 &&
	    i < pins.n; i++)
		if (pins.pin[i].api_id.len + pins.pin[i].email.len == 0)
			*reterr = BP_NOBODY_KNOWN;
	return false;
}

/* In the module's order. */
static enum bp_reason
judge_account(const struct bp_roster *r, const struct bp_identity *who,
    struct bp_gain *g, bool is_past)
{
	struct bp_account a = bp_account_look_up(g->account);
	struct bp_text account = bp_text_of(g->account);
	enum bp_reason why = bp_people_judge(&r->setup->cfg, &a, g->account);

	g->exists = a.found;
	if (why != BP_ADMITTED)
		return why;
	if (!is_unlocked(r, account, &why))
		return why;
	if (is_past)
		return BP_RULE_ENDED;
	return is_hers(r, who, account, &why) ? BP_ADMITTED : why;
}

/* She has it already, by another rule: one that has not ended counts. */
static struct bp_gain *
find_gain(struct bp_roster *r, const struct bp_roster_user *u,
    struct bp_text account)
{
	for (size_t i = u->first; i < u->first + u->gains; i++)
		if (bp_text_is(account, r->gain[i].account))
			return &r->gain[i];
	return NULL;
}

static bool
gain(struct bp_roster *r, struct bp_roster_user *u,
    const struct bp_identity *who, struct bp_text account, bool is_past)
{
	struct bp_gain *had = find_gain(r, u, account);
	struct bp_gain g = { .user = (size_t)(u - r->user) };

	if (had != NULL) {
		if (had->why == BP_RULE_ENDED && !is_past)
			had->why = judge_account(r, who, had, false);
		return true;
	}
	g.account = strndup(account.at, account.len);
	if (g.account == NULL)
		return false;
	g.why = judge_account(r, who, &g, is_past);
	if (!bp_index_add(&r->by_account, account, r->gains) ||
	    !add_gain(r, &g)) {
		free(g.account);
		return false;
	}
	u->gains++;
	return true;
}

/* What the rule says of whichever account it gives, it says of that one. */
static bool
take_rule(struct bp_roster *r, struct bp_roster_user *u,
    struct bp_mapping *m, const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf account =
	    BP_BUF_INIT(BP_ACCOUNT_MAX), again = BP_BUF_INIT(BP_ACCOUNT_MAX);
	enum bp_verdict v;

	m->account = bp_text_of("");
	if (bp_policy_rule(m, rule, &account) != BP_RULE_OTHER_ACCOUNT)
		return true;
	m->account = bp_buf_text(&account);
	v = bp_policy_rule(m, rule, &again);
	return (v != BP_RULE_GIVES && v != BP_RULE_PAST) ||
	    gain(r, u, m->who, m->account, v == BP_RULE_PAST);
}

/* The rules that may name IDENTITY; "": those that name nobody exactly. */
static bool
take_rules(struct bp_roster *r, struct bp_roster_user *u,
    struct bp_mapping *m, struct bp_text identity)
{
	size_t n, at = bp_index_find(&r->by_identity, identity);

	while (bp_index_next(&r->by_identity, identity, &at, &n))
		if (!take_rule(r, u, m, &r->rule[n]))
			return false;
	return true;
}

static bool
take_accounts(const struct making *m, struct bp_roster_user *u,
    const struct bp_identity *who)
{
	BP_AUTO(bp_policy_mapping_done) struct bp_mapping mapping =
	    bp_policy_mapping(&m->r->setup->cfg, who, bp_text_of(""), m->now);

	u->first = m->r->gains;
	return (u->said.email.len == 0 ||
	    take_rules(m->r, u, &mapping, u->said.email)) &&
	    (u->sub.len == 0 || take_rules(m->r, u, &mapping, u->sub)) &&
	    take_rules(m->r, u, &mapping, bp_text_of(""));
}

static enum bp_reason
judge_user(const struct making *m, size_t number,
    const struct bp_identity *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	enum bp_reason why;

	if (!m->r->user[number].said.is_active)
		return BP_API_INACTIVE;
	if (!is_alone(m, number))
		return BP_API_USERS;
	return bp_judge_locks(m->r->setup, who, &file, &why) ? BP_ADMITTED
	    : why;
}

/* What BUFS hold is hers until the next one. */
static bool
look_at(const struct making *m, size_t number, struct bp_buf *claims,
    struct bp_buf *roles)
{
	struct bp_roster *r = m->r;
	struct bp_roster_user *u = &r->user[number];
	static const struct bp_text none = BP_TEXT("\0\0\0\0");
	struct bp_identity who;

	claims->len = 0;
	u->sub = bp_roster_pins_sub(&r->pins, &u->said);
	if ((u->said.email.len > 0 &&
	    !bp_look_up_claims(u->said.email, claims)) ||
	    !bp_person_roles(&u->said, roles))
		return false;
	who = bp_identity_make(u->sub, none, bp_buf_text(claims));
	who.is_looked_up = true;
	who.has_api_roles = u->said.has_roles;
	who.api_roles = bp_buf_text(roles);
	who.api_id = u->said.id;
	u->why = judge_user(m, number, &who);
	for (size_t i = 0; i < r->by_api.services; i++)
		if (bp_roster_judge(r, u, &r->by_api.service[i]) ==
		    BP_ADMITTED)
			u->admits |= UINT32_C(1) << i;
	return take_accounts(m, u, &who);
}

static bool
look_at_all(const struct making *m, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf claims =
	    BP_BUF_INIT(BP_LOOK_UP_CLAIMS_MAX), roles =
	    BP_BUF_INIT(BP_API_ROLES_MAX);

	for (size_t i = 0; i < m->r->users; i++)
		if (!look_at(m, i, &claims, &roles))
			return bp_refuse(reterr, BP_MEMORY);
	bp_index_sort(&m->r->by_account);
	return true;
}

bool
bp_roster_make(struct bp_roster *r, const struct bp_setup *setup,
    struct bp_text list, enum bp_reason *reterr)
{
	BP_AUTO(making_done) struct making m = { .r = r,
	    .now = bp_clock_seconds() };

	r->setup = setup;
	r->by_api = setup->cfg;
	r->by_api.role_source = BP_ROLES_API;
	return read_rules(r, reterr) && read_users(&m, list, reterr) &&
	    (bp_roster_pins_read(&r->pins, setup, &r->fault) ||
	    bp_refuse(reterr, BP_MEMORY)) && look_at_all(&m, reterr);
}

enum bp_reason
bp_roster_judge(const struct bp_roster *r, const struct bp_roster_user *u,
    const struct bp_service *service)
{
	BP_AUTO(bp_buf_done) struct bp_buf roles =
	    BP_BUF_INIT(BP_API_ROLES_MAX);
	struct bp_identity who = { .has_api_roles = u->said.has_roles };
	enum bp_reason why;

	if (!bp_service_is_open(service))
		return BP_SERVICE_CLOSED;
	if (!bp_person_roles(&u->said, &roles))
		return BP_MEMORY;
	who.api_roles = bp_buf_text(&roles);
	return bp_policy_demand(&r->by_api, service, BP_DEMAND_ROLE, &who,
	    &why) && bp_policy_demand(&r->by_api, service,
	    BP_DEMAND_ALL_ROLES, &who, &why) ? BP_ADMITTED : why;
}

bool
bp_roster_is_able(const struct bp_roster *r, const struct bp_roster_user *u)
{
	for (size_t i = u->first; i < u->first + u->gains; i++)
		if (u->why == BP_ADMITTED && r->gain[i].why == BP_ADMITTED)
			return true;
	return false;
}

bool
bp_roster_shares(const struct bp_roster *r, size_t n, size_t *at,
    size_t *retother)
{
	struct bp_text account = bp_text_of(r->gain[n].account);
	size_t other;

	while (bp_index_next(&r->by_account, account, at, &other))
		if (other != n &&
		    bp_text_is(account, r->gain[other].account)) {
			*retother = other;
			return true;
		}
	return false;
}
