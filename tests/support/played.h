/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * played.h - a provider that a test plays, in a process of its own behind
 * tests/support/relay: refresh tokens in families, of one use each.
 */
#ifndef BP_TESTS_PLAYED_H
#define BP_TESTS_PLAYED_H

#include "support/support.h"
#include "support/messages.h"
#include "attempt/request.h"
#include "core/config.h"
#include "wire/clock.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

/* What it does with a token that it knows. */
enum manner { ROTATES, KEEPS, REFUSES, IS_DOWN, LOSES, FAILS_BEHIND_TOKEN,
    IS_ANOTHER, LONGEST, REPEATS };

enum { FAMILIES = 32 };

/* In memory that all share. */
static struct provider {
	enum manner	 manner;
	struct family {
		unsigned current;	/* fF-N is the token that is good */
		bool	 is_dead;	/* one was used twice */
	} family[FAMILIES];
	unsigned	 families;	/* that were begun */
	unsigned	 renewals, reuses;
	unsigned	 wait_ms;	/* before an answer */
	unsigned	 late_ms;	/* and between TOKEN and CLAIMS */
	bool		 is_written_meanwhile;	/* for the test's own use */
} *provider;

/* What happens while it answers; NULL: nothing. */
static void (*meanwhile)(void);

/* Who answers what is no RENEW; NULL: nobody. */
static void (*answer_other)(int fd, const struct bp_msg *m);

static struct bp_buf table = BP_BUF_INIT(4096);
static char program[64], cache[64];
static int listener = -1;
static pid_t player = -1;

static void
put_token(char ret[16], unsigned family, unsigned n)
{
	(void)snprintf(ret, 16, "f%u-%u", family, n);
}

/* The first token of a new family: who signs in gets one. */
static inline struct bp_text
begin_family(void)
{
	static char token[16];

	provider->families = (provider->families + 1) % FAMILIES;
	provider->family[provider->families] = (struct family){ 1, false };
	put_token(token, provider->families, 1);
	return bp_text_of(token);
}

static struct bp_msg
claims_of(enum bp_msg_type asked, const char *sub)
{
	static struct bp_text scopes = BP_TEXT("\0\0\0\1" "\0\0\0\6openid");
	struct bp_msg m = { .type = BP_MSG_CLAIMS, .asked = asked };

	bp_msg_give(&m, BP_F_ISSUER, bp_text_of(BP_CONFIG_ISSUER));
	bp_msg_give(&m, BP_F_SUB, bp_text_of(sub));
	bp_msg_give(&m, BP_F_SCOPES, scopes);
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&table));
	return m;
}

/* Whoever asked may have been killed. */
static void
say(int fd, const struct bp_msg *m)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MSG_MAX);

	put_or_abort(bp_msg_put_framed(m, &b));
	(void)!send(fd, b.data, b.len, MSG_NOSIGNAL);
}

static void
say_failure(int fd, enum bp_wire_reason why)
{
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = BP_MSG_RENEW,
	    .reason = why };

	say(fd, &m);
}

/* The old one is spent before anybody hears of it. */
static void
rotate(int fd, unsigned family)
{
	static char longest[BP_TOKEN_MAX];
	struct bp_msg m = { .type = BP_MSG_TOKEN, .asked = BP_MSG_RENEW };
	char next[16];

	put_token(next, family, ++provider->family[family].current);
	memset(longest, 'x', sizeof(longest));
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, provider->manner == LONGEST
	    ? (struct bp_text){ longest, sizeof(longest) } : bp_text_of(next));
	if (provider->manner == LOSES)
		return;
	say(fd, &m);
	(void)usleep(provider->late_ms * 1000);
}

static bool
is_good(const struct bp_msg *m, unsigned *retfamily)
{
	unsigned n = 0;
	struct family *f;

	if (sscanf(m->field[BP_F_REFRESH_TOKEN].at, "f%u-%u", retfamily, &n)
	    != 2 || *retfamily >= FAMILIES)
		return false;
	f = &provider->family[*retfamily];
	if (n == f->current && !f->is_dead)
		return true;
	provider->reuses++;
	f->is_dead = true;
	return false;
}

static void
answer_renewal(int fd, const struct bp_msg *m)
{
	struct bp_msg told = claims_of(BP_MSG_RENEW,
	    provider->manner == IS_ANOTHER ? "b2" : "a1");
	unsigned family = 0;

	provider->renewals++;
	(void)usleep(provider->wait_ms * 1000);
	if (meanwhile != NULL)
		meanwhile();
	if (provider->manner == REPEATS) {
		struct bp_msg failed = { .type = BP_MSG_FAILED,
		    .asked = BP_MSG_RENEW, .reason = BP_WIRE_STATUS };

		bp_msg_give(&failed, BP_F_DETAIL,
		    m->field[BP_F_REFRESH_TOKEN]);
		say(fd, &failed);
		return;
	}
	if (provider->manner == IS_DOWN) {
		say_failure(fd, BP_WIRE_STATUS);
		return;
	}
	if (!is_good(m, &family) || provider->manner == REFUSES) {
		say_failure(fd, BP_WIRE_RENEWAL_REFUSED);
		return;
	}
	if (provider->manner != KEEPS)
		rotate(fd, family);
	if (provider->manner == FAILS_BEHIND_TOKEN)
		say_failure(fd, BP_WIRE_SILENCE);
	else if (provider->manner != LOSES)
		say(fd, &told);
}

static void
hear(int fd)
{
	BP_AUTO(bp_buf_done) struct bp_buf in = BP_BUF_INIT(BP_MSG_MAX + 4);
	struct bp_text bytes, one;
	struct bp_msg m;

	while (bp_buf_fill(&in, fd) > 0)
		;
	bytes = bp_buf_text(&in);
	if (!bp_list_take(&bytes, &one) || !bp_msg_read(one, &m))
		return;
	if (m.type == BP_MSG_RENEW)
		answer_renewal(fd, &m);
	else if (answer_other != NULL)
		answer_other(fd, &m);
}

static _Noreturn void
play(void)
{
	(void)alarm(300);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			hear(fd);
		(void)close(fd);
	}
}

/* Claims of which neither document says anything, as far as they are wanted. */
static inline void
put_absent(void)
{
	static const char *const names[] = { "email", "email_verified",
	    "role" };

	for (size_t i = 0; i < COUNT(names); i++)
		for (int d = BP_DOC_ID_TOKEN; d <= BP_DOC_USERINFO; d++)
			put_claim(&table, (enum bp_document)d,
			    bp_text_of(names[i]), BP_CLAIM_ABSENT, NULL, 0);
}

/* What R is asked by: the relay, as a user of its own, and a record. */
static struct bp_request
played_request(const struct bp_setup *s)
{
	struct bp_request r = BP_REQUEST_INIT;

	r.setup = s;
	r.cache = (struct bp_cache){ .folder = cache,
	    .issuer = s->cfg.issuer };
	r.how = (struct bp_launch){ .program = program, .uid = 200001,
	    .gid = 200001 };
	return r;
}

static void
put_record(void)
{
	static const struct bp_text urls[] = {
		BP_TEXT(BP_CONFIG_ISSUER "/a"), BP_TEXT(BP_CONFIG_ISSUER "/t"),
		BP_TEXT(BP_CONFIG_ISSUER "/u"), BP_TEXT(BP_CONFIG_ISSUER "/k"),
	};
	static struct bp_text keys = BP_TEXT("\0\0\0\0");
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_RECORD_MAX);
	struct bp_cache c = { .folder = cache,
	    .issuer = bp_text_of(BP_CONFIG_ISSUER) };
	struct bp_msg m = provider_of(bp_text_of(BP_CONFIG_ISSUER), urls,
	    keys);
	enum bp_reason why;

	put_or_abort(bp_msg_write(&m, &b));
	put_or_abort(bp_provider_store(&c, bp_buf_text(&b),
	    bp_clock_seconds(), &why));
}

static int
listen_there(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s.socket", program);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(listener, 64) != 0)
		return -1;
	return chmod(a.sun_path, 0777);
}

/* In the test's folder, after make_folder(). */
static int
begin_play(void)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "cd %s && mv relay helper && "
	    "chmod 0711 helper && mkdir -m 700 cache", folder);
	(void)snprintf(program, sizeof(program), "%s/helper", folder);
	(void)snprintf(cache, sizeof(cache), "%s/cache", folder);
	provider = mmap(NULL, sizeof(*provider), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (provider == MAP_FAILED || bring("tests/support/relay") != 0 ||
	    system(command) != 0 || listen_there() != 0)
		return -1;
	put_record();
	player = fork();
	if (player == 0)
		play();
	return player > 0 ? 0 : -1;
}

static void
end_play(void)
{
	(void)kill(player, SIGKILL);
	(void)waitpid(player, NULL, 0);
	bp_buf_done(&table);
}

#endif
