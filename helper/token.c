/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/token.h"

#include <openssl/evp.h>

#include <strings.h>

#include "helper/signature.h"
#include "wire/base64url.h"
#include "wire/list.h"

enum { ES256_BYTES = 64 };	/* of a signature: r and s, RFC 7518 3.4 */

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

/* RFC 8725 3.1: what a token may be signed with is this host's to say. */
static bool
read_alg(const struct bp_json *header, struct bp_text algs,
    struct bp_text *ret, struct bp_why *reterr)
{
	if (!bp_json_string(bp_json_member(header, "alg"), ret))
		return bp_why(reterr, BP_WIRE_TOKEN_ALG,
		    "id_token: header: no string alg");
	return bp_list_has(algs, *ret) || bp_why(reterr, BP_WIRE_TOKEN_ALG,
	    "id_token: header: alg \"%.*s\" is not in signing_algs",
	    BP_SHOWN(*ret));
}

static struct bp_text
kid_of(const struct bp_json *header)
{
	struct bp_text kid;

	return bp_json_string(bp_json_member(header, "kid"), &kid) ? kid
	    : bp_text_of("");
}

/* RFC 7518 3.4: of another length it is none, and no newer key would help. */
static bool
check_length(struct bp_text alg, const struct parts *p, struct bp_why *reterr)
{
	size_t len = p->part[SIGNATURE].len;

	return !bp_text_is(alg, "ES256") || len == ES256_BYTES ||
	    bp_why(reterr, BP_WIRE_TOKEN_FORM,
	    "id_token: a signature of %zu bytes under ES256", len);
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
bp_token_verify(struct bp_text token, struct bp_text algs,
    struct bp_text keys, struct bp_buf *payload, struct bp_why *reterr)
{
	BP_AUTO(parts_done) struct parts p = PARTS_INIT;
	BP_AUTO(bp_json_free) struct bp_json *header = NULL;
	BP_AUTO(bp_json_free) struct bp_json *claims = NULL;
	struct bp_text alg;
	struct bp_key key;

	if (!read_parts(token, &p, reterr) ||
	    !read_json(&p, HEADER, &header, reterr) ||
	    !read_alg(header, algs, &alg, reterr) ||
	    !check_header(header, reterr) ||
	    !check_length(alg, &p, reterr) ||
	    !read_json(&p, PAYLOAD, &claims, reterr) ||
	    !bp_jwks_choose(keys, alg, kid_of(header), &key, reterr))
		return false;
	if (!bp_signature_check(token, &key, reterr))
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
