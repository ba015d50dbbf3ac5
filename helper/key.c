/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <string.h>

#include "wire/base64url.h"

enum {
	N_LEAST = 2048, N_BYTES = 8192 / 8,
	E_LEAST = 2, E_BYTES = 32 / 8,	/* odd, of two bits: 3 */
	XY_BYTES = 256 / 8
};

/* The numbers of a key, big endian: n and e, or x and y. */
struct numbers {
	struct bp_buf	 a, b;
};
#define NUMBERS_INIT	{ BP_BUF_INIT(N_BYTES + 1), BP_BUF_INIT(N_BYTES + 1) }

typedef bool checker(struct numbers *k);
typedef OSSL_PARAM *maker(const struct numbers *k);
static checker is_strong, is_pair;
static maker make_rsa, make_ec;

/* Each kind of key is for one alg. */
static const struct kind {
	const char	*alg, *kty, *crv;	/* no crv: it has none */
	const char	*a, *b;			/* its members */
	checker		*is_sound;
	maker		*make;
} kinds[] = {
	{ "RS256", "RSA", NULL, "n", "e", is_strong, make_rsa },
	{ "ES256", "EC", "P-256", "x", "y", is_pair, make_ec },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void
numbers_done(struct numbers *k)
{
	bp_buf_done(&k->a);
	bp_buf_done(&k->b);
}

/* Of bytes that do not begin with a zero. */
static size_t
bits_of(const struct bp_buf *b)
{
	size_t bits = (b->len - 1) * 8;

	for (unsigned first = b->data[0]; first > 0; first >>= 1)
		bits++;
	return bits;
}

/* An odd number of LEAST bits at least and MOST bytes. */
static bool
is_odd(const struct bp_buf *b, size_t least, size_t most)
{
	return b->len > 0 && b->len <= most && b->data[0] != 0 &&
	    (b->data[b->len - 1] & 1) != 0 && bits_of(b) >= least;
}

/* RFC 7518 6.3.1.1: some put an octet there that says "not negative". */
static void
drop_zero(struct bp_buf *b)
{
	if (b->len > 0 && b->data[0] == 0)
		memmove(b->data, b->data + 1, --b->len);
}

/* OpenSSL checks nothing of an RSA key that is given in numbers. */
static bool
is_strong(struct numbers *k)
{
	drop_zero(&k->a);
	return is_odd(&k->a, N_LEAST, N_BYTES) &&
	    is_odd(&k->b, E_LEAST, E_BYTES);
}

/* RFC 7518 6.2.1.2; that it is a point of the curve is OpenSSL's to say. */
static bool
is_pair(struct numbers *k)
{
	return k->a.len == XY_BYTES && k->b.len == XY_BYTES;
}

static const struct kind *
kind_of(struct bp_text alg)
{
	for (size_t i = 0; i < KINDS; i++)
		if (bp_text_is(alg, kinds[i].alg))
			return &kinds[i];
	return NULL;
}

static bool
read_numbers(const struct bp_key *key, struct numbers *ret)
{
	const struct kind *kind = kind_of(key->alg);

	return kind != NULL && bp_base64url_decode(key->a, &ret->a) &&
	    bp_base64url_decode(key->b, &ret->b) && kind->is_sound(ret);
}

static void
bn_done(BIGNUM **bn)
{
	BN_free(*bn);
}

static void
build_done(OSSL_PARAM_BLD **build)
{
	OSSL_PARAM_BLD_free(*build);
}

static void
params_done(OSSL_PARAM **params)
{
	OSSL_PARAM_free(*params);
}

static void
context_done(EVP_PKEY_CTX **context)
{
	EVP_PKEY_CTX_free(*context);
}

static void
pkey_done(EVP_PKEY **pkey)
{
	EVP_PKEY_free(*pkey);
}

static void
bio_done(BIO **bio)
{
	BIO_free_all(*bio);
}

static OSSL_PARAM *
make_rsa(const struct numbers *k)
{
	BP_AUTO(bn_done) BIGNUM *n = BN_bin2bn(k->a.data, (int)k->a.len, NULL);
	BP_AUTO(bn_done) BIGNUM *e = BN_bin2bn(k->b.data, (int)k->b.len, NULL);
	BP_AUTO(build_done) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();

	if (n == NULL || e == NULL || build == NULL ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		return NULL;
	return OSSL_PARAM_BLD_to_param(build);
}

/* SEC 1, 2.3.3: 04, x, y */
static OSSL_PARAM *
make_ec(const struct numbers *k)
{
	BP_AUTO(build_done) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	unsigned char point[1 + 2 * XY_BYTES] = { 4 };

	memcpy(point + 1, k->a.data, XY_BYTES);
	memcpy(point + 1 + XY_BYTES, k->b.data, XY_BYTES);
	if (build == NULL ||
	    OSSL_PARAM_BLD_push_utf8_string(build,
	    OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
	    OSSL_PARAM_BLD_push_octet_string(build,
	    OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) != 1)
		return NULL;
	return OSSL_PARAM_BLD_to_param(build);
}

/* RET is the caller's to release, also on false: OpenSSL may leave one. */
static bool
make_pkey(const struct kind *kind, const struct numbers *k, EVP_PKEY **ret)
{
	BP_AUTO(params_done) OSSL_PARAM *params = kind->make(k);
	BP_AUTO(context_done) EVP_PKEY_CTX *context =
	    EVP_PKEY_CTX_new_from_name(NULL, kind->kty, NULL);

	return params != NULL && context != NULL &&
	    EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, ret, EVP_PKEY_PUBLIC_KEY, params) == 1;
}

/* The same; only OpenSSL tells whether a point is one. */
static bool
read_pkey(const struct bp_key *key, EVP_PKEY **ret)
{
	BP_AUTO(numbers_done) struct numbers k = NUMBERS_INIT;
	bool ok = read_numbers(key, &k) &&
	    make_pkey(kind_of(key->alg), &k, ret);

	ERR_clear_error();	/* or libcurl takes it for its connection's */
	return ok;
}

static bool
is_sound(const struct bp_key *key)
{
	BP_AUTO(pkey_done) EVP_PKEY *pkey = NULL;

	return read_pkey(key, &pkey);
}

static bool
is_of_kind(const struct bp_json *jwk, const struct kind *kind)
{
	const struct {
		const char *name, *is;
		bool required;
	} demands[] = {
		{ "kty", kind->kty, true },
		{ "crv", kind->crv, true },
		{ "use", "sig", false },
		{ "alg", kind->alg, false },
	};

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		const struct bp_json *v = bp_json_member(jwk, demands[i].name);
		struct bp_text t;

		if (demands[i].is == NULL)
			continue;
		if (v == NULL ? demands[i].required
		    : !bp_json_string(v, &t) || !bp_text_is(t, demands[i].is))
			return false;
	}
	return true;
}

/* RFC 7517 4.3 */
static bool
may_verify(const struct bp_json *jwk)
{
	const struct bp_json *ops = bp_json_member(jwk, "key_ops");
	struct bp_text op;

	if (ops == NULL)
		return true;
	if (bp_json_kind(ops) != BP_CLAIM_STRINGS)
		return false;
	for (ops = bp_json_first(ops); ops != NULL; ops = bp_json_next(ops))
		if (bp_json_string(ops, &op) && bp_text_is(op, "verify"))
			return true;
	return false;
}

bool
bp_key_is_kid(struct bp_text t)
{
	return t.len > 0 && t.len <= BP_KID_MAX && bp_text_is_printable(t);
}

/* In the list no kid is an empty one, so an empty one is none that counts. */
static bool
read_kid(const struct bp_json *jwk, struct bp_text *ret)
{
	const struct bp_json *kid = bp_json_member(jwk, "kid");

	*ret = bp_text_of("");
	return kid == NULL ||
	    (bp_json_string(kid, ret) && bp_key_is_kid(*ret));
}

static bool
read_kind(const struct bp_json *jwk, const struct kind *kind,
    struct bp_key *ret)
{
	ret->alg = bp_text_of(kind->alg);
	return is_of_kind(jwk, kind) &&
	    bp_json_string(bp_json_member(jwk, kind->a), &ret->a) &&
	    bp_json_string(bp_json_member(jwk, kind->b), &ret->b);
}

bool
bp_key_read(const struct bp_json *jwk, struct bp_key *ret)
{
	struct bp_key key = { 0 };

	for (size_t i = 0; i < KINDS; i++)
		if (read_kind(jwk, &kinds[i], &key) && may_verify(jwk) &&
		    read_kid(jwk, &key.kid) && is_sound(&key)) {
			*ret = key;
			return true;
		}
	return false;
}

static bool
add_number(struct bp_buf *list, const struct bp_buf *number)
{
	BP_AUTO(bp_buf_done) struct bp_buf spelt = BP_BUF_INIT(BP_KEY_ITEM_MAX);

	return bp_base64url_encode(bp_buf_text(number), &spelt) &&
	    bp_list_add(list, bp_buf_text(&spelt));
}

bool
bp_key_add(struct bp_buf *list, const struct bp_key *key)
{
	BP_AUTO(numbers_done) struct numbers k = NUMBERS_INIT;

	return read_numbers(key, &k) && bp_list_add(list, key->alg) &&
	    bp_list_add(list, key->kid) && add_number(list, &k.a) &&
	    add_number(list, &k.b);
}

bool
bp_key_next(struct bp_list *list, struct bp_key *ret)
{
	return bp_list_next(list, &ret->alg) && bp_list_next(list, &ret->kid) &&
	    bp_list_next(list, &ret->a) && bp_list_next(list, &ret->b);
}

static bool
write_pem(const EVP_PKEY *pkey, struct bp_buf *ret)
{
	BP_AUTO(bio_done) BIO *bio = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len;

	if (bio == NULL || PEM_write_bio_PUBKEY(bio, pkey) != 1)
		return false;
	len = BIO_get_mem_data(bio, &pem);
	return len > 0 && bp_buf_add(ret, pem, (size_t)len);
}

static bool
is_unsound(const struct bp_key *key, EVP_PKEY **ret, struct bp_why *reterr)
{
	return !read_pkey(key, ret) && !bp_why(reterr, BP_WIRE_TOKEN_KEY,
	    "the key that the id_token names is not sound");
}

bool
bp_key_pem(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(pkey_done) EVP_PKEY *pkey = NULL;
	bool ok;

	if (is_unsound(key, &pkey, reterr))
		return false;
	ok = write_pem(pkey, ret);
	ERR_clear_error();
	return ok || bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no PEM of a key");
}

static bool
write_jwk(const struct bp_key *key, struct bp_buf *ret)
{
	const struct kind *kind = kind_of(key->alg);
	const struct { const char *name; struct bp_text value; } members[] = {
		{ "kty", bp_text_of(kind->kty) },
		{ "alg", bp_text_of(kind->alg) },
		{ kind->a, key->a },
		{ kind->b, key->b },
		{ "crv", bp_text_of(kind->crv != NULL ? kind->crv : "") },
	};
	size_t n = sizeof(members) / sizeof(members[0]);
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++)
		ok = members[i].value.len == 0 ||
		    (bp_buf_say(ret, i == 0 ? "{\"" : ",\"") &&
		    bp_buf_say(ret, members[i].name) &&
		    bp_buf_say(ret, "\":\"") &&
		    bp_buf_put(ret, members[i].value) &&
		    bp_buf_say(ret, "\""));
	return ok && bp_buf_say(ret, "}");
}

/* What is sound is base64url, and breaks out of no string. */
bool
bp_key_jwk(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(pkey_done) EVP_PKEY *pkey = NULL;

	if (is_unsound(key, &pkey, reterr))
		return false;
	return write_jwk(key, ret) ||
	    bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no JWK of a key");
}
