/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/identity.h"
#include "wire/mailbox.h"

struct bp_identity
bp_identity_make(struct bp_text sub, struct bp_text scopes,
    struct bp_text claims)
{
	struct bp_identity who = { .sub = sub, .scopes = scopes,
	    .claims = claims };
	struct bp_text rest = claims;

	while (who.rows < BP_IDENTITY_ROWS &&
	    bp_claim_next(&rest, &who.row[who.rows]))
		who.rows++;
	who.read = claims.len - rest.len;
	return who;
}

struct bp_identity
bp_identity_of(const struct bp_msg *m)
{
	struct bp_identity who = bp_identity_make(m->field[BP_F_SUB],
	    m->field[BP_F_SCOPES], m->field[BP_F_CLAIMS]);

	who.has_api_roles = m->given[BP_F_API_ROLES];
	who.api_roles = m->field[BP_F_API_ROLES];
	who.api_id = m->field[BP_F_API_ID];
	return who;
}

struct bp_claim
bp_identity_said(const struct bp_identity *who, struct bp_text name,
    enum bp_document document)
{
	for (size_t i = 0; i < who->rows; i++)
		if (who->row[i].document == document &&
		    bp_text_same(who->row[i].name, name))
			return who->row[i];
	return bp_claim_find(bp_text_after(who->claims, who->read), name,
	    document);
}

static struct bp_claim
find(const struct bp_identity *who, const char *name,
    enum bp_document document)
{
	return bp_identity_said(who, bp_text_of(name), document);
}

struct bp_claim
bp_identity_claim(const struct bp_identity *who, struct bp_text name)
{
	struct bp_claim c = bp_identity_said(who, name, BP_DOC_USERINFO);

	if (c.kind != BP_CLAIM_ABSENT)
		return c;
	return bp_identity_said(who, name, BP_DOC_ID_TOKEN);
}

static bool
is_any(struct bp_text t)
{
	(void)t;
	return true;
}

bool
bp_identity_roles(const struct bp_identity *who, struct bp_text claim,
    struct bp_text *ret, enum bp_reason *reterr)
{
	static const struct bp_text none = BP_TEXT("\0\0\0\0");
	struct bp_claim c = bp_identity_claim(who, claim);

	if (c.kind != BP_CLAIM_ABSENT && c.kind != BP_CLAIM_STRING &&
	    c.kind != BP_CLAIM_STRINGS)
		return bp_refuse(reterr, BP_ROLE_TYPE);
	if (c.kind == BP_CLAIM_ABSENT)
		c.values = none;
	if (!bp_list_is_lawful(c.values, BP_ROLES_MAX, BP_ROLE_MAX, is_any))
		return bp_refuse(reterr, BP_ROLE_LONG);
	*ret = c.values;
	return true;
}

static bool
says_true(const struct bp_claim *c)
{
	struct bp_text word;

	return c->kind == BP_CLAIM_TRUE ||
	    (bp_claim_string(c, &word) && bp_text_is(word, "true"));
}

/* Which document the address in E came from decides whose word counts. */
static void
judge(const struct bp_identity *who, struct bp_email *e,
    enum bp_document from, bool in_both)
{
	enum bp_document other = from == BP_DOC_USERINFO ? BP_DOC_ID_TOKEN
	    : BP_DOC_USERINFO;

	e->why = find(who, "email_verified", from);
	if (e->why.kind == BP_CLAIM_ABSENT && in_both)
		e->why = find(who, "email_verified", other);
	e->verified = says_true(&e->why);
}

struct bp_email
bp_identity_email(const struct bp_identity *who)
{
	struct bp_claim info = find(who, "email", BP_DOC_USERINFO);
	struct bp_claim token = find(who, "email", BP_DOC_ID_TOKEN);
	bool in_info = info.kind != BP_CLAIM_ABSENT;
	struct bp_email e = { .address = bp_text_of(""),
	    .why = find(who, "email_verified", BP_DOC_USERINFO) };

	if (!bp_mailbox_choose(&info, &token, &e.address)) {
		e.differs = true;
		return e;
	}
	judge(who, &e, in_info ? BP_DOC_USERINFO : BP_DOC_ID_TOKEN,
	    in_info && token.kind != BP_CLAIM_ABSENT);
	return e;
}

const char *
bp_claim_kind_word(enum bp_claim_kind kind)
{
	static const char *const words[BP_CLAIM_KINDS] = {
		[BP_CLAIM_ABSENT] = "absent",	[BP_CLAIM_NULL] = "null",
		[BP_CLAIM_STRING] = "string",	[BP_CLAIM_STRINGS] = "list",
		[BP_CLAIM_TRUE] = "true",	[BP_CLAIM_FALSE] = "false",
		[BP_CLAIM_NUMBER] = "number",	[BP_CLAIM_OTHER] = "other",
	};

	return kind > 0 && kind < BP_CLAIM_KINDS ? words[kind] : "unknown";
}
