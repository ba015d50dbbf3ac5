/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/service_token.h"

#include <sys/resource.h>

#include <errno.h>
#include <unistd.h>

#define CONF	"[provider]\nclient_id = c\ntenant = any\n" \
		"[api]\ncompany = acme\n"
#define API	"https://developers.beproduct.com"

static char lib[48];
static unsigned synced;

/* In place of the C library's, for all that is linked here. */
int
fsync(int fd)
{
	(void)fd;
	synced++;
	return 0;
}

static struct bp_service_place
place(void)
{
	return (struct bp_service_place){ lib, geteuid() };
}

static void
shell(const char *command)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	assert_int_equal(system(line), 0);
}

static struct bp_service_token
good(void)
{
	return (struct bp_service_token){ 1000, 2000,
	    bp_text_of(BP_CONFIG_ISSUER), bp_text_of("c"), bp_text_of(API),
	    bp_text_of("acme"), bp_text_of("refresh-5c3f"),
	    bp_text_of("access-5c3f") };
}

static void
keep(const struct bp_service_token *t)
{
	struct bp_service_place p = place();
	enum bp_reason why;

	assert_true(bp_service_token_store(&p, t, &why));
}

static int
clear(void **state)
{
	(void)state;
	(void)snprintf(lib, sizeof(lib), "%s/lib", folder);
	shell("rm -rf lib aside");
	return 0;
}

/* What a load comes to: 0, or why not. */
static enum bp_reason
load(struct bp_buf *bytes, struct bp_service_token *ret)
{
	struct bp_service_place p = place();
	enum bp_reason why = BP_UNDECIDED;

	return bp_service_token_load(&p, bytes, ret, &why) ? 0 : why;
}

static void
assert_kept(const char *refresh, const char *access)
{
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_token t;

	assert_int_equal(load(&b, &t), 0);
	assert_true(bp_text_is(t.refresh_token, refresh));
	assert_true(bp_text_is(t.access_token, access));
}

TEST_WITH(all_of_a_token_comes_back, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_token t = good(), got;

	(void)state;
	keep(&t);
	assert_int_equal(load(&b, &got), 0);
	assert_int_equal(got.signed_in, 1000);
	assert_int_equal(got.rotated, 2000);
	assert_true(bp_text_is(got.issuer, BP_CONFIG_ISSUER));
	assert_true(bp_text_is(got.client_id, "c"));
	assert_true(bp_text_is(got.api_url, API));
	assert_true(bp_text_is(got.company, "acme"));
	assert_kept("refresh-5c3f", "access-5c3f");
}

TEST_WITH(the_token_is_roots_alone, clear)
{
	struct bp_service_token t = good();

	(void)state;
	(void)umask(0);
	keep(&t);
	shell("test \"$(stat -c %a lib lib/service_token | tr '\\n' ' ')\" "
	    "= '700 600 '");
}

static const struct spoilt {
	const char *name, *command;
	enum bp_reason why;
	bool is_roots;			/* needs another owner */
} spoilt[] = {
#define FILE_	"lib/service_token"
	{ "no token: none yet", "rm " FILE_, BP_SERVICE_TOKEN_NONE, false },
	{ "no token: a byte more", "printf x >>" FILE_, BP_FILE_UNREAD,
	    false },
	{ "no token: a file of nothing", ": >" FILE_, BP_FILE_UNREAD, false },
	{ "no token: cut", "truncate -s -1 " FILE_, BP_FILE_UNREAD, false },
	{ "no token: another form", "printf x | dd of=" FILE_ " bs=1 seek=4 "
	    "conv=notrunc status=none", BP_FILE_UNREAD, false },
	{ "no token: longer than may be", "truncate -s 400K " FILE_,
	    BP_FILE_UNREAD, false },
	{ "no token: a file that others may write", "chmod 0666 " FILE_,
	    BP_FILE_UNTRUSTED, false },
	{ "no token: a file of another owner", "chown 1000 " FILE_,
	    BP_FILE_UNTRUSTED, true },
	{ "no token: a link to a good one", "mkdir aside && mv " FILE_
	    " aside && ln -s ../aside/service_token " FILE_,
	    BP_FILE_UNTRUSTED, false },
	{ "no token: a folder that others may write", "chmod 0777 lib",
	    BP_FILE_UNTRUSTED, false },
	{ "no token: a folder of another owner", "chown 1000 lib",
	    BP_FILE_UNTRUSTED, true },
};

ROWS(spoilt, is_none_and_says_so)
{
	const struct spoilt *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_token t = good();

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	keep(&t);
	shell(row->command);
	assert_int_equal(load(&b, &t), row->why);
}

TEST_WITH(without_a_refresh_token_it_is_none, clear)
{
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_token t = good();

	(void)state;
	t.refresh_token = bp_text_of("");
	keep(&t);
	assert_int_equal(load(&b, &t), BP_FILE_UNREAD);
}

static const struct of {
	const char *name, *issuer, *client, *api, *company;
	bool is;
} ofs[] = {
	{ "a token of this host's", BP_CONFIG_ISSUER, "c", API, "acme", true },
	{ "a token of another issuer", "https://a.example", "c", API, "acme",
	    false },
	{ "a token of another client", BP_CONFIG_ISSUER, "d", API, "acme",
	    false },
	{ "a token of another API", BP_CONFIG_ISSUER, "c", API "/", "acme",
	    false },
	{ "a token of another company", BP_CONFIG_ISSUER, "c", API, "acm",
	    false },
};

ROWS(ofs, serves_there_or_not)
{
	const struct of *row = *state;
	struct bp_service_token t = good();
	struct bp_config_error e;
	struct bp_config cfg;

	assert_true(bp_config_parse(bp_text_of(CONF), &cfg, &e));
	t.issuer = bp_text_of(row->issuer);
	t.client_id = bp_text_of(row->client);
	t.api_url = bp_text_of(row->api);
	t.company = bp_text_of(row->company);
	assert_int_equal(bp_service_token_is_of(&t, &cfg), row->is);
}

/* Both as long as they may be, with no memory and no space to be had then. */
TEST_WITH(what_has_room_is_kept_whatever_has_come_since, clear)
{
	static char longest[BP_TOKEN_MAX];
	BP_AUTO(bp_service_room_done) struct bp_service_room room =
	    BP_SERVICE_ROOM_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_SERVICE_TOKEN_MAX);
	struct bp_service_place p = place();
	struct bp_service_token t = good();
	struct rlimit before;
	enum bp_reason why;

	(void)state;
	keep(&t);
	assert_true(bp_service_token_reserve(&p, &room, &why));
	assert_kept("refresh-5c3f", "access-5c3f");
	memset(longest, 'x', sizeof(longest));
	t.refresh_token = t.access_token = (struct bp_text){ longest,
	    sizeof(longest) };
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0,
	    before.rlim_max }), 0);
	assert_true(bp_service_token_fill(&room, &t, &why));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(load(&b, &t), 0);
	assert_int_equal(t.access_token.len, BP_TOKEN_MAX);
}

/* The one before is spent by then, and a host may lose power. */
TEST_WITH(a_token_and_its_name_outlast_a_crash, clear)
{
	BP_AUTO(bp_service_room_done) struct bp_service_room room =
	    BP_SERVICE_ROOM_INIT;
	struct bp_service_place p = place();
	struct bp_service_token t = good();
	enum bp_reason why;

	(void)state;
	synced = 0;
	keep(&t);
	assert_int_equal(synced, 2);
	assert_true(bp_service_token_reserve(&p, &room, &why));
	assert_int_equal(synced, 2);
	assert_true(bp_service_token_fill(&room, &t, &why));
	assert_int_equal(synced, 4);
}

TEST_WITH(room_that_was_not_used_leaves_what_was_there, clear)
{
	struct bp_service_room room = BP_SERVICE_ROOM_INIT;
	struct bp_service_place p = place();
	struct bp_service_token t = good();
	enum bp_reason why;

	(void)state;
	keep(&t);
	assert_true(bp_service_token_reserve(&p, &room, &why));
	bp_service_room_done(&room);
	assert_kept("refresh-5c3f", "access-5c3f");
	shell("test \"$(ls -A lib)\" = service_token");
}

RUN(make_folder, remove_folder)
