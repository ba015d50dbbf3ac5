/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/claims_file.h"
#include "core/ini.h"
#include "core/item.h"
#include "core/log.h"
#include "wire/ascii.h"

#include <string.h>

static const char claims_section[] = "claims", token_section[] = "id_token",
    api_section[] = "api";
static const char list_mark[] = "(list)", number_mark[] = "(number) ";

/* Bare, and alone: what is not a string. */
static const struct word {
	const char		*word;
	enum bp_claim_kind	 kind;
} words[] = {
	{ "true", BP_CLAIM_TRUE },
	{ "false", BP_CLAIM_FALSE },
	{ "null", BP_CLAIM_NULL },
	{ "(number)", BP_CLAIM_NUMBER },
	{ "(other)", BP_CLAIM_OTHER },
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

static const struct word *
word_of(struct bp_text t)
{
	for (size_t i = 0; i < WORDS; i++)
		if (bp_text_is(t, words[i].word))
			return &words[i];
	return NULL;
}

static bool
is_taken(struct bp_text name)
{
	return bp_text_is(name, "sub") || bp_text_is(name, "scope") ||
	    bp_text_is(name, "claim");
}

void
bp_claims_file_done(struct bp_claims_file *f)
{
	bp_buf_done(&f->sub);
	bp_buf_done(&f->scopes);
	bp_buf_done(&f->claims);
	bp_buf_done(&f->api_roles);
}

struct bp_identity
bp_claims_file_identity(const struct bp_claims_file *f)
{
	struct bp_identity who = bp_identity_make(bp_buf_text(&f->sub),
	    bp_buf_text(&f->scopes), bp_buf_text(&f->claims));

	who.has_api_roles = f->api_roles.len > 0;
	who.api_roles = bp_buf_text(&f->api_roles);
	return who;
}

/* Reading.  Each returns what is wrong, or NULL. */

static const char *
read_items(struct bp_text rest, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf one = BP_BUF_INIT(BP_INI_LINE_MAX);
	struct bp_item item;

	while (bp_item_next(&rest, &item)) {
		one.len = 0;
		/* a word that is misspelt must not become a string */
		if (!item.quoted && bp_text_starts(item.raw, "("))
			return "a value in ( ) is none of (list), (number) "
			    "and (other); a string that begins so stands in "
			    "quotes";
		if (!bp_item_copy(&item, &one) ||
		    !bp_list_add(ret, bp_buf_text(&one)))
			return "more than can be kept";
	}
	return rest.len == 0 ? NULL : "must be a list: one, two, "
	    "\"three, four\"";
}

/* What is no number in digits is refused where the claim is set. */
static const char *
read_number(struct bp_text digits, enum bp_claim_kind *kind,
    struct bp_buf *ret)
{
	*kind = BP_CLAIM_NUMBER;
	return bp_list_add(ret, bp_text_trim(digits)) ? NULL
	    : "more than can be kept";
}

static const char *
read_value(struct bp_text value, enum bp_claim_kind *kind, struct bp_buf *ret)
{
	const struct word *word = word_of(value);
	bool is_list = bp_text_starts(value, list_mark);
	const char *what;

	if (!bp_list_start(ret))
		return "more than can be kept";
	*kind = word != NULL ? word->kind : BP_CLAIM_STRINGS;
	if (word != NULL)
		return NULL;
	if (bp_text_starts(value, number_mark))
		return read_number(bp_text_after(value,
		    sizeof(number_mark) - 1), kind, ret);
	if (value.len == 0)
		return "is empty: leave it out if it is absent; an empty "
		    "string is \"\"";
	if (is_list)
		value = bp_text_after(value, sizeof(list_mark) - 1);
	what = read_items(value, ret);
	if (!is_list && bp_list_count(bp_buf_text(ret)) == 1)
		*kind = BP_CLAIM_STRING;
	return what;
}

static const char *
set_sub(struct bp_claims_file *f, const struct bp_claim *c)
{
	struct bp_text sub;

	if (!bp_claim_string(c, &sub) || sub.len == 0)
		return "must be a string";
	if (f->sub.len > 0)
		return "given twice";
	return bp_buf_put(&f->sub, sub) ? NULL
	    : "longer than " BP_SPELT(BP_SUB_MAX) " bytes";
}

static const char *
set_scopes(struct bp_claims_file *f, const struct bp_claim *c)
{
	if (c->kind != BP_CLAIM_STRING && c->kind != BP_CLAIM_STRINGS)
		return "must be a list of scopes";
	if (f->scopes.len > 0)
		return "given twice";
	return bp_buf_put(&f->scopes, c->values) ? NULL
	    : "more than can be kept";
}

static const char *
set_claim(struct bp_claims_file *f, const struct bp_claim *c)
{
	if (bp_claim_find(bp_buf_text(&f->claims), c->name, c->document).kind
	    != BP_CLAIM_ABSENT)
		return "given twice";
	return bp_claim_add(&f->claims, c) ? NULL : "no name of a claim, a "
	    "number that is not 1 to 15 digits, or more than can be kept";
}

/* What the API has is a list always. */
static const char *
read_api(struct bp_claims_file *f, const struct bp_ini *ini)
{
	enum bp_claim_kind kind;
	const char *what;

	if (!bp_text_is(ini->key, "role"))
		return "unknown key: role";
	if (f->api_roles.len > 0)
		return "given twice";
	what = read_value(ini->value, &kind, &f->api_roles);
	return what != NULL || kind == BP_CLAIM_STRING ||
	    kind == BP_CLAIM_STRINGS ? what : "must be a list of roles";
}

static const char *
read_claim(struct bp_claims_file *f, const struct bp_ini *ini,
    enum bp_document document)
{
	BP_AUTO(bp_buf_done) struct bp_buf values =
	    BP_BUF_INIT(BP_SCOPES_MAX);
	struct bp_claim c = { ini->key, document, 0, { 0 } };
	struct bp_text value = ini->value;
	bool is_named = bp_text_is(ini->key, "claim");
	const char *what;

	if (is_named) {
		(void)bp_text_cut(value, ' ', &c.name, &value);
		value = bp_text_trim(value);
	}
	if ((what = read_value(value, &c.kind, &values)) != NULL)
		return what;
	c.values = bp_buf_text(&values);
	if (is_named || !is_taken(c.name))
		return set_claim(f, &c);
	if (document != BP_DOC_USERINFO)
		return "stands in [claims]";
	return bp_text_is(c.name, "sub") ? set_sub(f, &c) : set_scopes(f, &c);
}

static enum bp_document
document_of(struct bp_text section)
{
	if (bp_text_is(section, claims_section))
		return BP_DOC_USERINFO;
	return bp_text_is(section, token_section) ? BP_DOC_ID_TOKEN : 0;
}

static const char *
read_sections(struct bp_claims_file *f, struct bp_ini *ini)
{
	enum bp_document document;
	enum bp_ini_step step;
	const char *what = NULL;

	while (what == NULL && (step = bp_ini_next(ini)) != BP_INI_END) {
		document = document_of(ini->section);
		if (step == BP_INI_BAD)
			what = ini->what;
		else if (document == 0 && !bp_text_is(ini->section,
		    api_section))
			what = "unknown section: [claims], [id_token] or "
			    "[api]";
		else if (ini->key.len > 0)
			what = document == 0 ? read_api(f, ini)
			    : read_claim(f, ini, document);
	}
	return what;
}

bool
bp_claims_file_read(struct bp_text text, struct bp_claims_file *ret,
    struct bp_config_error *reterr)
{
	struct bp_ini ini = { .rest = text };
	const char *what = read_sections(ret, &ini);
	bool has_scopes = ret->scopes.len > 0 || bp_list_start(&ret->scopes);

	if (what == NULL && has_scopes && ret->sub.len > 0)
		return true;
	if (what != NULL)
		*reterr = (struct bp_config_error){ ini.line, ini.key.len > 0
		    ? ini.key : ini.section, what };
	else
		*reterr = (struct bp_config_error){ 0, bp_text_of("sub"),
		    "is missing from [claims]" };
	return false;
}

/* Writing. */

static bool
needs_quotes(struct bp_text t)
{
	return t.len == 0 || word_of(t) != NULL ||
	    memchr(t.at, ',', t.len) != NULL ||
	    memchr(t.at, '"', t.len) != NULL ||
	    t.at[0] == ' ' || t.at[0] == '(' || t.at[t.len - 1] == ' ' ||
	    t.at[t.len - 1] == '\\';	/* at a line's end it is refused */
}

static bool
put_item(struct bp_buf *b, struct bp_text t)
{
	return bp_text_is_printable(t) &&
	    (needs_quotes(t) ? bp_item_quote(t, b) : bp_buf_put(b, t));
}

static bool
put_items(struct bp_buf *b, struct bp_text values)
{
	struct bp_list list = bp_list_of(values);
	struct bp_text item;
	const char *between = "";

	for (; bp_list_next(&list, &item); between = ", ")
		if (!bp_buf_say(b, between) || !put_item(b, item))
			return false;
	return true;
}

static bool
put_value(struct bp_buf *b, const struct bp_claim *c)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].kind == c->kind)
			return bp_buf_say(b, words[i].word) &&
			    bp_buf_say(b, c->values.len > BP_LIST_NUMBER
			    ? " " : "") && put_items(b, c->values);
	if (c->kind != BP_CLAIM_STRING && bp_list_count(c->values) < 2 &&
	    (!bp_buf_say(b, list_mark) || (bp_list_count(c->values) == 1 &&
	    !bp_buf_say(b, " "))))
		return false;
	return put_items(b, c->values);
}

static bool
can_be_key(struct bp_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!bp_ascii_is_small(name.at[i]) && name.at[i] != '_')
			return false;
	return !is_taken(name);
}

/* What was left out must not pass for absent: a comment has it, escaped. */
static bool
put_unwritten(struct bp_buf *b, const struct bp_claim *c)
{
	struct bp_list list = bp_list_of(c->values);
	struct bp_text item;
	bool ok = bp_buf_say(b, "# ") && bp_buf_put(b, c->name) &&
	    bp_buf_say(b, ": is there, but cannot be written in this form, and "
	    "reads as absent: \"");

	/* the first tells enough of a list that is too long */
	if (ok && bp_list_next(&list, &item))
		ok = bp_log_escape(b, item);
	return ok && bp_buf_say(b, list.left > 0 ? "\", ...\n" : "\"\n");
}

/* RESERVED: sub and scope, whose names are the keys. */
static bool
put_claim(struct bp_buf *b, const struct bp_claim *c, bool reserved)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(BP_INI_LINE_MAX);
	bool as_key = reserved || can_be_key(c->name);

	if (bp_buf_say(&line, as_key ? "" : "claim = ") &&
	    bp_buf_put(&line, c->name) &&
	    bp_buf_say(&line, as_key ? " = " : " ") && put_value(&line, c))
		return bp_buf_put(b, bp_buf_text(&line)) &&
		    bp_buf_say(b, "\n");
	return put_unwritten(b, c);
}

static bool
put_document(struct bp_buf *b, struct bp_text table, enum bp_document document)
{
	struct bp_claim c;

	while (bp_claim_next(&table, &c))
		if (c.document == document && c.kind != BP_CLAIM_ABSENT &&
		    !put_claim(b, &c, false))
			return false;
	return true;
}

static bool
has_claims_of(struct bp_text table, enum bp_document document)
{
	struct bp_claim c;

	while (bp_claim_next(&table, &c))
		if (c.document == document && c.kind != BP_CLAIM_ABSENT)
			return true;
	return false;
}

static bool
put_sub(struct bp_buf *b, struct bp_text sub)
{
	BP_AUTO(bp_buf_done) struct bp_buf one = BP_BUF_INIT(BP_SUB_MAX + 8);
	struct bp_claim c = { bp_text_of("sub"), BP_DOC_USERINFO,
	    BP_CLAIM_STRING, { 0 } };

	if (!bp_list_start(&one) || !bp_list_add(&one, sub))
		return false;
	c.values = bp_buf_text(&one);
	return put_claim(b, &c, true);
}

static bool
put_api(struct bp_buf *b, const struct bp_identity *who)
{
	const struct bp_claim role = { bp_text_of("role"), BP_DOC_USERINFO,
	    BP_CLAIM_STRINGS, who->api_roles };

	return !who->has_api_roles || (bp_buf_say(b, "[api]\n") &&
	    put_claim(b, &role, true));
}

bool
bp_claims_file_write(const struct bp_identity *who, struct bp_buf *ret)
{
	/* of scopes a string and a list of one are the same */
	const struct bp_claim scope = { bp_text_of("scope"), BP_DOC_USERINFO,
	    bp_list_count(who->scopes) == 1 ? BP_CLAIM_STRING
	    : BP_CLAIM_STRINGS, who->scopes };

	return bp_buf_say(ret, "[claims]\n") && put_sub(ret, who->sub) &&
	    put_claim(ret, &scope, true) &&
	    put_document(ret, who->claims, BP_DOC_USERINFO) &&
	    (!has_claims_of(who->claims, BP_DOC_ID_TOKEN) ||
	    (bp_buf_say(ret, "[id_token]\n") &&
	    put_document(ret, who->claims, BP_DOC_ID_TOKEN))) &&
	    put_api(ret, who);
}
