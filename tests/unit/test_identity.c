/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "core/identity.h"

/* What a document says of a claim; of a string the values, NULL at the end. */
struct said {
	enum bp_document document;	/* 0: no more */
	const char *name;
	enum bp_claim_kind kind;
	const char *values[3];
};
#define T_(name, kind, ...)	\
	{ BP_DOC_ID_TOKEN, name, BP_CLAIM_##kind, { __VA_ARGS__ } }
#define U_(name, kind, ...)	\
	{ BP_DOC_USERINFO, name, BP_CLAIM_##kind, { __VA_ARGS__ } }

static void
add(struct bp_buf *b, const struct said *s)
{
	put_claim(b, s->document, bp_text_of(s->name), s->kind, s->values,
	    COUNT(s->values));
}

static struct bp_identity
identity(const struct said *said, size_t n, struct bp_buf *b)
{
	for (size_t i = 0; i < n && said[i].document != 0; i++)
		add(b, &said[i]);
	return bp_identity_make(bp_text_of("sub"), bp_text_of(""),
	    bp_buf_text(b));
}
#define IDENTITY(row)	\
	BP_AUTO(bp_buf_done) struct bp_buf claims_ = BP_BUF_INIT(10000); \
	struct bp_identity who = identity((row)->said, COUNT((row)->said), \
	    &claims_)

static const struct role {
	const char *name;
	struct said said[4];
	const char *is[3];
	int why;		/* -1: the roles are these */
} roles[] = {
	{ "UserInfo's string", { U_("role", STRING, "a") }, { "a" }, -1 },
	{ "UserInfo's list", { U_("role", STRINGS, "a", "b") }, { "a", "b" },
	    -1 },
	{ "a list of none", { U_("role", STRINGS, NULL) }, { NULL }, -1 },
	{ "the id_token's alone", { T_("role", STRING, "a") }, { "a" }, -1 },
	{ "the id_token's where UserInfo has none",
	    { T_("role", STRINGS, "a", "b"), U_("role", ABSENT, NULL) },
	    { "a", "b" }, -1 },
	{ "UserInfo's where both have one",
	    { T_("role", STRING, "a"), U_("role", STRING, "b") }, { "b" }, -1 },
	{ "never both together",
	    { T_("role", STRINGS, "a", "b"), U_("role", STRINGS, "c") },
	    { "c" }, -1 },
	{ "UserInfo's list of none",
	    { T_("role", STRING, "a"), U_("role", STRINGS, NULL) }, { NULL },
	    -1 },
	{ "neither document", { T_("role", ABSENT, NULL),
	    U_("role", ABSENT, NULL) }, { NULL }, -1 },
	{ "no row at all", { U_("roles", STRING, "a") }, { NULL }, -1 },
	{ "a claim in capitals", { U_("Role", STRING, "a") }, { NULL }, -1 },
	{ "commas", { U_("role", STRING, "a,b") }, { "a,b" }, -1 },
	{ "an empty string", { U_("role", STRING, "") }, { "" }, -1 },
	{ "what does not print", { U_("role", STRING, "\x1b") }, { "\x1b" },
	    -1 },
	{ "an object", { U_("role", OTHER, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "null", { U_("role", NULL, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "a number", { U_("role", NUMBER, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "true", { U_("role", TRUE, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "false", { U_("role", FALSE, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "null though the id_token has one", { T_("role", STRING, "a"),
	    U_("role", NULL, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "an object in the id_token alone", { T_("role", OTHER, NULL),
	    U_("role", ABSENT, NULL) }, { NULL }, BP_ROLE_TYPE },
	{ "an object in the id_token beside a string",
	    { T_("role", OTHER, NULL), U_("role", STRING, "a") }, { "a" },
	    -1 },
};

ROWS(roles, are_the_roles_or_none_is_known)
{
	const struct role *row = *state;
	IDENTITY(row);
	struct bp_text list = BP_TEXT("untouched"), item;
	struct bp_list each;
	enum bp_reason why = 77;
	size_t n = 0;

	assert_int_equal(bp_identity_roles(&who, bp_text_of("role"), &list,
	    &why), row->why < 0);
	assert_int_equal(why, row->why < 0 ? 77 : row->why);
	if (row->why >= 0) {
		assert_true(bp_text_is(list, "untouched"));
		return;
	}
	for (each = bp_list_of(list); bp_list_next(&each, &item); n++)
		assert_true(n < 3 && row->is[n] != NULL &&
		    bp_text_is(item, row->is[n]));
	assert_true(n == 3 || row->is[n] == NULL);
}

static void
make_roles(struct bp_buf *table, unsigned n, size_t len)
{
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(500000);
	struct bp_claim c = { BP_TEXT("role"), BP_DOC_USERINFO,
	    BP_CLAIM_STRINGS, { NULL, 0 } };
	char role[300];

	memset(role, 'r', sizeof(role));
	assert_true(bp_list_start(&values));
	while (n-- > 0)
		assert_true(bp_list_add(&values, (struct bp_text){ role,
		    n == 0 ? len : 1 }));
	c.values = bp_buf_text(&values);
	assert_true(bp_claim_add(table, &c));
}

static const struct ceiling {
	const char *name;
	unsigned n;
	size_t len;		/* of the last */
	bool ok;
} ceilings[] = {
	{ "1024 roles",			1024,	1,	true },
	{ "a role of 255 bytes",	3,	255,	true },
	{ "a role of 256 bytes",	3,	256,	false },
	{ "a single one of 256 bytes",	1,	256,	false },
};

ROWS(ceilings, is_within_the_ceilings_or_refused)
{
	const struct ceiling *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(500000);
	struct bp_identity who = { 0 };
	struct bp_text list = BP_TEXT("untouched");
	enum bp_reason why = 77;

	make_roles(&b, row->n, row->len);
	who.claims = bp_buf_text(&b);
	assert_int_equal(bp_identity_roles(&who, bp_text_of("role"), &list,
	    &why), row->ok);
	assert_int_equal(why, row->ok ? 77 : BP_ROLE_LONG);
	assert_int_equal(bp_text_is(list, "untouched"), !row->ok);
	if (row->ok)
		assert_int_equal(bp_list_count(list), row->n);
}

#define A	"a@x.example"
#define B	"b@x.example"
#define EV	"email_verified"

static const struct email {
	const char *name;
	struct said said[4];
	const char *address;		/* NULL: the documents differ */
	bool verified;
	enum bp_claim_kind why;
	enum bp_document of;		/* 0: any */
} emails[] = {
	{ "verified by true", { U_("email", STRING, A), U_(EV, TRUE, NULL) },
	    A, true, BP_CLAIM_TRUE, BP_DOC_USERINFO },
	{ "verified by the string", { U_("email", STRING, A),
	    U_(EV, STRING, "true") }, A, true, BP_CLAIM_STRING,
	    BP_DOC_USERINFO },
	{ "not by false", { U_("email", STRING, A), U_(EV, FALSE, NULL) },
	    A, false, BP_CLAIM_FALSE, BP_DOC_USERINFO },
	{ "not by the string false", { U_("email", STRING, A),
	    U_(EV, STRING, "false") }, A, false, BP_CLAIM_STRING,
	    BP_DOC_USERINFO },
	{ "not by True", { U_("email", STRING, A), U_(EV, STRING, "True") },
	    A, false, BP_CLAIM_STRING, BP_DOC_USERINFO },
	{ "not by yes", { U_("email", STRING, A), U_(EV, STRING, "yes") },
	    A, false, BP_CLAIM_STRING, BP_DOC_USERINFO },
	{ "not by an empty string", { U_("email", STRING, A),
	    U_(EV, STRING, "") }, A, false, BP_CLAIM_STRING,
	    BP_DOC_USERINFO },
	{ "not by a longer string", { U_("email", STRING, A),
	    U_(EV, STRING, "true ") }, A, false, BP_CLAIM_STRING,
	    BP_DOC_USERINFO },
	{ "not by 1", { U_("email", STRING, A), U_(EV, NUMBER, NULL) },
	    A, false, BP_CLAIM_NUMBER, BP_DOC_USERINFO },
	{ "not by null", { U_("email", STRING, A), U_(EV, NULL, NULL) },
	    A, false, BP_CLAIM_NULL, BP_DOC_USERINFO },
	{ "not by an object", { U_("email", STRING, A), U_(EV, OTHER, NULL) },
	    A, false, BP_CLAIM_OTHER, BP_DOC_USERINFO },
	{ "not by a list of true", { U_("email", STRING, A),
	    U_(EV, STRINGS, "true") }, A, false, BP_CLAIM_STRINGS,
	    BP_DOC_USERINFO },
	{ "not where nothing says so", { U_("email", STRING, A) },
	    A, false, BP_CLAIM_ABSENT, 0 },
	{ "the id_token's own word", { T_("email", STRING, A),
	    T_(EV, TRUE, NULL) }, A, true, BP_CLAIM_TRUE, BP_DOC_ID_TOKEN },
	{ "the id_token's own false", { T_("email", STRING, A),
	    T_(EV, FALSE, NULL), U_(EV, TRUE, NULL) }, A, false,
	    BP_CLAIM_FALSE, BP_DOC_ID_TOKEN },
	{ "not UserInfo's word on the id_token's address",
	    { T_("email", STRING, A), U_(EV, TRUE, NULL) }, A, false,
	    BP_CLAIM_ABSENT, 0 },
	{ "not the id_token's word on UserInfo's address",
	    { U_("email", STRING, A), T_(EV, TRUE, NULL) }, A, false,
	    BP_CLAIM_ABSENT, 0 },
	{ "the id_token's word on the very same address",
	    { U_("email", STRING, A), T_("email", STRING, A),
	    T_(EV, TRUE, NULL) }, A, true, BP_CLAIM_TRUE, BP_DOC_ID_TOKEN },
	{ "the id_token's false on the very same address",
	    { U_("email", STRING, A), T_("email", STRING, A),
	    T_(EV, FALSE, NULL) }, A, false, BP_CLAIM_FALSE,
	    BP_DOC_ID_TOKEN },
	{ "UserInfo's word before the id_token's",
	    { U_("email", STRING, A), T_("email", STRING, A),
	    U_(EV, FALSE, NULL), T_(EV, TRUE, NULL) }, A, false,
	    BP_CLAIM_FALSE, BP_DOC_USERINFO },
	{ "UserInfo's null before the id_token's true",
	    { U_("email", STRING, A), T_("email", STRING, A),
	    U_(EV, NULL, NULL), T_(EV, TRUE, NULL) }, A, false,
	    BP_CLAIM_NULL, BP_DOC_USERINFO },
	{ "UserInfo's true before the id_token's false",
	    { U_("email", STRING, A), T_("email", STRING, A),
	    U_(EV, TRUE, NULL), T_(EV, FALSE, NULL) }, A, true,
	    BP_CLAIM_TRUE, BP_DOC_USERINFO },
	{ "two addresses", { U_("email", STRING, A), T_("email", STRING, B),
	    U_(EV, TRUE, NULL), T_(EV, TRUE, NULL) }, NULL, false, 0, 0 },
	{ "two that differ by case", { U_("email", STRING, A),
	    T_("email", STRING, "A@x.example"), U_(EV, TRUE, NULL) }, NULL,
	    false, 0, 0 },
	{ "two that differ in the domain's case", { U_("email", STRING, A),
	    T_("email", STRING, "a@X.example"), U_(EV, TRUE, NULL) }, NULL,
	    false, 0, 0 },
	{ "one a start of the other", { U_("email", STRING, A),
	    T_("email", STRING, A "x"), U_(EV, TRUE, NULL) }, NULL, false,
	    0, 0 },
	{ "UserInfo's null beside an address", { U_("email", NULL, NULL),
	    T_("email", STRING, A), T_(EV, TRUE, NULL) }, NULL, false, 0, 0 },
	{ "the id_token's null beside an address",
	    { U_("email", STRING, A), T_("email", NULL, NULL),
	    U_(EV, TRUE, NULL) }, NULL, false, 0, 0 },
	{ "a list of one address", { U_("email", STRINGS, A),
	    U_(EV, TRUE, NULL) }, NULL, false, 0, 0 },
	{ "a number for an address", { T_("email", NUMBER, NULL),
	    T_(EV, TRUE, NULL) }, NULL, false, 0, 0 },
	{ "null beside an empty address", { U_("email", STRING, ""),
	    T_("email", NULL, NULL) }, NULL, false, 0, 0 },
	{ "no address at all", { U_("email", ABSENT, NULL),
	    T_("email", ABSENT, NULL) }, "", false, BP_CLAIM_ABSENT, 0 },
	{ "an empty address", { U_("email", STRING, "") }, "", false,
	    BP_CLAIM_ABSENT, 0 },
};

ROWS(emails, is_this_address_and_verified_or_not)
{
	const struct email *row = *state;
	IDENTITY(row);
	struct bp_email e = bp_identity_email(&who);

	assert_int_equal(e.differs, row->address == NULL);
	assert_true(bp_text_is(e.address,
	    row->address != NULL ? row->address : ""));
	assert_int_equal(e.verified, row->verified);
	if (row->address != NULL)
		assert_int_equal(e.why.kind, row->why);
	if (row->of != 0)
		assert_int_equal(e.why.document, row->of);
}

static const struct claim {
	const char *name;
	struct said said[4];
	enum bp_claim_kind kind;
	const char *is;			/* of a string */
} claims[] = {
	{ "claim of UserInfo", { U_("x", STRING, "u"), T_("x", STRING, "t") },
	    BP_CLAIM_STRING, "u" },
	{ "claim of the id_token", { U_("x", ABSENT, NULL),
	    T_("x", STRING, "t") }, BP_CLAIM_STRING, "t" },
	{ "claim that is null in UserInfo", { U_("x", NULL, NULL),
	    T_("x", STRING, "t") }, BP_CLAIM_NULL, NULL },
	{ "claim that is a list in UserInfo", { U_("x", STRINGS, "u"),
	    T_("x", STRING, "t") }, BP_CLAIM_STRINGS, NULL },
	{ "claim of neither", { U_("y", STRING, "u") }, BP_CLAIM_ABSENT,
	    NULL },
};

ROWS(claims, counts_from_one_document)
{
	const struct claim *row = *state;
	IDENTITY(row);
	struct bp_claim c = bp_identity_claim(&who, bp_text_of("x"));
	struct bp_text t;

	assert_int_equal(c.kind, row->kind);
	assert_int_equal(bp_claim_string(&c, &t), row->is != NULL);
	if (row->is != NULL)
		assert_true(bp_text_is(t, row->is));
}

TEST(an_identity_is_of_its_message)
{
	struct bp_msg m = { .type = BP_MSG_CLAIMS };
	struct bp_identity who;

	(void)state;
	bp_msg_give(&m, BP_F_ISSUER, bp_text_of("issuer"));
	bp_msg_give(&m, BP_F_SUB, bp_text_of("sub"));
	bp_msg_give(&m, BP_F_SCOPES, bp_text_of("scopes"));
	bp_msg_give(&m, BP_F_CLAIMS, bp_text_of("claims"));
	who = bp_identity_of(&m);
	assert_true(bp_text_is(who.sub, "sub"));
	assert_true(bp_text_is(who.scopes, "scopes"));
	assert_true(bp_text_is(who.claims, "claims"));
}

/* Of more claims than have a row, and of a table that breaks off, too. */
TEST(what_stands_in_rows_is_what_stands_in_the_table)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(100000);
	struct bp_identity slow = { .sub = BP_TEXT("sub") }, who;
	struct bp_msg m = { .type = BP_MSG_CLAIMS };
	char name[8];

	(void)state;
	for (unsigned i = 0; i < 70; i++) {
		const struct said u = U_(name, STRING, name),
		    t = T_(name, STRINGS, name, name);

		(void)snprintf(name, sizeof(name), "c%02u", i);
		add(&b, i % 3 == 0 ? &t : &u);
	}
	assert_true(bp_buf_say(&b, "broken"));
	slow.claims = bp_buf_text(&b);
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&b));
	who = bp_identity_of(&m);
	assert_int_equal(who.rows, BP_IDENTITY_ROWS);
	for (unsigned i = 0; i < 72; i++)
		for (enum bp_document d = 1; d < BP_DOCS; d++) {
			struct bp_claim fast, all;

			(void)snprintf(name, sizeof(name), "c%02u", i);
			fast = bp_identity_said(&who, bp_text_of(name), d);
			all = bp_identity_said(&slow, bp_text_of(name), d);
			assert_int_equal(fast.kind, all.kind);
			assert_true(bp_text_same(fast.values, all.values));
			assert_int_equal(fast.kind == BP_CLAIM_ABSENT,
			    i >= 70 || (i % 3 == 0) != (d == BP_DOC_ID_TOKEN));
		}
}

TEST(each_kind_has_a_word_of_its_own)
{
	static const char *const words[] = { "unknown", "absent", "null",
		"string", "list", "true", "false", "number", "other",
		"unknown", "unknown" };

	(void)state;
	for (unsigned kind = 0; kind < COUNT(words); kind++)
		assert_string_equal(bp_claim_kind_word(kind), words[kind]);
	assert_string_equal(bp_claim_kind_word((enum bp_claim_kind)-1),
	    "unknown");
}

RUN(NULL, NULL)
