/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "helper/client.h"

static const struct credentials {
	const char *name, *id, *secret;
	const char *basic;	/* base64 of both, each as in a form */
	const char *form;
} rows[] = {
	{ "RFC 6749's example", "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw",
	    "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3",
	    "client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw" },
	{ "one byte behind the last three", "a", "b1",
	    "YTpiMQ==",
	    "client_id=a&client_secret=b1" },
	{ "two bytes behind", "a", "b12",
	    "YTpiMTI=",
	    "client_id=a&client_secret=b12" },
	{ "none behind", "a", "b",
	    "YTpi",
	    "client_id=a&client_secret=b" },
	{ "a blank", "Aladdin", "open sesame",
	    "QWxhZGRpbjpvcGVuK3Nlc2FtZQ==",
	    "client_id=Aladdin&client_secret=open+sesame" },
	{ "a plus is no blank", "a", "b+c",
	    "YTpiJTJCYw==",
	    "client_id=a&client_secret=b%2Bc" },
	{ "a percent sign", "a", "b%2Bc",
	    "YTpiJTI1MkJj",
	    "client_id=a&client_secret=b%252Bc" },
	{ "a colon in the id", "a:b", "c:d",
	    "YSUzQWI6YyUzQWQ=",
	    "client_id=a%3Ab&client_secret=c%3Ad" },
	{ "an ampersand", "a&b", "c&d=e",
	    "YSUyNmI6YyUyNmQlM0Rl",
	    "client_id=a%26b&client_secret=c%26d%3De" },
	{ "letters of UTF-8", "a", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80",
	    "YTolQzMlQkMlRTIlODIlQUMlRjAlOUYlOTglODA=",
	    "client_id=a&client_secret=%C3%BC%E2%82%AC%F0%9F%98%80" },
	{ "what base64 has two letters for", "web-hosts", "\xc3\xbf>?~>?",
	    "d2ViLWhvc3RzOiVDMyVCRiUzRSUzRiU3RSUzRSUzRg==",
	    "client_id=web-hosts&client_secret=%C3%BF%3E%3F%7E%3E%3F" },
};

static struct bp_msg
request_of(const struct credentials *row)
{
	struct bp_msg m = { BP_MSG_REDEEM, .asked = BP_MSG_REDEEM };

	bp_msg_give(&m, BP_F_CLIENT_ID, bp_text_of(row->id));
	bp_msg_give(&m, BP_F_CLIENT_SECRET, bp_text_of(row->secret));
	return m;
}

ROWS(rows, is_for_the_body_or_for_the_header_and_never_for_both)
{
	const struct credentials *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf form = BP_BUF_INIT(1024);
	BP_AUTO(bp_buf_done) struct bp_buf basic = BP_BUF_INIT(BP_BASIC_MAX);
	struct bp_msg m = request_of(row);

	assert_true(bp_client_authenticate(&m, &form, &basic));
	assert_true(bp_text_is(bp_buf_text(&form), row->form));
	assert_int_equal(basic.len, 0);
	form.len = 0;
	bp_msg_mark(&m, BP_F_CLIENT_BASIC);
	assert_true(bp_client_authenticate(&m, &form, &basic));
	assert_true(bp_text_is(bp_buf_text(&basic), row->basic));
	assert_int_equal(form.len, 0);
}

TEST(the_longest_of_both_find_room)
{
	BP_AUTO(bp_buf_done) struct bp_buf form = BP_BUF_INIT(0);
	BP_AUTO(bp_buf_done) struct bp_buf basic = BP_BUF_INIT(BP_BASIC_MAX);
	char id[BP_CLIENT_ID_MAX + 1], secret[BP_SECRET_MAX + 1];
	const struct credentials row = { .id = id, .secret = secret };
	struct bp_msg m;

	(void)state;
	memset(id, '"', sizeof(id) - 1);
	memset(secret, '"', sizeof(secret) - 1);
	id[sizeof(id) - 1] = secret[sizeof(secret) - 1] = '\0';
	m = request_of(&row);
	bp_msg_mark(&m, BP_F_CLIENT_BASIC);
	assert_true(bp_client_authenticate(&m, &form, &basic));
	assert_true(basic.len > 5000);
	basic.len = 0;
	basic.max = 4000;
	assert_false(bp_client_authenticate(&m, &form, &basic));
}

RUN(NULL, NULL)
