/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/roster_show.h"
#include "ctl/escape.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 4, COLUMN_MAX = 4096, WIDEST = 40 };

/* What is shown of which services. */
struct showing {
	const struct bp_roster	*r;
	const struct bp_service	*only;
	int			 width[COLUMNS];
};

/* Half a column would say something else: it ends in dots. */
static void
say(struct bp_buf *b, const char *words)
{
	if (b->len + strlen(words) > COLUMN_MAX - 8 || !bp_buf_say(b, words))
		(void)!bp_buf_say(b, "...");
}

/* In a column, words for what is against an account, or a user. */
static const char *
words_of(enum bp_reason why)
{
	static const struct { enum bp_reason why; const char *words; } all[] = {
		{ BP_NO_ACCOUNT, "missing" }, { BP_ROOT, "root's" },
		{ BP_LOCAL_ACCOUNT, "local" },
		{ BP_ACCOUNT_SPELLING, "spelt otherwise" },
		{ BP_ACCOUNT_LOOKUP, "look-up failed" },
		{ BP_LOCKED, "locked" }, { BP_RULE_ENDED, "rule ended" },
		{ BP_PINNED, "pinned to another" },
		{ BP_NOBODY_KNOWN, "pinned to an unknown" },
		{ BP_API_INACTIVE, "inactive" },
		{ BP_API_USERS, "another has the same id or e-mail" },
		{ BP_NO_RULE, "no rule" }, { BP_ROLE, "no such role" },
		{ BP_API_ROLE_TYPE, "roles of no use" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].why == why)
			return all[i].words;
	return bp_reason_row(why)->name;
}

/*** Services ***/

static bool
is_shown(const struct showing *s, size_t service)
{
	return s->only == NULL || bp_text_same(s->only->name,
	    s->r->by_api.service[service].name);
}

static bool
has_role(const struct showing *s, const struct bp_roster_user *u, size_t i)
{
	return is_shown(s, i) && (u->admits >> i & 1) != 0;
}

/* By her roles some service admits her. */
static bool
has_any_role(const struct showing *s, const struct bp_roster_user *u)
{
	for (size_t i = 0; i < s->r->by_api.services; i++)
		if (has_role(s, u, i))
			return true;
	return false;
}

static enum bp_reason
why_not(const struct showing *s, const struct bp_roster_user *u)
{
	if (u->why != BP_ADMITTED)
		return u->why;
	if (!u->said.has_roles)
		return BP_API_ROLE_TYPE;
	if (!has_any_role(s, u))
		return BP_ROLE;
	return u->gains == 0 ? BP_NO_RULE : BP_ADMITTED;
}

/*** The columns ***/

static void
put_email(const struct showing *s, const struct bp_roster_user *u,
    struct bp_buf *b)
{
	(void)s;
	say(b, u->said.email.len > 0 ? bp_escape_text(u->said.email).text
	    : "-");
}

static void
put_id(const struct showing *s, const struct bp_roster_user *u,
    struct bp_buf *b)
{
	(void)s;
	say(b, u->said.id.len > 0 ? bp_escape_text(u->said.id).text : "-");
}

static void
put_accounts(const struct showing *s, const struct bp_roster_user *u,
    struct bp_buf *b)
{
	for (size_t i = u->first; i < u->first + u->gains; i++) {
		const struct bp_gain *g = &s->r->gain[i];

		if (i > u->first)
			say(b, ", ");
		say(b, bp_escape_text(bp_text_of(g->account)).text);
		if (g->why == BP_ADMITTED)
			continue;
		say(b, " (");
		say(b, words_of(g->why));
		say(b, ")");
	}
	if (u->gains == 0)
		say(b, "-");
}

static void
put_services(const struct showing *s, const struct bp_roster_user *u,
    struct bp_buf *b)
{
	bool is_able = bp_roster_is_able(s->r, u);
	enum bp_reason why = why_not(s, u);

	for (size_t i = 0; is_able && i < s->r->by_api.services; i++)
		if (has_role(s, u, i)) {
			if (b->len > 0)
				say(b, ", ");
			say(b, bp_escape_text(
			    s->r->by_api.service[i].name).text);
		}
	if (b->len > 0)
		return;
	say(b, "-");
	if (why == BP_ADMITTED)
		return;
	say(b, " (");
	say(b, words_of(why));
	say(b, ")");
}

static const struct column {
	const char	*head;
	void		(*put)(const struct showing *s,
			    const struct bp_roster_user *u,
			    struct bp_buf *b);
} columns[COLUMNS] = {
	{ "E-MAIL", put_email }, { "ID", put_id },
	{ "ACCOUNTS", put_accounts }, { "ADMITTED TO", put_services },
};

static void
measure(struct showing *s)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(COLUMN_MAX);

	for (int c = 0; c < COLUMNS; c++) {
		s->width[c] = (int)strlen(columns[c].head);
		for (size_t i = 0; i < s->r->users; i++) {
			b.len = 0;
			columns[c].put(s, &s->r->user[i], &b);
			if ((int)b.len > s->width[c] && b.len <= WIDEST)
				s->width[c] = (int)b.len;
		}
	}
}

static void
show_roles(const struct bp_roster_user *u)
{
	struct bp_list each = { u->said.role_count, u->said.role_items };
	const char *before = "";
	struct bp_text role;

	if (each.left == 0)
		(void)putchar('-');
	for (; bp_list_next(&each, &role); before = ", ")
		(void)printf("%s%s", before, bp_escape_text(role).text);
	(void)putchar('\n');
}

static void
show_line(const struct showing *s, const struct bp_roster_user *u)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(COLUMN_MAX);

	for (int c = 0; c < COLUMNS; c++) {
		b.len = 0;
		columns[c].put(s, u, &b);
		(void)printf("%.*s%*s  ", (int)b.len, bp_buf_text(&b).at,
		    (int)b.len < s->width[c] ? s->width[c] - (int)b.len : 0,
		    "");
	}
	show_roles(u);
}

static void
show_heads(const struct showing *s)
{
	for (int c = 0; c < COLUMNS; c++)
		(void)printf("%-*s  ", s->width[c], columns[c].head);
	(void)puts("ROLES");
}

/*** Behind the lines ***/

static const char *
name_of(const struct bp_roster_user *u, struct bp_escaped *lent)
{
	struct bp_text name = u->said.email.len > 0 ? u->said.email
	    : u->said.id;

	*lent = bp_escape_text(name);
	return name.len > 0 ? lent->text : "one without id and e-mail";
}

/* All who would have the account of the gain N, where it is the first's. */
static void
show_shared(const struct bp_roster *r, size_t n, const char **heading)
{
	struct bp_text account = bp_text_of(r->gain[n].account);
	size_t other, first = bp_index_find(&r->by_account, account);
	size_t at = first;
	struct bp_escaped lent;

	if (!bp_roster_shares(r, n, &at, &other) || other < n)
		return;
	(void)printf("%s  %s: %s", *heading, bp_escape_text(account).text,
	    name_of(&r->user[r->gain[n].user], &lent));
	*heading = "";
	for (at = first; bp_roster_shares(r, n, &at, &other);)
		(void)printf(", %s",
		    name_of(&r->user[r->gain[other].user], &lent));
	(void)putchar('\n');
}

/* What a shell takes as it stands, and useradd takes at all. */
static bool
is_plain(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	return name[0] != '\0' && strchr(letters, name[0]) != NULL &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789-") ==
	    strlen(name) && strlen(name) <= 32;
}

/* Somebody would be admitted as her, were there such an account. */
static bool
is_wanted(const struct showing *s, size_t n)
{
	const struct bp_gain *g = &s->r->gain[n];
	const struct bp_roster_user *u = &s->r->user[g->user];

	return g->why == BP_NO_ACCOUNT && u->why == BP_ADMITTED &&
	    has_any_role(s, u);
}

/* Each account once: by the first who would have it. */
static bool
is_first_wanted(const struct showing *s, size_t n)
{
	size_t other, at = bp_index_find(&s->r->by_account,
	    bp_text_of(s->r->gain[n].account));

	while (bp_roster_shares(s->r, n, &at, &other) && other < n)
		if (is_wanted(s, other))
			return false;
	return is_wanted(s, n);
}

static void
show_missing(const struct showing *s, size_t n, const char **heading)
{
	const char *account = s->r->gain[n].account;

	if (!is_first_wanted(s, n))
		return;
	if (is_plain(account))
		(void)printf("%s  useradd --create-home %s\n", *heading,
		    account);
	else
		(void)printf("%s  (no name for useradd: \"%s\")\n", *heading,
		    bp_escape_text(bp_text_of(account)).text);
	*heading = "";
}

static void
show_lines(struct showing *s)
{
	const char *shared = "\nMore than one person would get:\n";
	const char *missing = "\nAccounts that this host lacks; nothing was "
	    "made:\n";

	measure(s);
	show_heads(s);
	for (size_t i = 0; i < s->r->users; i++)
		show_line(s, &s->r->user[i]);
	for (size_t i = 0; i < s->r->gains; i++)
		show_shared(s->r, i, &shared);
	for (size_t i = 0; i < s->r->gains; i++)
		show_missing(s, i, &missing);
}

/*** Objects ***/

static void
json_roles(const struct bp_roster_user *u)
{
	struct bp_list each = { u->said.role_count, u->said.role_items };
	const char *before = "[";
	struct bp_text role;

	(void)fputs("\"roles\": ", stdout);
	if (!u->said.has_roles) {
		(void)fputs("null, ", stdout);
		return;
	}
	for (; bp_list_next(&each, &role); before = ", ") {
		(void)fputs(before, stdout);
		bp_escape_json(role);
	}
	(void)fputs(before[0] == '[' ? "[], " : "], ", stdout);
}

static void
json_accounts(const struct bp_roster *r, const struct bp_roster_user *u)
{
	const char *before = "";

	(void)fputs("\"accounts\": [", stdout);
	for (size_t i = u->first; i < u->first + u->gains; i++) {
		const struct bp_gain *g = &r->gain[i];

		(void)printf("%s{", before);
		bp_escape_pair("account", bp_text_of(g->account));
		(void)printf("\"exists\": %s, \"reason\": \"%s\"}",
		    g->exists ? "true" : "false", bp_reason_row(g->why)->name);
		before = ", ";
	}
	(void)fputs("], ", stdout);
}

static void
json_services(const struct showing *s, const struct bp_roster_user *u)
{
	bool is_able = bp_roster_is_able(s->r, u);
	const char *before = "";

	(void)fputs("\"services\": [", stdout);
	for (size_t i = 0; i < s->r->by_api.services; i++) {
		const struct bp_service *one = &s->r->by_api.service[i];

		if (!is_shown(s, i))
			continue;
		(void)printf("%s{", before);
		bp_escape_pair("service", one->name);
		(void)printf("\"admitted\": %s, \"reason\": \"%s\"}",
		    is_able && has_role(s, u, i) ? "true" : "false",
		    bp_reason_row(bp_roster_judge(s->r, u, one))->name);
		before = ", ";
	}
	(void)fputs("]}", stdout);
}

static void
show_object(const struct showing *s, const struct bp_roster_user *u)
{
	(void)fputs("{", stdout);
	bp_escape_pair("id", u->said.id);
	bp_escape_pair("email", u->said.email);
	bp_escape_pair("sub", u->sub);
	(void)printf("\"active\": %s, ", u->said.is_active ? "true" : "false");
	json_roles(u);
	(void)printf("\"reason\": \"%s\", ", bp_reason_row(u->why)->name);
	json_accounts(s->r, u);
	json_services(s, u);
}

static void
show_objects(const struct showing *s)
{
	const char *before = "[\n";

	for (size_t i = 0; i < s->r->users; i++, before = ",\n") {
		(void)fputs(before, stdout);
		show_object(s, &s->r->user[i]);
	}
	(void)fputs(before[0] == '[' ? "[]\n" : "\n]\n", stdout);
}

void
bp_roster_show(const struct bp_roster *r, const struct bp_service *only,
    bool as_json)
{
	struct showing s = { .r = r, .only = only };

	if (as_json)
		show_objects(&s);
	else
		show_lines(&s);
}
