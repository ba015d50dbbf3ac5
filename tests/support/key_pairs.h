/* SPDX-License-Identifier: BSD-2-Clause */
/* Key pairs for tests, and their numbers as a JWK and a record have them. */
#ifndef BP_TESTS_KEY_PAIRS_H
#define BP_TESTS_KEY_PAIRS_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "wire/base64url.h"
#include "support/support.h"
#include "wire/list.h"

/* Whose: two of each kind, and one on another curve. */
enum { OURS, OTHER, EC_OURS, EC_OTHER, P384, PAIRS };
static EVP_PKEY *pair[PAIRS];

static inline int
make_pairs(void **state)
{
	(void)state;
	for (int i = 0; i < PAIRS; i++) {
		pair[i] = i < EC_OURS ? EVP_RSA_gen(2048)
		    : EVP_EC_gen(i == P384 ? "P-384" : "P-256");
		if (pair[i] == NULL)
			return -1;
	}
	return 0;
}

static inline int
free_pairs(void **state)
{
	(void)state;
	for (int i = 0; i < PAIRS; i++)
		EVP_PKEY_free(pair[i]);
	return 0;
}

/* The first number or the second: n and e, or x and y (RFC 7518 6.2, 6.3). */
static inline void
spell(unsigned who, int which, struct bp_buf *ret)
{
	static const char *const rsa[] = { OSSL_PKEY_PARAM_RSA_N,
	    OSSL_PKEY_PARAM_RSA_E }, *const ec[] = {
	    OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y };
	unsigned char bytes[512];
	BIGNUM *bn = NULL;
	int len;

	assert_int_equal(EVP_PKEY_get_bn_param(pair[who],
	    who < EC_OURS ? rsa[which] : ec[which], &bn), 1);
	len = who < EC_OURS ? BN_num_bytes(bn) : who == P384 ? 48 : 32;
	assert_int_equal(BN_bn2binpad(bn, bytes, len), len);
	assert_true(bp_base64url_encode((struct bp_text){ (char *)bytes,
	    (size_t)len }, ret));
	BN_free(bn);
}

/* A key of the record, for ALG and under KID. */
static inline void
add_key(struct bp_buf *list, const char *alg, const char *kid, unsigned who)
{
	BP_AUTO(bp_buf_done) struct bp_buf a = BP_BUF_INIT(512);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(512);

	spell(who, 0, &a);
	spell(who, 1, &b);
	assert_true(bp_list_add(list, bp_text_of(alg)) &&
	    bp_list_add(list, bp_text_of(kid)) &&
	    bp_list_add(list, bp_buf_text(&a)) &&
	    bp_list_add(list, bp_buf_text(&b)));
}

#endif
