#include "ctl/live.h"
#include "core/answer.h"
#include "core/words.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

enum {
	HOST_MAX = 256,
	LINE_MAX_BYTES = 2 * BP_ANSWER_MAX,	/* quotes and blanks around */
	TERMINAL_MAX = 4095		/* bytes of a line, silently cut */
};

static const char service[] = "beproductctl", anyone[] = "anyone";

void
bp_live_done(struct bp_live *l)
{
	bp_request_done(&l->request);
	bp_attempt_done(&l->attempt);
	bp_buf_done(&l->address);
}

static bool
prepare_helper(struct bp_live *l, enum bp_reason *reterr)
{
	const struct passwd *pw = getpwnam(BP_HELPER_USER_NAME);

	if (pw == NULL || pw->pw_uid == 0 || pw->pw_gid == 0)
		return bp_refuse(reterr, BP_HELPER_USER);
	l->request.setup = l->setup;
	l->request.cache = BP_PATH_CACHE;
	l->request.how = (struct bp_launch){ .program = BP_PATH_HELPER,
	    .uid = pw->pw_uid, .gid = pw->pw_gid };
	if (l->deadline != 0)
		l->request.deadline = bp_launch_now() +
		    (int64_t)l->deadline * 1000;
	return true;
}

static const char *
account_of(const struct bp_live *l)
{
	return l->user != NULL ? l->user : anyone;
}

static bool
begin(struct bp_live *l, struct bp_text host, enum bp_reason *reterr)
{
	return bp_attempt_make(&l->attempt, host, bp_text_of(service),
	    bp_text_of(account_of(l)), reterr) &&
	    bp_authorize_address(&l->setup->cfg,
	    l->request.provider.msg.field[BP_F_AUTHORIZATION_ENDPOINT],
	    &l->attempt, &l->address, reterr);
}

static void
show_row(const char *name, struct bp_text value)
{
	(void)fprintf(stderr, "%-12s %.*s\n", name, (int)value.len, value.at);
}

static void
show_client(const struct bp_live *l)
{
	const struct bp_config *cfg = &l->setup->cfg;

	show_row("issuer", cfg->issuer);
	show_row("client_id", cfg->client_id);
	show_row("scopes", cfg->scopes);
	show_row("redirect_uri", cfg->redirect_uri);
}

static bool
have_provider(struct bp_live *l, enum bp_reason *reterr)
{
	if (!bp_request_provider(&l->request, reterr))
		return false;
	if (l->request.unkept)
		show_row("cache", bp_text_of(bp_reason_row(BP_FILE_UNWRITTEN)
		    ->log));
	(void)fputc('\n', stderr);
	return true;
}

static bool
show_words(const struct bp_live *l, struct bp_text host, const char *sentence,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_WORDS_MAX);
	const struct bp_words w = {
		.host = host,
		.service = bp_text_of(service),
		.account = bp_text_of(account_of(l)),
		.label = bp_buf_text(&l->attempt.label),
		.address = bp_buf_text(&l->address),
		.sentence = sentence,
		.is_terminal = true,
	};

	if (!bp_words_explain(&w, &text))
		return bp_refuse(reterr, BP_MEMORY);
	(void)fprintf(stderr, "%.*s%s", (int)text.len,
	    bp_buf_text(&text).at, bp_words_ask);
	return true;
}

/* To the line's end and not a byte further: the next try has the next line. */
static bool
read_line(struct bp_buf *ret, enum bp_reason *reterr)
{
	ssize_t n;
	char c;

	ret->len = 0;
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n')
		/* what is too long is of no use, cut or whole */
		if (!bp_buf_add(ret, &c, 1) && ret->len < ret->max)
			return bp_refuse(reterr, BP_MEMORY);
	return (n == 1 || (n == 0 && ret->len > 0)) ||
	    bp_refuse(reterr, BP_BROKE_OFF);
}

static size_t
cut_at(void)
{
	return isatty(STDIN_FILENO) ? TERMINAL_MAX : 0;
}

static bool
try_once(struct bp_live *l, struct bp_buf *bytes, bool *retry,
    enum bp_reason *reterr)
{
	struct bp_text line;

	*retry = false;
	if (!read_line(bytes, reterr))
		return false;
	if (l->request.deadline != 0 && bp_launch_now() > l->request.deadline)
		return bp_refuse(reterr, BP_DEADLINE);
	if (!bp_answer_judge(bp_buf_text(bytes), cut_at(), &line, reterr)) {
		*retry = true;
		return false;
	}
	return bp_request_redeem(&l->request, &l->attempt, line, &l->claims,
	    retry, reterr);
}

static void
note(struct bp_live *l, const char *detail)
{
	struct bp_buf *b = &l->request.detail;

	b->len = 0;
	if (!bp_buf_say(b, detail))
		b->len = 0;	/* only less to read */
}

static bool
converse(struct bp_live *l, struct bp_text host, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf bytes = BP_BUF_INIT(LINE_MAX_BYTES);
	const char *sentence = NULL;
	bool retry;

	for (int i = 0; i < BP_ANSWER_TRIES; i++) {
		if (!show_words(l, host, sentence, reterr))
			return false;
		if (try_once(l, &bytes, &retry, reterr))
			return true;
		if (!retry)
			return false;
		sentence = bp_reason_row(*reterr)->say;
	}
	note(l, bp_reason_row(*reterr)->name);
	return bp_refuse(reterr, BP_TRIES);
}

bool
bp_live_sign_in(struct bp_live *l, struct bp_identity *ret,
    enum bp_reason *reterr)
{
	char host[HOST_MAX];
	struct bp_text name;

	if (gethostname(host, sizeof(host)) != 0)
		host[0] = '\0';
	host[HOST_MAX - 1] = '\0';
	name = bp_text_of(host);
	show_client(l);
	if (!prepare_helper(l, reterr) || !have_provider(l, reterr) ||
	    !begin(l, name, reterr) || !converse(l, name, reterr))
		return false;
	*ret = bp_identity_of(&l->claims);
	return true;
}
