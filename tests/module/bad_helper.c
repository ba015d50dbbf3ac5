/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad_helper.c - a helper that answers as MODE says: a word for a DISCOVER, one
 * for a REDEEM, one for a REVOKE.  "good" is lawful, and every other a row of
 * the table below.  A file, because no helper is given arguments or an
 * environment.
 *
 * failed:REASON, stale:REASON (the record's keys were old) and
 * unusable:REASON answer so, with a detail for the log.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <sys/prctl.h>
#include <sys/ptrace.h>

#include <err.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/messages.h"

#define MODE	"/run/bad-helper"

static struct bp_msg asked;
static struct bp_buf answer = BP_BUF_INIT(4 * BP_MSG_MAX);

static void
must(bool ok, const char *what)
{
	if (!ok)
		errx(1, "%s", what);
}

/* The same from whatever request: a DISCOVER has it, a REDEEM its record. */
static struct bp_text
issuer(void)
{
	struct bp_msg record;

	if (asked.type == BP_MSG_DISCOVER)
		return asked.field[BP_F_ISSUER];
	must(bp_msg_read(asked.field[BP_F_RECORD], &record), "record");
	return record.field[BP_F_ISSUER];
}

static struct bp_text
below(struct bp_text base, const char *path)
{
	struct bp_buf b = BP_BUF_INIT(1024);	/* until the process ends */

	must(bp_buf_put(&b, base) && bp_buf_say(&b, path), "address");
	return bp_buf_text(&b);
}

static struct bp_msg
provider(void)
{
	static const char *const key[] = { "RS256", "k1", "bg", "AQAB" };
	struct bp_buf keys = BP_BUF_INIT(1024);
	struct bp_msg m = provider_of(issuer(), (struct bp_text[]){
	    below(issuer(), "/connect/authorize"),
	    below(issuer(), "/connect/token"),
	    below(issuer(), "/connect/userinfo"),
	    below(issuer(), "/jwks") }, put_texts(key, 4, &keys));

	m.asked = asked.type;
	return m;
}

/* What UserInfo says of a person; the id_token says nothing of it. */
static struct says {
	const char		*name;
	enum bp_claim_kind	 kind;
	const char		*value;
} person[] = {
	{ "email", BP_CLAIM_STRING, "alice@example.com" },
	{ "email_verified", BP_CLAIM_TRUE, NULL },
	{ "role", BP_CLAIM_STRING, "Host Login" },
	{ "company", BP_CLAIM_STRING, "acme" },
};
enum { EMAIL, VERIFIED, ROLE, COMPANY, SAYS };

/* And the id_token, in some modes, of one claim. */
static struct says token;

static const char *sub = "sub-of-alice";

static void
add_row(struct bp_buf *table, struct bp_text name, enum bp_document document)
{
	static const struct says nothing = { .kind = BP_CLAIM_ABSENT };
	const struct says *said = &nothing;

	for (size_t i = 0; i < SAYS && document == BP_DOC_USERINFO; i++)
		if (bp_text_is(name, person[i].name))
			said = &person[i];
	if (document == BP_DOC_ID_TOKEN && token.name != NULL &&
	    bp_text_is(name, token.name))
		said = &token;
	put_claim(table, document, name, said->kind, &said->value, 1);
}

static struct bp_text
table_for(struct bp_text wanted)
{
	struct bp_buf b = BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	struct bp_list names = bp_list_of(wanted);
	struct bp_text name;

	while (bp_list_next(&names, &name)) {
		add_row(&b, name, BP_DOC_ID_TOKEN);
		add_row(&b, name, BP_DOC_USERINFO);
	}
	return bp_buf_text(&b);
}

/* The role of the person as the public API has it. */
static struct bp_text
api_roles(void)
{
	static struct bp_buf list = BP_BUF_INIT(1024);

	bp_buf_done(&list);
	return put_texts(&person[ROLE].value, 1, &list);
}

static struct bp_msg
user(void)
{
	struct bp_msg m = { .type = BP_MSG_USER, .asked = BP_MSG_LOOK_UP };

	bp_msg_give(&m, BP_F_API_ID, bp_text_of("user-1"));
	bp_msg_give(&m, BP_F_EMAIL, bp_text_of(person[EMAIL].value));
	bp_msg_give(&m, BP_F_API_ROLES, api_roles());
	return m;
}

static struct bp_msg
claims(void)
{
	static const struct bp_text none = BP_TEXT("\0\0\0\0");
	struct bp_msg m = { .type = BP_MSG_CLAIMS, .asked = asked.type };

	bp_msg_give(&m, BP_F_ISSUER, issuer());
	bp_msg_give(&m, BP_F_SUB, bp_text_of(sub));
	bp_msg_give(&m, BP_F_SCOPES, asked.given[BP_F_SCOPES]
	    ? asked.field[BP_F_SCOPES] : none);
	bp_msg_give(&m, BP_F_CLAIMS, table_for(asked.given[BP_F_WANTED]
	    ? asked.field[BP_F_WANTED] : none));
	if (asked.given[BP_F_COMPANY]) {
		bp_msg_give(&m, BP_F_COMPANY, asked.field[BP_F_COMPANY]);
		bp_msg_give(&m, BP_F_API_ID, bp_text_of("user-1"));
		bp_msg_give(&m, BP_F_API_ROLES, api_roles());
	}
	if (asked.given[BP_F_TOKENS_WANTED])
		bp_msg_give(&m, BP_F_REFRESH_TOKEN,
		    bp_text_of("refresh-token-of-this-sign-in"));
	return m;
}

static struct bp_msg
lawful(void)
{
	if (asked.type == BP_MSG_LOOK_UP)
		return user();
	if (asked.type == BP_MSG_REVOKE)
		return (struct bp_msg){ .type = BP_MSG_REVOKED,
		    .asked = BP_MSG_REVOKE };
	return asked.type == BP_MSG_DISCOVER ? provider() : claims();
}

static void
put(const struct bp_msg *m)
{
	must(bp_msg_put_framed(m, &answer), "unlawful");
}

/* Behind the rules' back: a lawful message, to another request. */
static void
put_for(struct bp_msg m, enum bp_msg_type claimed)
{
	m.asked = m.type == BP_MSG_PROVIDER ? BP_MSG_DISCOVER : BP_MSG_REDEEM;
	put(&m);
	answer.data[BP_LIST_NUMBER + BP_BUILD_SIZE + 1] = (uint8_t)claimed;
}

static void
put_lawful(void)
{
	struct bp_msg m = lawful();

	put(&m);
}

static void
say(void)
{
	struct bp_text t = bp_buf_text(&answer);
	ssize_t n;

	while (t.len > 0 && (n = write(BP_MSG_OUT, t.at, t.len)) > 0)
		t = bp_text_after(t, (size_t)n);
}

/* Not even when it is asked to; only by what nobody can refuse. */
static _Noreturn void
stay(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	for (;;)
		(void)pause();
}

/* What each does to the answer, or in its place. */

static void
silent(void)
{
	stay();
}

static void
drip(void)
{
	static const struct timespec now_and_then = { 0, 50000000 };

	put_lawful();
	for (size_t i = 0; i < answer.len; i++) {
		if (write(BP_MSG_OUT, answer.data + i, 1) != 1)
			stay();
		(void)nanosleep(&now_and_then, NULL);
	}
}

/* Says to who counts that it was asked, and takes its time. */
static void
slow(void)
{
	static const struct timespec a_while = { 0, 700000000 };
	struct sockaddr_un counter = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(counter.sun_path, "\0bp-bad-helper", 14);
	must(sendto(fd, "asked", 5, 0, (struct sockaddr *)&counter,
	    offsetof(struct sockaddr_un, sun_path) + 14) == 5, "counter");
	(void)nanosleep(&a_while, NULL);
	put_lawful();
}

static void
cut(void)
{
	put_lawful();
	answer.len--;
}

static void
zero(void)
{
	static const char zeroes[512];

	must(bp_buf_add(&answer, zeroes, sizeof(zeroes)), "zeroes");
}

static void
other_request(void)
{
	put_for(lawful(), asked.type == BP_MSG_DISCOVER ? BP_MSG_REDEEM
	    : BP_MSG_DISCOVER);
}

static void
two(void)
{
	put_lawful();
	put_lawful();
}

static void
too_long(void)
{
	static const char more[BP_MSG_MAX];

	put_lawful();
	must(bp_buf_add(&answer, more, sizeof(more)), "more");
	bp_list_set_number(answer.data, (uint32_t)answer.len - BP_LIST_NUMBER);
	say();
	stay();
}

/* Behind the rules' back: an escape in the bytes of a lawful message. */
static void
unprintable(void)
{
	const char *where = asked.type == BP_MSG_DISCOVER
	    ? "/connect/authorize" : "sub-of-alice";
	uint8_t *at;

	put_lawful();
	at = memmem(answer.data, answer.len, where, strlen(where));
	must(at != NULL, where);
	*at = '\033';
}

static void
crash(void)
{
	(void)raise(SIGSEGV);
}

static void
mute(void)
{
	exit(0);
}

static void
build(void)
{
	put_lawful();
	answer.data[BP_LIST_NUMBER] ^= 1;
}

/* Its tracer keeps it from being reaped, for three seconds. */
static void
traced(void)
{
	pid_t me = getpid();
	int ready[2];
	char c;

	must(prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L) == 0 &&
	    pipe(ready) == 0, "traced");
	if (fork() == 0) {
		(void)close(BP_MSG_IN);
		(void)close(BP_MSG_OUT);
		must(ptrace(PTRACE_SEIZE, me, NULL, NULL) == 0 &&
		    write(ready[1], "", 1) == 1, "tracer");
		(void)sleep(3);
		_exit(0);
	}
	must(read(ready[0], &c, 1) == 1, "tracer");
	put_lawful();
}

static void
lingers(void)
{
	put_lawful();
	say();
	(void)close(BP_MSG_IN);
	(void)close(BP_MSG_OUT);
	stay();
}

static void
ends_badly(void)
{
	put_lawful();
	say();
	exit(9);
}

static void
echo(void)
{
	put(&asked);
}

/* A lawful answer, but to another kind of request. */
static void
type(void)
{
	put_for(asked.type == BP_MSG_DISCOVER ? claims() : provider(),
	    asked.type);
}

static void
other_issuer(void)
{
	struct bp_msg m = lawful();

	bp_msg_give(&m, BP_F_ISSUER, bp_text_of("https://evil.example/ids"));
	put(&m);
}

/* As where the provider knows no offline_access. */
static void
without_tokens(void)
{
	asked.given[BP_F_TOKENS_WANTED] = false;
	put_lawful();
}

static void
other_names(void)
{
	BP_AUTO(bp_buf_done) struct bp_buf wanted = BP_BUF_INIT(1024);
	struct bp_list all = bp_list_of(asked.field[BP_F_WANTED]);
	struct bp_text name;
	struct bp_msg m;

	must(bp_list_start(&wanted), "list");
	while (bp_list_next(&all, &name))
		must(bp_list_add(&wanted, bp_text_is(name, "role")
		    ? bp_text_of("other") : name), "name");
	m = claims();
	bp_msg_give(&m, BP_F_CLAIMS, table_for(bp_buf_text(&wanted)));
	put(&m);
}

static void
no_claims(void)
{
	struct bp_msg m = claims();

	bp_msg_give(&m, BP_F_CLAIMS, bp_text_of(""));
	put(&m);
}

/* As if nobody had been asked about the person. */
static void
unasked(void)
{
	asked.given[BP_F_COMPANY] = false;
	put_lawful();
}

/* Of whom the module did not ask, or not of that one. */
static void
other_asked(void)
{
	struct bp_msg m = claims();

	bp_msg_give(&m, BP_F_COMPANY, bp_text_of("acme2"));
	put(&m);
}

static void
endpoint(void)
{
	struct bp_msg m = provider();

	bp_msg_give(&m, BP_F_AUTHORIZATION_ENDPOINT,
	    bp_text_of("https://evil.example/connect/authorize"));
	put(&m);
}

static void
token_endpoint(void)
{
	struct bp_msg m = provider();

	bp_msg_give(&m, BP_F_TOKEN_ENDPOINT,
	    bp_text_of("https://evil.example/connect/token"));
	put(&m);
}

static void
old_keys(void)
{
	struct bp_msg m = claims();

	bp_msg_mark(&m, BP_F_RECORD_STALE);
	put(&m);
}

/* The access token is refused, and the refresh token brings another. */
static void
old_token(void)
{
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = asked.type,
	    .reason = BP_WIRE_API_TOKEN };

	if (asked.given[BP_F_REFRESH_TOKEN]) {
		m = (struct bp_msg){ .type = BP_MSG_TOKEN,
		    .asked = asked.type };
		bp_msg_give(&m, BP_F_REFRESH_TOKEN,
		    bp_text_of("next-refresh-token"));
		bp_msg_give(&m, BP_F_ACCESS_TOKEN,
		    bp_text_of("next-access-token"));
		put(&m);
		m = user();
	}
	put(&m);
}

static void
another_id(void)
{
	struct bp_msg m = user();

	bp_msg_give(&m, BP_F_API_ID, bp_text_of("user-12"));
	put(&m);
}

static void
another_role(void)
{
	person[ROLE].value = "Guest";
	put_lawful();
}

static void
number_role(void)
{
	person[ROLE].kind = BP_CLAIM_NUMBER;
	person[ROLE].value = NULL;
	put_lawful();
}

static void
no_role(void)
{
	person[ROLE].kind = BP_CLAIM_ABSENT;
	person[ROLE].value = NULL;
	put_lawful();
}

static void
long_role(void)
{
	static char role[257];

	person[ROLE].value = memset(role, 'r', sizeof(role) - 1);
	put_lawful();
}

static void
two_addresses(void)
{
	token = (struct says){ "email", BP_CLAIM_STRING, "b@example.com" };
	put_lawful();
}

static void
list_acr(void)
{
	token = (struct says){ "acr", BP_CLAIM_STRINGS, "a" };
	put_lawful();
}

static void
string_amr(void)
{
	token = (struct says){ "amr", BP_CLAIM_STRING, "a" };
	put_lawful();
}

static void
old_sign_in(void)
{
	token = (struct says){ "auth_time", BP_CLAIM_NUMBER, "1000000000" };
	put_lawful();
}

static void
coming_sign_in(void)
{
	token = (struct says){ "auth_time", BP_CLAIM_NUMBER, "99999999999" };
	put_lawful();
}

static void
another_company(void)
{
	person[COMPANY].value = "evil";
	put_lawful();
}

/* Somebody else, who has been given the address. */
static void
another_person(void)
{
	sub = "sub-of-another";
	put_lawful();
}

static void
another_address(void)
{
	person[EMAIL].value = "mallory@example.com";
	put_lawful();
}

static void
unverified(void)
{
	person[VERIFIED].kind = BP_CLAIM_FALSE;
	put_lawful();
}

/* Which of the fields that it may be given it was; the verifier's length. */
static void
tells(void)
{
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = asked.type,
	    .reason = BP_WIRE_TLS };
	static char said[128];

	(void)snprintf(said, sizeof(said), "proxy=%.*s basic=%d verifier=%zu",
	    (int)asked.field[BP_F_PROXY].len, asked.field[BP_F_PROXY].at,
	    asked.given[BP_F_CLIENT_BASIC],
	    asked.field[BP_F_CODE_VERIFIER].len);
	bp_msg_give(&m, BP_F_DETAIL, bp_text_of(said));
	put_for(m, asked.type);
}

/* What an id_token may be signed with: not as configured, no claims. */
static void
es256_alone(void)
{
	struct bp_text algs = asked.field[BP_F_SIGNING_ALGS];
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = asked.type,
	    .reason = BP_WIRE_TOKEN_ALG };

	if (bp_list_count(algs) == 1 && bp_list_has(algs, bp_text_of("ES256")))
		m = claims();
	put(&m);
}

static const struct { const char *word; void (*misbehave)(void); } modes[] = {
	{ "good", put_lawful },		{ "silent", silent },
	{ "slow", slow },		{ "tells", tells },
	{ "drip", drip },		{ "cut", cut },
	{ "zero", zero },		{ "other_request", other_request },
	{ "two", two },			{ "too_long", too_long },
	{ "unprintable", unprintable },	{ "crash", crash },
	{ "mute", mute },		{ "build", build },
	{ "lingers", lingers },		{ "traced", traced },
	{ "ends_badly", ends_badly },
	{ "echo", echo },		{ "type", type },
	{ "other_issuer", other_issuer }, { "other_names", other_names },
	{ "no_claims", no_claims },	{ "endpoint", endpoint },
	{ "without_tokens", without_tokens },
	{ "unasked", unasked },		{ "other_asked", other_asked },
	{ "token_endpoint", token_endpoint }, { "old_keys", old_keys },
	{ "another_role", another_role },
	{ "number_role", number_role },	{ "no_role", no_role },
	{ "another_company", another_company },
	{ "long_role", long_role },	{ "two_addresses", two_addresses },
	{ "list_acr", list_acr },	{ "string_amr", string_amr },
	{ "old_sign_in", old_sign_in },	{ "coming_sign_in", coming_sign_in },
	{ "another_address", another_address }, { "unverified", unverified },
	{ "es256_alone", es256_alone },	{ "old_token", old_token },
	{ "another_id", another_id },
	{ "another_person", another_person },
};

/* failed:REASON and the like; false: it is a word of the table. */
static bool
answers_a_reason(struct bp_text mode)
{
	struct bp_text word, reason;
	struct bp_msg m = { .type = BP_MSG_FAILED, .asked = asked.type };

	if (!bp_text_cut(mode, ':', &word, &reason))
		return false;
	for (unsigned i = 0; i < BP_WIRE_REASONS; i++)
		if (bp_text_is(reason, reasons[i]))
			m.reason = i;
	if (bp_text_is(word, "unusable"))
		m.type = BP_MSG_UNUSABLE;
	if (bp_text_is(word, "stale"))
		bp_msg_mark(&m, BP_F_RECORD_STALE);
	bp_msg_give(&m, BP_F_DETAIL, bp_text_of("said \"the helper\""));
	put_for(m, asked.type);
	return true;
}

static void
answer_as(struct bp_text mode)
{
	if (answers_a_reason(mode))
		return;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (bp_text_is(mode, modes[i].word)) {
			modes[i].misbehave();
			return;
		}
	errx(1, "no such mode");
}

/* Gone before it has read what it is asked, but for so much. */
static void
deaf(struct bp_text redeem, struct bp_buf *in)
{
	enum { HEAD = BP_LIST_NUMBER + BP_BUILD_SIZE + 1 };

	while (in->len < HEAD)
		must(bp_buf_take(in, BP_MSG_IN, HEAD - in->len) > 0, "head");
	if (in->data[HEAD - 1] == BP_MSG_REDEEM &&
	    bp_text_is(redeem, "deaf"))
		exit(0);
}

int
main(void)
{
	static struct bp_buf in = BP_BUF_INIT(2 * BP_MSG_MAX);
	char words[256] = "";
	FILE *f = fopen(MODE, "r");
	struct bp_text discover, redeem, revoke, renew, look_up;

	must(f != NULL && fgets(words, sizeof(words), f) != NULL, MODE);
	must(bp_text_cut(bp_text_of(words), ' ', &discover, &redeem) &&
	    bp_text_cut(redeem, ' ', &redeem, &revoke) &&
	    bp_text_cut(revoke, ' ', &revoke, &renew) &&
	    bp_text_cut(renew, ' ', &renew, &look_up), MODE);
	deaf(redeem, &in);
	while (bp_buf_fill(&in, BP_MSG_IN) > 0)
		;
	must(read_framed(bp_buf_text(&in), &asked), "request");
	answer_as(asked.type == BP_MSG_DISCOVER ? discover
	    : asked.type == BP_MSG_REVOKE ? revoke
	    : asked.type == BP_MSG_RENEW ? renew
	    : asked.type == BP_MSG_LOOK_UP ? look_up : redeem);
	say();
	return 0;
}
