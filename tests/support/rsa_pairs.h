/* SPDX-License-Identifier: BSD-2-Clause */
/* Two RSA key pairs for tests, and their numbers as a JWK has them. */
#ifndef BP_TESTS_RSA_PAIRS_H
#define BP_TESTS_RSA_PAIRS_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "wire/base64url.h"
#include "support/support.h"

enum { PAIRS = 2 };
static EVP_PKEY *pair[PAIRS];

static inline int
make_pairs(void **state)
{
	(void)state;
	for (int i = 0; i < PAIRS; i++)
		if ((pair[i] = EVP_RSA_gen(2048)) == NULL)
			return -1;
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

/* WHAT is OSSL_PKEY_PARAM_RSA_N or _E (RFC 7518 6.3.1). */
static inline void
spell(unsigned who, const char *what, struct bp_buf *ret)
{
	unsigned char bytes[512];
	BIGNUM *bn = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(pair[who], what, &bn), 1);
	assert_true(bp_base64url_encode((struct bp_text){ (char *)bytes,
	    (size_t)BN_bn2bin(bn, bytes) }, ret));
	BN_free(bn);
}

#endif
