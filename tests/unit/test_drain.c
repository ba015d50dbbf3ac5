/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What waits in the queue, and a helper that says of each token what stands in
 * it: "token-revoked" is revoked, "token-silence" meets silence, and so on.
 */
#include "support/support.h"
#include "attempt/revoke.h"
#include "support/messages.h"
#include "wire/clock.h"

#define ISSUER	"https://id.example/ids"
#define CONF	"[provider]\nissuer = " ISSUER "\nclient_id = the-client\n" \
	"tenant = any\n"

static char program[64], state_folder[48], queue_folder[64];
static uid_t helper_id;
static struct bp_setup setup = BP_SETUP_INIT;
static struct bp_buf record = BP_BUF_INIT(4096);
static char told[1024];		/* of what was not revoked */

static void
say(void *context, const struct bp_queued *q, enum bp_reason why,
    struct bp_text detail, bool waits)
{
	char *at = context;

	at += strlen(at);
	(void)snprintf(at, (size_t)(told + sizeof(told) - at), "%.*s %s%s"
	    "%.*s%s\n", (int)q->attempt.len, q->attempt.at,
	    bp_reason_row(why)->name, detail.len > 0 ? ": " : "",
	    (int)detail.len, detail.at, waits ? ", waits" : "");
}

static struct bp_drain
drain_of(const char *config)
{
	return (struct bp_drain){ .place = { state_folder, queue_folder,
	    geteuid() }, .config = bp_text_of(config), .most = 16,
	    .say = say, .context = told };
}

static void
put_for(const char *issuer, const char *config, const char *token, int ago)
{
	struct bp_drain d = drain_of(config);
	struct bp_queued q = { bp_clock_seconds() - ago, bp_text_of(issuer),
	    bp_text_of(config), bp_text_of(token), bp_text_of(token) };
	enum bp_reason why;

	assert_true(bp_queue_put(&d.place, &q, &why));
}

/* All of TOKENS, words of which the first has waited the longest. */
static void
put_all(const char *tokens)
{
	char one[64];
	int used, ago = 100;

	for (; sscanf(tokens, " %63s%n", one, &used) == 1; tokens += used)
		put_for(ISSUER, "/etc/b.conf", one, ago--);
}

static const char *
waiting(void)
{
	static char said[512];
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_QUEUE_MAX);
	struct bp_drain d = drain_of("");
	struct bp_queued q;
	enum bp_reason why;

	said[0] = '\0';
	assert_true(bp_queue_begin(&d.place, bp_clock_seconds(), &w, &why));
	while (bp_queue_next(&w, &b, &q)) {
		(void)strncat(said, q.token.at, q.token.len);
		(void)strcat(said, " ");
	}
	return said;
}

static struct bp_request
request(void)
{
	struct bp_request r = BP_REQUEST_INIT;

	r.setup = &setup;
	r.how = (struct bp_launch){ .program = program, .uid = helper_id,
	    .gid = helper_id };
	r.provider.bytes = bp_buf_text(&record);
	r.cache = (struct bp_cache){ .folder = queue_folder,
	    .owner = geteuid(), .issuer = bp_text_of(ISSUER) };
	return r;
}

static int
clear(void **state)
{
	char command[128];

	(void)state;
	told[0] = '\0';
	(void)snprintf(command, sizeof(command), "rm -rf %s/lib", folder);
	return system(command);
}

static const struct drained {
	const char *name, *tokens, *waits, *told;
	unsigned revoked, ended, failed;
	unsigned most;			/* 0: many */
} drained[] = {
	{ "a token", "token-revoked", "", "", 1, 0, 0, 0 },
	{ "nothing", "", "", "", 0, 0, 0, 0 },
	{ "a token whose revocation the provider refuses", "token-refused",
	    "", "token-refused REVOCATION_REFUSED: words\n", 0, 1, 0, 0 },
	{ "a token of a provider that revokes none", "token-none", "",
	    "token-none NO_REVOCATION: words\n", 0, 1, 0, 0 },
	{ "a token while the provider is silent", "token-silence",
	    "token-silence ", "token-silence SILENCE: words, waits\n", 0, 0,
	    1, 0 },
	{ "a token while the client is refused", "token-client",
	    "token-client ", "token-client CLIENT_REFUSED: words, waits\n", 0,
	    0, 1, 0 },
	{ "a token of which the helper says nothing", "token-nothing",
	    "token-nothing ", "token-nothing HELPER_ENDED, waits\n", 0, 0, 1,
	    0 },
	{ "a token of which the helper says that there are claims",
	    "token-claims", "token-claims ",
	    "token-claims HELPER_LONG, waits\n", 0, 0, 1, 0 },
	{ "a token that a detail repeats", "token-repeated", "",
	    "token-repeated REVOCATION_REFUSED: no, **************\n", 0, 1,
	    0, 0 },
	{ "what is behind one that fails", "token-silence token-revoked",
	    "token-silence ", "token-silence SILENCE: words, waits\n", 1, 0,
	    1, 0 },
	{ "what is behind one that is refused", "token-refused token-revoked",
	    "", "token-refused REVOCATION_REFUSED: words\n", 1, 1, 0, 0 },
	{ "nothing any more behind three that fail", "token-silence "
	    "token-silence token-silence token-revoked", "token-silence "
	    "token-silence token-silence token-revoked ",
	    "token-silence SILENCE: words, waits\n"
	    "token-silence SILENCE: words, waits\n"
	    "token-silence SILENCE: words, waits\n", 0, 0, 3, 0 },
	{ "the oldest, and no more than may be", "token-revoked-a "
	    "token-revoked-b token-revoked-c", "token-revoked-c ", "", 2, 0, 0,
	    2 },
};

ROWS(drained, is_ended_or_waits)
{
	const struct drained *row = *state;
	BP_AUTO(bp_request_done) struct bp_request r = request();
	struct bp_drain d = drain_of("/etc/b.conf");
	struct bp_drained got;

	(void)clear(state);
	put_all(row->tokens);
	if (row->most != 0)
		d.most = row->most;
	assert_int_equal(bp_revoke_waits(&d), row->tokens[0] != '\0');
	bp_revoke_drain(&r, &d, &got);
	assert_string_equal(told, row->told);
	assert_string_equal(waiting(), row->waits);
	assert_int_equal(got.revoked, row->revoked);
	assert_int_equal(got.ended, row->ended);
	assert_int_equal(got.failed, row->failed);
	assert_false(got.is_busy);
}

/* What another configuration sent may be the token of another client. */
static const struct others {
	const char *name, *issuer, *config;
	bool waits;
} others[] = {
	{ "a token of another issuer", ISSUER "2", "/etc/b.conf", true },
	{ "a token of another configuration", ISSUER, "/etc/c.conf", false },
};

ROWS(others, is_left_to_it)
{
	const struct others *row = *state;
	BP_AUTO(bp_request_done) struct bp_request r = request();
	struct bp_drain d = drain_of("/etc/b.conf");
	struct bp_drained got;

	(void)clear(state);
	put_for(row->issuer, row->config, "token-revoked", 0);
	assert_int_equal(bp_revoke_waits(&d), row->waits);
	bp_revoke_drain(&r, &d, &got);
	assert_int_equal(got.revoked + got.ended + got.failed, 0);
	assert_string_equal(waiting(), "token-revoked ");
}

TEST_WITH(where_another_process_is_at_it_nothing_is_done, clear)
{
	BP_AUTO(bp_queue_done) struct bp_queue w = BP_QUEUE_INIT;
	BP_AUTO(bp_request_done) struct bp_request r = request();
	struct bp_drain d = drain_of("/etc/b.conf");
	struct bp_drained got;
	enum bp_reason why;

	(void)state;
	put_all("token-revoked");
	assert_true(bp_queue_begin(&d.place, bp_clock_seconds(), &w, &why));
	assert_true(bp_queue_lock(&w));
	bp_revoke_drain(&r, &d, &got);
	assert_true(got.is_busy);
	assert_string_equal(waiting(), "token-revoked ");
	bp_queue_done(&w);
	bp_revoke_drain(&r, &d, &got);
	assert_false(got.is_busy);
	assert_string_equal(waiting(), "");
}

/* A helper that does not answer is given up at the deadline of all. */
TEST_WITH(the_deadline_is_that_of_all_tokens, clear)
{
	BP_AUTO(bp_request_done) struct bp_request r = request();
	struct bp_drain d = drain_of("/etc/b.conf");
	int64_t began = bp_clock_ms();
	struct bp_drained got;

	(void)state;
	put_all("token-asleep token-asleep token-asleep token-asleep");
	r.deadline = began + 300;
	bp_revoke_drain(&r, &d, &got);
	assert_between(bp_clock_ms() - began, 300, 4000);
	assert_int_equal(got.failed, 3);
	assert_string_equal(waiting(), "token-asleep token-asleep "
	    "token-asleep token-asleep ");
}

static void
put_answer(const char *name, enum bp_msg_type type, enum bp_wire_reason why,
    const char *detail)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = message(type);
	char file[32];

	m.asked = BP_MSG_REVOKE;
	m.reason = why;
	if (type == BP_MSG_FAILED) {
		bp_msg_give(&m, BP_F_DETAIL, bp_text_of(detail));
		m.given[BP_F_RECORD_STALE] = false;
	}
	put_or_abort(bp_msg_put_framed(&m, &b));
	(void)snprintf(file, sizeof(file), "token-%s", name);
	put(file, 0644, b.data, b.len);
}

/* To another request, and longer than what may come. */
static void
put_claims(void)
{
	static char long_one[BP_FAILURE_MAX + 64];

	bp_list_set_number(long_one, sizeof(long_one) - BP_LIST_NUMBER);
	put("token-claims", 0644, long_one, sizeof(long_one));
}

static void
put_answers(void)
{
	put_answer("revoked", BP_MSG_REVOKED, BP_WIRE_NONE, NULL);
	put_answer("refused", BP_MSG_FAILED, BP_WIRE_REVOCATION_REFUSED,
	    "words");
	put_answer("repeated", BP_MSG_FAILED, BP_WIRE_REVOCATION_REFUSED,
	    "no, token-repeated");
	put_answer("none", BP_MSG_FAILED, BP_WIRE_NO_REVOCATION, "words");
	put_answer("silence", BP_MSG_FAILED, BP_WIRE_SILENCE, "words");
	put_answer("client", BP_MSG_FAILED, BP_WIRE_CLIENT_REFUSED, "words");
	put_claims();
	put("token-nothing", 0644, "", 0);
}

static bool
make_setup(void)
{
	struct bp_msg m = message(BP_MSG_PROVIDER);
	struct bp_config_error e;

	setup.secret = bp_text_of("s3cret");
	return bp_config_parse(bp_text_of(CONF), &setup.cfg, &e) &&
	    bp_msg_write(&m, &record);
}

/* What it is asked: the client's id and secret must stand in it. */
static int
make_helper(void **state)
{
	char script[512];

	if (make_folder(state) != 0 || !make_setup() ||
	    bring("tests/support/by_script") != 0)
		return -1;
	helper_id = 100000 + (uid_t)getpid();
	(void)snprintf(program, sizeof(program), "%s/by_script", folder);
	(void)snprintf(state_folder, sizeof(state_folder), "%s/lib", folder);
	(void)snprintf(queue_folder, sizeof(queue_folder), "%s/lib/revoke",
	    folder);
	(void)snprintf(script, sizeof(script), "cd %s\n"
	    "a=$(cat <&3 | tr -cd 'a-z0-9-')\n"
	    "t=$(echo \"$a\" | grep -o 'token-[a-z]*')\n"
	    "case $a in *the-client*s3cret*) ;; *) exit 1 ;; esac\n"
	    "case $t in *asleep) exec sleep 20 ;; esac\n"
	    "cat $t >&4\n", folder);
	put("by_script.sh", 0644, script, strlen(script));
	put_answers();
	return 0;
}

RUN_AS_ROOT(make_helper, remove_folder)
