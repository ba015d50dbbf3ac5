#include "core/account_map.h"
#include "core/ini.h"
#include "wire/claim.h"

#include <locale.h>
#include <regex.h>
#include <string.h>

enum { GROUPS = 10 };	/* the whole match, then \1 to \9 */

/*
 * Classes, ranges and what counts as a character depend on the locale, which
 * sudo has set from its caller's environment: the caller must not steer what
 * a rule matches.  uselocale() speaks for this thread alone, and the C locale
 * is read from no file.
 */
struct plain {
	locale_t	 c, before;
};

static void
leave_plain(struct plain *p)
{
	if (p->c == (locale_t)0)
		return;
	(void)uselocale(p->before);
	freelocale(p->c);
}

static struct plain
enter_plain(void)
{
	struct plain p = { .c = newlocale(LC_ALL_MASK, "C", (locale_t)0) };

	if (p.c != (locale_t)0)
		p.before = uselocale(p.c);
	return p;
}

struct expression {
	regex_t	 regex;
	bool	 compiled;
};

static void
free_expression(struct expression *e)
{
	if (e->compiled)
		regfree(&e->regex);
	e->compiled = false;
}

/* To be called, and what it gives used and freed, in the plain locale. */
static bool
compile(struct bp_text text, struct expression *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_MAP_REGEX_MAX + 1);

	ret->compiled = bp_buf_put(&string, text) &&
	    bp_buf_add(&string, "", 1) &&
	    regcomp(&ret->regex, (const char *)string.data, REG_EXTENDED) == 0;
	return ret->compiled;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_digit(char c, char from)
{
	return c >= from && c <= '9';
}

bool
bp_account_map_is_account(struct bp_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || name.at[i] == ':' ||
		    is_blank(name.at[i]))
			return false;
	return name.len > 0 && name.len <= BP_ACCOUNT_MAX &&
	    name.at[0] != '-' && bp_text_is_printable(name);
}

bool
bp_account_map_is_claim(struct bp_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (is_blank(name.at[i]))
			return false;
	return name.len > 0 && name.len <= BP_CLAIM_NAME_MAX &&
	    bp_text_is_printable(name);
}

static bool
is_address(struct bp_text t)
{
	struct bp_text local, domain, left, right;

	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] < 0x20 || t.at[i] > 0x7e)
			return false;
	return t.len <= BP_EMAIL_MAX &&
	    bp_text_cut(t, '@', &local, &domain) && local.len > 0 &&
	    domain.len > 0 && !bp_text_cut(domain, '@', &left, &right);
}

bool
bp_account_map_email(struct bp_text address, struct bp_buf *ret)
{
	size_t before = ret->len;
	bool in_domain = false, ok = is_address(address);

	for (size_t i = 0; ok && i < address.len; i++) {
		char c = address.at[i];

		in_domain = in_domain || c == '@';
		if (in_domain && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		ok = bp_buf_add(ret, &c, 1);
	}
	if (!ok)
		ret->len = before;
	return ok;
}

static bool
is_email(const struct bp_map_rule *rule)
{
	return bp_text_is(rule->claim, "email");
}

/* What is wrong with the exact IDENTITY of a rule; NULL: nothing. */
static const char *
fault_of_identity(const struct bp_map_rule *rule)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_EMAIL_MAX);

	if (rule->identity.raw.len == 0)
		return "the identity is empty";
	if (is_email(rule) && (!bp_item_copy(&rule->identity, &b) ||
	    !is_address(bp_buf_text(&b))))
		return "the identity is no e-mail address: one @, printable "
		    "ASCII, at most 320 bytes";
	return NULL;
}

/*
 * Back-references are no part of POSIX extended expressions; glibc has them
 * all the same, and takes exponential time for them.
 */
static bool
refers_back(struct bp_text text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.at[i] != '\\')
			continue;
		if (is_digit(text.at[++i], '0'))
			return true;
	}
	return false;
}

/* The number that TEXT begins with, MOST if it is greater; 0: none. */
static uint32_t
leading_number(struct bp_text text, uint32_t most)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len && is_digit(text.at[i], '0'); i++)
		if ((n = n * 10 + (uint32_t)(text.at[i] - '0')) > most)
			return most;
	return n;
}

/* How often the braces that TEXT begins with repeat, at most; 0: not at all. */
static uint32_t
repetition(struct bp_text text, uint32_t most)
{
	struct bp_text inside, least, after;
	uint32_t n, m;

	(void)bp_text_cut(bp_text_after(text, 1), '}', &inside, &after);
	(void)bp_text_cut(inside, ',', &least, &after);
	n = leading_number(least, most);
	m = leading_number(after, most);
	return m > n ? m : n;
}

/*
 * regcomp() copies what braces repeat, and braces around braces multiply: a
 * line of sixty bytes would take all of the host's memory.  An estimate, and
 * rather too high (of a brace within brackets, too).
 */
static bool
repeats_too_much(struct bp_text text)
{
	uint32_t size = (uint32_t)text.len, times = 1, n;

	for (size_t i = 1; i < text.len; i++) {
		if (text.at[i] != '{')
			continue;
		n = repetition(bp_text_after(text, i), BP_MAP_REGEX_SIZE_MAX);
		if (n == 0)
			continue;
		if (memchr(")}*+?", text.at[i - 1], 5) != NULL)
			times *= n;
		else
			size += n;
		if (size * times > BP_MAP_REGEX_SIZE_MAX)
			return true;
	}
	return false;
}

/* The same of an expression; RETGROUPS is how many it has. */
static const char *
fault_of_regex(struct bp_text text, size_t *retgroups)
{
	BP_AUTO(leave_plain) struct plain plain = enter_plain();
	BP_AUTO(free_expression) struct expression e = { .compiled = false };

	if (text.len == 0)
		return "the expression is empty";
	if (text.len > BP_MAP_REGEX_MAX)
		return "the expression is longer than 1024 bytes";
	if (refers_back(text))
		return "the expression has a back-reference, which POSIX "
		    "extended expressions have not";
	if (repeats_too_much(text))
		return "the expression repeats too much in braces";
	if (plain.c == (locale_t)0 || !compile(text, &e))
		return "the expression is no POSIX extended regular expression";
	*retgroups = e.regex.re_nsub;
	return NULL;
}

/* The same of an account, whose rule has so many GROUPS. */
static const char *
fault_of_account(const struct bp_item *account, bool is_regex, size_t groups)
{
	struct bp_text t = account->raw;

	if (!bp_account_map_is_account(t))
		return "the account is no name that an account can have: "
		    "no / : or blank, no - in front, at most 255 bytes";
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] != '\\')
			continue;
		if (++i == t.len || t.at[i] == '\\' || t.at[i] == '0')
			return "a \\ in the account stands before 1 to 9, for "
			    "a group, or for itself before a letter or mark";
		if (!is_digit(t.at[i], '1'))
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
fault_of_rule(struct bp_map_rule *rule)
{
	size_t groups = 0;
	const char *fault;

	if (!bp_account_map_is_claim(rule->claim))
		return "the claim is no name: no blanks, at most 128 bytes";
	fault = fault_of_slashes(rule);
	if (fault == NULL)
		fault = rule->is_regex
		    ? fault_of_regex(rule->identity.raw, &groups)
		    : fault_of_identity(rule);
	if (fault == NULL)
		fault = fault_of_account(&rule->account, rule->is_regex,
		    groups);
	return fault;
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
	return line.len == 0 ? NULL : "more than three columns";
}

enum bp_map_step
bp_account_map_next(struct bp_account_map *map, struct bp_map_rule *ret)
{
	struct bp_ini ini = { .rest = map->rest, .line = map->line };
	struct bp_map_rule rule = { 0 };
	struct bp_text line;
	enum bp_ini_step step = bp_ini_line(&ini, "#", &line);

	map->rest = ini.rest;
	map->line = rule.line = ini.line;
	if (step == BP_INI_END)
		return BP_MAP_END;
	map->what = step == BP_INI_BAD ? ini.what : split(line, &rule);
	if (map->what == NULL)
		map->what = fault_of_rule(&rule);
	if (map->what != NULL)
		return BP_MAP_BAD;
	*ret = rule;
	return BP_MAP_RULE;
}

bool
bp_account_map_check(struct bp_text text, struct bp_account_map *reterr)
{
	struct bp_account_map map = { .rest = text };
	struct bp_map_rule rule;
	enum bp_map_step step;

	do
		step = bp_account_map_next(&map, &rule);
	while (step == BP_MAP_RULE);
	if (step == BP_MAP_BAD)
		*reterr = map;
	return step == BP_MAP_END;
}

/* Does a group stand at I, or a backslash for itself? */
static bool
is_group(struct bp_text account, size_t i)
{
	return account.at[i] == '\\' && i + 1 < account.len &&
	    is_digit(account.at[i + 1], '1');
}

/* Write the account of RULE, with the groups of IDENTITY for \1 to \9. */
static bool
expand(struct bp_text account, const char *identity,
    const regmatch_t group[GROUPS], struct bp_buf *ret)
{
	for (size_t i = 0; i < account.len; i++) {
		struct bp_text piece = { account.at + i, 1 };
		const regmatch_t *g;

		if (is_group(account, i)) {
			g = &group[account.at[++i] - '0'];
			if (g->rm_so < 0 || g->rm_so == g->rm_eo)
				return false;
			piece = (struct bp_text){ identity + g->rm_so,
			    (size_t)(g->rm_eo - g->rm_so) };
		}
		if (!bp_buf_put(ret, piece))
			return false;
	}
	return true;
}

/* A quoted account stands for fewer quotes than it has. */
static bool
account_of(const struct bp_map_rule *rule, const char *identity,
    const regmatch_t group[GROUPS], struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf pattern =
	    BP_BUF_INIT(BP_ACCOUNT_MAX);

	return bp_item_copy(&rule->account, &pattern) &&
	    expand(bp_buf_text(&pattern), identity, group, ret) &&
	    bp_account_map_is_account(bp_buf_text(ret));
}

/* Leftmost and longest: if the match is not the whole, none is. */
static bool
matches_whole(const struct expression *e, struct bp_text identity,
    regmatch_t group[GROUPS])
{
	return regexec(&e->regex, identity.at, GROUPS, group, 0) == 0 &&
	    group[0].rm_so == 0 && (size_t)group[0].rm_eo == identity.len;
}

static bool
regex_gives(const struct bp_map_rule *rule, struct bp_text identity,
    struct bp_buf *ret)
{
	BP_AUTO(leave_plain) struct plain plain = enter_plain();
	BP_AUTO(free_expression) struct expression e = { .compiled = false };
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_CLAIM_VALUE_MAX + 1);
	regmatch_t group[GROUPS];

	if (plain.c == (locale_t)0 || !compile(rule->identity.raw, &e) ||
	    !bp_buf_put(&string, identity) || !bp_buf_add(&string, "", 1))
		return false;
	identity.at = (const char *)string.data;
	return matches_whole(&e, identity, group) &&
	    account_of(rule, identity.at, group, ret);
}

/* Does the rule name this address?  The rule's domain may have capitals. */
static bool
is_address_of(const struct bp_map_rule *rule, struct bp_text identity)
{
	BP_AUTO(bp_buf_done) struct bp_buf as_written =
	    BP_BUF_INIT(BP_EMAIL_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf small = BP_BUF_INIT(BP_EMAIL_MAX);

	return bp_item_copy(&rule->identity, &as_written) &&
	    bp_account_map_email(bp_buf_text(&as_written), &small) &&
	    bp_text_same(bp_buf_text(&small), identity);
}

static bool
names(const struct bp_map_rule *rule, struct bp_text identity)
{
	return is_email(rule) ? is_address_of(rule, identity)
	    : bp_item_is(&rule->identity, identity);
}

bool
bp_map_rule_gives(const struct bp_map_rule *rule, struct bp_text identity,
    struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(BP_ACCOUNT_MAX);

	if (!bp_text_is_printable(identity) ||
	    (is_email(rule) && !is_address(identity)))
		return false;
	return (rule->is_regex ? regex_gives(rule, identity, &got)
	    : names(rule, identity) && bp_item_copy(&rule->account, &got)) &&
	    bp_buf_put(ret, bp_buf_text(&got));
}

/* In WANTED already, or without need to be? */
static bool
is_named(struct bp_text claim, const struct bp_buf *wanted)
{
	return bp_text_is(claim, "sub") || bp_text_is(claim, "email") ||
	    bp_list_has(bp_buf_text(wanted), claim);
}

static bool
add_wanted(struct bp_text text, struct bp_buf *wanted)
{
	struct bp_account_map map = { .rest = text };
	struct bp_map_rule rule;
	enum bp_map_step step;

	while ((step = bp_account_map_next(&map, &rule)) == BP_MAP_RULE) {
		if (is_named(rule.claim, wanted))
			continue;
		if (bp_list_count(bp_buf_text(wanted)) >= BP_CLAIM_WANTED_MAX ||
		    !bp_list_add(wanted, rule.claim))
			return false;
	}
	return step == BP_MAP_END;
}

bool
bp_account_map_wanted(struct bp_text text, struct bp_buf *wanted)
{
	enum { COUNT = 4 };	/* a list begins with its count */
	uint8_t count[COUNT];
	size_t before = wanted->len;

	if (before < COUNT)
		return false;
	memcpy(count, wanted->data, COUNT);
	if (add_wanted(text, wanted))
		return true;
	memcpy(wanted->data, count, COUNT);
	wanted->len = before;
	return false;
}
