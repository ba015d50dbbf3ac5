#include "support/support.h"
#include "support/messages.h"
#include "helper/request/redeem.h"

#include <time.h>

#include "support/fake_http.h"
#include "support/rsa_pairs.h"
#include "wire/claim.h"
#include "wire/list.h"

#define ISSUER	"https://id.example/ids"
#define A	ISSUER "/a"
#define T	ISSUER "/t"
#define U	ISSUER "/u"
#define KEYS	ISSUER "/k"
#define EVIL	"https://id.evil/x"
#define ABOUT(sub)	"{\"sub\":\"" sub "\",\"email\":\"a@b\"}"
#define ALICE	ABOUT("alice")

/* Ours signs; the record has it, or an older one. */
enum { OURS, OLD };

static const struct row {
	const char *name, *line, *nonce, *userinfo, *userinfo_endpoint;
	unsigned recorded;
	bool is_stale;
	enum bp_wire_reason reason;	/* NONE: claims */
} rows[] = {
	{ "a sign-in", "code=x&state=s", "n", ALICE, U, OURS, false, 0 },
	{ "keys that have changed since", "code=x&state=s", "n", ALICE, U,
	    OLD, true, 0 },
	{ "keys that have changed and are not to be had", "code=x&state=s",
	    "n", ALICE, U, OLD, false, BP_WIRE_NO_CONNECTION },
	{ "another state", "code=x&state=t", "n", ALICE, U, OURS, false,
	    BP_WIRE_STATE_WRONG },
	{ "another nonce", "code=x&state=s", "m", ALICE, U, OURS, false,
	    BP_WIRE_TOKEN_NONCE },
	{ "UserInfo of another", "code=x&state=s", "n", ABOUT("alicf"), U,
	    OURS, false, BP_WIRE_USERINFO_SUB },
	{ "UserInfo of one who begins so", "code=x&state=s", "n",
	    ABOUT("alice2"), U, OURS, false, BP_WIRE_USERINFO_SUB },
	{ "UserInfo of nobody", "code=x&state=s", "n", "{}", U, OURS, false,
	    BP_WIRE_USERINFO_SUB },
	{ "UserInfo of null", "code=x&state=s", "n", "{\"sub\":null}", U,
	    OURS, false, BP_WIRE_USERINFO_SUB },
	{ "UserInfo elsewhere", "code=x&state=s", "n", ALICE, EVIL, OURS,
	    false, BP_WIRE_RECORD_BAD },
};

/* The token endpoint's answer, signed by OURS. */
static void
make_grant(struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf token = BP_BUF_INIT(8192);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[512];
	size_t len = sizeof(signature);
	char payload[512];

	(void)snprintf(payload, sizeof(payload), "{\"iss\":\"" ISSUER "\","
	    "\"aud\":\"c\",\"sub\":\"alice\",\"nonce\":\"n\","
	    "\"iat\":%lld,\"exp\":%lld}", (long long)time(NULL),
	    (long long)time(NULL) + 300);
	assert_true(bp_base64url_encode(
	    bp_text_of("{\"alg\":\"RS256\",\"kid\":\"k\"}"), &token) &&
	    bp_buf_say(&token, ".") &&
	    bp_base64url_encode(bp_text_of(payload), &token));
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
	    pair[OURS]), 1);
	assert_int_equal(EVP_DigestSign(ctx, signature, &len, token.data,
	    token.len), 1);
	EVP_MD_CTX_free(ctx);
	assert_true(bp_buf_say(&token, ".") && bp_base64url_encode(
	    (struct bp_text){ (char *)signature, len }, &token));
	assert_true(bp_buf_say(ret, "{\"access_token\":\"at\","
	    "\"token_type\":\"Bearer\",\"id_token\":\"") &&
	    bp_buf_put(ret, bp_buf_text(&token)) && bp_buf_say(ret, "\"}") &&
	    bp_buf_add(ret, "", 1));
}

static void
make_set(struct bp_buf *ret)
{
	assert_true(bp_buf_say(ret, "{\"keys\":[{\"kty\":\"RSA\","
	    "\"kid\":\"k\",\"n\":\""));
	spell(OURS, OSSL_PKEY_PARAM_RSA_N, ret);
	assert_true(bp_buf_say(ret, "\",\"e\":\""));
	spell(OURS, OSSL_PKEY_PARAM_RSA_E, ret);
	assert_true(bp_buf_say(ret, "\"}]}") && bp_buf_add(ret, "", 1));
}

static void
make_record(const struct row *row, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf n = BP_BUF_INIT(512);
	BP_AUTO(bp_buf_done) struct bp_buf e = BP_BUF_INIT(16);
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	struct bp_msg m = { BP_MSG_PROVIDER, .asked = BP_MSG_DISCOVER };

	spell(row->recorded, OSSL_PKEY_PARAM_RSA_N, &n);
	spell(row->recorded, OSSL_PKEY_PARAM_RSA_E, &e);
	assert_true(bp_list_start(&keys) &&
	    bp_list_add(&keys, bp_text_of("k")) &&
	    bp_list_add(&keys, bp_buf_text(&n)) &&
	    bp_list_add(&keys, bp_buf_text(&e)));
	bp_msg_give(&m, BP_F_ISSUER, bp_text_of(ISSUER));
	bp_msg_give(&m, BP_F_AUTHORIZATION_ENDPOINT, bp_text_of(A));
	bp_msg_give(&m, BP_F_TOKEN_ENDPOINT, bp_text_of(T));
	bp_msg_give(&m, BP_F_USERINFO_ENDPOINT,
	    bp_text_of(row->userinfo_endpoint));
	bp_msg_give(&m, BP_F_JWKS_URI, bp_text_of(KEYS));
	bp_msg_give(&m, BP_F_KEYS, bp_buf_text(&keys));
	assert_true(bp_msg_write(&m, ret));
}

static void
make_request(const struct row *row, struct bp_text record,
    struct bp_text wanted, struct bp_msg *ret)
{
	*ret = (struct bp_msg){ BP_MSG_REDEEM, .asked = BP_MSG_REDEEM };
	bp_msg_give(ret, BP_F_RECORD, record);
	bp_msg_give(ret, BP_F_TIME_LEFT, bp_text_of("1000"));
	bp_msg_give(ret, BP_F_CLIENT_ID, bp_text_of("c"));
	bp_msg_give(ret, BP_F_CLIENT_SECRET, bp_text_of("secret"));
	bp_msg_give(ret, BP_F_REDIRECT_URI, bp_text_of("http://localhost/"));
	bp_msg_give(ret, BP_F_SCOPES, wanted);
	bp_msg_give(ret, BP_F_STATE, bp_text_of("s"));
	bp_msg_give(ret, BP_F_NONCE, bp_text_of(row->nonce));
	bp_msg_give(ret, BP_F_LINE, bp_text_of(row->line));
	bp_msg_give(ret, BP_F_CLOCK_SKEW, bp_text_of("60"));
	bp_msg_give(ret, BP_F_WANTED, wanted);
}

ROWS(rows, gives_claims_or_a_reason)
{
	const struct row *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf grant = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf set = BP_BUF_INIT(4096);
	BP_AUTO(bp_buf_done) struct bp_buf record = BP_BUF_INIT(16384);
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(64);
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_failure failure = { 0 };
	struct bp_msg request, m;

	make_grant(&grant);
	make_set(&set);
	make_record(row, &record);
	assert_true(bp_list_start(&wanted) &&
	    bp_list_add(&wanted, bp_text_of("email")));
	pages[0] = (struct page){ T, (const char *)grant.data };
	pages[1] = (struct page){ row->reason == BP_WIRE_NO_CONNECTION ? EVIL
	    : KEYS, (const char *)set.data };
	pages[2] = (struct page){ row->userinfo_endpoint, row->userinfo };
	memset(asked, 0, sizeof(asked));
	make_request(row, bp_buf_text(&record), bp_buf_text(&wanted),
	    &request);
	if (bp_redeem(&request, &b, &failure) != (row->reason == 0))
		fail_msg("%s", failure.why.detail);
	assert_int_equal(failure.why.reason, row->is_stale
	    ? BP_WIRE_TOKEN_SIGNATURE : row->reason);
	/* a code has one use, and none that is not ours is sent */
	assert_int_equal(asked[0], row->reason != BP_WIRE_STATE_WRONG &&
	    row->reason != BP_WIRE_RECORD_BAD);
	assert_int_equal(asked[1], row->is_stale);
	if (row->reason != 0) {
		assert_int_equal(b.len, 0);
		return;
	}
	assert_true(read_framed(bp_buf_text(&b), &m));
	assert_int_equal(m.type, BP_MSG_CLAIMS);
	assert_true(bp_text_is(m.field[BP_F_SUB], "alice"));
	assert_int_equal(m.given[BP_F_RECORD_STALE], row->is_stale);
}

RUN(make_pairs, free_pairs)
