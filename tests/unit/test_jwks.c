/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/jwks.h"

#include "support/messages.h"

#define R8(x)		x x x x x x x x
#define N2048		R8("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv") "vvvvAQ"
#define KEY(head, e)	\
	"{" head "\"kty\":\"RSA\",\"n\":\"" N2048 "\",\"e\":\"" e "\"}"
#define POINT(head, crv)	\
	"{" head "\"kty\":\"EC\",\"crv\":\"" crv "\","	\
	"\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","	\
	"\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}"
#define KID(kid)	"\"kid\":\"" kid "\","
#define GOOD		KEY(KID("good"), "AQAB")
#define SET(keys)	"{\"keys\":[" keys "]}"

/* What is of use is told by its kid; key.h has what is. */
static const struct key {
	const char *name, *set, *kids;
} keys[] = {
	{ "a good key", SET(GOOD), "good " },
	{ "two good keys", SET(GOOD "," KEY(KID("2"), "Aw")), "good 2 " },
	{ "no kid", SET(KEY("", "Aw") "," GOOD), " good " },
	{ "members of the set that nobody knows",
	    "{\"iss\":1,\"keys\":[" GOOD "]}", "good " },
	{ "of kty EC", SET(POINT(KID("ec"), "P-256") "," GOOD), "ec good " },
	{ "on another curve", SET(POINT(KID("bad"), "P-384") "," GOOD),
	    "good " },
	{ "of kty AKP", SET("{\"kty\":\"AKP\",\"kid\":\"bad\",\"alg\":"
	    "\"ML-DSA-44\",\"pub\":\"v\"}," GOOD), "good " },
	{ "of kty oct", SET("{\"kty\":\"oct\",\"kid\":\"bad\",\"k\":\"v\"},"
	    GOOD), "good " },
	{ "for encryption", SET(KEY(KID("bad") "\"use\":\"enc\",", "AQAB") ","
	    GOOD), "good " },
	{ "in broken base64", SET(KEY(KID("bad"), "A=") "," GOOD), "good " },
	{ "of kty OKP, behind it", SET(GOOD ",{\"kty\":\"OKP\","
	    "\"kid\":\"bad\",\"crv\":\"Ed25519\",\"x\":\"v\"}"), "good " },
	{ "no objects", SET("null,1,\"x\",[]," GOOD), "good " },
	{ "a weak key", SET(KEY(KID("bad"), "AQ") "," GOOD), "good " },
};

static struct bp_json *
parse(const char *text)
{
	struct bp_json *doc = NULL;
	const char *what = "";

	if (!bp_json_parse(bp_text_of(text), &doc, &what))
		fail_msg("%s", what);
	return doc;
}

ROWS(keys, is_read_or_passed_over)
{
	const struct key *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *set = parse(row->set);
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(65536);
	BP_AUTO(bp_buf_done) struct bp_buf kids = BP_BUF_INIT(1024);
	struct bp_list left;
	struct bp_key key;
	struct bp_why why;

	assert_true(bp_jwks_read(set, &list, &why));
	assert_true(bp_list_is_lawful(bp_buf_text(&list),
	    BP_KEY_ITEMS * BP_KEY_COUNT_MAX, BP_KEY_ITEM_MAX,
	    bp_text_is_printable));
	left = bp_list_of(bp_buf_text(&list));
	while (bp_key_next(&left, &key)) {
		assert_true(bp_text_is(key.alg, key.b.len == 43 ? "ES256"
		    : "RS256"));
		assert_true(bp_buf_put(&kids, key.kid) &&
		    bp_buf_say(&kids, " "));
	}
	assert_true(bp_text_is(bp_buf_text(&kids), row->kids));
}

static const struct unfit {
	const char *name, *set;
	enum bp_wire_reason reason;
} unfit[] = {
	{ "no keys member", "{}", BP_WIRE_BODY },
	{ "Keys for keys", "{\"Keys\":[" GOOD "]}", BP_WIRE_BODY },
	{ "keys null", "{\"keys\":null}", BP_WIRE_BODY },
	{ "keys an object", "{\"keys\":" GOOD "}", BP_WIRE_BODY },
	{ "a key without a set", GOOD, BP_WIRE_BODY },
	{ "no key at all", SET(""), BP_WIRE_NO_KEYS },
	{ "only a key of no use", SET("{\"kty\":\"oct\",\"k\":\"vvvv\"}"),
	    BP_WIRE_NO_KEYS },
	{ "only a weak key", SET(KEY("", "AQ")), BP_WIRE_NO_KEYS },
};

ROWS(unfit, is_refused_as_a_set)
{
	const struct unfit *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *set = parse(row->set);
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(65536);
	struct bp_why why = { 0 };

	assert_false(bp_jwks_read(set, &list, &why));
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(list.len, 0);
}

static bool
reads_so_many(size_t keys_in_all, size_t room, struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(65536);
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(room);
	BP_AUTO(bp_json_free) struct bp_json *set = NULL;
	bool ok;

	assert_true(bp_buf_say(&text, "{\"keys\":[" GOOD));
	for (size_t i = 1; i < keys_in_all; i++)
		assert_true(bp_buf_say(&text, ",{}"));
	assert_true(bp_buf_say(&text, "]}") && bp_buf_add(&text, "", 1));
	set = parse((const char *)text.data);
	ok = bp_jwks_read(set, &list, reterr);
	assert_int_equal(list.len > 0, ok);
	return ok;
}

TEST(of_128_keys_but_not_of_129)
{
	struct bp_why why = { 0 };

	(void)state;
	assert_true(reads_so_many(128, 65536, &why));
	assert_false(reads_so_many(129, 65536, &why));
	assert_int_equal(why.reason, BP_WIRE_BODY);
}

TEST(keys_without_room_are_refused)
{
	struct bp_why why = { 0 };

	(void)state;
	assert_false(reads_so_many(1, 300, &why));
	assert_int_equal(why.reason, BP_WIRE_BODY);
}

/* Each is told by its numbers; "E": of an EC key. */
static const struct choice {
	const char *name;
	const char *kids[3], *numbers[3];
	const char *kid;
	const char *a;		/* of the chosen; NULL: refused */
	const char *alg;	/* NULL: RS256 */
} choices[] = {
	{ "the first by its kid", { "a", "b" }, { "0", "1" }, "a", "0", NULL },
	{ "the last by its kid", { "a", "b" }, { "0", "1" }, "b", "1", NULL },
	{ "the only one without kids", { "" }, { "0" }, "", "0", NULL },
	{ "the only one, which has a kid", { "a" }, { "0" }, "", "0", NULL },
	{ "no kid and two keys", { "a", "b" }, { "0", "1" }, "", NULL, NULL },
	{ "no kid, and one of two without", { "a", "" }, { "0", "1" }, "",
	    NULL, NULL },
	{ "a kid where the key has none", { "" }, { "0" }, "a", NULL, NULL },
	{ "an unknown kid", { "a", "b" }, { "0", "1" }, "c", NULL, NULL },
	{ "a kid in another case", { "a" }, { "0" }, "A", NULL, NULL },
	{ "the beginning of a kid", { "abc" }, { "0" }, "ab", NULL, NULL },
	{ "a longer kid", { "ab" }, { "0" }, "abc", NULL, NULL },
	{ "a kid that two have", { "a", "b", "a" }, { "0", "1", "2" }, "a",
	    NULL, NULL },
	{ "the kid beside two of one", { "a", "b", "a" }, { "0", "1", "2" },
	    "b", "1", NULL },
	{ "no keys", { NULL }, { NULL }, "a", NULL, NULL },
	{ "no keys and no kid", { NULL }, { NULL }, "", NULL, NULL },
	{ "the same key twice by its kid", { "a", "a" }, { "0", "0" }, "a",
	    "0", NULL },
	{ "the same key twice without kids", { "", "" }, { "0", "0" }, "",
	    "0", NULL },
	{ "the same key under two kids, no kid", { "a", "b" }, { "0", "0" },
	    "", "0", NULL },
	{ "the same key twice and another", { "a", "a", "a" },
	    { "0", "0", "1" }, "a", NULL, NULL },
	{ "another between the same", { "a", "a", "a" }, { "0", "1", "0" },
	    "a", NULL, NULL },
	{ "no kid, and one key of the kind", { "a", "b" }, { "0", "E1" }, "",
	    "0", NULL },
	{ "no kid, and one of the other kind", { "a", "b" }, { "0", "E1" },
	    "", "E1", "ES256" },
	{ "a kid of both kinds", { "a", "a" }, { "0", "E1" }, "a", "E1",
	    "ES256" },
	{ "a kid of the other kind", { "a", "b" }, { "0", "E1" }, "a", NULL,
	    "ES256" },
	{ "an alg for which there is no kind", { "a" }, { "0" }, "a", NULL,
	    "HS256" },
};

ROWS(choices, is_chosen_or_refused)
{
	const struct choice *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(256);
	struct bp_key key = { .a = BP_TEXT("as it was") };
	struct bp_why why = { 0 };

	assert_true(bp_list_start(&list));
	for (int i = 0; i < 3 && row->kids[i] != NULL; i++)
		assert_true(bp_list_add(&list, bp_text_of(
		    row->numbers[i][0] == 'E' ? "ES256" : "RS256")) &&
		    bp_list_add(&list, bp_text_of(row->kids[i])) &&
		    bp_list_add(&list, bp_text_of(row->numbers[i])) &&
		    bp_list_add(&list, bp_text_of("e")));
	assert_int_equal(bp_jwks_choose(bp_buf_text(&list),
	    bp_text_of(row->alg != NULL ? row->alg : "RS256"),
	    bp_text_of(row->kid), &key, &why), row->a != NULL);
	assert_true(bp_text_is(key.a, row->a != NULL ? row->a : "as it was"));
	assert_int_equal(why.reason, row->a != NULL ? 0 : BP_WIRE_TOKEN_KEY);
}

TEST(keys_that_differ_in_one_number_are_two)
{
	static const char *const items[] = { "RS256", "a", "n", "e",
	    "RS256", "a", "n", "f" };
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(256);
	struct bp_key key;
	struct bp_why why = { 0 };

	(void)state;
	assert_false(bp_jwks_choose(put_texts(items, 8, &list),
	    bp_text_of("RS256"), bp_text_of("a"), &key, &why));
	assert_non_null(strstr(why.detail, "2 keys for RS256 have its kid"));
}

TEST(of_a_broken_list_none_is_chosen)
{
	struct bp_text rs256 = BP_TEXT("RS256");
	struct bp_key key;
	struct bp_why why = { 0 };

	(void)state;
	assert_false(bp_jwks_choose((struct bp_text){ NULL, 0 }, rs256,
	    bp_text_of(""), &key, &why));
	assert_false(bp_jwks_choose((struct bp_text)BP_TEXT(
	    "\0\0\0\3\0\0\0\5RS256\0\0\0\1a\0\0\0\1n"), rs256,
	    bp_text_of("a"), &key, &why));
	assert_int_equal(why.reason, BP_WIRE_TOKEN_KEY);
}

RUN(NULL, NULL)
