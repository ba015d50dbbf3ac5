/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a provider says and a record has, for tests with fake_http.h: an
 * id_token that OURS signed, its key set, and the record, which may be older.
 */
#ifndef BP_TESTS_FAKE_PROVIDER_H
#define BP_TESTS_FAKE_PROVIDER_H

#include "support/key_pairs.h"
#include "support/messages.h"

#define ISSUER	"https://id.example/ids"
#define A	ISSUER "/a"
#define T	ISSUER "/t"
#define U	ISSUER "/u"
#define KEYS	ISSUER "/k"
#define EVIL	"https://id.evil/x"

/* The client's, and as it goes out; then base64 of c:SPELT. */
#define SECRET	"s3cret/of+the client"
#define SPELT	"s3cret%2Fof%2Bthe+client"
#define BASIC	"YzpzM2NyZXQlMkZvZiUyQnRoZStjbGllbnQ="

/* OURS signs; the record has it, or an older one. */
enum { OLD = OTHER };

static inline void
put_signed(const char *payload, struct bp_buf *ret)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[512];
	size_t len = sizeof(signature);

	assert_int_equal(ret->len, 0);
	assert_true(bp_base64url_encode(
	    bp_text_of("{\"alg\":\"RS256\",\"kid\":\"k\"}"), ret) &&
	    bp_buf_say(ret, ".") &&
	    bp_base64url_encode(bp_text_of(payload), ret));
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
	    pair[OURS]), 1);
	assert_int_equal(EVP_DigestSign(ctx, signature, &len, ret->data,
	    ret->len), 1);
	EVP_MD_CTX_free(ctx);
	assert_true(bp_buf_say(ret, ".") && bp_base64url_encode(
	    (struct bp_text){ (char *)signature, len }, ret));
}

/* As a string. */
static inline void
put_set(struct bp_buf *ret)
{
	assert_true(bp_buf_say(ret, "{\"keys\":[{\"kty\":\"RSA\","
	    "\"kid\":\"k\",\"n\":\""));
	spell(OURS, 0, ret);
	assert_true(bp_buf_say(ret, "\",\"e\":\""));
	spell(OURS, 1, ret);
	assert_true(bp_buf_say(ret, "\"}]}") && bp_buf_add(ret, "", 1));
}

/* REVOCATION: its endpoint; NULL: none. */
static inline void
put_record(unsigned recorded, const char *userinfo, const char *revocation,
    struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf keys = BP_BUF_INIT(4096);
	struct bp_msg m;

	assert_true(bp_list_start(&keys));
	add_key(&keys, "RS256", "k", recorded);
	m = provider_of(bp_text_of(ISSUER), (struct bp_text[]){
	    bp_text_of(A), bp_text_of(T), bp_text_of(userinfo),
	    bp_text_of(KEYS) }, bp_buf_text(&keys));
	if (revocation != NULL)
		bp_msg_give(&m, BP_F_REVOCATION_ENDPOINT,
		    bp_text_of(revocation));
	assert_true(bp_msg_write(&m, ret));
}

#endif
