/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/jwks.h"

static bool
read_keys(const struct bp_json *array, struct bp_buf *ret,
    struct bp_why *reterr)
{
	const struct bp_json *jwk;
	struct bp_key key;
	size_t n = 0;

	for (jwk = bp_json_first(array); jwk != NULL; jwk = bp_json_next(jwk)) {
		if (++n > BP_KEY_COUNT_MAX)
			return bp_why(reterr, BP_WIRE_BODY,
			    "key set: more than %d keys", BP_KEY_COUNT_MAX);
		if (bp_key_read(jwk, &key) && !bp_key_add(ret, &key))
			return bp_why(reterr, BP_WIRE_BODY,
			    "key set: its keys are too long");
	}
	return bp_list_count(bp_buf_text(ret)) > 0 || bp_why(reterr,
	    BP_WIRE_NO_KEYS, "key set: none of %zu keys is of use for RS256 "
	    "or ES256", n);
}

bool
bp_jwks_read(const struct bp_json *set, struct bp_buf *ret,
    struct bp_why *reterr)
{
	const struct bp_json *keys = bp_json_member(set, "keys");

	if (!bp_json_is_array(keys))
		return bp_why(reterr, BP_WIRE_BODY,
		    "key set: no array \"keys\"");
	if (!bp_list_start(ret))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no memory");
	if (read_keys(keys, ret, reterr))
		return true;
	ret->len = 0;
	return false;
}

static bool
is_same(const struct bp_key *one, const struct bp_key *other)
{
	return bp_text_same(one->a, other->a) && bp_text_same(one->b, other->b);
}

static bool
none_fits(size_t fit, struct bp_text alg, struct bp_text kid,
    struct bp_why *reterr)
{
	if (kid.len == 0)
		return bp_why(reterr, BP_WIRE_TOKEN_KEY, "id_token: names no "
		    "key, and there are %zu for %.*s", fit, BP_SHOWN(alg));
	return bp_why(reterr, BP_WIRE_TOKEN_KEY,
	    "id_token: %zu keys for %.*s have its kid \"%.*s\"", fit,
	    BP_SHOWN(alg), BP_SHOWN(kid));
}

/*
 * Two keys of one kid: whichever we tried, the other may have been meant, and
 * there is one verdict.  RFC 7517 4.5 wants distinct ones.  The same key
 * again is no other.
 */
bool
bp_jwks_choose(struct bp_text keys, struct bp_text alg, struct bp_text kid,
    struct bp_key *ret, struct bp_why *reterr)
{
	struct bp_list list = bp_list_of(keys);
	struct bp_key key, found = { 0 };
	size_t fit = 0;

	while (bp_key_next(&list, &key))
		if (bp_text_same(key.alg, alg) &&
		    (kid.len == 0 || bp_text_same(key.kid, kid)) &&
		    (fit == 0 || !is_same(&key, &found))) {
			found = key;
			fit++;
		}
	if (fit != 1)
		return none_fits(fit, alg, kid, reterr);
	*ret = found;
	return true;
}
