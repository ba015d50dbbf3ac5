/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/map_rule.h"
#include "core/day.h"
#include "core/match.h"
#include "core/ssh_key.h"
#include "wire/ascii.h"
#include "wire/claim.h"
#include "wire/mailbox.h"

#include <stdlib.h>
#include <string.h>

/* A dozen KiB: too much for a stack that the caller of sudo made small. */
static void
free_expression(struct bp_expression **e)
{
	free(*e);
}

static struct bp_expression *
new_expression(void)
{
	return malloc(sizeof(struct bp_expression));
}

/* What is wrong with TEXT; NULL: nothing; RETGROUPS is how many it has. */
static const char *
fault_of_regex(struct bp_text text, size_t *retgroups)
{
	BP_AUTO(free_expression) struct bp_expression *e = new_expression();
	const char *fault = e == NULL ? "no memory for the expression"
	    : bp_expression_read(text, e);

	if (fault == NULL)
		*retgroups = e->groups;
	return fault;
}

static bool
is_email(const struct bp_map_rule *rule)
{
	return bp_text_is(rule->claim, "email");
}

bool
bp_map_rule_is_key(const struct bp_map_rule *rule)
{
	return bp_text_is(rule->claim, "key");
}

static const char *
fault_of_key(const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_SSH_KEY_SIZE);

	return !rule->is_regex && bp_item_copy(&rule->identity, &b) &&
	    bp_ssh_key_is_name(bp_buf_text(&b)) ? NULL
	    : "the identity is no SSH key's fingerprint as ssh-keygen -l "
	    "prints it: SHA256: and 43 characters, no expression";
}

/* What is wrong with the exact IDENTITY of a rule; NULL: nothing. */
static const char *
fault_of_identity(const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAILBOX_MAX);

	if (rule->identity.raw.len == 0)
		return "the identity is empty";
	if (is_email(rule) && (!bp_item_copy(&rule->identity, &b) ||
	    !bp_mailbox_is_one(bp_buf_text(&b))))
		return "the identity is no e-mail address: one @, printable "
		    "ASCII, at most " BP_SPELT(BP_MAILBOX_MAX) " bytes";
	return NULL;
}

/* The same of an account, whose rule has so many GROUPS. */
static const char *
fault_of_account(const struct bp_item *account, bool is_regex, size_t groups)
{
	struct bp_text t = account->raw;

	if (!bp_name_is_account(t))
		return "the account is no name that an account can have: "
		    "no / : or blank, no - in front, at most "
		    BP_SPELT(BP_ACCOUNT_MAX) " bytes";
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] != '\\')
			continue;
		if (++i == t.len || t.at[i] == '\\' || t.at[i] == '0')
			return "a \\ in the account stands before 1 to 9, for "
			    "a group, or for itself before a letter or mark";
		if (!bp_ascii_is_digit(t.at[i]))
			continue;	/* DOMAIN\alice */
		if (!is_regex)
			return "the account names a group, but the identity "
			    "is no /expression/";
		if ((size_t)(t.at[i] - '0') > groups)
			return "the account names a group that the "
			    "expression lacks";
	}
	return NULL;
}

/* A bare identity that begins with a slash is an expression, or a mistake. */
static const char *
fault_of_slashes(struct bp_map_rule *rule)
{
	struct bp_text *t = &rule->identity.raw;

	rule->is_regex = !rule->identity.quoted && bp_text_starts(*t, "/");
	if (!rule->is_regex)
		return NULL;
	if (t->len < 2 || t->at[t->len - 1] != '/')
		return "the expression does not end in a / (it may hold no "
		    "blank; an identity that begins with / stands in quotes)";
	*t = (struct bp_text){ t->at + 1, t->len - 2 };
	return NULL;
}

static const char *
fault_of(struct bp_map_rule *rule)
{
	size_t groups = 0;
	const char *fault;

	if (!bp_name_is_claim(rule->claim))
		return "the claim is no name: no blanks, at most "
		    BP_SPELT(BP_CLAIM_NAME_MAX) " bytes";
	fault = fault_of_slashes(rule);
	if (fault == NULL && bp_map_rule_is_key(rule))
		fault = fault_of_key(rule);
	if (fault == NULL)
		fault = rule->is_regex
		    ? fault_of_regex(rule->identity.raw, &groups)
		    : fault_of_identity(rule);
	if (fault == NULL)
		fault = fault_of_account(&rule->account, rule->is_regex,
		    groups);
	return fault;
}

/* A fourth column, and nothing behind it. */
static const char *
take_end(struct bp_text line, int64_t *ret)
{
	struct bp_text key, day;
	struct bp_item column;
	int64_t begins;

	if (!bp_item_next_column(&line, &column) || line.len > 0 ||
	    column.quoted || !bp_text_cut(column.raw, '=', &key, &day) ||
	    !bp_text_is(key, "until"))
		return "more than three columns: a fourth says until=YYYY-MM-DD, "
		    "and there is no fifth";
	if (!bp_day_read(day, &begins))
		return "until= names no day: YYYY-MM-DD, from 1970-01-01 to "
		    "9999-12-31";
	*ret = begins + BP_DAY;
	return NULL;
}

static const char *
split(struct bp_text line, struct bp_map_rule *rule)
{
	struct bp_item claim, *column[] = { &claim, &rule->identity,
	    &rule->account };

	for (size_t i = 0; i < sizeof(column) / sizeof(column[0]); i++)
		if (!bp_item_next_column(&line, column[i]) ||
		    !bp_text_is_printable(column[i]->raw))
			return "expected three columns: claim, identity, "
			    "account (a quote stands around a column, doubled "
			    "inside it)";
	rule->claim = claim.raw;
	return line.len == 0 ? NULL : take_end(line, &rule->end);
}

const char *
bp_map_rule_read(struct bp_text line, struct bp_map_rule *ret)
{
	struct bp_map_rule rule = { 0 };
	const char *fault = split(line, &rule);

	if (fault == NULL)
		fault = fault_of(&rule);
	if (fault == NULL)
		*ret = rule;
	return fault;
}

bool
bp_map_rule_has_ended(const struct bp_map_rule *rule, int64_t now)
{
	return rule->end != 0 && now >= rule->end;
}

/* Does a group stand at I, or a backslash for itself? */
static bool
is_group(struct bp_text account, size_t i)
{
	return account.at[i] == '\\' && i + 1 < account.len &&
	    bp_ascii_is_digit(account.at[i + 1]);
}

/* Write the account of a rule, with what its groups took for \1 to \9. */
static bool
expand(struct bp_text account, const struct bp_text group[BP_GROUPS],
    struct bp_buf *ret)
{
	for (size_t i = 0; i < account.len; i++) {
		struct bp_text piece = { account.at + i, 1 };

		if (is_group(account, i)) {
			piece = group[account.at[++i] - '0'];
			if (piece.len == 0)
				return false;
		}
		if (!bp_buf_put(ret, piece))
			return false;
	}
	return true;
}

/* A quoted account stands for fewer quotes than it has. */
static bool
regex_gives(const struct bp_map_rule *rule, struct bp_text identity,
    uint32_t *left, struct bp_buf *ret)
{
	BP_AUTO(free_expression) struct bp_expression *e = new_expression();
	BP_AUTO(bp_buf_done) struct bp_buf pattern =
	    BP_BUF_INIT(BP_ACCOUNT_MAX);
	struct bp_text group[BP_GROUPS];
	bool asks = memchr(rule->account.raw.at, '\\',
	    rule->account.raw.len) != NULL;

	return e != NULL && bp_expression_read(rule->identity.raw, e) == NULL &&
	    bp_match(e, identity, left, asks ? group : NULL) &&
	    bp_item_copy(&rule->account, &pattern) &&
	    expand(bp_buf_text(&pattern), group, ret) &&
	    bp_name_is_account(bp_buf_text(ret));
}

/* Does the rule name this address?  The rule's domain may have capitals. */
static bool
is_address_of(const struct bp_map_rule *rule, struct bp_text identity)
{
	bool in_domain = false;
	size_t i = 0, n = 0;
	char c;

	while (bp_item_byte(&rule->identity, &i, &c)) {
		in_domain = in_domain || c == '@';
		if (in_domain)
			c = bp_ascii_small(c);
		if (n == identity.len || identity.at[n++] != c)
			return false;
	}
	return n == identity.len;
}

static bool
names(const struct bp_map_rule *rule, struct bp_text identity)
{
	return is_email(rule) ? is_address_of(rule, identity)
	    : bp_item_is(&rule->identity, identity);
}

/* Last, since it looks at every byte of what most rules do not even name. */
static bool
may_map(const struct bp_map_rule *rule, struct bp_text identity)
{
	return bp_text_is_printable(identity) &&
	    (!is_email(rule) || bp_mailbox_is_one(identity));
}

bool
bp_map_rule_gives(const struct bp_map_rule *rule, struct bp_text identity,
    uint32_t *left, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);

	return (rule->is_regex ? regex_gives(rule, identity, left, &got)
	    : names(rule, identity) && bp_item_copy(&rule->account, &got)) &&
	    may_map(rule, identity) && bp_buf_put(ret, bp_buf_text(&got));
}
