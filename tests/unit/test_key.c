/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/key.h"

#include <openssl/pem.h>

#include "support/key_pairs.h"
#include "wire/base64url.h"
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

/* With zeros in front digits shift: "7", and after two zeros "-". */
#define S336		R4(R4("777777777777777777777"))
#define S340		S336 "7777"
#define M336		R4(R4("---------------------"))

/* P-256's own generator, SEC 2, 2.4.2. */
#define GX		"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY"
#define GY		"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
#define POINT(head, crv, x, y)	"{" head "\"kty\":\"EC\"," crv	\
	"\"x\":\"" x "\",\"y\":\"" y "\"}"
#define ZERO		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define P256		"\"crv\":\"P-256\","

#define KEY(head, n, e)	\
	"{" head "\"kty\":\"RSA\",\"n\":\"" n "\",\"e\":\"" e "\"}"
#define KID(kid)	"\"kid\":\"" kid "\","
#define K		KID("k")

static const struct row {
	const char *name, *jwk;
	const char *kid;	/* NULL: of no use */
} rows[] = {
	{ "a good key", KEY(K, N2048, "AQAB"), "k" },
	{ "as IdentityServer has it", "{\"kty\":\"RSA\",\"use\":\"sig\","
	    "\"kid\":\"k\",\"x5t\":\"x\",\"e\":\"AQAB\",\"n\":\"" N2048
	    "\",\"x5c\":[\"MII\"]}", "k" },
	{ "4096 bits", KEY(K, N4096, "AQAB"), "k" },
	{ "8192 bits", KEY(K, N8192, "AQAB"), "k" },
	{ "an exponent of 3", KEY(K, N2048, "Aw"), "k" },
	{ "an exponent of 32 bits", KEY(K, N2048, "_____w"), "k" },
	{ "use sig", KEY(K "\"use\":\"sig\",", N2048, "Aw"), "k" },
	{ "alg RS256", KEY(K "\"alg\":\"RS256\",", N2048, "Aw"), "k" },
	{ "key_ops with verify", KEY(K "\"key_ops\":[\"encrypt\",\"verify\"],",
	    N2048, "Aw"), "k" },
	{ "no kid", KEY("", N2048, "Aw"), "" },
	{ "a point of P-256", POINT(K, P256, GX, GY), "k" },
	{ "the point across from it", POINT(K, P256, GX,
	    "sBy9HAHlgGVxGBS1g_Bh6dQxzKmUzqExNEm_l8hArgo"), "k" },
	{ "a point without kid", POINT("", P256, GX, GY), "" },
	{ "a point with use sig, alg ES256, key_ops", POINT(K "\"use\":\"sig\","
	    "\"alg\":\"ES256\",\"key_ops\":[\"verify\"],", P256, GX, GY),
	    "k" },
	{ "a point with use enc", POINT(K "\"use\":\"enc\",", P256, GX, GY),
	    NULL },
	{ "a point with alg ES384", POINT(K "\"alg\":\"ES384\",", P256, GX,
	    GY), NULL },
	{ "a point with alg ECDH-ES", POINT(K "\"alg\":\"ECDH-ES\",", P256,
	    GX, GY), NULL },
	{ "a point with alg RS256", POINT(K "\"alg\":\"RS256\",", P256, GX,
	    GY), NULL },
	{ "a point without verify", POINT(K "\"key_ops\":[\"deriveKey\"],",
	    P256, GX, GY), NULL },
	{ "a point without crv", POINT(K, "", GX, GY), NULL },
	{ "a point with crv P-384", POINT(K, "\"crv\":\"P-384\",", GX, GY),
	    NULL },
	{ "a point with crv secp256k1", POINT(K, "\"crv\":\"secp256k1\",", GX,
	    GY), NULL },
	{ "a point with crv p-256", POINT(K, "\"crv\":\"p-256\",", GX, GY),
	    NULL },
	{ "a point with crv 1", POINT(K, "\"crv\":1,", GX, GY), NULL },
	/* with a zero behind each would be a point */
	{ "an x of 31 bytes", POINT(K, P256,
	    "cArGPT2z1h_Jw1bXm6gp_cmyNKawU3nix2oQPqb8iA",
	    "OWcl8l2VdzTfXrBvckUn-E3ZLXBfXJlrrTbPjvcuajI"), NULL },
	{ "a y of 31 bytes", POINT(K, P256,
	    "Z_VpCKHSGdjgKnGc0kc4bUszTjPq6QiAVCAmcc4bqQ4",
	    "PEErd0HUh9uU--6ds2nRHppwMG3Zwu9xgSNHXXN-iQ"), NULL },
	{ "an x with a byte behind", POINT(K, P256,
	    "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpYA", GY), NULL },
	{ "a y with a byte behind", POINT(K, P256, GX,
	    "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfUA"), NULL },
	{ "an x with a zero in front", POINT(K, P256,
	    "AGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW", GY), NULL },
	{ "coordinates of 48 bytes", POINT(K, P256, R4("vvvvvvvvvvvvvvvv"),
	    R4("vvvvvvvvvvvvvvvv")), NULL },
	{ "no point of the curve", POINT(K, P256, GX,
	    "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfQ"), NULL },
	{ "x and y changed about", POINT(K, P256, GY, GX), NULL },
	{ "a point of zeros", POINT(K, P256, ZERO, ZERO), NULL },
	{ "a point beyond the field", POINT(K, P256,
	    "__________________________________________8", GY), NULL },
	{ "a padded y", POINT(K, P256, GX, GY "="), NULL },
	{ "a point without y", "{\"kty\":\"EC\",\"kid\":\"k\"," P256
	    "\"x\":\"" GX "\"}", NULL },
	{ "a point with y a number", "{\"kty\":\"EC\",\"kid\":\"k\"," P256
	    "\"x\":\"" GX "\",\"y\":1}", NULL },
	{ "of kty EC with a modulus", "{\"kty\":\"EC\",\"kid\":\"k\"," P256
	    "\"n\":\"" N2048 "\",\"e\":\"AQAB\"}", NULL },
	{ "of kty RSA with a point", "{\"kty\":\"RSA\",\"kid\":\"k\"," P256
	    "\"x\":\"" GX "\",\"y\":\"" GY "\"}", NULL },
	{ "alg ES256", KEY(K "\"alg\":\"ES256\",", N2048, "AQAB"), NULL },
	{ "of kty OKP", "{\"kty\":\"OKP\",\"kid\":\"k\","
	    "\"crv\":\"Ed25519\",\"x\":\"v\"}", NULL },
	{ "of kty oct", "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"vvvv\","
	    "\"n\":\"" N2048 "\",\"e\":\"AQAB\"}", NULL },
	{ "of kty rsa", "{\"kty\":\"rsa\",\"kid\":\"k\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}", NULL },
	{ "of an unheard-of kty", "{\"kty\":\"AKP\"}", NULL },
	{ "of kty 1", "{\"kty\":1,\"kid\":\"k\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}", NULL },
	{ "without kty", "{\"kid\":\"k\",\"n\":\"" N2048 "\",\"e\":\"AQAB\"}",
	    NULL },
	{ "Kty for kty", "{\"Kty\":\"RSA\",\"kid\":\"k\",\"n\":\"" N2048
	    "\",\"e\":\"AQAB\"}", NULL },
	{ "use enc", KEY(K "\"use\":\"enc\",", N2048, "AQAB"), NULL },
	{ "use null", KEY(K "\"use\":null,", N2048, "AQAB"), NULL },
	{ "alg RS512", KEY(K "\"alg\":\"RS512\",", N2048, "AQAB"), NULL },
	{ "alg rs256", KEY(K "\"alg\":\"rs256\",", N2048, "AQAB"), NULL },
	{ "alg RSA-OAEP", KEY(K "\"alg\":\"RSA-OAEP\",", N2048, "AQAB"), NULL },
	{ "key_ops without verify", KEY(K "\"key_ops\":[\"encrypt\"],", N2048,
	    "AQAB"), NULL },
	{ "key_ops of nothing", KEY(K "\"key_ops\":[],", N2048, "AQAB"), NULL },
	{ "key_ops a string", KEY(K "\"key_ops\":\"verify\",", N2048, "AQAB"),
	    NULL },
	{ "key_ops with a number", KEY(K "\"key_ops\":[\"verify\",1],", N2048,
	    "AQAB"), NULL },
	{ "an empty kid", KEY(KID(""), N2048, "AQAB"), NULL },
	{ "a kid of 255 bytes", KEY(KID(R17("123456789012345")), N2048, "Aw"),
	    R17("123456789012345") },
	{ "a kid of 256 bytes", KEY(KID(R17("123456789012345") "6"), N2048,
	    "AQAB"), NULL },
	{ "a kid with an escape", KEY(KID("\\u001b"), N2048, "AQAB"), NULL },
	{ "a kid that is a number", KEY("\"kid\":1,", N2048, "AQAB"), NULL },
	{ "1024 bits", KEY(K, R4(R4("vvvvvvvvvv")) "vvvvvvvvAAE", "AQAB"), NULL
	    },
	{ "2047 bits", KEY(K, "fvvv" D336 "AQ", "AQAB"), NULL },
	{ "8193 bits", KEY(K, "AY" D1364 "E", "AQAB"), NULL },
	{ "16384 bits", KEY(K, D1364 D1364 "AAE", "AQAB"), NULL },
	{ "an even modulus", KEY(K, D340 "Ag", "AQAB"), NULL },
	{ "a modulus with two zeros in front", KEY(K, "AAC" M336 "---8B",
	    "AQAB"), NULL },
	{ "2047 bits with a zero in front", KEY(K, "AH" S336 "777wE", "AQAB"),
	    NULL },
	{ "8193 bits with a zero in front", KEY(K, "AAGL" S340 S340 S340 S340
	    "777x", "AQAB"), NULL },
	{ "a zero for a modulus", KEY(K, "AA", "AQAB"), NULL },
	{ "a modulus of zeros", KEY(K, R17(R4("AAAA") "AAAA") "AA", "AQAB"),
	    NULL },
	{ "an empty modulus", KEY(K, "", "AQAB"), NULL },
	{ "a padded modulus", KEY(K, N2048 "==", "AQAB"), NULL },
	{ "a modulus in standard base64", KEY(K, "v+vv" D336 "AQ", "AQAB"), NULL
	    },
	{ "another spelling of a modulus", KEY(K, D340 "AR", "AQAB"), NULL },
	{ "an exponent of 1", KEY(K, N2048, "AQ"), NULL },
	{ "an exponent of 0", KEY(K, N2048, "AA"), NULL },
	{ "an empty exponent", KEY(K, N2048, ""), NULL },
	{ "an even exponent", KEY(K, N2048, "BA"), NULL },
	{ "an exponent of 33 bits", KEY(K, N2048, "AQAAAAE"), NULL },
	{ "an exponent with a zero in front", KEY(K, N2048, "AAEAAQ"), NULL },
	{ "an exponent that is a number", "{\"kty\":\"RSA\",\"kid\":"
	    "\"k\",\"n\":\"" N2048 "\",\"e\":65537}", NULL },
	{ "without exponent", "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"" N2048
	    "\"}", NULL },
	{ "without modulus", "{\"kty\":\"RSA\",\"kid\":\"k\","
	    "\"e\":\"AQAB\"}", NULL },
};

ROWS(rows, is_of_use_or_not)
{
	const struct row *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *jwk = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(65536);
	struct bp_key key, again;
	struct bp_list left;
	const char *what = "";

	if (!bp_json_parse(bp_text_of(row->jwk), &jwk, &what))
		fail_msg("%s", what);
	assert_int_equal(bp_key_read(jwk, &key), row->kid != NULL);
	if (row->kid == NULL)
		return;
	assert_true(bp_text_is(key.kid, row->kid));
	assert_true(bp_list_start(&list) && bp_key_add(&list, &key));
	assert_true(bp_list_is_lawful(bp_buf_text(&list), BP_KEY_ITEMS,
	    BP_KEY_ITEM_MAX, bp_text_is_printable));
	left = bp_list_of(bp_buf_text(&list));
	assert_true(bp_key_next(&left, &again));
	assert_true(bp_text_same(again.alg, key.alg) &&
	    bp_text_same(again.kid, key.kid) &&
	    bp_text_same(again.b, key.b));
	assert_true(bp_text_same(again.a, key.a));
	assert_true(bp_text_is(key.alg,
	    strstr(row->jwk, "\"EC\"") != NULL ? "ES256" : "RS256"));
	assert_false(bp_key_next(&left, &again));
}

/* In the list it has one spelling. */
static const struct zero {
	const char *name, *jwk, *modulus;
} zeros[] = {
	{ "a modulus with a zero in front", KEY(K, "AL" S336 "777wE", "AQAB"),
	    N2048 },
	{ "8192 bits with a zero in front", KEY(K, "AL" S340 S340 S340 S340
	    "777wE", "AQAB"), N8192 },
};

ROWS(zeros, loses_its_zero)
{
	const struct zero *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *jwk = NULL;
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(4096);
	struct bp_key key, again;
	struct bp_list left;
	const char *what = "";

	if (!bp_json_parse(bp_text_of(row->jwk), &jwk, &what))
		fail_msg("%s", what);
	assert_true(bp_key_read(jwk, &key));
	assert_true(bp_list_start(&list) && bp_key_add(&list, &key));
	left = bp_list_of(bp_buf_text(&list));
	assert_true(bp_key_next(&left, &again));
	assert_true(bp_text_is(again.a, row->modulus));
}

TEST(what_is_no_object_is_no_key)
{
	struct bp_key key;

	(void)state;
	assert_false(bp_key_read(NULL, &key));
}

/* What a record holds of a pair, and how libjwt is told of it. */
static const struct told {
	const char *name, *alg;
	unsigned who;
	bool (*tell)(const struct bp_key *key, struct bp_buf *ret,
	    struct bp_why *reterr);
} told[] = {
	{ "the PEM of an RSA key", "RS256", OURS, bp_key_pem },
	{ "the PEM of an EC key", "ES256", EC_OURS, bp_key_pem },
	{ "the JWK of an RSA key", "RS256", OURS, bp_key_jwk },
	{ "the JWK of an EC key", "ES256", EC_OURS, bp_key_jwk },
};

static void
take_key(const char *alg, unsigned who, struct bp_buf *list,
    struct bp_key *ret)
{
	struct bp_list items;

	assert_true(bp_list_start(list));
	add_key(list, alg, "k", who);
	items = bp_list_of(bp_buf_text(list));
	assert_true(bp_key_next(&items, ret));
}

static void
assert_pem_is_of(EVP_PKEY *made, struct bp_text pem)
{
	BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
	EVP_PKEY *read = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

	assert_int_equal(EVP_PKEY_eq(made, read), 1);
	EVP_PKEY_free(read);
	BIO_free(bio);
}

/* Of which the alg stands there too. */
static void
assert_jwk_is_of(const struct bp_key *made, struct bp_text bytes)
{
	BP_AUTO(bp_json_free) struct bp_json *jwk = NULL;
	const char *what = "";
	struct bp_key read;
	struct bp_text alg;

	if (!bp_json_parse(bytes, &jwk, &what))
		fail_msg("%s", what);
	assert_true(bp_key_read(jwk, &read));
	assert_true(bp_text_same(read.alg, made->alg) &&
	    bp_text_same(read.a, made->a) && bp_text_same(read.b, made->b));
	assert_true(bp_json_string(bp_json_member(jwk, "alg"), &alg) &&
	    bp_text_same(alg, made->alg));
}

ROWS(told, is_of_the_same_key)
{
	const struct told *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(1024);
	BP_AUTO(bp_buf_done) struct bp_buf said = BP_BUF_INIT(4096);
	struct bp_key key;
	struct bp_why why;

	take_key(row->alg, row->who, &list, &key);
	assert_true(row->tell(&key, &said, &why));
	if (row->tell == bp_key_pem)
		assert_pem_is_of(pair[row->who], bp_buf_text(&said));
	else
		assert_jwk_is_of(&key, bp_buf_text(&said));
}

/* A record may hold what no set would have given. */
static const struct unsound {
	const char *name, *alg, *a, *b;
	size_t room;
	enum bp_wire_reason reason;
} unsound[] = {
	{ "an even modulus", "RS256", D340 "Ag", "AQAB", 4096,
	    BP_WIRE_TOKEN_KEY },
	{ "1024 bits", "RS256", R4(R4("vvvvvvvvvv")) "vvvvvvvvAAE", "AQAB",
	    4096, BP_WIRE_TOKEN_KEY },
	{ "an exponent of 1", "RS256", N2048, "AQ", 4096, BP_WIRE_TOKEN_KEY },
	{ "nothing", "RS256", "", "", 4096, BP_WIRE_TOKEN_KEY },
	{ "a quote", "RS256", N2048, "AQ\"", 4096, BP_WIRE_TOKEN_KEY },
	{ "no point", "ES256", GX, GX, 4096, BP_WIRE_TOKEN_KEY },
	{ "a point for RS256", "RS256", GX, GY, 4096, BP_WIRE_TOKEN_KEY },
	{ "a modulus for ES256", "ES256", N2048, "AQAB", 4096,
	    BP_WIRE_TOKEN_KEY },
	{ "a modulus for RS512", "RS512", N2048, "AQAB", 4096,
	    BP_WIRE_TOKEN_KEY },
	{ "a modulus for nothing", "", N2048, "AQAB", 4096,
	    BP_WIRE_TOKEN_KEY },
	{ "a key without room", "RS256", N2048, "AQAB", 100,
	    BP_WIRE_HELPER_BROKEN },
};

ROWS(unsound, libjwt_is_not_told)
{
	const struct unsound *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(row->room);
	BP_AUTO(bp_buf_done) struct bp_buf jwk = BP_BUF_INIT(row->room);
	struct bp_key key = { bp_text_of(row->alg), bp_text_of("a"),
	    bp_text_of(row->a), bp_text_of(row->b) };
	struct bp_why why = { 0 };

	assert_false(bp_key_pem(&key, &pem, &why));
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(pem.len, 0);
	why.reason = 0;
	assert_false(bp_key_jwk(&key, &jwk, &why));
	assert_int_equal(why.reason, row->reason);
}

TEST(the_largest_key_has_a_pem)
{
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	struct bp_key key = { BP_TEXT("RS256"), BP_TEXT("a"), BP_TEXT(N8192),
	    BP_TEXT("_____w") };
	struct bp_why why;

	(void)state;
	assert_true(bp_key_pem(&key, &pem, &why));
	assert_true(bp_text_starts(bp_buf_text(&pem),
	    "-----BEGIN PUBLIC KEY-----\n"));
}

/* A number of two spellings would make two keys of one. */
TEST(an_unsound_key_is_not_added)
{
	BP_AUTO(bp_buf_done) struct bp_buf list = BP_BUF_INIT(4096);
	struct bp_key key = { BP_TEXT("RS256"), BP_TEXT("a"), BP_TEXT("AA"),
	    BP_TEXT("AQAB") };

	(void)state;
	assert_true(bp_list_start(&list));
	assert_false(bp_key_add(&list, &key));
}

RUN(make_pairs, free_pairs)
