#include "core/expression.h"
#include "wire/ascii.h"
#include "wire/claim.h"

#include <locale.h>
#include <regex.h>
#include <string.h>

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

/* Called in the plain locale, and what it gives is used and freed there. */
static bool
compile(struct bp_text text, struct expression *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_EXPRESSION_MAX + 1);

	ret->compiled = bp_buf_put(&string, text) &&
	    bp_buf_add(&string, "", 1) &&
	    regcomp(&ret->regex, (const char *)string.data, REG_EXTENDED) == 0;
	return ret->compiled;
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
		if (bp_ascii_is_digit(text.at[++i]))
			return true;
	}
	return false;
}

/* The number that TEXT begins with, MOST if it is greater; 0: none. */
static uint32_t
leading_number(struct bp_text text, uint32_t most)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len && bp_ascii_is_digit(text.at[i]); i++)
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
		n = repetition(bp_text_after(text, i), BP_EXPRESSION_SIZE_MAX);
		if (n == 0)
			continue;
		if (memchr(")}*+?", text.at[i - 1], 5) != NULL)
			times *= n;
		else
			size += n;
		if (size * times > BP_EXPRESSION_SIZE_MAX)
			return true;
	}
	return false;
}

const char *
bp_expression_fault(struct bp_text text, size_t *retgroups)
{
	BP_AUTO(leave_plain) struct plain plain = enter_plain();
	BP_AUTO(free_expression) struct expression e = { .compiled = false };

	if (text.len == 0)
		return "the expression is empty";
	if (text.len > BP_EXPRESSION_MAX)
		return "the expression is longer than "
		    BP_SPELT(BP_EXPRESSION_MAX) " bytes";
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

/* Leftmost and longest: if the match is not the whole, none is. */
static bool
matches_whole(const struct expression *e, const char *string, size_t len,
    regmatch_t part[BP_EXPRESSION_GROUPS])
{
	return regexec(&e->regex, string, BP_EXPRESSION_GROUPS, part, 0) == 0 &&
	    part[0].rm_so == 0 && (size_t)part[0].rm_eo == len;
}

bool
bp_expression_match(struct bp_text text, struct bp_text identity,
    struct bp_text retgroup[BP_EXPRESSION_GROUPS])
{
	BP_AUTO(leave_plain) struct plain plain = enter_plain();
	BP_AUTO(free_expression) struct expression e = { .compiled = false };
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_CLAIM_VALUE_MAX + 1);
	regmatch_t part[BP_EXPRESSION_GROUPS];

	if (plain.c == (locale_t)0 || !compile(text, &e) ||
	    !bp_buf_put(&string, identity) || !bp_buf_add(&string, "", 1) ||
	    !matches_whole(&e, (const char *)string.data, identity.len, part))
		return false;
	for (size_t i = 0; i < BP_EXPRESSION_GROUPS; i++) {
		retgroup[i] = bp_text_of("");
		if (part[i].rm_so >= 0)
			retgroup[i] = (struct bp_text){ identity.at +
			    part[i].rm_so,
			    (size_t)(part[i].rm_eo - part[i].rm_so) };
	}
	return true;
}
