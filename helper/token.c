/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/token.h"

#include <jwt.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <strings.h>

#include "wire/base64url.h"

enum { PEM_MAX = 4096 };	/* one of 8192 bits has 1.5 KiB */

/* RFC 7515 3.1 */
enum part { HEADER, PAYLOAD, SIGNATURE, PARTS };

struct parts {
	struct bp_buf	 part[PARTS];
};
#define PARTS_INIT	{ { BP_BUF_INIT(BP_TOKEN_MAX), \
    BP_BUF_INIT(BP_TOKEN_MAX), BP_BUF_INIT(BP_TOKEN_MAX) } }

static void
parts_done(struct parts *p)
{
	for (size_t i = 0; i < PARTS; i++)
		bp_buf_done(&p->part[i]);
}

/* libjwt writes past an empty part, and skips what is no base64url. */
static bool
read_parts(struct bp_text token, struct parts *ret, struct bp_why *reterr)
{
	struct bp_text spelt[PARTS], rest;

	if (token.len > BP_TOKEN_MAX)
		return bp_why(reterr, BP_WIRE_TOKEN_FORM,
		    "id_token: %zu bytes long", token.len);
	if (!bp_text_cut(token, '.', &spelt[HEADER], &rest) ||
	    !bp_text_cut(rest, '.', &spelt[PAYLOAD], &spelt[SIGNATURE]))
		return bp_why(reterr, BP_WIRE_TOKEN_FORM,
		    "id_token: has no three parts");
	for (size_t i = 0; i < PARTS; i++)
		if (spelt[i].len == 0 ||
		    !bp_base64url_decode(spelt[i], &ret->part[i]))
			return bp_why(reterr, BP_WIRE_TOKEN_FORM,
			    "id_token: part %zu is empty or not strict "
			    "base64url", i + 1);
	return true;
}

static bool
read_json(const struct parts *p, enum part which, struct bp_json **ret,
    struct bp_why *reterr)
{
	const char *what;

	return bp_json_parse(bp_buf_text(&p->part[which]), ret, &what) ||
	    bp_why(reterr, BP_WIRE_TOKEN_FORM, "id_token: %s: %s",
	    which == HEADER ? "header" : "payload", what);
}

static bool
is_rs256(const struct bp_json *v)
{
	struct bp_text t;

	return bp_json_string(v, &t) && bp_text_is(t, "RS256");
}

static bool
is_absent(const struct bp_json *v)
{
	return v == NULL;
}

static bool
is_jwt(const struct bp_json *v)
{
	struct bp_text t;

	return v == NULL || (bp_json_string(v, &t) && t.len == 3 &&
	    strncasecmp(t.at, "JWT", 3) == 0);
}

static bool
is_kid(const struct bp_json *v)
{
	struct bp_text t;

	return v == NULL || (bp_json_string(v, &t) && bp_key_is_kid(t));
}

/* Nothing else in a header counts: no jwk, jku, x5c or x5u brings a key. */
static bool
check_header(const struct bp_json *header, struct bp_why *reterr)
{
	static const struct {
		const char *name;
		bool (*is)(const struct bp_json *v);
		enum bp_wire_reason reason;
		const char *what;
	} rules[] = {
		{ "alg", is_rs256, BP_WIRE_TOKEN_ALG, "is not RS256" },
		{ "crit", is_absent, BP_WIRE_TOKEN_ALG, "is not understood" },
		{ "typ", is_jwt, BP_WIRE_TOKEN_ALG, "is not JWT" },
		{ "kid", is_kid, BP_WIRE_TOKEN_FORM, "is not admissible" },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!rules[i].is(bp_json_member(header, rules[i].name)))
			return bp_why(reterr, rules[i].reason,
			    "id_token: header: %s %s", rules[i].name,
			    rules[i].what);
	return true;
}

static struct bp_text
kid_of(const struct bp_json *header)
{
	struct bp_text kid;

	return bp_json_string(bp_json_member(header, "kid"), &kid) ? kid
	    : bp_text_of("");
}

#if defined(JWT_VERSION_MAJOR) && JWT_VERSION_MAJOR >= 3

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

/* With alg: of a key without one 3.x believes the token. */
static bool
write_jwk(const struct bp_key *key, struct bp_buf *ret)
{
	return bp_buf_say(ret, "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"") &&
	    bp_buf_put(ret, key->n) && bp_buf_say(ret, "\",\"e\":\"") &&
	    bp_buf_put(ret, key->e) && bp_buf_say(ret, "\"}");
}

/* -1: times are id_token.c's, which knows the skew and what must be there. */
static bool
is_ready(jwt_checker_t *checker, const jwk_set_t *set)
{
	const jwk_item_t *item = jwks_item_get(set, 0);

	return checker != NULL && !jwks_error(set) && item != NULL &&
	    !jwks_item_error(item) &&
	    jwt_checker_setkey(checker, JWT_ALG_RS256, item) == 0 &&
	    jwt_checker_time_leeway(checker, JWT_CLAIM_EXP, -1) == 0 &&
	    jwt_checker_time_leeway(checker, JWT_CLAIM_NBF, -1) == 0;
}

static bool
is_signed(const char *token, const struct bp_key *key, struct bp_text pem)
{
	BP_AUTO(bp_buf_done) struct bp_buf jwk = BP_BUF_INIT(PEM_MAX);
	BP_AUTO(set_done) jwk_set_t *set = NULL;
	BP_AUTO(checker_done) jwt_checker_t *checker = jwt_checker_new();

	/* the PEM says that n and e are sound, and so nothing but base64url */
	if (pem.len == 0 || !write_jwk(key, &jwk))
		return false;
	set = jwks_create_strn((const char *)jwk.data, jwk.len);
	return is_ready(checker, set) &&
	    jwt_checker_verify(checker, token) == 0;
}

#else

/*
 * Without a key libjwt accepts everything; and it is libjwt that must have
 * read RS256 as well, or it took the PEM for the secret of an HMAC.
 */
static bool
is_signed(const char *token, const struct bp_key *key, struct bp_text pem)
{
	jwt_t *jwt = NULL;
	bool ok;

	(void)key;
	ok = pem.len > 0 && pem.len <= PEM_MAX &&
	    jwt_decode(&jwt, token, (const unsigned char *)pem.at,
	    (int)pem.len) == 0 && jwt_get_alg(jwt) == JWT_ALG_RS256;
	jwt_free(jwt);
	return ok;
}

#endif

static bool
check_signature(struct bp_text token, const struct bp_key *key,
    struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf pem = BP_BUF_INIT(PEM_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_TOKEN_MAX + 1);
	bool ok;

	if (!bp_key_pem(key, &pem, reterr))
		return false;
	if (!bp_buf_put(&string, token) || !bp_buf_add(&string, "", 1))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no memory");
	ok = is_signed((const char *)string.data, key, bp_buf_text(&pem));
	ERR_clear_error();	/* or libcurl takes it for its connection's */
	return ok || bp_why(reterr, BP_WIRE_TOKEN_SIGNATURE,
	    "id_token: not signed by the key of kid \"%.*s\"",
	    BP_SHOWN(key->kid));
}

/*
 * Always false.  Of a token with an integer beyond 64 bits libjwt looks at no
 * signature: no newer key would help, and none is to be asked for.
 */
static bool
explain(const struct bp_json *header, const struct bp_json *claims,
    struct bp_why *reterr)
{
	if (reterr->reason != BP_WIRE_TOKEN_SIGNATURE)
		return false;
	if (bp_json_has_long_number(header))
		return bp_why(reterr, BP_WIRE_TOKEN_FORM,
		    "id_token: header: a number too long for libjwt");
	if (bp_json_has_long_number(claims))
		return bp_why(reterr, BP_WIRE_TOKEN_FORM,
		    "id_token: payload: a number too long for libjwt");
	return false;
}

/* The payload's JSON before libjwt: its parser is to see no other. */
bool
bp_token_verify(struct bp_text token, struct bp_text keys,
    struct bp_buf *payload, struct bp_why *reterr)
{
	BP_AUTO(parts_done) struct parts p = PARTS_INIT;
	BP_AUTO(bp_json_free) struct bp_json *header = NULL;
	BP_AUTO(bp_json_free) struct bp_json *claims = NULL;
	struct bp_key key;

	if (!read_parts(token, &p, reterr) ||
	    !read_json(&p, HEADER, &header, reterr) ||
	    !check_header(header, reterr) ||
	    !read_json(&p, PAYLOAD, &claims, reterr) ||
	    !bp_jwks_choose(keys, kid_of(header), &key, reterr))
		return false;
	if (!check_signature(token, &key, reterr))
		return explain(header, claims, reterr);
	return bp_buf_put(payload, bp_buf_text(&p.part[PAYLOAD])) ||
	    bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no room for the payload");
}

bool
bp_token_half_hash(struct bp_text access_token, struct bp_buf *ret)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	return EVP_Digest(access_token.at, access_token.len, hash, &len,
	    EVP_sha256(), NULL) == 1 && len == 32 &&
	    bp_base64url_encode((struct bp_text){ (const char *)hash, len / 2 },
	    ret);
}
