/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "ctl/claims_file.h"

#define SUB	"sub = 4c9e\n"
#define BEGIN	"[claims]\n" SUB "scope = openid\n"

static bool
read_text(const char *text, struct bp_claims_file *f,
    struct bp_config_error *e)
{
	return bp_claims_file_read(bp_text_of(text), f, e);
}

/* One claim, and the line that says it, each made from the other. */
static const struct both {
	const char *name;
	enum bp_document document;
	struct { const char *name; enum bp_claim_kind kind;
	    const char *values[4]; } claim;
	const char *line;
} both[] = {
#define U_(name, kind, ...) BP_DOC_USERINFO, { name, BP_CLAIM_##kind, \
	{ __VA_ARGS__ } }
#define T_(name, kind, ...) BP_DOC_ID_TOKEN, { name, BP_CLAIM_##kind, \
	{ __VA_ARGS__ } }
	{ "a string", U_("email", STRING, "a@b"), "email = a@b\n" },
	{ "blanks inside", U_("a", STRING, "b  c"), "a = b  c\n" },
	{ "an empty string", U_("a", STRING, ""), "a = \"\"\n" },
	{ "a comma", U_("a", STRING, "b, c"), "a = \"b, c\"\n" },
	{ "a quote", U_("a", STRING, "b\"c"), "a = \"b\"\"c\"\n" },
	{ "quotes alone", U_("a", STRING, "\""), "a = \"\"\"\"\n" },
	{ "a blank in front", U_("a", STRING, " b"), "a = \" b\"\n" },
	{ "a blank behind", U_("a", STRING, "b "), "a = \"b \"\n" },
	{ "a backslash behind", U_("a", STRING, "b\\"), "a = \"b\\\"\n" },
	{ "a backslash inside", U_("a", STRING, "b\\c"), "a = b\\c\n" },
	{ "above ASCII", U_("a", STRING, "\xc3\xb6"), "a = \xc3\xb6\n" },
	{ "a #", U_("a", STRING, "# b"), "a = # b\n" },
	{ "an =", U_("a", STRING, "= b"), "a = = b\n" },
	{ "a bracket", U_("a", STRING, "[b]"), "a = [b]\n" },
	{ "a parenthesis", U_("a", STRING, "(b"), "a = \"(b\"\n" },
	{ "true", U_("email_verified", TRUE, NULL),
	    "email_verified = true\n" },
	{ "false", U_("a", FALSE, NULL), "a = false\n" },
	{ "null", U_("a", NULL, NULL), "a = null\n" },
	{ "a number", U_("a", NUMBER, NULL), "a = (number)\n" },
	{ "a number's value", U_("a", NUMBER, "1767225600"),
	    "a = (number) 1767225600\n" },
	{ "an object", U_("a", OTHER, NULL), "a = (other)\n" },
	{ "the string true", U_("a", STRING, "true"), "a = \"true\"\n" },
	{ "the string false", U_("a", STRING, "false"), "a = \"false\"\n" },
	{ "the string null", U_("a", STRING, "null"), "a = \"null\"\n" },
	{ "the string (list)", U_("a", STRING, "(list)"),
	    "a = \"(list)\"\n" },
	{ "True", U_("a", STRING, "True"), "a = True\n" },
	{ "a list", U_("role", STRINGS, "b", "c"), "role = b, c\n" },
	{ "a list of none", U_("role", STRINGS, NULL), "role = (list)\n" },
	{ "a list of one", U_("role", STRINGS, "b"), "role = (list) b\n" },
	{ "a list of an empty one", U_("role", STRINGS, ""),
	    "role = (list) \"\"\n" },
	{ "a list of LDAP names", U_("role", STRINGS, "CN=a,DC=b", "c"),
	    "role = \"CN=a,DC=b\", c\n" },
	{ "a list of words", U_("role", STRINGS, "true", "(x)", "null"),
	    "role = \"true\", \"(x)\", \"null\"\n" },
	{ "twice the same", U_("role", STRINGS, "a", "a"),
	    "role = a, a\n" },
	{ "a name in capitals", U_("Email", STRING, "a@b"),
	    "claim = Email a@b\n" },
	{ "an address for a name", U_("https://x/a=b", STRINGS, "a", "b"),
	    "claim = https://x/a=b a, b\n" },
	{ "a name with a bracket", U_("[id_token]", TRUE, NULL),
	    "claim = [id_token] true\n" },
	{ "a claim named sub", U_("sub", STRING, "x"), "claim = sub x\n" },
	{ "a claim named scope", U_("scope", NUMBER, NULL),
	    "claim = scope (number)\n" },
	{ "a claim named claim", U_("claim", STRING, "claim"),
	    "claim = claim claim\n" },
	{ "the id_token's", T_("email", STRING, "a@b"),
	    "[id_token]\nemail = a@b\n" },
	{ "the id_token's by name", T_("sub", STRINGS, "a", "b"),
	    "[id_token]\nclaim = sub a, b\n" },
};

/* What the public API has: of how many roles there is always a list. */
static const struct api {
	const char *name, *line;
	const char *roles[3];
} apis[] = {
	{ "the API: one role", "[api]\nrole = (list) a\n", { "a" } },
	{ "the API: two roles", "[api]\nrole = a, \"b, c\"\n",
	    { "a", "b, c" } },
	{ "the API: no role", "[api]\nrole = (list)\n", { NULL } },
};

ROWS(apis, are_written_and_read)
{
	const struct api *row = *state;
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf roles = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(1000);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(1000);
	struct bp_config_error e;
	struct bp_identity who;

	assert_true(bp_buf_say(&wanted, BEGIN) &&
	    bp_buf_say(&wanted, row->line) && bp_buf_add(&wanted, "", 1));
	assert_true(read_text((const char *)wanted.data, &f, &e));
	who = bp_claims_file_identity(&f);
	assert_true(who.has_api_roles);
	assert_true(bp_text_same(who.api_roles, put_texts(row->roles,
	    COUNT(row->roles), &roles)));
	assert_true(bp_claims_file_write(&who, &text) &&
	    bp_buf_add(&text, "", 1));
	assert_string_equal((const char *)text.data,
	    (const char *)wanted.data);
}

static struct bp_claim
claim_of(const struct both *row, struct bp_buf *b)
{
	return (struct bp_claim){ bp_text_of(row->claim.name), row->document,
	    row->claim.kind, put_texts(row->claim.values,
	    COUNT(row->claim.values), b) };
}

static void
assert_texts(struct bp_text a, const char *b)
{
	if (bp_text_is(a, b))
		return;
	print_error("is     %.*s\nand not %s\n", (int)a.len, a.at, b);
	fail();
}

ROWS(both, is_written_and_read_as_it_was)
{
	const struct both *row = *state;
	static const char *const openid[] = { "openid" };
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(1000),
	    table = BP_BUF_INIT(1000), scopes = BP_BUF_INIT(100),
	    text = BP_BUF_INIT(5000);
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_claim c = claim_of(row, &values);
	struct bp_identity who, again;
	struct bp_config_error e;
	char wanted[1000];

	assert_true(bp_claim_add(&table, &c));
	who = bp_identity_make(bp_text_of("4c9e"), put_texts(openid, 1, &scopes),
	    bp_buf_text(&table));
	(void)snprintf(wanted, sizeof(wanted), BEGIN "%s", row->line);
	assert_true(bp_claims_file_write(&who, &text));
	assert_texts(bp_buf_text(&text), wanted);
	assert_true(bp_claims_file_read(bp_buf_text(&text), &f, &e));
	again = bp_claims_file_identity(&f);
	assert_true(bp_text_same(again.sub, who.sub));
	assert_true(bp_text_same(again.scopes, who.scopes));
	assert_true(bp_text_same(again.claims, who.claims));
}

TEST(what_is_absent_is_left_out)
{
	static const struct both absent = { .document = BP_DOC_USERINFO,
	    .claim = { "email", BP_CLAIM_ABSENT, { NULL } } };
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(1000),
	    table = BP_BUF_INIT(1000), text = BP_BUF_INIT(5000);
	struct bp_claim c = claim_of(&absent, &values);
	struct bp_identity who = { .sub = BP_TEXT("4c9e"),
	    .scopes = BP_TEXT("\0\0\0\0") };

	(void)state;
	assert_true(bp_claim_add(&table, &c));
	c.document = BP_DOC_ID_TOKEN;
	assert_true(bp_claim_add(&table, &c));
	who.claims = bp_buf_text(&table);
	assert_true(bp_claims_file_write(&who, &text));
	assert_texts(bp_buf_text(&text), "[claims]\n" SUB "scope = (list)\n");
}

static const struct unwritten {
	const char *name;
	const char *values[3];
	size_t times;			/* of the first, in one string */
	const char *comment;
} unwritten[] = {
#define UNWRITTEN "# a: is there, but cannot be written in this form, and " \
	"reads as absent: "
	{ "an escape", { "b\x1b[2J" }, 1, UNWRITTEN "\"b\\x1b[2J\"\n" },
	{ "a tab", { "b\tc" }, 1, UNWRITTEN "\"b\\x09c\"\n" },
	{ "a line's end", { "b\nrole = admin" }, 1,
	    UNWRITTEN "\"b\\x0arole = admin\"\n" },
	{ "a mark that turns the line", { "\xe2\x80\xae" }, 1,
	    UNWRITTEN "\"\\xe2\\x80\\xae\"\n" },
	{ "the second of a list", { "b", "\x7f" }, 1,
	    UNWRITTEN "\"b\", ...\n" },
	{ "what is too long", { "0123456789abcdef" }, 256, NULL },
};

/* Whoever writes a line's end into his name writes no claim of his own. */
ROWS(unwritten, what_cannot_be_written_is_a_comment)
{
	const struct unwritten *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(9000),
	    table = BP_BUF_INIT(9000), text = BP_BUF_INIT(9000),
	    one = BP_BUF_INIT(9000);
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_claim c = { BP_TEXT("a"), BP_DOC_USERINFO,
	    row->values[1] != NULL ? BP_CLAIM_STRINGS : BP_CLAIM_STRING,
	    { 0 } };
	struct bp_identity who = { .sub = BP_TEXT("4c9e"),
	    .scopes = BP_TEXT("\0\0\0\0") };
	struct bp_config_error e;
	char wanted[1000];

	assert_true(bp_list_start(&values));
	for (size_t i = 0; i < row->times; i++)
		assert_true(bp_buf_say(&one, row->values[0]));
	assert_true(bp_list_add(&values, bp_buf_text(&one)));
	if (row->values[1] != NULL)
		assert_true(bp_list_add(&values, bp_text_of(row->values[1])));
	c.values = bp_buf_text(&values);
	assert_true(bp_claim_add(&table, &c));
	who.claims = bp_buf_text(&table);
	assert_true(bp_claims_file_write(&who, &text));
	if (row->comment != NULL) {
		(void)snprintf(wanted, sizeof(wanted),
		    "[claims]\n" SUB "scope = (list)\n%s", row->comment);
		assert_texts(bp_buf_text(&text), wanted);
	}
	assert_true(memmem(text.data, text.len, UNWRITTEN,
	    sizeof(UNWRITTEN) - 1) != NULL);
	/* and the rest of the text is good */
	assert_true(bp_claims_file_read(bp_buf_text(&text), &f, &e));
	assert_int_equal(bp_buf_text(&f.claims).len, 0);
}

TEST(a_full_buffer_is_told)
{
	BP_AUTO(bp_buf_done) struct bp_buf values = BP_BUF_INIT(1000),
	    table = BP_BUF_INIT(1000), whole = BP_BUF_INIT(5000);
	struct bp_claim c = claim_of(&both[COUNT(both) - 1], &values);
	struct bp_identity who = { .sub = BP_TEXT("4c9e"),
	    .scopes = BP_TEXT("\0\0\0\0") };

	(void)state;
	assert_true(bp_claim_add(&table, &c));
	who.claims = bp_buf_text(&table);
	assert_true(bp_claims_file_write(&who, &whole));
	for (size_t n = 0; n < whole.len; n++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(n);

		assert_false(bp_claims_file_write(&who, &b));
	}
}

static const struct refused {
	const char *name, *text;
	unsigned line;
	const char *key, *what;		/* WHAT begins so */
} refusals[] = {
	{ "nothing", "", 0, "sub", "is missing" },
	{ "no sub", "[claims]\nemail = a@b\n", 0, "sub", "is missing" },
	{ "an empty sub", "[claims]\nsub = \"\"\n", 2, "sub",
	    "must be a string" },
	{ "a sub that is a list", "[claims]\nsub = a, b\n", 2, "sub",
	    "must be a string" },
	{ "a sub of true", "[claims]\nsub = true\n", 2, "sub",
	    "must be a string" },
	{ "two subs", "[claims]\n" SUB SUB, 3, "sub", "given twice" },
	{ "two scopes", BEGIN "scope = a\n", 4, "scope", "given twice" },
	{ "two empty scopes", "[claims]\n" SUB "scope = (list)\n"
	    "scope = a\n", 4, "scope", "given twice" },
	{ "a scope of null", "[claims]\n" SUB "scope = null\n", 3, "scope",
	    "must be a list of scopes" },
	{ "two of one claim", BEGIN "a = b\na = c\n", 5, "a", "given twice" },
	{ "two, the second by name", BEGIN "a = b\nclaim = a c\n", 5,
	    "claim", "given twice" },
	{ "two, apart", BEGIN "a = b\n[id_token]\na = b\n[claims]\na = b\n",
	    8, "a", "given twice" },
	{ "an empty value", BEGIN "a =\n", 4, "a", "is empty" },
	{ "a name without a value", BEGIN "claim = a\n", 4, "claim",
	    "is empty" },
	{ "an unknown word", BEGIN "a = (numbr)\n", 4, "a",
	    "a value in ( ) is none" },
	{ "an unknown word in a list", BEGIN "a = b, (c)\n", 4, "a",
	    "a value in ( ) is none" },
	{ "a list in a list", BEGIN "a = (list) (list) b\n", 4, "a",
	    "a value in ( ) is none" },
	{ "a quote that stays open", BEGIN "a = \"b\n", 4, "a",
	    "must be a list" },
	{ "a comma behind", BEGIN "a = b,\n", 4, "a", "must be a list" },
	{ "an unknown section", BEGIN "[userinfo]\n", 4, "userinfo",
	    "unknown section" },
	{ "a section of capitals", "[Claims]\n" SUB, 1, "Claims",
	    "unknown section" },
	{ "the sub of the id_token", BEGIN "[id_token]\n" SUB, 5, "sub",
	    "stands in [claims]" },
	{ "an unknown key of the API", BEGIN "[api]\nroles = a\n", 5,
	    "roles", "unknown key: role" },
	{ "the API's roles twice", BEGIN "[api]\nrole = a\nrole = b\n", 6,
	    "role", "given twice" },
	{ "no roles of the API's", BEGIN "[api]\nrole = true\n", 5, "role",
	    "must be a list of roles" },
	{ "the scope of the id_token", BEGIN "[id_token]\nscope = a\n", 5,
	    "scope", "stands in [claims]" },
	{ "a key in capitals", BEGIN "Email = a\n", 4, "claims", "expected" },
	{ "a control character", BEGIN "a = b\x1b\n", 4, "claims",
	    "has a control character" },
};

ROWS(refusals, is_refused_with_its_line)
{
	const struct refused *row = *state;
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_config_error e = { 77, BP_TEXT(""), "" };

	assert_false(read_text(row->text, &f, &e));
	assert_int_equal(e.line, row->line);
	assert_texts(e.key, row->key);
	assert_true(bp_text_starts(bp_text_of(e.what), row->what));
}

TEST(a_sub_may_have_255_bytes)
{
	char text[400];

	(void)state;
	for (int n = 255; n <= 256; n++) {
		BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
		    BP_CLAIMS_FILE_INIT;
		struct bp_config_error e;

		(void)snprintf(text, sizeof(text), "[claims]\nsub = %0*d\n",
		    n, 1);
		assert_int_equal(read_text(text, &f, &e), n == 255);
	}
}

TEST(without_scopes_there_are_none)
{
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_config_error e;

	(void)state;
	assert_true(read_text("[claims]\n" SUB, &f, &e));
	assert_int_equal(f.scopes.len, 4);
	assert_int_equal(bp_list_count(bp_buf_text(&f.scopes)), 0);
}

RUN(NULL, NULL)
