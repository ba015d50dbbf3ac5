/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/token.h"

#include <openssl/hmac.h>

#include "support/key_pairs.h"
#include "support/messages.h"

#define ROOM	(4 * BP_TOKEN_MAX)
#define RS256	"{\"alg\":\"RS256\",\"kid\":\"k1\"}"
#define ES256	"{\"alg\":\"ES256\",\"kid\":\"k1\"}"
#define CLAIMS	"{\"sub\":\"alice\",\"exp\":1700000000}"

/* Who signs, with what. */
enum signer { BY_US, BY_OTHER, BY_EC, BY_EC_OTHER, BY_P384, BY_US_SHA512,
    BY_US_PSS, BY_EC_DER, BY_EC_SHA512, HMAC_PEM, HMAC_MODULUS, HMAC_NOTHING };

/* The provider's keys, as the record has them: who has which kid, for what. */
enum set { BOTH, FIRST, NAMELESS, SWAPPED, TWICE, AGAIN, NAMELESS_AGAIN,
    NO_KEYS, EC, EC_NAMELESS, EC_TWICE, KINDS, KINDS_NAMELESS, ON_P384,
    RSA_FOR_ES256, EC_FOR_RS256, RSA_FOR_HS256 };
static const struct { const char *kid; unsigned who; const char *alg; }
sets[][2] = {
	[BOTH] = { { "k1", OURS, "RS256" }, { "k2", OTHER, "RS256" } },
	[FIRST] = { { "k1", OURS, "RS256" } },
	[NAMELESS] = { { "", OURS, "RS256" } },
	[SWAPPED] = { { "k2", OURS, "RS256" }, { "k1", OTHER, "RS256" } },
	[TWICE] = { { "k1", OURS, "RS256" }, { "k1", OTHER, "RS256" } },
	[AGAIN] = { { "k1", OURS, "RS256" }, { "k1", OURS, "RS256" } },
	[NAMELESS_AGAIN] = { { "", OURS, "RS256" }, { "", OURS, "RS256" } },
	[NO_KEYS] = { { NULL, 0, NULL } },
	[EC] = { { "k1", EC_OURS, "ES256" }, { "k2", EC_OTHER, "ES256" } },
	[EC_NAMELESS] = { { "", EC_OURS, "ES256" } },
	[EC_TWICE] = { { "k1", EC_OURS, "ES256" }, { "k1", EC_OTHER, "ES256" } },
	[KINDS] = { { "k1", OURS, "RS256" }, { "k1", EC_OURS, "ES256" } },
	[KINDS_NAMELESS] = { { "", OURS, "RS256" }, { "", EC_OURS, "ES256" } },
	/* none of which a set could have given */
	[ON_P384] = { { "k1", P384, "ES256" } },
	[RSA_FOR_ES256] = { { "k1", OURS, "ES256" } },
	[EC_FOR_RS256] = { { "k1", EC_OURS, "RS256" } },
	[RSA_FOR_HS256] = { { "k1", OURS, "HS256" } },
};

static void
make_keys(enum set set, struct bp_buf *ret)
{
	assert_true(bp_list_start(ret));
	for (int i = 0; i < 2 && sets[set][i].kid != NULL; i++)
		add_key(ret, sets[set][i].alg, sets[set][i].kid,
		    sets[set][i].who);
}

static unsigned
pair_of(enum signer who)
{
	static const unsigned of[] = {
		[BY_OTHER] = OTHER, [BY_EC] = EC_OURS, [BY_EC_OTHER] = EC_OTHER,
		[BY_P384] = P384, [BY_EC_DER] = EC_OURS,
		[BY_EC_SHA512] = EC_OURS,
	};

	return of[who];		/* all others OURS */
}

/* RFC 7518 3.4: r and s, each as long as the curve's numbers; not DER. */
static size_t
write_flat(const unsigned char *der, size_t len, int each, unsigned char *ret)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);

	assert_non_null(sig);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, each), each);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + each, each),
	    each);
	ECDSA_SIG_free(sig);
	return 2 * (size_t)each;
}

static void
sign_by_key(enum signer who, struct bp_text t, struct bp_buf *ret)
{
	bool is_long = who == BY_US_SHA512 || who == BY_EC_SHA512;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	unsigned char bytes[512], flat[512];
	size_t len = sizeof(bytes);

	assert_int_equal(EVP_DigestSignInit(ctx, &how,
	    is_long ? EVP_sha512() : EVP_sha256(), NULL, pair[pair_of(who)]),
	    1);
	if (who == BY_US_PSS)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how,
		    RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_DigestSign(ctx, bytes, &len,
	    (const unsigned char *)t.at, t.len), 1);
	EVP_MD_CTX_free(ctx);
	if (pair_of(who) >= EC_OURS && who != BY_EC_DER) {
		len = write_flat(bytes, len, who == BY_P384 ? 48 : 32, flat);
		memcpy(bytes, flat, len);
	}
	assert_true(bp_base64url_encode((struct bp_text){ (char *)bytes, len },
	    ret));
}

static void
sign_hmac(struct bp_text secret, struct bp_text t, struct bp_buf *ret)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	assert_non_null(HMAC(EVP_sha256(), secret.at, (int)secret.len,
	    (const unsigned char *)t.at, t.len, bytes, &len));
	assert_true(bp_base64url_encode((struct bp_text){ (char *)bytes, len },
	    ret));
}

static void
sign(enum signer who, struct bp_text t, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf a = BP_BUF_INIT(512);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(16);
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	struct bp_key key = { .alg = BP_TEXT("RS256") };
	struct bp_why why;

	if (who < HMAC_PEM) {
		sign_by_key(who, t, ret);
		return;
	}
	spell(OURS, 0, &a);
	spell(OURS, 1, &b);
	key.a = bp_buf_text(&a);
	key.b = bp_buf_text(&b);
	assert_true(bp_key_pem(&key, &pem, &why));
	sign_hmac(who == HMAC_PEM ? bp_buf_text(&pem) : who == HMAC_MODULUS ?
	    key.a : bp_text_of(""), t, ret);
}

static void
make_token(struct bp_text header, struct bp_text payload, enum signer who,
    struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf signature = BP_BUF_INIT(1024);

	assert_true(bp_base64url_encode(header, ret) &&
	    bp_buf_say(ret, ".") && bp_base64url_encode(payload, ret));
	sign(who, bp_buf_text(ret), &signature);
	assert_true(bp_buf_say(ret, ".") &&
	    bp_buf_put(ret, bp_buf_text(&signature)));
}

/* What is done to a token that was good. */
typedef void spoiler(struct bp_buf *token);

static size_t
dot(const struct bp_buf *token, int which)
{
	size_t at = 0;

	while (token->data[at] != '.' || --which > 0)
		at++;
	return at;
}

static void
cut_out(struct bp_buf *token, size_t from, size_t to)
{
	memmove(token->data + from, token->data + to, token->len - to);
	token->len -= to - from;
}

#define SPOILER(name, what)	\
	static void name(struct bp_buf *token) { what; }
#define APPENDS(name, what)	\
	SPOILER(name, assert_true(bp_buf_add(token, what, sizeof(what) - 1)))

APPENDS(append_nothing, "")
APPENDS(append_part, ".AAAA")
APPENDS(append_dot, ".")
APPENDS(append_padding, "=")
APPENDS(append_two_paddings, "==")
APPENDS(append_line_end, "\n")
APPENDS(append_nul, "\0")
APPENDS(append_junk, "!!!")
APPENDS(append_digit, "AAA")
APPENDS(append_byte, "A")	/* to 64 of them, whose spelling has room */
SPOILER(empty_header, cut_out(token, 0, dot(token, 1)))
SPOILER(empty_payload, cut_out(token, dot(token, 1) + 1, dot(token, 2)))
SPOILER(empty_signature, token->len = dot(token, 2) + 1)
SPOILER(no_signature, token->len = dot(token, 2))
SPOILER(no_payload, token->len = dot(token, 1))
SPOILER(only_dots, cut_out(token, 0, token->len);
    assert_true(bp_buf_say(token, "..")))
SPOILER(nothing, token->len = 0)
SPOILER(short_signature, token->len -= 2)	/* of 256 bytes the last */
SPOILER(cut_ec_signature, token->len -= 2)	/* of 64 bytes the last */
SPOILER(first_byte_blank, token->data[0] = ' ')
SPOILER(nul_in_payload, token->data[dot(token, 1) + 3] = '\0')
SPOILER(plus_in_signature, token->data[dot(token, 2) + 5] = '+')
SPOILER(slash_in_signature, token->data[dot(token, 2) + 6] = '/')
SPOILER(zero_signature, memset(token->data + dot(token, 2) + 1, 'A',
    token->len - dot(token, 2) - 1))

/* The last digit of 342 has four bits that no byte takes. */
static void
spare_bit(struct bp_buf *token)
{
	assert_int_equal((token->len - dot(token, 2) - 1) % 4, 2);
	token->data[token->len - 1]++;
}

static void
flip_in_signature(struct bp_buf *token)
{
	uint8_t *p = token->data + dot(token, 2) + 20;

	*p = *p == 'A' ? 'B' : 'A';
}

/* "alice" becomes "blice", and the JSON stays strict. */
static void
other_payload(struct bp_buf *token)
{
	BP_AUTO(bp_buf_done) struct bp_buf spelt = BP_BUF_INIT(256);

	assert_true(bp_base64url_encode((struct bp_text)
	    BP_TEXT("{\"sub\":\"blice\",\"exp\":1700000000}"), &spelt));
	assert_int_equal(dot(token, 2) - dot(token, 1) - 1, spelt.len);
	memcpy(token->data + dot(token, 1) + 1, spelt.data, spelt.len);
}

#define H(literal)	BP_TEXT(literal)
#define P		BP_TEXT(CLAIMS)

struct row {
	const char *name;
	struct bp_text header, payload;
	enum signer who;
	spoiler *spoil;
	enum set keys;
	enum bp_wire_reason reason;	/* 0: it verifies */
};

/* Where RS256 alone may be. */
static const struct row rows[] = {
	{ "a good token", H(RS256), P, BY_US, append_nothing, BOTH, 0 },
	{ "one key", H(RS256), P, BY_US, append_nothing, FIRST, 0 },
	{ "the second key", H("{\"alg\":\"RS256\",\"kid\":\"k2\"}"), P,
	    BY_OTHER, append_nothing, BOTH, 0 },
	{ "typ JWT", H("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"k1\"}"),
	    P, BY_US, append_nothing, BOTH, 0 },
	{ "typ jwt", H("{\"typ\":\"jwt\",\"alg\":\"RS256\",\"kid\":\"k1\"}"),
	    P, BY_US, append_nothing, BOTH, 0 },
	{ "x5t, as IdentityServer has it", H("{\"typ\":\"JWT\",\"alg\":"
	    "\"RS256\",\"x5t\":\"k1\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, 0 },
	{ "no kid and one key", H("{\"alg\":\"RS256\"}"), P, BY_US,
	    append_nothing, FIRST, 0 },
	{ "no kid and a key without", H("{\"alg\":\"RS256\"}"), P, BY_US,
	    append_nothing, NAMELESS, 0 },
	{ "an escaped alg is the same", H("{\"\\u0061lg\":\"\\u0052S256\","
	    "\"kid\":\"k1\"}"), P, BY_US, append_nothing, BOTH, 0 },
	{ "an empty object", H(RS256), H("{}"), BY_US, append_nothing, BOTH,
	    0 },
	{ "long expired", H(RS256), H("{\"exp\":0,\"nbf\":99999999999}"),
	    BY_US, append_nothing, BOTH, 0 },
	{ "the longest integers", H(RS256), H("{\"x\":9223372036854775807,"
	    "\"y\":-9223372036854775808,\"z\":1e19}"), BY_US,
	    append_nothing, BOTH, 0 },

	{ "times with a fraction", H(RS256), H("{\"exp\":1700000000.25,"
	    "\"iat\":1.7e9,\"nbf\":1699999999.999}"), BY_US, append_nothing,
	    BOTH, 0 },
	{ "a kid of the same key twice", H(RS256), P, BY_US, append_nothing,
	    AGAIN, 0 },
	{ "no kid and the same key twice", H("{\"alg\":\"RS256\"}"), P, BY_US,
	    append_nothing, NAMELESS_AGAIN, 0 },
	{ "one key of each kind, no kid", H("{\"alg\":\"RS256\"}"), P, BY_US,
	    append_nothing, KINDS_NAMELESS, 0 },

	/* form */
	{ "nothing", H(RS256), P, BY_US, nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "one part", H(RS256), P, BY_US, no_payload, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "two parts", H(RS256), P, BY_US, no_signature, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "four parts", H(RS256), P, BY_US, append_part, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "a dot behind", H(RS256), P, BY_US, append_dot, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "dots alone", H(RS256), P, BY_US, only_dots, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "an empty header", H(RS256), P, BY_US, empty_header, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "an empty payload", H(RS256), P, BY_US, empty_payload, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "an empty signature", H(RS256), P, BY_US, empty_signature, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "padding by one", H(RS256), P, BY_US, append_padding, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "padding by two", H(RS256), P, BY_US, append_two_paddings, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "a line's end behind", H(RS256), P, BY_US, append_line_end, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "NUL behind", H(RS256), P, BY_US, append_nul, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "junk behind", H(RS256), P, BY_US, append_junk, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "a digit too many behind", H(RS256), P, BY_US, append_digit, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "a blank in front", H(RS256), P, BY_US, first_byte_blank, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "NUL in the payload", H(RS256), P, BY_US, nul_in_payload, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "standard base64's plus", H(RS256), P, BY_US, plus_in_signature,
	    BOTH, BP_WIRE_TOKEN_FORM },
	{ "standard base64's slash", H(RS256), P, BY_US, slash_in_signature,
	    BOTH, BP_WIRE_TOKEN_FORM },
	{ "a spare bit set", H(RS256), P, BY_US, spare_bit, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "a header that is no JSON", H("alg=RS256"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "a header that is an array", H("[\"RS256\"]"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "two alg, the first ours", H("{\"alg\":\"RS256\",\"alg\":\"HS256\","
	    "\"kid\":\"k1\"}"), P, HMAC_PEM, append_nothing, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "two alg, the last ours", H("{\"alg\":\"none\",\"alg\":\"RS256\","
	    "\"kid\":\"k1\"}"), P, BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "two alg, one escaped", H("{\"alg\":\"RS256\",\"\\u0061lg\":"
	    "\"HS256\",\"kid\":\"k1\"}"), P, HMAC_PEM, append_nothing, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "two kid", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"kid\":\"k2\"}"),
	    P, BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "NUL behind the header", H(RS256 "\0{}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "an escaped NUL in alg", H("{\"alg\":\"RS256\\u0000\",\"kid\":"
	    "\"k1\"}"), P, BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "an empty kid", H("{\"alg\":\"RS256\",\"kid\":\"\"}"), P, BY_US,
	    append_nothing, FIRST, BP_WIRE_TOKEN_FORM },
	{ "kid null", H("{\"alg\":\"RS256\",\"kid\":null}"), P, BY_US,
	    append_nothing, FIRST, BP_WIRE_TOKEN_FORM },
	{ "kid a number", H("{\"alg\":\"RS256\",\"kid\":1}"), P, BY_US,
	    append_nothing, FIRST, BP_WIRE_TOKEN_FORM },
	{ "a kid that does not print", H("{\"alg\":\"RS256\",\"kid\":"
	    "\"\\u001b[2J\"}"), P, BY_US, append_nothing, FIRST,
	    BP_WIRE_TOKEN_FORM },
	{ "a payload that is an array", H(RS256), H("[\"sub\"]"), BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "a payload that is no JSON", H(RS256), H("alice"), BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "a payload with NUL behind", H(RS256), H(CLAIMS "\0" CLAIMS),
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "an escaped NUL in sub", H(RS256),
	    H("{\"sub\":\"alice\\u0000.evil\"}"), BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_FORM },
	{ "two sub", H(RS256), H("{\"sub\":\"alice\",\"sub\":\"bob\"}"),
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "exp 1e400", H(RS256), H("{\"exp\":1e400}"), BY_US, append_nothing,
	    BOTH, BP_WIRE_TOKEN_FORM },
	{ "an integer too long", H(RS256), H("{\"x\":[9223372036854775808]}"),
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "an integer too low", H(RS256), H("{\"x\":-18446744073709551616}"),
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_FORM },
	{ "an integer too long in the header", H("{\"alg\":\"RS256\",\"kid\":"
	    "\"k1\",\"x\":9223372036854775808}"), P, BY_US, append_nothing,
	    BOTH, BP_WIRE_TOKEN_FORM },

	{ "exp -1e400", H(RS256), H("{\"exp\":-1e400}"), BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_FORM },

	/* algorithm */
	{ "ES256 where it may not be", H(ES256), P, BY_EC, append_nothing,
	    EC, BP_WIRE_TOKEN_ALG },
	{ "HS256 by the PEM", H("{\"alg\":\"HS256\",\"kid\":\"k1\"}"), P,
	    HMAC_PEM, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "HS256 by the modulus", H("{\"alg\":\"HS256\",\"kid\":\"k1\"}"), P,
	    HMAC_MODULUS, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "HS256 by nothing", H("{\"alg\":\"HS256\",\"kid\":\"k1\"}"), P,
	    HMAC_NOTHING, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "HS256 in alg, ours in Alg", H("{\"Alg\":\"RS256\",\"alg\":"
	    "\"HS256\",\"kid\":\"k1\"}"), P, HMAC_PEM, append_nothing, BOTH,
	    BP_WIRE_TOKEN_ALG },
	{ "none", H("{\"alg\":\"none\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "none, no kid, one key", H("{\"alg\":\"none\"}"), P, BY_US,
	    append_nothing, FIRST, BP_WIRE_TOKEN_ALG },
	{ "NonE", H("{\"alg\":\"NonE\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "rs256", H("{\"alg\":\"rs256\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "RS256 and a blank", H("{\"alg\":\"RS256 \",\"kid\":\"k1\"}"), P,
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "RS512", H("{\"alg\":\"RS512\",\"kid\":\"k1\"}"), P, BY_US_SHA512,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "PS256", H("{\"alg\":\"PS256\",\"kid\":\"k1\"}"), P, BY_US_PSS,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "ES256", H("{\"alg\":\"ES256\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "no alg", H("{\"kid\":\"k1\"}"), P, BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_ALG },
	{ "alg null", H("{\"alg\":null,\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "alg in an array", H("{\"alg\":[\"RS256\"],\"kid\":\"k1\"}"), P,
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "Alg for alg", H("{\"Alg\":\"RS256\",\"kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "crit", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"b64\"],"
	    "\"b64\":true}"), P, BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_ALG },
	{ "crit null", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":null}"),
	    P, BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "an access token's typ", H("{\"alg\":\"RS256\",\"kid\":\"k1\","
	    "\"typ\":\"at+jwt\"}"), P, BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_ALG },
	{ "a longer typ", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":"
	    "\"JWTS\"}"), P, BY_US, append_nothing, BOTH,
	    BP_WIRE_TOKEN_ALG },
	{ "typ null", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":null}"),
	    P, BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },
	{ "an empty typ", H("{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":"
	    "\"\"}"), P, BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_ALG },

	/* key */
	{ "an unknown kid", H("{\"alg\":\"RS256\",\"kid\":\"k3\"}"), P,
	    BY_US, append_nothing, BOTH, BP_WIRE_TOKEN_KEY },
	{ "an unknown kid and one key", H("{\"alg\":\"RS256\",\"kid\":"
	    "\"k3\"}"), P, BY_US, append_nothing, FIRST, BP_WIRE_TOKEN_KEY },
	{ "no kid and two keys", H("{\"alg\":\"RS256\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_KEY },
	{ "Kid for kid", H("{\"alg\":\"RS256\",\"Kid\":\"k1\"}"), P, BY_US,
	    append_nothing, BOTH, BP_WIRE_TOKEN_KEY },
	{ "two keys of this kid", H(RS256), P, BY_US, append_nothing, TWICE,
	    BP_WIRE_TOKEN_KEY },
	{ "no keys", H(RS256), P, BY_US, append_nothing, NO_KEYS,
	    BP_WIRE_TOKEN_KEY },
	{ "a key of its own in the header", H("{\"alg\":\"RS256\",\"jwk\":"
	    "{\"kty\":\"RSA\"},\"jku\":\"https://evil.example/\"}"), P,
	    BY_OTHER, append_nothing, NO_KEYS, BP_WIRE_TOKEN_KEY },


	/* signature */
	{ "another key under our kid", H(RS256), P, BY_OTHER, append_nothing,
	    BOTH, BP_WIRE_TOKEN_SIGNATURE },
	{ "another key and no kid", H("{\"alg\":\"RS256\"}"), P, BY_OTHER,
	    append_nothing, FIRST, BP_WIRE_TOKEN_SIGNATURE },
	{ "our key under another kid", H(RS256), P, BY_US, append_nothing,
	    SWAPPED, BP_WIRE_TOKEN_SIGNATURE },
	{ "another payload", H(RS256), P, BY_US, other_payload, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "a flipped bit", H(RS256), P, BY_US, flip_in_signature, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "a short signature", H(RS256), P, BY_US, short_signature, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "a signature of zeros", H(RS256), P, BY_US, zero_signature, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "RS512 under RS256", H(RS256), P, BY_US_SHA512, append_nothing,
	    BOTH, BP_WIRE_TOKEN_SIGNATURE },
	{ "PS256 under RS256", H(RS256), P, BY_US_PSS, append_nothing, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "HMAC by the PEM under RS256", H(RS256), P, HMAC_PEM,
	    append_nothing, BOTH, BP_WIRE_TOKEN_SIGNATURE },
	{ "another key, and an integer of 63 bits", H(RS256),
	    H("{\"x\":4611686018427387904}"), BY_OTHER, append_nothing, BOTH,
	    BP_WIRE_TOKEN_SIGNATURE },
};

/* Where both may be. */
static const struct row both[] = {
	{ "one key of each kind under one kid", H(RS256), P, BY_US,
	    append_nothing, KINDS, 0 },
	{ "ES256 where both may be", H(ES256), P, BY_EC, append_nothing, EC, 0 },
	{ "RS256 where both may be", H(RS256), P, BY_US, append_nothing, BOTH,
	    0 },
	{ "the second EC key", H("{\"alg\":\"ES256\",\"kid\":\"k2\"}"), P,
	    BY_EC_OTHER, append_nothing, EC, 0 },
	{ "ES256 without kid", H("{\"alg\":\"ES256\"}"), P, BY_EC,
	    append_nothing, EC_NAMELESS, 0 },
	{ "ES256 without kid, one key of each kind", H("{\"alg\":\"ES256\"}"),
	    P, BY_EC, append_nothing, KINDS_NAMELESS, 0 },
	{ "ES256, one key of each kind under one kid", H(ES256), P, BY_EC,
	    append_nothing, KINDS, 0 },
	{ "a signature in DER", H(ES256), P, BY_EC_DER, append_nothing, EC,
	    BP_WIRE_TOKEN_FORM },
	{ "ES256 on P-384", H(ES256), P, BY_P384, append_nothing, ON_P384,
	    BP_WIRE_TOKEN_FORM },
	{ "an ES256 of 63 bytes", H(ES256), P, BY_EC, cut_ec_signature, EC,
	    BP_WIRE_TOKEN_FORM },
	{ "an ES256 of 65 bytes", H(ES256), P, BY_EC, append_byte, EC,
	    BP_WIRE_TOKEN_FORM },
	{ "an RSA signature under ES256", H(ES256), P, BY_US, append_nothing,
	    KINDS, BP_WIRE_TOKEN_FORM },
	{ "ES384", H("{\"alg\":\"ES384\",\"kid\":\"k1\"}"), P, BY_P384,
	    append_nothing, ON_P384, BP_WIRE_TOKEN_ALG },
	{ "es256", H("{\"alg\":\"es256\",\"kid\":\"k1\"}"), P, BY_EC,
	    append_nothing, EC, BP_WIRE_TOKEN_ALG },
	{ "RS256 and a key of the other kind", H(RS256), P, BY_US,
	    append_nothing, EC, BP_WIRE_TOKEN_KEY },
	{ "ES256 and a key of the other kind", H(ES256), P, BY_EC,
	    append_nothing, BOTH, BP_WIRE_TOKEN_KEY },
	{ "ES256 without kid, and no key of the kind", H("{\"alg\":"
	    "\"ES256\"}"), P, BY_EC, append_nothing, FIRST, BP_WIRE_TOKEN_KEY },
	{ "two EC keys of this kid", H(ES256), P, BY_EC, append_nothing,
	    EC_TWICE, BP_WIRE_TOKEN_KEY },
	{ "a key on P-384 for ES256", H(ES256), P, BY_EC, append_nothing,
	    ON_P384, BP_WIRE_TOKEN_KEY },
	{ "an RSA key for ES256", H(ES256), P, BY_EC, append_nothing,
	    RSA_FOR_ES256, BP_WIRE_TOKEN_KEY },
	{ "an EC key for RS256", H(RS256), P, BY_US, append_nothing,
	    EC_FOR_RS256, BP_WIRE_TOKEN_KEY },
	{ "another EC key under our kid", H(ES256), P, BY_EC_OTHER,
	    append_nothing, EC, BP_WIRE_TOKEN_SIGNATURE },
	{ "another payload under ES256", H(ES256), P, BY_EC, other_payload,
	    EC, BP_WIRE_TOKEN_SIGNATURE },
	{ "a flipped bit under ES256", H(ES256), P, BY_EC, flip_in_signature,
	    EC, BP_WIRE_TOKEN_SIGNATURE },
	{ "an ES256 of zeros", H(ES256), P, BY_EC, zero_signature, EC,
	    BP_WIRE_TOKEN_SIGNATURE },
	{ "SHA-512 under ES256", H(ES256), P, BY_EC_SHA512, append_nothing,
	    EC, BP_WIRE_TOKEN_SIGNATURE },
};

/* Where that alone may be. */
static const struct { struct row row; const char *alg; } one[] = {
	{ { "a good ES256", H(ES256), P, BY_EC, append_nothing, EC, 0 }, "ES256" },
	{ { "RS256 where only ES256 may be", H(RS256), P, BY_US, append_nothing,
	    BOTH, BP_WIRE_TOKEN_ALG }, "ES256" },
	{ { "a key for HS256, which nobody should allow", H("{\"alg\":"
	    "\"HS256\",\"kid\":\"k1\"}"), P, HMAC_PEM, append_nothing,
	    RSA_FOR_HS256, BP_WIRE_TOKEN_KEY }, "HS256" },
};

static void
judge(const struct row *row, const char *const *algs, size_t n)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf allowed = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(ROOM);
	struct bp_why why = { 0 };
	bool ok;

	make_token(row->header, row->payload, row->who, &token);
	row->spoil(&token);
	make_keys(row->keys, &keys);
	ok = bp_token_verify(bp_buf_text(&token), put_texts(algs, n, &allowed),
	    bp_buf_text(&keys), &payload, &why);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(ok, row->reason == 0);
	assert_true(bp_text_same(bp_buf_text(&payload), ok ? row->payload
	    : bp_text_of("")));
	assert_null(strstr(why.detail, "alice"));
}

static const char *const algs[] = { "RS256", "ES256" };

ROWS(rows, verifies_or_is_refused)
{
	judge(*state, algs, 1);
}

ROWS(both, verifies_or_is_refused_too)
{
	judge(*state, algs, 2);
}

TEST(only_one_alg_may_be_allowed)
{
	(void)state;
	for (size_t i = 0; i < COUNT(one); i++)
		judge(&one[i].row, &one[i].alg, 1);
}

static enum bp_wire_reason
verify_by(const struct bp_buf *token, const char *alg, enum set set,
    size_t room)
{
	BP_AUTO(bp_buf_done) struct bp_buf allowed = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(room);
	struct bp_why why = { 0 };

	make_keys(set, &keys);
	if (!bp_token_verify(bp_buf_text(token), put_texts(&alg, 1, &allowed),
	    bp_buf_text(&keys), &payload, &why))
		assert_int_equal(payload.len, 0);
	return why.reason;
}

static enum bp_wire_reason
verify(const struct bp_buf *token, size_t room)
{
	return verify_by(token, "RS256", BOTH, room);
}

/* As long as may be, and a digit longer. */
TEST(a_long_token_is_good_up_to_64_KiB)
{
	BP_AUTO(bp_buf_done) struct bp_buf long_sub = BP_BUF_INIT(ROOM);
	size_t longest = 0, len = 0;

	(void)state;
	assert_true(bp_buf_say(&long_sub, "{\"sub\":\""));
	while (long_sub.len < 48840)
		assert_true(bp_buf_say(&long_sub, "s"));
	while (len <= BP_TOKEN_MAX) {
		BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);
		BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(ROOM);

		assert_true(bp_buf_say(&long_sub, "s"));
		assert_true(bp_buf_put(&text, bp_buf_text(&long_sub)) &&
		    bp_buf_say(&text, "\"}"));
		make_token(bp_text_of(RS256), bp_buf_text(&text), BY_US,
		    &token);
		len = token.len;
		if (len <= BP_TOKEN_MAX)
			longest = len;
		assert_int_equal(verify(&token, ROOM), len <= BP_TOKEN_MAX ? 0
		    : BP_WIRE_TOKEN_FORM);
	}
	assert_true(longest == BP_TOKEN_MAX - 1 || longest == BP_TOKEN_MAX);
	assert_true(len == BP_TOKEN_MAX + 1 || len == BP_TOKEN_MAX + 2);
}

TEST(a_token_of_12_MB_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(12 << 20);

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	while (token.len < token.max)
		assert_true(bp_buf_say(&token, "A"));
	assert_int_equal(verify(&token, ROOM), BP_WIRE_TOKEN_FORM);
}

TEST(a_payload_without_room_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	assert_int_equal(verify(&token, sizeof(CLAIMS) - 2),
	    BP_WIRE_HELPER_BROKEN);
	assert_int_equal(verify(&token, sizeof(CLAIMS) - 1), 0);
}

/* The same key, but for one bit of its exponent: no PEM is made of it. */
TEST(an_unsound_key_of_the_record_is_none)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);
	BP_AUTO(bp_buf_done) struct bp_buf allowed = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(ROOM);
	BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
	struct bp_why why = { 0 };

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	spell(OURS, 0, &n);
	assert_true(bp_list_start(&keys) &&
	    bp_list_add(&keys, bp_text_of("RS256")) &&
	    bp_list_add(&keys, bp_text_of("k1")) &&
	    bp_list_add(&keys, bp_buf_text(&n)) &&
	    bp_list_add(&keys, bp_text_of("AQAA")));
	assert_false(bp_token_verify(bp_buf_text(&token),
	    put_texts(algs, 1, &allowed), bp_buf_text(&keys), &payload, &why));
	assert_int_equal(why.reason, BP_WIRE_TOKEN_KEY);
}

TEST(no_part_of_a_token_is_one)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	while (token.len-- > 0)
		assert_int_not_equal(verify(&token, ROOM), 0);
}

static const struct kind_of_token {
	const char *name, *header, *alg;
	enum signer who;
	enum set keys;
} kinds_of_token[] = {
	{ "no byte of an RS256 may change", RS256, "RS256", BY_US, BOTH },
	{ "no byte of an ES256 may change", ES256, "ES256", BY_EC, EC },
};

/* Each byte by each neighbour in the alphabet and by a few others. */
ROWS(kinds_of_token, may_not_change)
{
	static const char others[] = "\0.=+/ \nAz_-\xff";
	const struct kind_of_token *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);

	make_token(bp_text_of(row->header), bp_text_of(CLAIMS), row->who,
	    &token);
	for (size_t i = 0; i < token.len; i++)
		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			uint8_t was = token.data[i];

			token.data[i] = (uint8_t)others[k];
			assert_int_equal(verify_by(&token, row->alg, row->keys,
			    ROOM) == 0, was == token.data[i]);
			token.data[i] = was;
		}
}

/* By openssl sha256 -binary | head -c 16 | basenc --base64url */
TEST(the_left_half_of_the_hash_is_22_bytes)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(22);

	(void)state;
	assert_true(bp_token_half_hash(bp_text_of("at_token"), &b));
	assert_true(bp_text_is(bp_buf_text(&b), "dU_CR2552c1lXRibiSctzg"));
	assert_false(bp_token_half_hash(bp_text_of("at_token"), &b));
}

RUN(make_pairs, free_pairs)
