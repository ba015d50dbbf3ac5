/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.c - one request to a helper, its answers on stdout.  For tests and for
 * people; it decides nothing and runs the helper as whoever runs it.
 *
 *	ask discover --helper PROGRAM --issuer URL [--ca-file @FILE]
 *	    [--save FILE]
 *	ask redeem --helper PROGRAM --record @FILE --client-id ID
 *	    --client-secret @FILE --redirect-uri URI --scopes A,B --state S
 *	    --nonce N --line @FILE --clock-skew 60 --signing-algs A,B
 *	    --wanted A,B [--ca-file @FILE]
 *	ask renew ... --sub S --refresh-token @FILE
 *	ask revoke --helper PROGRAM --record @FILE --client-id ID
 *	    --client-secret @FILE --refresh-token @FILE
 *	ask look_up --helper PROGRAM --record @FILE --client-id ID
 *	    --client-secret @FILE --api-url URL --company NAME
 *	    --refresh-token @FILE | --access-token @FILE
 *	    --api-id ID | --email ADDRESS
 *	ask list ... the same without these
 *
 * A value that begins with @ is what is in the file, without the line's end of
 * a text; secrets are given so.  --time-left MS (15000) is the helper's time.
 * --save FILE keeps the last answer, without its length: a PROVIDER is the
 * record.  --keep FILE keeps the refresh token, if one came; --keep-access FILE
 * the access token.
 * --noise FILE gets what the helper writes to stdout and stderr, which is
 * nothing.  --raw FILE sends these bytes instead (the length with them);
 * --build NAME the request of another build; --hang-up MS closes the sockets so
 * long after the request.
 *
 * An answer is lines of columns between tabs, with the milliseconds after which
 * it came; other bytes than printable ASCII, and the backslash, are \xNN; of a
 * token its length alone is shown.  The last lines are how the helper ended and
 * after how many milliseconds.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "support/messages.h"

enum { LIMIT = 60 };		/* seconds, for everything */

static const char *helper, *save, *keep_in, *keep_access, *noise, *raw;
static const char *build, *hang_up;

static const struct { const char *name; const char **value; } ours[] = {
	{ "--helper", &helper },	{ "--save", &save },
	{ "--noise", &noise },		{ "--raw", &raw },
	{ "--build", &build },		{ "--hang-up", &hang_up },
	{ "--keep", &keep_in },		{ "--keep-access", &keep_access },
};

static const char *const kinds[BP_CLAIM_KINDS] = {
	[BP_CLAIM_ABSENT] = "ABSENT", [BP_CLAIM_NULL] = "NULL",
	[BP_CLAIM_STRING] = "STRING", [BP_CLAIM_STRINGS] = "STRINGS",
	[BP_CLAIM_TRUE] = "TRUE", [BP_CLAIM_FALSE] = "FALSE",
	[BP_CLAIM_NUMBER] = "NUMBER", [BP_CLAIM_OTHER] = "OTHER",
};

static const char *const documents[BP_DOCS] = {
	[BP_DOC_ID_TOKEN] = "id_token", [BP_DOC_USERINFO] = "userinfo",
};

static int64_t
now_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
take_all(int fd, const char *what, struct bp_buf *ret)
{
	ssize_t n;

	while ((n = bp_buf_fill(ret, fd)) > 0)
		;
	if (n < 0 && errno != ECONNRESET)
		err(2, "%s", what);
}

static void
read_file(const char *path, struct bp_buf *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", path);
	take_all(fd, path, ret);
	(void)close(fd);
}

static void
write_file(const char *path, struct bp_text t)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, t.at, t.len) != (ssize_t)t.len ||
	    close(fd) != 0)
		err(2, "%s", path);
}

/* One more buffer, of those that are kept until the end. */
static struct bp_buf *
keep(void)
{
	static struct bp_buf kept[64];
	static size_t n;

	if (n == sizeof(kept) / sizeof(kept[0]))
		errx(2, "too many arguments");
	kept[n].max = BP_MSG_MAX;
	return &kept[n++];
}

static struct bp_text
value_of(const char *arg, enum kind kind)
{
	struct bp_buf *b = keep();
	struct bp_text t;

	if (arg[0] != '@')
		return bp_text_of(arg);
	read_file(arg + 1, b);
	t = bp_buf_text(b);
	if (kind != BYTES && t.len > 0 && t.at[t.len - 1] == '\n')
		t.len--;
	return t;
}

static struct bp_text
list_of(struct bp_text t)
{
	struct bp_buf *b = keep();
	struct bp_text item;

	if (!bp_list_start(b))
		errx(2, "no memory");
	while (t.len > 0) {
		(void)bp_text_cut(t, ',', &item, &t);
		if (!bp_list_add(b, item))
			errx(2, "a list too long");
	}
	return bp_buf_text(b);
}

/* Fields by their names on the wire: --client-id for client_id. */
static bool
is_option(const char *arg, const char *word)
{
	size_t i = 0;

	if (strncmp(arg, "--", 2) != 0)
		return false;
	for (arg += 2; word[i] != '\0'; i++)
		if (arg[i] != (word[i] == '_' ? '-' : word[i]))
			return false;
	return arg[i] == '\0';
}

static bool
take_field(const char *name, const char *arg, struct bp_msg *m)
{
	for (unsigned f = 0; f < BP_FIELDS; f++) {
		enum kind kind = fields[f].kind;
		struct bp_text t;

		if (!is_option(name, fields[f].name))
			continue;
		t = value_of(arg, kind);
		bp_msg_give(m, f, kind == LIST ? list_of(t) : t);
		return true;
	}
	return false;
}

static bool
take_ours(const char *name, const char *arg)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i].name) == 0) {
			*ours[i].value = arg;
			return true;
		}
	return false;
}

static void
read_arguments(int argc, char **argv, struct bp_msg *m)
{
	for (size_t i = 0; argc > 1 && i < BP_MSG_TYPES - 1; i++)
		if (strcasecmp(argv[1], types[i].name) == 0)
			m->type = types[i].type;
	if (m->type == BP_MSG_NONE)
		errx(2, "usage: ask REQUEST --helper PROGRAM ...");
	m->asked = m->type;
	bp_msg_give(m, BP_F_TIME_LEFT, bp_text_of("15000"));
	for (int i = 2; i < argc; i += 2)
		if (i + 1 == argc || (!take_ours(argv[i], argv[i + 1]) &&
		    !take_field(argv[i], argv[i + 1], m)))
			errx(2, "%s: unknown, or without a value", argv[i]);
	if (helper == NULL)
		errx(2, "--helper is missing");
}

static void
write_request(const struct bp_msg *m, struct bp_buf *ret)
{
	if (raw != NULL) {
		read_file(raw, ret);
		return;
	}
	if (!bp_msg_put_framed(m, ret))
		errx(2, "a field is missing or unlawful");
	if (build == NULL)
		return;
	memset(ret->data + BP_LIST_NUMBER, 0, BP_BUILD_SIZE);
	memcpy(ret->data + BP_LIST_NUMBER, build,
	    strnlen(build, BP_BUILD_SIZE));
}

static void
become_helper(int in, int out)
{
	int said = open(noise != NULL ? noise : "/dev/null",
	    O_RDWR | O_CREAT | O_TRUNC, 0600);
	int null = open("/dev/null", O_RDONLY);
	int kept_in = fcntl(in, F_DUPFD, 10);
	int kept_out = fcntl(out, F_DUPFD, 10);

	if (dup2(null, 0) == 0 && dup2(said, 1) == 1 && dup2(said, 2) == 2 &&
	    dup2(kept_in, BP_MSG_IN) == BP_MSG_IN &&
	    dup2(kept_out, BP_MSG_OUT) == BP_MSG_OUT) {
		for (int fd = BP_MSG_OUT + 1; fd < 64; fd++)
			(void)close(fd);
		(void)alarm(0);
		(void)execl(helper, "beproduct-helper", (char *)NULL);
	}
	_exit(127);
}

static pid_t
start(int *retto, int *retfrom)
{
	int to[2], from[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, from) != 0)
		err(2, "socketpair");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0)
		become_helper(to[0], from[1]);
	(void)close(to[0]);
	(void)close(from[1]);
	*retto = to[1];
	*retfrom = from[0];
	return pid;
}

/* A helper that ends before it has read everything is none of our errors. */
static void
say(int to, struct bp_text t)
{
	(void)signal(SIGPIPE, SIG_IGN);
	while (t.len > 0) {
		ssize_t n = write(to, t.at, t.len);

		if (n < 0)
			break;
		t = bp_text_after(t, (size_t)n);
	}
	(void)close(to);
}

static void
show_text(struct bp_text t)
{
	putchar('\t');
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] >= ' ' && t.at[i] <= '~' && t.at[i] != '\\')
			putchar(t.at[i]);
		else
			printf("\\x%02x", (unsigned)(uint8_t)t.at[i]);
}

static void
show_list(struct bp_text content)
{
	struct bp_list list = bp_list_of(content);
	struct bp_text item;

	while (bp_list_next(&list, &item))
		show_text(item);
}

static void
show_claims(struct bp_text table)
{
	struct bp_claim c;

	while (bp_claim_next(&table, &c)) {
		printf("claim\t%s", documents[c.document]);
		show_text(c.name);
		printf("\t%s", kinds[c.kind]);
		show_list(c.values);
		putchar('\n');
	}
}

static void
show_keys(struct bp_text content)
{
	struct bp_list list = bp_list_of(content);
	struct bp_text alg, kid, a, b;

	while (bp_list_next(&list, &alg) && bp_list_next(&list, &kid) &&
	    bp_list_next(&list, &a) && bp_list_next(&list, &b)) {
		printf("key");
		show_text(alg);
		show_text(kid);
		show_text(a);
		putchar('\n');
	}
}

static void
show_field(unsigned f, struct bp_text content)
{
	if (f == BP_F_KEYS)
		show_keys(content);
	else if (fields[f].kind == TABLE)
		show_claims(content);
	else if (f == BP_F_REFRESH_TOKEN || f == BP_F_ID_TOKEN ||
	    f == BP_F_ACCESS_TOKEN)
		printf("%s\t%zu bytes\n", fields[f].name, content.len);
	else {
		printf("%s", fields[f].name);
		if (fields[f].kind == LIST)
			show_list(content);
		else
			show_text(content);
		putchar('\n');
	}
}

static void
show_answer(const struct bp_msg *m)
{
	printf("type\t%s\nasked\t%s\n", types[m->type - 1].name,
	    types[m->asked - 1].name);
	if (m->reason != BP_WIRE_NONE)
		printf("reason\t%s\n", reasons[m->reason]);
	for (unsigned f = 0; f < BP_FIELDS; f++)
		if (m->given[f])
			show_field(f, m->field[f]);
	if (keep_in != NULL && m->given[BP_F_REFRESH_TOKEN])
		write_file(keep_in, m->field[BP_F_REFRESH_TOKEN]);
	if (keep_access != NULL && m->given[BP_F_ACCESS_TOKEN])
		write_file(keep_access, m->field[BP_F_ACCESS_TOKEN]);
}

/* What has come so far, and what of it was shown. */
struct answers {
	struct bp_buf		 bytes;
	struct bp_text		 message;	/* the last */
	size_t			 shown;
	enum bp_msg_type	 last;
	bool			 is_over, is_unlawful;
};

static void
show_next(struct answers *a, struct bp_text message, int64_t since)
{
	struct bp_msg m;

	a->message = message;
	a->is_unlawful = a->is_unlawful || a->is_over ||
	    !bp_msg_read(message, &m) || !bp_msg_may_follow(m.asked,
	    a->last != BP_MSG_NONE ? a->last : m.asked, m.type, &a->is_over);
	if (a->is_unlawful)
		return;
	a->last = m.type;
	show_answer(&m);
	printf("came\t%lld\n", (long long)(now_ms() - since));
}

static void
show_answers(int from, struct answers *a, int64_t since)
{
	struct bp_text rest, message;
	ssize_t n;

	while ((n = bp_buf_fill(&a->bytes, from)) > 0) {
		rest = bp_text_after(bp_buf_text(&a->bytes), a->shown);
		while (bp_list_take(&rest, &message)) {
			show_next(a, message, since);
			a->shown = a->bytes.len - rest.len;
		}
	}
	if (n < 0 && errno != ECONNRESET)
		err(2, "the helper");
	if (a->bytes.len == 0)
		puts("type\tNOTHING");
	else if (a->is_unlawful || !a->is_over || a->shown < a->bytes.len)
		puts("type\tUNLAWFUL");
}

static void
await(pid_t pid, int64_t since)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		printf("signal\t%d\n", WTERMSIG(status));
	else
		printf("exit\t%d\n", WEXITSTATUS(status));
	printf("after\t%lld\n", (long long)(now_ms() - since));
}

int
main(int argc, char **argv)
{
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(BP_MSG_MAX + 64);
	struct answers a = { .bytes = BP_BUF_INIT(4 * BP_MSG_MAX) };
	struct bp_msg m = { 0 };
	int64_t since;
	int to, from;
	pid_t pid;

	(void)alarm(LIMIT);
	read_arguments(argc, argv, &m);
	write_request(&m, &out);
	since = now_ms();
	pid = start(&to, &from);
	say(to, bp_buf_text(&out));
	if (hang_up != NULL)
		(void)poll(NULL, 0, atoi(hang_up));
	else
		show_answers(from, &a, since);
	(void)close(from);
	await(pid, since);
	if (save != NULL)
		write_file(save, a.message);
	bp_buf_done(&a.bytes);
	return 0;
}
