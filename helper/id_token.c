/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/id_token.h"

#include "helper/token.h"

struct check;

/* One claim of one token under examination. */
struct question {
	const struct check		*row;
	const struct bp_json		*payload;
	const struct bp_id_token_expect	*expect;
	struct bp_why			*reterr;
};

/* VALUE is NULL where the claim is absent. */
typedef bool checker(const struct question *q, const struct bp_json *value);
static checker is_issuer, is_for_us, is_authorized_party, is_not_past,
    is_not_ahead, is_not_ahead_if_any, is_our_nonce, is_subject, is_half_hash;

/* OIDC Core 3.1.3.7 and 3.1.3.8, in their order, but sub. */
static const struct check {
	const char		*claim;
	enum bp_wire_reason	 reason;
	checker			*is_good;
} checks[] = {
	{ "iss",	BP_WIRE_TOKEN_ISS,	is_issuer },
	{ "aud",	BP_WIRE_TOKEN_AUD,	is_for_us },
	{ "azp",	BP_WIRE_TOKEN_AZP,	is_authorized_party },
	{ "exp",	BP_WIRE_TOKEN_EXP,	is_not_past },
	{ "iat",	BP_WIRE_TOKEN_IAT,	is_not_ahead },
	{ "nbf",	BP_WIRE_TOKEN_NBF,	is_not_ahead_if_any },
	{ "nonce",	BP_WIRE_TOKEN_NONCE,	is_our_nonce },
	{ "sub",	BP_WIRE_TOKEN_SUB,	is_subject },
	{ "at_hash",	BP_WIRE_TOKEN_AT_HASH,	is_half_hash },
};

static bool
no(const struct question *q, const char *what)
{
	return bp_why(q->reterr, q->row->reason, "id_token: %s %s",
	    q->row->claim, what);
}

static bool
wrong_kind(const struct question *q, const struct bp_json *value)
{
	static const char *const words[BP_CLAIM_KINDS] = {
		[BP_CLAIM_ABSENT] = "is missing",
		[BP_CLAIM_NULL] = "is null",
		[BP_CLAIM_STRING] = "is a string",
		[BP_CLAIM_STRINGS] = "is an array",
		[BP_CLAIM_TRUE] = "is true",
		[BP_CLAIM_FALSE] = "is false",
		[BP_CLAIM_NUMBER] = "is a number",
		[BP_CLAIM_OTHER] = "is an object, or an array of no strings",
	};

	return no(q, words[bp_json_kind(value)]);
}

/* For values that are no secret: what stands there instead is shown. */
static bool
is_exactly(const struct question *q, const struct bp_json *value,
    struct bp_text wanted)
{
	struct bp_text t;

	if (!bp_json_string(value, &t))
		return wrong_kind(q, value);
	return bp_text_same(t, wanted) || bp_why(q->reterr, q->row->reason,
	    "id_token: %s is another: \"%.*s\"", q->row->claim, BP_SHOWN(t));
}

static bool
is_issuer(const struct question *q, const struct bp_json *value)
{
	return is_exactly(q, value, q->expect->issuer);
}

static bool
is_for_us(const struct question *q, const struct bp_json *value)
{
	const struct bp_json *each;
	struct bp_text t;

	if (!bp_json_is_array(value))
		return is_exactly(q, value, q->expect->client_id);
	if (bp_json_kind(value) != BP_CLAIM_STRINGS)
		return wrong_kind(q, value);
	for (each = bp_json_first(value); each != NULL;
	    each = bp_json_next(each))
		if (bp_json_string(each, &t) &&
		    bp_text_same(t, q->expect->client_id))
			return true;
	return no(q, "is an array without this client's id");
}

static bool
is_authorized_party(const struct question *q, const struct bp_json *value)
{
	const struct bp_json *aud = bp_json_member(q->payload, "aud");

	if (value != NULL)
		return is_exactly(q, value, q->expect->client_id);
	return bp_json_next(bp_json_first(aud)) == NULL ||
	    no(q, "is missing, and aud has several values");
}

/*
 * A token is read as soon as it is made: where it is not of now a clock is
 * wrong.  Which of the two, it does not tell.
 */
static bool
wrong_clock(const struct question *q, double seconds, const char *way)
{
	return bp_why(q->reterr, q->row->reason, "id_token: %s is %.15g "
	    "seconds %s: this host's clock or the provider's is wrong",
	    q->row->claim, seconds, way);
}

/* In doubles throughout: none of them need fit into an integer. */
static bool
read_time(const struct question *q, const struct bp_json *value,
    double *retahead)
{
	double t;

	if (!bp_json_number(value, &t))
		return wrong_kind(q, value);
	if (t < 0)
		return no(q, "is negative");
	*retahead = t - (double)q->expect->now;
	return true;
}

static bool
is_not_past(const struct question *q, const struct bp_json *value)
{
	double ahead = 0;

	return read_time(q, value, &ahead) &&
	    (ahead + q->expect->clock_skew > 0 ||
	    wrong_clock(q, -ahead, "past"));
}

static bool
is_not_ahead(const struct question *q, const struct bp_json *value)
{
	double ahead = 0;

	return read_time(q, value, &ahead) &&
	    (ahead <= q->expect->clock_skew ||
	    wrong_clock(q, ahead, "ahead"));
}

static bool
is_not_ahead_if_any(const struct question *q, const struct bp_json *value)
{
	return value == NULL || is_not_ahead(q, value);
}

static bool
is_our_nonce(const struct question *q, const struct bp_json *value)
{
	struct bp_text t;

	if (value == NULL && q->expect->is_renewal)
		return true;
	if (!bp_json_string(value, &t))
		return wrong_kind(q, value);
	return bp_text_same_secret(t, q->expect->nonce) || no(q, "is another");
}

static bool
is_subject(const struct question *q, const struct bp_json *value)
{
	struct bp_text t;

	if (!bp_json_string(value, &t))
		return wrong_kind(q, value);
	if (t.len == 0 || t.len > BP_SUB_MAX || !bp_text_is_printable(t))
		return no(q, "is empty, too long, or does not print");
	return !q->expect->is_renewal || bp_text_same(t, q->expect->sub) ||
	    no(q, "is another than who signed in");
}

static bool
is_half_hash(const struct question *q, const struct bp_json *value)
{
	BP_AUTO(bp_buf_done) struct bp_buf ours = BP_BUF_INIT(32);
	struct bp_text t;

	if (value == NULL)
		return true;
	if (!bp_json_string(value, &t))
		return wrong_kind(q, value);
	return (bp_token_half_hash(q->expect->access_token, &ours) &&
	    bp_text_same_secret(t, bp_buf_text(&ours))) ||
	    no(q, "is of another access token");
}

/* An empty value of ours would be equal to an empty one of theirs. */
static bool
is_complete(const struct bp_id_token_expect *expect)
{
	return expect->issuer.len > 0 && expect->client_id.len > 0 &&
	    expect->nonce.len > 0 && expect->access_token.len > 0 &&
	    (!expect->is_renewal || expect->sub.len > 0);
}

bool
bp_id_token_check(const struct bp_json *payload,
    const struct bp_id_token_expect *expect, struct bp_text *retsub,
    struct bp_why *reterr)
{
	struct question q = { NULL, payload, expect, reterr };

	if (!is_complete(expect))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "id_token: not told what to expect");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		q.row = &checks[i];
		if (!checks[i].is_good(&q,
		    bp_json_member(payload, checks[i].claim)))
			return false;
	}
	return bp_json_string(bp_json_member(payload, "sub"), retsub);
}
