/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/token.h"

#include <openssl/hmac.h>

#include "support/rsa_pairs.h"
#include "wire/list.h"

#define ROOM	(4 * BP_TOKEN_MAX)
#define RS256	"{\"alg\":\"RS256\",\"kid\":\"k1\"}"
#define CLAIMS	"{\"sub\":\"alice\",\"exp\":1700000000}"

/* Whose pair; who signs with what. */
enum { OURS, OTHER };

enum signer { BY_US, BY_OTHER, BY_US_SHA512, BY_US_PSS, HMAC_PEM, HMAC_MODULUS,
    HMAC_NOTHING };

/* The provider's keys, as the record has them: who has which kid. */
enum set { BOTH, FIRST, NAMELESS, SWAPPED, TWICE, NO_KEYS };
static const struct { const char *kid; enum signer who; } sets[][2] = {
	[BOTH] = { { "k1", BY_US }, { "k2", BY_OTHER } },
	[FIRST] = { { "k1", BY_US }, { NULL, 0 } },
	[NAMELESS] = { { "", BY_US }, { NULL, 0 } },
	[SWAPPED] = { { "k2", BY_US }, { "k1", BY_OTHER } },
	[TWICE] = { { "k1", BY_US }, { "k1", BY_OTHER } },
	[NO_KEYS] = { { NULL, 0 }, { NULL, 0 } },
};

static void
make_keys(enum set set, struct bp_buf *ret)
{
	assert_true(bp_list_start(ret));
	for (int i = 0; i < 2 && sets[set][i].kid != NULL; i++) {
		BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
		BP_AUTO(bp_buf_done) struct bp_buf e = BP_BUF_INIT(16);

		spell(sets[set][i].who, OSSL_PKEY_PARAM_RSA_N, &n);
		spell(sets[set][i].who, OSSL_PKEY_PARAM_RSA_E, &e);
		assert_true(bp_list_add(ret, bp_text_of(sets[set][i].kid)) &&
		    bp_list_add(ret, bp_buf_text(&n)) &&
		    bp_list_add(ret, bp_buf_text(&e)));
	}
}

static void
sign_rsa(enum signer who, struct bp_text t, struct bp_buf *ret)
{
	const EVP_MD *md = who == BY_US_SHA512 ? EVP_sha512() : EVP_sha256();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	unsigned char bytes[512];
	size_t len = sizeof(bytes);

	assert_int_equal(EVP_DigestSignInit(ctx, &how, md, NULL,
	    pair[who == BY_OTHER ? OTHER : OURS]), 1);
	if (who == BY_US_PSS)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how,
		    RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_DigestSign(ctx, bytes, &len,
	    (const unsigned char *)t.at, t.len), 1);
	EVP_MD_CTX_free(ctx);
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
	BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
	BP_AUTO(bp_buf_done) struct bp_buf e = BP_BUF_INIT(16);
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(4096);
	struct bp_key key = { 0 };
	struct bp_why why;

	if (who < HMAC_PEM) {
		sign_rsa(who, t, ret);
		return;
	}
	spell(BY_US, OSSL_PKEY_PARAM_RSA_N, &n);
	spell(BY_US, OSSL_PKEY_PARAM_RSA_E, &e);
	key.n = bp_buf_text(&n);
	key.e = bp_buf_text(&e);
	assert_true(bp_key_pem(&key, &pem, &why));
	sign_hmac(who == HMAC_PEM ? bp_buf_text(&pem) : who == HMAC_MODULUS ?
	    key.n : bp_text_of(""), t, ret);
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
SPOILER(empty_header, cut_out(token, 0, dot(token, 1)))
SPOILER(empty_payload, cut_out(token, dot(token, 1) + 1, dot(token, 2)))
SPOILER(empty_signature, token->len = dot(token, 2) + 1)
SPOILER(no_signature, token->len = dot(token, 2))
SPOILER(no_payload, token->len = dot(token, 1))
SPOILER(only_dots, cut_out(token, 0, token->len);
    assert_true(bp_buf_say(token, "..")))
SPOILER(nothing, token->len = 0)
SPOILER(short_signature, token->len -= 2)	/* of 256 bytes the last */
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

static const struct row {
	const char *name;
	struct bp_text header, payload;
	enum signer who;
	spoiler *spoil;
	enum set keys;
	enum bp_wire_reason reason;	/* 0: it verifies */
} rows[] = {
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

	/* algorithm */
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

ROWS(rows, verifies_or_is_refused)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(ROOM);
	struct bp_why why = { 0 };
	bool ok;

	make_token(row->header, row->payload, row->who, &token);
	row->spoil(&token);
	make_keys(row->keys, &keys);
	ok = bp_token_verify(bp_buf_text(&token), bp_buf_text(&keys), &payload,
	    &why);
	assert_int_equal(why.reason, row->reason);
	assert_int_equal(ok, row->reason == 0);
	assert_true(bp_text_same(bp_buf_text(&payload), ok ? row->payload
	    : bp_text_of("")));
	assert_null(strstr(why.detail, "alice"));
}

static enum bp_wire_reason
verify(const struct bp_buf *token, size_t room)
{
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(room);
	struct bp_why why = { 0 };

	make_keys(BOTH, &keys);
	if (!bp_token_verify(bp_buf_text(token), bp_buf_text(&keys), &payload,
	    &why))
		assert_int_equal(payload.len, 0);
	return why.reason;
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
	assert_in_range(longest, BP_TOKEN_MAX - 1, BP_TOKEN_MAX);
	assert_in_range(len, BP_TOKEN_MAX + 1, BP_TOKEN_MAX + 2);
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
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf payload = BP_BUF_INIT(ROOM);
	BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
	struct bp_why why = { 0 };

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	spell(BY_US, OSSL_PKEY_PARAM_RSA_N, &n);
	assert_true(bp_list_start(&keys) &&
	    bp_list_add(&keys, bp_text_of("k1")) &&
	    bp_list_add(&keys, bp_buf_text(&n)) &&
	    bp_list_add(&keys, bp_text_of("AQAA")));
	assert_false(bp_token_verify(bp_buf_text(&token), bp_buf_text(&keys),
	    &payload, &why));
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

/* Each byte by each neighbour in the alphabet and by a few others. */
TEST(no_byte_of_a_token_may_change)
{
	static const char others[] = "\0.=+/ \nAz_-\xff";
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(ROOM);

	(void)state;
	make_token(bp_text_of(RS256), bp_text_of(CLAIMS), BY_US, &token);
	for (size_t i = 0; i < token.len; i++)
		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			uint8_t was = token.data[i];

			token.data[i] = (uint8_t)others[k];
			assert_int_equal(verify(&token, ROOM) == 0,
			    was == token.data[i]);
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
