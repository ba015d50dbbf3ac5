#include "login.h"
#include "core/answer.h"
#include "core/policy.h"
#include "core/words.h"
#include "conv.h"
#include "kept.h"
#include "request.h"

#include <pwd.h>
#include <unistd.h>

#include <security/pam_modutil.h>

enum { HOST_MAX = 256 };

/* One sign-in: what each of its steps leaves to the next. */
struct login {
	struct bp_call		*call;
	struct bp_setup		 setup;
	struct bp_request	 request;
	struct bp_attempt	 attempt;
	struct bp_buf		 address;
	char			 host[HOST_MAX];
};

static void
login_done(struct login *l)
{
	bp_setup_done(&l->setup);
	bp_request_done(&l->request);
	bp_attempt_done(&l->attempt);
	bp_buf_done(&l->address);
}

/* Some hosts end a dialogue by themselves, and without a word. */
static int64_t
deadline_of(const struct bp_service *service, const char *name)
{
	static const struct { const char *name; uint32_t seconds; } hosts[] = {
		{ "sshd", 110 },	/* LoginGraceTime 120 */
		{ "login", 50 },	/* LOGIN_TIMEOUT 60 */
	};
	uint32_t seconds = service->deadline;

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (seconds == 0 && bp_text_is(bp_text_of(name),
		    hosts[i].name))
			seconds = hosts[i].seconds;
	return seconds == 0 ? 0 : bp_launch_now() + (int64_t)seconds * 1000;
}

static bool
prepare_helper(struct login *l, enum bp_reason *reterr)
{
	const struct passwd *pw = pam_modutil_getpwnam(l->call->pamh,
	    BP_HELPER_USER_NAME);

	if (pw == NULL || pw->pw_uid == 0 || pw->pw_gid == 0)
		return bp_refuse(reterr, BP_HELPER_USER);
	l->request.setup = &l->setup;
	l->request.cache = BP_PATH_CACHE;
	l->request.how = (struct bp_launch){ .program = BP_PATH_HELPER,
	    .uid = pw->pw_uid, .gid = pw->pw_gid };
	return true;
}

/* All that can be wrong here is found before anybody is asked anything. */
static bool
prepare(struct login *l, enum bp_reason *reterr)
{
	struct bp_call *c = l->call;
	const struct bp_service *service;

	if (!bp_setup_read_config(&l->setup, c->config, reterr) ||
	    !bp_call_is_ours(c, &l->setup.cfg, reterr))
		return false;
	service = bp_config_service(&l->setup.cfg, bp_text_of(c->service));
	if (!bp_service_is_open(service))
		return bp_refuse(reterr, BP_SERVICE_CLOSED);
	l->request.deadline = deadline_of(service, c->service);
	if (!bp_setup_read_rest(&l->setup, reterr) ||
	    !prepare_helper(l, reterr) ||
	    !bp_request_provider(&l->request, reterr))
		return false;
	/* slower for everybody until somebody looks, but no reason to refuse */
	if (l->request.unkept) {
		bp_call_note(c, bp_text_of(l->request.cache));
		bp_call_log(c, BP_FILE_UNWRITTEN);
		bp_call_note(c, bp_text_of(""));
	}
	return true;
}

static bool
begin(struct login *l, enum bp_reason *reterr)
{
	struct bp_call *c = l->call;

	if (gethostname(l->host, sizeof(l->host)) != 0)
		l->host[0] = '\0';
	l->host[HOST_MAX - 1] = '\0';
	return bp_attempt_make(&l->attempt, bp_text_of(l->host),
	    bp_text_of(c->service), bp_text_of(c->user), reterr) &&
	    bp_authorize_address(&l->setup.cfg,
	    l->request.provider.msg.field[BP_F_AUTHORIZATION_ENDPOINT],
	    &l->attempt, &l->address, reterr);
}

/* Show the address and have a line, in BYTES until they are forgotten. */
static bool
ask(struct login *l, const char *sentence, char **bytes,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_WORDS_MAX);
	const struct bp_words w = {
		.host = bp_text_of(l->host),
		.service = bp_text_of(l->call->service),
		.account = bp_text_of(l->call->user),
		.label = bp_buf_text(&l->attempt.label),
		.address = bp_buf_text(&l->address),
		.sentence = sentence,
		.is_terminal = bp_conv_is_terminal(l->call),
	};

	if (!bp_words_explain(&w, &text))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_conv_ask(l->call, bp_buf_text(&text), bp_words_ask, bytes,
	    reterr);
}

/* One prompt and, if the line is worth it, one REDEEM. */
static bool
try_once(struct login *l, const char *sentence, struct bp_msg *ret,
    bool *retry, enum bp_reason *reterr)
{
	BP_AUTO(bp_conv_forget) char *bytes = NULL;
	struct bp_text line;

	*retry = false;
	if (!ask(l, sentence, &bytes, reterr))
		return false;
	if (l->request.deadline != 0 && bp_launch_now() > l->request.deadline)
		return bp_refuse(reterr, BP_DEADLINE);
	if (!bp_answer_judge(bp_text_of(bytes), bp_conv_cut_at(l->call),
	    &line, reterr)) {
		*retry = true;
		return false;
	}
	return bp_request_redeem(&l->request, &l->attempt, line, ret, retry,
	    reterr);
}

/* Three lines of no use end it; whatever is no such line ends it at once. */
static bool
sign_in(struct login *l, struct bp_msg *ret, enum bp_reason *reterr)
{
	const char *sentence = NULL;
	bool retry;

	for (int i = 0; i < BP_ANSWER_TRIES; i++) {
		if (try_once(l, sentence, ret, &retry, reterr))
			return true;
		if (!retry)
			return false;
		sentence = bp_reason_row(*reterr)->say;
	}
	bp_call_note(l->call, bp_text_of(bp_reason_row(*reterr)->name));
	return bp_refuse(reterr, BP_TRIES);
}

static bool
decide(struct login *l, const struct bp_msg *claims, enum bp_reason *reterr)
{
	struct bp_identity who = bp_identity_of(claims);
	struct bp_call *c = l->call;

	bp_call_note_who(c, &who);
	/* sshd never lets it come to this; whoever does gets nothing by it */
	if (!c->account.found)
		return bp_refuse(reterr, BP_ACCOUNT_UNKNOWN);
	return bp_policy_decide(&l->setup.cfg, bp_text_of(c->service),
	    bp_buf_text(&l->setup.map), &who, bp_text_of(c->user), reterr);
}

static bool
run(struct login *l, enum bp_reason *reterr)
{
	struct bp_msg claims = { 0 };

	if (!prepare(l, reterr) || !begin(l, reterr))
		return false;
	bp_call_log_started(l->call);
	if (!sign_in(l, &claims, reterr) || !decide(l, &claims, reterr))
		return false;
	return bp_kept_admit(l->call) || bp_refuse(reterr, BP_MEMORY);
}

enum bp_reason
bp_login(struct bp_call *c)
{
	BP_AUTO(login_done) struct login l = { .call = c,
	    .setup = BP_SETUP_INIT, .request = BP_REQUEST_INIT,
	    .attempt = BP_ATTEMPT_INIT,
	    .address = BP_BUF_INIT(BP_ADDRESS_MAX) };
	enum bp_reason why = BP_UNDECIDED;
	bool admitted = run(&l, &why);

	if (l.setup.complaint.len > 0)
		bp_call_note(c, bp_buf_text(&l.setup.complaint));
	else if (c->detail.len == 0 && l.request.detail.len > 0)
		bp_call_note(c, bp_buf_text(&l.request.detail));
	return admitted ? BP_ADMITTED : why;
}
