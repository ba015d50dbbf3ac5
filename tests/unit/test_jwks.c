#include "support/support.h"
#include "helper/jwks.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "helper/base64url.h"
#include "wire/list.h"

/* Numbers by their digits: "v" begins with a set bit, "AQ" ends odd. */
#define R4(x)		x x x x
#define R17(x)		R4(R4(x)) x
#define D340		R17(R4("vvvv") "vvvv")
#define D336		R4(R4("vvvvvvvvvvvvvvvvvvvvv"))
#define D1364		D340 D340 D340 D340 "vvvv"
#define N2048		D340 "AQ"
#define N4096		D340 D340 "AAE"
#define N8192		D1364 "AQ"

#define KEY(head, n, e)	\
	"{" head "\"kty\":\"RSA\",\"n\":\"" n "\",\"e\":\"" e "\"}"
#define KID(kid)	"\"kid\":\"" kid "\","
#define BAD		KID("bad")
#define GOOD		KEY(KID("good"), N2048, "AQAB")
#define SET(keys)	"{\"keys\":[" keys "]}"

/* Beside a good key; what is of use is told by its kid. */
static const struct key {
	const char *name, *set, *kids;
} keys[] = {
	{ "a good key", SET(GOOD), "good " },
	{ "as IdentityServer has it", SET("{\"kty\":\"RSA\",\"use\":\"sig\","
	    "\"kid\":\"good\",\"x5t\":\"x\",\"e\":\"AQAB\",\"n\":\"" N2048
	    "\",\"x5c\":[\"MII\"]}"), "good " },
	{ "two good keys", SET(GOOD "," KEY(KID("2"), N4096, "Aw")),
	    "good 2 " },
	{ "8192 bits", SET(KEY(KID("2"), N8192, "AQAB")), "2 " },
	{ "an exponent of 3", SET(KEY(KID("2"), N2048, "Aw")), "2 " },
	{ "an exponent of 32 bits", SET(KEY(KID("2"), N2048, "_____w")),
	    "2 " },
	{ "use sig", SET(KEY(KID("2") "\"use\":\"sig\",", N2048, "Aw")),
	    "2 " },
	{ "alg RS256", SET(KEY(KID("2") "\"alg\":\"RS256\",", N2048, "Aw")),
	    "2 " },
	{ "key_ops with verify", SET(KEY(KID("2")
	    "\"key_ops\":[\"encrypt\",\"verify\"],", N2048, "Aw")), "2 " },
	{ "no kid", SET(KEY("", N2048, "Aw") "," GOOD), " good " },
	{ "members of the set that nobody knows",
	    "{\"iss\":1,\"keys\":[" GOOD "]}", "good " },

	{ "of kty EC", SET("{\"kty\":\"EC\",\"kid\":\"bad\",\"crv\":\"P-256\","
	    "\"x\":\"v\",\"y\":\"v\"}," GOOD), "good " },
	{ "of kty OKP", SET(GOOD ",{\"kty\":\"OKP\",\"kid\":\"bad\","
	    "\"crv\":\"Ed25519\",\"x\":\"v\"}"), "good " },
	{ "of kty oct", SET("{\"kty\":\"oct\",\"kid\":\"bad\",\"k\":\"vvvv\","
	    "\"n\":\"" N2048 "\",\"e\":\"AQAB\"}," GOOD), "good " },
	{ "of kty rsa", SET("{\"kty\":\"rsa\",\"kid\":\"bad\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}," GOOD), "good " },
	{ "of an unheard-of kty", SET("{\"kty\":\"AKP\"}," GOOD), "good " },
	{ "of kty 1", SET("{\"kty\":1,\"kid\":\"bad\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}," GOOD), "good " },
	{ "without kty", SET("{\"kid\":\"bad\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}," GOOD), "good " },
	{ "Kty for kty", SET("{\"Kty\":\"RSA\",\"kid\":\"bad\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}," GOOD), "good " },
	{ "no objects", SET("null,1,\"x\",[]," GOOD), "good " },
	{ "use enc", SET(KEY(BAD "\"use\":\"enc\",", N2048, "AQAB") "," GOOD),
	    "good " },
	{ "use null", SET(KEY(BAD "\"use\":null,", N2048, "AQAB") "," GOOD),
	    "good " },
	{ "alg RS512", SET(KEY(BAD "\"alg\":\"RS512\",", N2048, "AQAB") ","
	    GOOD), "good " },
	{ "alg rs256", SET(KEY(BAD "\"alg\":\"rs256\",", N2048, "AQAB") ","
	    GOOD), "good " },
	{ "alg RSA-OAEP", SET(KEY(BAD "\"alg\":\"RSA-OAEP\",", N2048, "AQAB")
	    "," GOOD), "good " },
	{ "key_ops without verify", SET(KEY(BAD "\"key_ops\":[\"encrypt\"],",
	    N2048, "AQAB") "," GOOD), "good " },
	{ "key_ops of nothing", SET(KEY(BAD "\"key_ops\":[],", N2048, "AQAB")
	    "," GOOD), "good " },
	{ "key_ops a string", SET(KEY(BAD "\"key_ops\":\"verify\",", N2048,
	    "AQAB") "," GOOD), "good " },
	{ "key_ops with a number", SET(KEY(BAD "\"key_ops\":[\"verify\",1],",
	    N2048, "AQAB") "," GOOD), "good " },
	{ "an empty kid", SET(KEY(KID(""), N2048, "AQAB") "," GOOD), "good " },
	{ "a kid of 255 bytes", SET(KEY(KID(R17("123456789012345")), N2048,
	    "Aw")), R17("123456789012345") " " },
	{ "a kid of 256 bytes", SET(KEY(KID(R17("123456789012345") "6"),
	    N2048, "AQAB") "," GOOD), "good " },
	{ "a kid with an escape", SET(KEY(KID("\\u001b"), N2048, "AQAB") ","
	    GOOD), "good " },
	{ "a kid that is a number", SET(KEY("\"kid\":1,", N2048, "AQAB") ","
	    GOOD), "good " },

	{ "1024 bits", SET(KEY(BAD, R4(R4("vvvvvvvvvv")) "vvvvvvvvAAE",
	    "AQAB") "," GOOD), "good " },
	{ "2047 bits", SET(KEY(BAD, "fvvv" D336 "AQ", "AQAB") "," GOOD),
	    "good " },
	{ "8193 bits", SET(KEY(BAD, "AY" D1364 "E", "AQAB") "," GOOD),
	    "good " },
	{ "16384 bits", SET(KEY(BAD, D1364 D1364 "AAE", "AQAB") "," GOOD),
	    "good " },
	{ "an even modulus", SET(KEY(BAD, D340 "Ag", "AQAB") "," GOOD),
	    "good " },
	{ "a modulus with a zero in front", SET(KEY(BAD, "ALvv" D336 "AAE",
	    "AQAB") "," GOOD), "good " },
	{ "a modulus of zeros", SET(KEY(BAD, R17(R4("AAAA") "AAAA") "AA",
	    "AQAB") "," GOOD), "good " },
	{ "an empty modulus", SET(KEY(BAD, "", "AQAB") "," GOOD), "good " },
	{ "a padded modulus", SET(KEY(BAD, N2048 "==", "AQAB") "," GOOD),
	    "good " },
	{ "a modulus in standard base64", SET(KEY(BAD, "v+vv" D336 "AQ",
	    "AQAB") "," GOOD), "good " },
	{ "another spelling of a modulus", SET(KEY(BAD, D340 "AR", "AQAB")
	    "," GOOD), "good " },
	{ "an exponent of 1", SET(KEY(BAD, N2048, "AQ") "," GOOD), "good " },
	{ "an exponent of 0", SET(KEY(BAD, N2048, "AA") "," GOOD), "good " },
	{ "an empty exponent", SET(KEY(BAD, N2048, "") "," GOOD), "good " },
	{ "an even exponent", SET(KEY(BAD, N2048, "BA") "," GOOD), "good " },
	{ "an exponent of 33 bits", SET(KEY(BAD, N2048, "AQAAAAE") "," GOOD),
	    "good " },
	{ "an exponent with a zero in front", SET(KEY(BAD, N2048, "AAEAAQ")
	    "," GOOD), "good " },
	{ "an exponent that is a number", SET("{\"kty\":\"RSA\",\"kid\":"
	    "\"bad\",\"n\":\"" N2048 "\",\"e\":65537}," GOOD), "good " },
	{ "without exponent", SET("{\"kty\":\"RSA\",\"kid\":\"bad\",\"n\":\""
	    N2048 "\"}," GOOD), "good " },
	{ "without modulus", SET("{\"kty\":\"RSA\",\"kid\":\"bad\","
	    "\"e\":\"AQAB\"}," GOOD), "good " },
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

ROWS(keys, is_of_use_or_passed_over)
{
	const struct key *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *set = parse(row->set);
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(65536);
	BP_AUTO(bp_buf_done) struct bp_buf kids = BP_BUF_INIT(1024);
	struct bp_list left;
	struct bp_text kid, n, e;
	struct bp_why why;

	assert_true(bp_jwks_read(set, &list, &why));
	assert_true(bp_list_is_lawful(bp_buf_text(&list), 3 * BP_KEY_COUNT_MAX,
	    2048, bp_text_is_printable));
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
	{ "only a weak key", SET(KEY("", N2048, "AQ")), BP_WIRE_NO_KEYS },
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

static void
spell(const EVP_PKEY *pkey, const char *what, struct bp_buf *ret)
{
	unsigned char bytes[512];
	BIGNUM *bn = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(pkey, what, &bn), 1);
	assert_true(bp_base64url_encode((struct bp_text){ (char *)bytes,
	    (size_t)BN_bn2bin(bn, bytes) }, ret));
	BN_free(bn);
}

TEST(a_pem_is_of_the_same_key)
{
	BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
	BP_AUTO(bp_buf_done) struct bp_buf e = BP_BUF_INIT(16);
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	EVP_PKEY *made = EVP_RSA_gen(2048), *read;
	struct bp_key key = { 0 };
	struct bp_why why;
	BIO *bio;

	(void)state;
	spell(made, OSSL_PKEY_PARAM_RSA_N, &n);
	spell(made, OSSL_PKEY_PARAM_RSA_E, &e);
	key.n = bp_buf_text(&n);
	key.e = bp_buf_text(&e);
	assert_true(bp_jwks_pem(&key, &pem, &why));
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	read = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	assert_int_equal(EVP_PKEY_eq(made, read), 1);
	EVP_PKEY_free(made);
	EVP_PKEY_free(read);
	BIO_free(bio);
}

/* A record may hold what no set would have given. */
static const struct unsound {
	const char *name, *n, *e;
	size_t room;
	enum bp_wire_reason reason;
} unsound[] = {
	{ "an even modulus", D340 "Ag", "AQAB", 4096, BP_WIRE_TOKEN_KEY },
	{ "1024 bits", R4(R4("vvvvvvvvvv")) "vvvvvvvvAAE", "AQAB", 4096,
	    BP_WIRE_TOKEN_KEY },
	{ "an exponent of 1", N2048, "AQ", 4096, BP_WIRE_TOKEN_KEY },
	{ "nothing", "", "", 4096, BP_WIRE_TOKEN_KEY },
	{ "a quote", N2048, "AQ\"", 4096, BP_WIRE_TOKEN_KEY },
	{ "a PEM without room", N2048, "AQAB", 100, BP_WIRE_HELPER_BROKEN },
};

ROWS(unsound, gives_no_pem)
{
	const struct unsound *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(row->room);
	struct bp_key key = { bp_text_of("a"), bp_text_of(row->n),
	    bp_text_of(row->e) };
	struct bp_why why = { 0 };

	assert_false(bp_jwks_pem(&key, &pem, &why));
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(pem.len, 0);
}

TEST(the_largest_key_has_a_pem)
{
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	struct bp_key key = { BP_TEXT("a"), BP_TEXT(N8192), BP_TEXT("_____w") };
	struct bp_why why;

	(void)state;
	assert_true(bp_jwks_pem(&key, &pem, &why));
	assert_true(bp_text_starts(bp_buf_text(&pem),
	    "-----BEGIN PUBLIC KEY-----\n"));
}

RUN(NULL, NULL)
