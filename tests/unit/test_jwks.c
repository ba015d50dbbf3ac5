/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/jwks.h"

#include "wire/list.h"

#define R8(x)		x x x x x x x x
#define N2048		R8("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv") "vvvvAQ"
#define KEY(head, e)	\
	"{" head "\"kty\":\"RSA\",\"n\":\"" N2048 "\",\"e\":\"" e "\"}"
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
	{ "of kty EC", SET("{\"kty\":\"EC\",\"kid\":\"bad\",\"crv\":\"P-256\","
	    "\"x\":\"v\",\"y\":\"v\"}," GOOD), "good " },
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
	struct bp_text kid, n, e;
	struct bp_why why;

	assert_true(bp_jwks_read(set, &list, &why));
	assert_true(bp_list_is_lawful(bp_buf_text(&list),
	    BP_KEY_ITEMS * BP_KEY_COUNT_MAX, BP_KEY_ITEM_MAX,
	    bp_text_is_printable));
	left = bp_list_of(bp_buf_text(&list));
	while (bp_list_next(&left, &kid) && bp_list_next(&left, &n) &&
	    bp_list_next(&left, &e)) {
		assert_true(n.len >= 342 && e.len >= 2);
		assert_true(bp_buf_put(&kids, kid) && bp_buf_say(&kids, " "));
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

static const struct choice {
	const char *name;
	const char *kids[3];
	const char *kid;
	const char *n;		/* of the chosen; NULL: refused */
} choices[] = {
	{ "the first by its kid", { "a", "b", NULL }, "a", "n0" },
	{ "the last by its kid", { "a", "b", NULL }, "b", "n1" },
	{ "the only one without kids", { "", NULL, NULL }, "", "n0" },
	{ "the only one, which has a kid", { "a", NULL, NULL }, "", "n0" },
	{ "no kid and two keys", { "a", "b", NULL }, "", NULL },
	{ "no kid, and one of two without", { "a", "", NULL }, "", NULL },
	{ "a kid where the key has none", { "", NULL, NULL }, "a", NULL },
	{ "an unknown kid", { "a", "b", NULL }, "c", NULL },
	{ "a kid in another case", { "a", NULL, NULL }, "A", NULL },
	{ "the beginning of a kid", { "abc", NULL, NULL }, "ab", NULL },
	{ "a longer kid", { "ab", NULL, NULL }, "abc", NULL },
	{ "a kid that two have", { "a", "b", "a" }, "a", NULL },
	{ "the kid beside two of one", { "a", "b", "a" }, "b", "n1" },
	{ "no keys", { NULL, NULL, NULL }, "a", NULL },
	{ "no keys and no kid", { NULL, NULL, NULL }, "", NULL },
};

ROWS(choices, is_chosen_or_refused)
{
	const struct choice *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(256);
	struct bp_key key = { .n = BP_TEXT("as it was") };
	struct bp_why why = { 0 };
	char n[16];

	assert_true(bp_list_start(&list));
	for (int i = 0; i < 3 && row->kids[i] != NULL; i++) {
		(void)snprintf(n, sizeof(n), "n%d", i);
		assert_true(bp_list_add(&list, bp_text_of(row->kids[i])) &&
		    bp_list_add(&list, bp_text_of(n)) &&
		    bp_list_add(&list, bp_text_of("e")));
	}
	assert_int_equal(bp_jwks_choose(bp_buf_text(&list),
	    bp_text_of(row->kid), &key, &why), row->n != NULL);
	assert_true(bp_text_is(key.n, row->n != NULL ? row->n : "as it was"));
	assert_int_equal(why.reason, row->n != NULL ? 0 : BP_WIRE_TOKEN_KEY);
}

TEST(of_a_broken_list_none_is_chosen)
{
	struct bp_key key;
	struct bp_why why = { 0 };

	(void)state;
	assert_false(bp_jwks_choose((struct bp_text){ NULL, 0 },
	    bp_text_of(""), &key, &why));
	assert_false(bp_jwks_choose((struct bp_text)BP_TEXT(
	    "\0\0\0\2\0\0\0\1a\0\0\0\1n"), bp_text_of("a"), &key, &why));
	assert_int_equal(why.reason, BP_WIRE_TOKEN_KEY);
}

RUN(NULL, NULL)
