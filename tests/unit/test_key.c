/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

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
	{ "of kty EC", "{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\","
	    "\"x\":\"v\",\"y\":\"v\"}", NULL },
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
	{ "a modulus with a zero in front", KEY(K, "ALvv" D336 "AAE", "AQAB"),
	    NULL },
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
	assert_true(bp_text_same(again.kid, key.kid) &&
	    bp_text_same(again.n, key.n) && bp_text_same(again.e, key.e));
	assert_false(bp_key_next(&left, &again));
}

TEST(what_is_no_object_is_no_key)
{
	struct bp_key key;

	(void)state;
	assert_false(bp_key_read(NULL, &key));
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
	assert_true(bp_key_pem(&key, &pem, &why));
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

	assert_false(bp_key_pem(&key, &pem, &why));
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(pem.len, 0);
}

TEST(the_largest_key_has_a_pem)
{
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	struct bp_key key = { BP_TEXT("a"), BP_TEXT(N8192), BP_TEXT("_____w") };
	struct bp_why why;

	(void)state;
	assert_true(bp_key_pem(&key, &pem, &why));
	assert_true(bp_text_starts(bp_buf_text(&pem),
	    "-----BEGIN PUBLIC KEY-----\n"));
}

RUN(NULL, NULL)
