/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "wire/base64url.h"

enum {
	N_LEAST = 2048, N_BYTES = 8192 / 8,
	E_LEAST = 2, E_BYTES = 32 / 8	/* odd, of two bits: 3 */
};

/* The numbers of a key, big endian. */
struct numbers {
	struct bp_buf	 n, e;
};
#define NUMBERS_INIT	{ BP_BUF_INIT(N_BYTES), BP_BUF_INIT(E_BYTES) }

static void
numbers_done(struct numbers *k)
{
	bp_buf_done(&k->n);
	bp_buf_done(&k->e);
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

/* An odd number of LEAST bits at least; RET's ceiling is for the most. */
static bool
read_odd(struct bp_text spelt, size_t least, struct bp_buf *ret)
{
	return bp_base64url_decode(spelt, ret) && ret->len > 0 &&
	    ret->data[0] != 0 && (ret->data[ret->len - 1] & 1) != 0 &&
	    bits_of(ret) >= least;
}

/* OpenSSL checks nothing of an RSA key that is given in numbers. */
static bool
read_numbers(const struct bp_key *key, struct numbers *ret)
{
	return read_odd(key->n, N_LEAST, &ret->n) &&
	    read_odd(key->e, E_LEAST, &ret->e);
}

static bool
is_strong(const struct bp_key *key)
{
	BP_AUTO(numbers_done) struct numbers k = NUMBERS_INIT;

	return read_numbers(key, &k);
}

static bool
is_for_us(const struct bp_json *jwk)
{
	static const struct {
		const char *name, *is;
		bool required;
	} demands[] = {
		{ "kty", "RSA", true },
		{ "use", "sig", false },
		{ "alg", "RS256", false },
	};

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		const struct bp_json *v = bp_json_member(jwk, demands[i].name);
		struct bp_text t;

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

bool
bp_key_read(const struct bp_json *jwk, struct bp_key *ret)
{
	return is_for_us(jwk) && may_verify(jwk) && read_kid(jwk, &ret->kid) &&
	    bp_json_string(bp_json_member(jwk, "n"), &ret->n) &&
	    bp_json_string(bp_json_member(jwk, "e"), &ret->e) &&
	    is_strong(ret);
}

bool
bp_key_add(struct bp_buf *list, const struct bp_key *key)
{
	return bp_list_add(list, key->kid) && bp_list_add(list, key->n) &&
	    bp_list_add(list, key->e);
}

bool
bp_key_next(struct bp_list *list, struct bp_key *ret)
{
	return bp_list_next(list, &ret->kid) && bp_list_next(list, &ret->n) &&
	    bp_list_next(list, &ret->e);
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
make_params(const struct numbers *k)
{
	BP_AUTO(bn_done) BIGNUM *n = BN_bin2bn(k->n.data, (int)k->n.len, NULL);
	BP_AUTO(bn_done) BIGNUM *e = BN_bin2bn(k->e.data, (int)k->e.len, NULL);
	BP_AUTO(build_done) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();

	if (n == NULL || e == NULL || build == NULL ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		return NULL;
	return OSSL_PARAM_BLD_to_param(build);
}

/* RET is the caller's to release, also on false: OpenSSL may leave one. */
static bool
make_pkey(const struct numbers *k, EVP_PKEY **ret)
{
	BP_AUTO(params_done) OSSL_PARAM *params = make_params(k);
	BP_AUTO(context_done) EVP_PKEY_CTX *context =
	    EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	return params != NULL && context != NULL &&
	    EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, ret, EVP_PKEY_PUBLIC_KEY, params) == 1;
}

static bool
write_pem(const struct numbers *k, struct bp_buf *ret)
{
	BP_AUTO(pkey_done) EVP_PKEY *pkey = NULL;
	BP_AUTO(bio_done) BIO *bio = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len;

	if (bio == NULL || !make_pkey(k, &pkey) ||
	    PEM_write_bio_PUBKEY(bio, pkey) != 1)
		return false;
	len = BIO_get_mem_data(bio, &pem);
	return len > 0 && bp_buf_add(ret, pem, (size_t)len);
}

bool
bp_key_pem(const struct bp_key *key, struct bp_buf *ret,
    struct bp_why *reterr)
{
	BP_AUTO(numbers_done) struct numbers k = NUMBERS_INIT;
	bool ok;

	if (!read_numbers(key, &k))
		return bp_why(reterr, BP_WIRE_TOKEN_KEY,
		    "the key that the id_token names is not sound");
	ok = write_pem(&k, ret);
	ERR_clear_error();	/* or libcurl takes it for its connection's */
	return ok || bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no PEM of a key");
}
