/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/signature.h"

#include <jwt.h>
#include <openssl/err.h>

enum { KEY_MAX = 4096 };	/* one of 8192 bits has 1.5 KiB as a PEM */

static bool
alg_of(const struct bp_key *key, jwt_alg_t *ret)
{
	static const struct { const char *name; jwt_alg_t alg; } algs[] = {
		{ "RS256", JWT_ALG_RS256 },
		{ "ES256", JWT_ALG_ES256 },
	};

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		if (bp_text_is(key->alg, algs[i].name)) {
			*ret = algs[i].alg;
			return true;
		}
	return false;
}

#if defined(JWT_VERSION_MAJOR) && JWT_VERSION_MAJOR >= 3

/* With its alg: by a key without one 3.x believes the token. */
#define write_key	bp_key_jwk

static void
set_done(jwk_set_t **set)
{
	jwks_free(*set);
}

static void
checker_done(jwt_checker_t **checker)
{
	jwt_checker_free(*checker);
}

/* -1: times are id_token.c's, which knows the skew and what must be there. */
static bool
is_ready(jwt_checker_t *checker, jwt_alg_t alg, const jwk_set_t *set)
{
	const jwk_item_t *item = jwks_item_get(set, 0);

	return checker != NULL && !jwks_error(set) && item != NULL &&
	    !jwks_item_error(item) &&
	    jwt_checker_setkey(checker, alg, item) == 0 &&
	    jwt_checker_time_leeway(checker, JWT_CLAIM_EXP, -1) == 0 &&
	    jwt_checker_time_leeway(checker, JWT_CLAIM_NBF, -1) == 0;
}

static bool
is_signed(const char *token, jwt_alg_t alg, struct bp_text jwk)
{
	BP_AUTO(set_done) jwk_set_t *set = jwks_create_strn(jwk.at, jwk.len);
	BP_AUTO(checker_done) jwt_checker_t *checker = jwt_checker_new();

	return is_ready(checker, alg, set) &&
	    jwt_checker_verify(checker, token) == 0;
}

#else

#define write_key	bp_key_pem

/*
 * Without a key libjwt accepts everything; and it is libjwt that must have
 * read ALG as well, or it took the PEM for the secret of an HMAC.
 */
static bool
is_signed(const char *token, jwt_alg_t alg, struct bp_text pem)
{
	jwt_t *jwt = NULL;
	bool ok;

	ok = pem.len > 0 && jwt_decode(&jwt, token,
	    (const unsigned char *)pem.at, (int)pem.len) == 0 &&
	    jwt_get_alg(jwt) == alg;
	jwt_free(jwt);
	return ok;
}

#endif

bool
bp_signature_check(struct bp_text token, const struct bp_key *key,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf spelt = BP_BUF_INIT(KEY_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_TOKEN_MAX + 1);
	jwt_alg_t alg = JWT_ALG_NONE;
	bool ok;

	if (!write_key(key, &spelt, reterr))
		return false;
	if (!bp_buf_put(&string, token) || !bp_buf_add(&string, "", 1))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no memory");
	ok = alg_of(key, &alg) && is_signed((const char *)string.data, alg,
	    bp_buf_text(&spelt));
	ERR_clear_error();	/* or libcurl takes it for its connection's */
	return ok || bp_why(reterr, BP_WIRE_TOKEN_SIGNATURE,
	    "id_token: not signed by the key of kid \"%.*s\"",
	    BP_SHOWN(key->kid));
}
