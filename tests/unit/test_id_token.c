/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/id_token.h"

#define NOW	1700000000
#define SKEW	60
#define S10	"ssssssssss"
#define S255	S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 \
		S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 "sssss"

/* By openssl sha256 -binary | head -c 16 | basenc --base64url */
#define ACCESS_TOKEN	"at_token"
#define HALF_HASH	"dU_CR2552c1lXRibiSctzg"

#define ISS	"\"iss\":\"https://id.example/ids\","
#define AUD	"\"aud\":\"web1\","
#define EXP	"\"exp\":1700000300,"
#define IAT	"\"iat\":1700000000,"
#define NONCE	"\"nonce\":\"n-0S6_WzA2Mj\","
#define SUB	"\"sub\":\"248289761001\","
#define CLAIMS(iss, aud, exp, iat, nonce, sub, more)	\
	"{" iss aud exp iat nonce sub more "\"amr\":[\"pwd\"]}"
#define WITH_ISS(iss)	CLAIMS(iss, AUD, EXP, IAT, NONCE, SUB, )
#define WITH_AUD(aud)	CLAIMS(ISS, aud, EXP, IAT, NONCE, SUB, )
#define WITH_EXP(exp)	CLAIMS(ISS, AUD, exp, IAT, NONCE, SUB, )
#define WITH_IAT(iat)	CLAIMS(ISS, AUD, EXP, iat, NONCE, SUB, )
#define WITH_NONCE(nonce)	CLAIMS(ISS, AUD, EXP, IAT, nonce, SUB, )
#define WITH_SUB(sub)	CLAIMS(ISS, AUD, EXP, IAT, NONCE, sub, )
#define WITH(more)	CLAIMS(ISS, AUD, EXP, IAT, NONCE, SUB, more)

static const struct bp_id_token_expect expect = {
	.issuer = BP_TEXT("https://id.example/ids"),
	.client_id = BP_TEXT("web1"),
	.nonce = BP_TEXT("n-0S6_WzA2Mj"),
	.access_token = BP_TEXT(ACCESS_TOKEN),
	.clock_skew = SKEW,
	.now = NOW,
};

static const struct accepted {
	const char *name, *payload, *sub;
} accepted[] = {
	{ "what IdentityServer gives", WITH("\"auth_time\":1700000000,"
	    "\"idp\":\"idsrv\",\"sid\":\"x\","), "248289761001" },
	{ "aud of one in an array", WITH_AUD("\"aud\":[\"web1\"],"),
	    "248289761001" },
	{ "aud of several, and azp", WITH_AUD("\"aud\":[\"api\",\"web1\"],"
	    "\"azp\":\"web1\","), "248289761001" },
	{ "azp beside one aud", WITH("\"azp\":\"web1\","), "248289761001" },
	{ "exp with a fraction", WITH_EXP("\"exp\":1700000000.25,"),
	    "248289761001" },
	{ "exp as 17e8 + 300, spelt so", WITH_EXP("\"exp\":17000003e2,"),
	    "248289761001" },
	{ "exp past by less than the skew", WITH_EXP("\"exp\":1699999941,"),
	    "248289761001" },
	{ "exp past by a bit less yet", WITH_EXP("\"exp\":1699999940.5,"),
	    "248289761001" },
	{ "exp in the year 2106 and later", WITH_EXP("\"exp\":4294967296,"),
	    "248289761001" },
	{ "exp of no year at all", WITH_EXP("\"exp\":1e308,"),
	    "248289761001" },
	{ "iat with a fraction", WITH_IAT("\"iat\":1700000059.999,"),
	    "248289761001" },
	{ "iat as 1.7E+9, spelt so", WITH_IAT("\"iat\":1.7E+9,"),
	    "248289761001" },
	{ "nbf with a fraction", WITH("\"nbf\":1700000059.999,"),
	    "248289761001" },
	{ "iat ahead by the skew", WITH_IAT("\"iat\":1700000060,"),
	    "248289761001" },
	{ "iat long past", WITH_IAT("\"iat\":0,"), "248289761001" },
	{ "nbf ahead by the skew", WITH("\"nbf\":1700000060,"),
	    "248289761001" },
	{ "nbf now", WITH("\"nbf\":1700000000,"), "248289761001" },
	{ "at_hash of the access token", WITH("\"at_hash\":\"" HALF_HASH
	    "\","), "248289761001" },
	{ "sub of 255 bytes", WITH_SUB("\"sub\":\"" S255 "\","), S255 },
	{ "sub of one byte", WITH_SUB("\"sub\":\"s\","), "s" },
	{ "sub with blanks inside and outside", WITH_SUB("\"sub\":\" a b \","),
	    " a b " },
};

static struct bp_json *
parse(const char *text)
{
	struct bp_json *doc = NULL;
	const char *what = "";

	if (!bp_json_parse(bp_text_of(text), &doc, &what))
		fail_msg("%s", what);
	return doc;
}

ROWS(accepted, is_for_us_now)
{
	const struct accepted *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *payload = parse(row->payload);
	struct bp_text sub = BP_TEXT("");
	struct bp_why why;

	if (!bp_id_token_check(payload, &expect, &sub, &why))
		fail_msg("%s", why.detail);
	assert_true(bp_text_is(sub, row->sub));
}

static const struct refused {
	const char *name, *payload;
	enum bp_wire_reason reason;
	const char *detail;
} refused[] = {
	{ "nothing", "{}", BP_WIRE_TOKEN_ISS, "iss is missing" },

	{ "iss absent", WITH_ISS(), BP_WIRE_TOKEN_ISS, "iss is missing" },
	{ "Iss for iss", WITH_ISS("\"Iss\":\"https://id.example/ids\","),
	    BP_WIRE_TOKEN_ISS, "iss is missing" },
	{ "iss null", WITH_ISS("\"iss\":null,"), BP_WIRE_TOKEN_ISS,
	    "iss is null" },
	{ "iss an array", WITH_ISS("\"iss\":[\"https://id.example/ids\"],"),
	    BP_WIRE_TOKEN_ISS, "iss is an array" },
	{ "iss empty", WITH_ISS("\"iss\":\"\","), BP_WIRE_TOKEN_ISS,
	    "iss is another" },
	{ "iss of another", WITH_ISS("\"iss\":\"https://id.evil/ids\","),
	    BP_WIRE_TOKEN_ISS, "iss is another: \"https://id.evil/ids\"" },
	{ "iss cut", WITH_ISS("\"iss\":\"https://id.example/id\","),
	    BP_WIRE_TOKEN_ISS, "iss is another: \"https://id.example/id\"" },
	{ "iss and a slash", WITH_ISS("\"iss\":\"https://id.example/ids/\","),
	    BP_WIRE_TOKEN_ISS, "iss is another: \"https://id.example/ids/\"" },
	{ "iss in another case",
	    WITH_ISS("\"iss\":\"https://ID.example/ids\","),
	    BP_WIRE_TOKEN_ISS, "iss is another" },
	{ "iss by http", WITH_ISS("\"iss\":\"http://id.example/ids\","),
	    BP_WIRE_TOKEN_ISS, "iss is another" },
	{ "iss that would not print", WITH_ISS("\"iss\":\"\\u001b[2J\","),
	    BP_WIRE_TOKEN_ISS, "iss is another: \"?[2J\"" },
	{ "iss of 255 bytes", WITH_ISS("\"iss\":\"" S255 "\","),
	    BP_WIRE_TOKEN_ISS, S10 S10 S10 S10 S10 S10 S10 S10 S10 S10 "\"" },

	{ "aud absent", WITH_AUD(), BP_WIRE_TOKEN_AUD, "aud is missing" },
	{ "aud null", WITH_AUD("\"aud\":null,"), BP_WIRE_TOKEN_AUD,
	    "aud is null" },
	{ "aud a number", WITH_AUD("\"aud\":1,"), BP_WIRE_TOKEN_AUD,
	    "aud is a number" },
	{ "aud an object", WITH_AUD("\"aud\":{\"web1\":1},"),
	    BP_WIRE_TOKEN_AUD, "aud is an object" },
	{ "aud of another", WITH_AUD("\"aud\":\"web2\","), BP_WIRE_TOKEN_AUD,
	    "aud is another: \"web2\"" },
	{ "aud empty", WITH_AUD("\"aud\":\"\","), BP_WIRE_TOKEN_AUD,
	    "aud is another" },
	{ "aud longer than ours", WITH_AUD("\"aud\":\"web10\","),
	    BP_WIRE_TOKEN_AUD, "aud is another" },
	{ "aud in another case", WITH_AUD("\"aud\":\"Web1\","),
	    BP_WIRE_TOKEN_AUD, "aud is another" },
	{ "aud of several in a string", WITH_AUD("\"aud\":\"web1 api\","),
	    BP_WIRE_TOKEN_AUD, "aud is another" },
	{ "aud of none", WITH_AUD("\"aud\":[],"), BP_WIRE_TOKEN_AUD,
	    "aud is an array without" },
	{ "aud of one other", WITH_AUD("\"aud\":[\"web2\"],"),
	    BP_WIRE_TOKEN_AUD, "aud is an array without" },
	{ "aud of several others, and azp", WITH_AUD("\"aud\":[\"a\",\"b\"],"
	    "\"azp\":\"web1\","), BP_WIRE_TOKEN_AUD,
	    "aud is an array without" },
	{ "aud with a number", WITH_AUD("\"aud\":[\"web1\",1],"),
	    BP_WIRE_TOKEN_AUD, "array of no strings" },
	{ "aud in an array's array", WITH_AUD("\"aud\":[[\"web1\"]],"),
	    BP_WIRE_TOKEN_AUD, "array of no strings" },

	{ "aud of several, no azp", WITH_AUD("\"aud\":[\"web1\",\"api\"],"),
	    BP_WIRE_TOKEN_AZP, "azp is missing, and aud has several" },
	{ "aud of us twice, no azp", WITH_AUD("\"aud\":[\"web1\",\"web1\"],"),
	    BP_WIRE_TOKEN_AZP, "azp is missing" },
	{ "aud of several, azp of another", WITH_AUD("\"aud\":[\"web1\","
	    "\"api\"],\"azp\":\"api\","), BP_WIRE_TOKEN_AZP,
	    "azp is another: \"api\"" },
	{ "azp of another beside one aud", WITH("\"azp\":\"web2\","),
	    BP_WIRE_TOKEN_AZP, "azp is another: \"web2\"" },
	{ "azp null", WITH("\"azp\":null,"), BP_WIRE_TOKEN_AZP,
	    "azp is null" },
	{ "azp an array", WITH("\"azp\":[\"web1\"],"), BP_WIRE_TOKEN_AZP,
	    "azp is an array" },
	{ "azp empty", WITH("\"azp\":\"\","), BP_WIRE_TOKEN_AZP,
	    "azp is another" },

	{ "exp absent", WITH_EXP(), BP_WIRE_TOKEN_EXP, "exp is missing" },
	{ "exp null", WITH_EXP("\"exp\":null,"), BP_WIRE_TOKEN_EXP,
	    "exp is null" },
	{ "exp a string", WITH_EXP("\"exp\":\"1700000300\","),
	    BP_WIRE_TOKEN_EXP, "exp is a string" },
	{ "exp true", WITH_EXP("\"exp\":true,"), BP_WIRE_TOKEN_EXP,
	    "exp is true" },
	{ "exp past by the skew", WITH_EXP("\"exp\":1699999940,"),
	    BP_WIRE_TOKEN_EXP, "exp is 60 seconds past: "
	    "this host's clock or the provider's is wrong" },
	{ "exp past by more", WITH_EXP("\"exp\":1699999939,"),
	    BP_WIRE_TOKEN_EXP, "exp is 61 seconds past" },
	{ "exp past by a bit more", WITH_EXP("\"exp\":1699999939.5,"),
	    BP_WIRE_TOKEN_EXP, "exp is 60.5 seconds past" },
	{ "exp 0", WITH_EXP("\"exp\":0,"), BP_WIRE_TOKEN_EXP,
	    "exp is 1700000000 seconds past" },
	{ "exp -1", WITH_EXP("\"exp\":-1,"), BP_WIRE_TOKEN_EXP,
	    "exp is negative" },
	{ "exp -1e308", WITH_EXP("\"exp\":-1e308,"), BP_WIRE_TOKEN_EXP,
	    "exp is negative" },

	{ "iat absent", WITH_IAT(), BP_WIRE_TOKEN_IAT, "iat is missing" },
	{ "iat a string", WITH_IAT("\"iat\":\"1700000000\","),
	    BP_WIRE_TOKEN_IAT, "iat is a string" },
	{ "iat ahead by more than the skew", WITH_IAT("\"iat\":1700000061,"),
	    BP_WIRE_TOKEN_IAT, "iat is 61 seconds ahead: "
	    "this host's clock or the provider's is wrong" },
	{ "iat ahead by a bit more", WITH_IAT("\"iat\":1700000060.5,"),
	    BP_WIRE_TOKEN_IAT, "iat is 60.5 seconds ahead" },
	{ "iat of no year at all", WITH_IAT("\"iat\":1e308,"),
	    BP_WIRE_TOKEN_IAT, "iat is 1e+308 seconds ahead" },
	{ "iat null", WITH_IAT("\"iat\":null,"), BP_WIRE_TOKEN_IAT,
	    "iat is null" },
	{ "iat -0.5", WITH_IAT("\"iat\":-0.5,"), BP_WIRE_TOKEN_IAT,
	    "iat is negative" },
	{ "iat -1", WITH_IAT("\"iat\":-1,"), BP_WIRE_TOKEN_IAT,
	    "iat is negative" },

	{ "nbf null", WITH("\"nbf\":null,"), BP_WIRE_TOKEN_NBF,
	    "nbf is null" },
	{ "nbf a string", WITH("\"nbf\":\"0\","), BP_WIRE_TOKEN_NBF,
	    "nbf is a string" },
	{ "nbf ahead by more than the skew", WITH("\"nbf\":1700000061,"),
	    BP_WIRE_TOKEN_NBF, "nbf is 61 seconds ahead: "
	    "this host's clock or the provider's is wrong" },
	{ "nbf ahead by a bit more", WITH("\"nbf\":1700000060.001,"),
	    BP_WIRE_TOKEN_NBF, "nbf is 60.00" },
	{ "nbf an array", WITH("\"nbf\":[0],"), BP_WIRE_TOKEN_NBF,
	    "nbf is an object, or an array of no strings" },
	{ "nbf -1", WITH("\"nbf\":-1,"), BP_WIRE_TOKEN_NBF,
	    "nbf is negative" },

	{ "nonce absent", WITH_NONCE(), BP_WIRE_TOKEN_NONCE,
	    "nonce is missing" },
	{ "nonce null", WITH_NONCE("\"nonce\":null,"), BP_WIRE_TOKEN_NONCE,
	    "nonce is null" },
	{ "nonce empty", WITH_NONCE("\"nonce\":\"\","), BP_WIRE_TOKEN_NONCE,
	    "nonce is another" },
	{ "nonce cut", WITH_NONCE("\"nonce\":\"n-0S6_WzA2M\","),
	    BP_WIRE_TOKEN_NONCE, "nonce is another" },
	{ "nonce longer", WITH_NONCE("\"nonce\":\"n-0S6_WzA2Mjj\","),
	    BP_WIRE_TOKEN_NONCE, "nonce is another" },
	{ "nonce in another case", WITH_NONCE("\"nonce\":\"n-0S6_WzA2MJ\","),
	    BP_WIRE_TOKEN_NONCE, "nonce is another" },
	{ "nonce in an array", WITH_NONCE("\"nonce\":[\"n-0S6_WzA2Mj\"],"),
	    BP_WIRE_TOKEN_NONCE, "nonce is an array" },

	{ "sub absent", WITH_SUB(), BP_WIRE_TOKEN_SUB, "sub is missing" },
	{ "sub a number", WITH_SUB("\"sub\":248289761001,"),
	    BP_WIRE_TOKEN_SUB, "sub is a number" },
	{ "sub null", WITH_SUB("\"sub\":null,"), BP_WIRE_TOKEN_SUB,
	    "sub is null" },
	{ "sub an array", WITH_SUB("\"sub\":[\"s\"],"), BP_WIRE_TOKEN_SUB,
	    "sub is an array" },
	{ "sub empty", WITH_SUB("\"sub\":\"\","), BP_WIRE_TOKEN_SUB,
	    "sub is empty" },
	{ "sub of 256 bytes", WITH_SUB("\"sub\":\"" S255 "s\","),
	    BP_WIRE_TOKEN_SUB, "too long" },
	{ "sub with an escape", WITH_SUB("\"sub\":\"a\\u001b[2J\","),
	    BP_WIRE_TOKEN_SUB, "does not print" },
	{ "sub with a line's end", WITH_SUB("\"sub\":\"a\\nb\","),
	    BP_WIRE_TOKEN_SUB, "does not print" },

	{ "at_hash of another", WITH("\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\","),
	    BP_WIRE_TOKEN_AT_HASH, "at_hash is of another" },
	{ "at_hash whole", WITH("\"at_hash\":\"" HALF_HASH HALF_HASH "\","),
	    BP_WIRE_TOKEN_AT_HASH, "at_hash is of another" },
	{ "at_hash cut", WITH("\"at_hash\":\"dU_CR2552c1lXRibiSctz\","),
	    BP_WIRE_TOKEN_AT_HASH, "at_hash is of another" },
	{ "at_hash empty", WITH("\"at_hash\":\"\","), BP_WIRE_TOKEN_AT_HASH,
	    "at_hash is of another" },
	{ "at_hash a number", WITH("\"at_hash\":1,"), BP_WIRE_TOKEN_AT_HASH,
	    "at_hash is a number" },
	{ "at_hash null", WITH("\"at_hash\":null,"), BP_WIRE_TOKEN_AT_HASH,
	    "at_hash is null" },
};

ROWS(refused, is_refused_with_reason_and_words)
{
	const struct refused *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *payload = parse(row->payload);
	struct bp_text sub = BP_TEXT("as it was");
	struct bp_why why = { 0 };

	assert_false(bp_id_token_check(payload, &expect, &sub, &why));
	assert_int_equal(why.reason, row->reason);
	if (strstr(why.detail, row->detail) == NULL)
		fail_msg("%s", why.detail);
	assert_null(strstr(why.detail, "248289761001"));
	assert_null(strstr(why.detail, "n-0S6"));
	assert_true(bp_text_is(sub, "as it was"));
}

/* With nothing to compare with, nothing is equal to it. */
static const struct untold {
	const char *name, *payload;
	size_t offset;
} untold[] = {
	{ "no issuer", WITH_ISS("\"iss\":\"\","),
	    offsetof(struct bp_id_token_expect, issuer) },
	{ "no client id", WITH_AUD("\"aud\":\"\","),
	    offsetof(struct bp_id_token_expect, client_id) },
	{ "no nonce", WITH_NONCE("\"nonce\":\"\","),
	    offsetof(struct bp_id_token_expect, nonce) },
	{ "no access token", WITH(),
	    offsetof(struct bp_id_token_expect, access_token) },
};

ROWS(untold, nothing_is_expected)
{
	const struct untold *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *payload = parse(row->payload);
	struct bp_id_token_expect e = expect;
	struct bp_text sub = BP_TEXT("as it was");
	struct bp_why why = { 0 };

	*(struct bp_text *)((char *)&e + row->offset) = bp_text_of("");
	assert_false(bp_id_token_check(payload, &e, &sub, &why));
	assert_int_equal(why.reason, BP_WIRE_HELPER_BROKEN);
	assert_true(bp_text_is(sub, "as it was"));
}

/* OIDC Core 12.2 */
static const struct renewed {
	const char *name, *payload, *sub;	/* who signed in */
	enum bp_wire_reason reason;		/* NONE: the same person */
} renewed[] = {
	{ "the same again", WITH(), "248289761001", BP_WIRE_NONE },
	{ "without its nonce", WITH_NONCE(), "248289761001", BP_WIRE_NONE },
	{ "with another nonce", WITH_NONCE("\"nonce\":\"n-0S6_WzA2Mk\","),
	    "248289761001", BP_WIRE_TOKEN_NONCE },
	{ "with an empty nonce", WITH_NONCE("\"nonce\":\"\","),
	    "248289761001", BP_WIRE_TOKEN_NONCE },
	{ "with a nonce of null", WITH_NONCE("\"nonce\":null,"),
	    "248289761001", BP_WIRE_TOKEN_NONCE },
	{ "of another", WITH(), "248289761002", BP_WIRE_TOKEN_SUB },
	{ "of one who begins so", WITH(), "24828976100", BP_WIRE_TOKEN_SUB },
	{ "of nobody", WITH_SUB(), "248289761001", BP_WIRE_TOKEN_SUB },
	{ "of a number", WITH_SUB("\"sub\":248289761001,"), "248289761001",
	    BP_WIRE_TOKEN_SUB },
	{ "of an unknown", WITH_SUB("\"sub\":\"\","), "",
	    BP_WIRE_HELPER_BROKEN },
	{ "for another", WITH_AUD("\"aud\":\"web2\","), "248289761001",
	    BP_WIRE_TOKEN_AUD },
	{ "past by more", WITH_EXP("\"exp\":1699999939,"), "248289761001",
	    BP_WIRE_TOKEN_EXP },
};

ROWS(renewed, is_of_who_signed_in)
{
	const struct renewed *row = *state;
	BP_AUTO(bp_json_free) struct bp_json *payload = parse(row->payload);
	struct bp_id_token_expect e = expect;
	struct bp_text sub = BP_TEXT("as it was");
	struct bp_why why = { 0 };

	e.is_renewal = true;
	e.sub = bp_text_of(row->sub);
	assert_int_equal(bp_id_token_check(payload, &e, &sub, &why),
	    row->reason == BP_WIRE_NONE);
	assert_int_equal(why.reason, row->reason);
	assert_null(strstr(why.detail, "248289761"));
	assert_true(bp_text_is(sub, row->reason == BP_WIRE_NONE
	    ? "248289761001" : "as it was"));
}

TEST(without_a_skew_times_are_exact)
{
	static const char text[] =
	    WITH_EXP("\"exp\":1700000001,\"nbf\":1700000000,");
	BP_AUTO(bp_json_free) struct bp_json *payload = parse(text);
	struct bp_id_token_expect e = expect;
	struct bp_text sub;
	struct bp_why why = { 0 };

	(void)state;
	e.clock_skew = 0;
	assert_true(bp_id_token_check(payload, &e, &sub, &why));
	e.now = 1700000001;	/* RFC 7519 4.1.4: on or after it */
	assert_false(bp_id_token_check(payload, &e, &sub, &why));
	assert_int_equal(why.reason, BP_WIRE_TOKEN_EXP);
	e.now = 1699999999;
	assert_false(bp_id_token_check(payload, &e, &sub, &why));
	assert_int_equal(why.reason, BP_WIRE_TOKEN_IAT);
}

RUN(NULL, NULL)
