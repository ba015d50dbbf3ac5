/* SPDX-License-Identifier: BSD-2-Clause */
#include "call.h"
#include "core/log.h"
#include "core/random.h"
#include "wire/clock.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <unistd.h>

#include <security/pam_ext.h>

static const char *
item(pam_handle_t *pamh, int which)
{
	const void *value = NULL;

	if (pam_get_item(pamh, which, &value) != PAM_SUCCESS || value == NULL)
		return "";
	return value;
}

/* Without randomness the call goes on: only an attempt's secrets need it. */
static void
make_id(char id[BP_ID_SIZE + 1])
{
	struct bp_buf b = BP_BUF_INIT(BP_ID_SIZE);

	memset(id, '0', BP_ID_SIZE);
	id[BP_ID_SIZE] = '\0';
	if (bp_random_hex(&b, BP_ID_SIZE / 2))
		memcpy(id, b.data, BP_ID_SIZE);
	bp_buf_done(&b);
}

bool
bp_call_begin(pam_handle_t *pamh, enum bp_phase phase, struct bp_call *ret)
{
	struct bp_call c = { .pamh = pamh, .phase = phase, .user = "",
	    .config = BP_PATH_CONFIG, .detail = BP_BUF_INIT(1024),
	    .who = BP_BUF_INIT(BP_LOG_LINE_MAX - 2048),
	    .began = bp_clock_ms(), .conv_code = PAM_CONV_ERR };
	const char *user = NULL;
	int code = pam_get_user(pamh, &user, NULL);

	c.service = item(pamh, PAM_SERVICE);
	c.rhost = item(pamh, PAM_RHOST);
	c.tty = bp_host_tty(bp_text_of(item(pamh, PAM_TTY)));
	c.host = bp_host_of(bp_text_of(c.service), c.tty);
	make_id(c.id);
	if (code == PAM_SUCCESS && user != NULL)
		c.user = user;
	else if (code != PAM_SUCCESS)
		c.conv_code = code;
	*ret = c;
	return code == PAM_SUCCESS && user != NULL;
}

void
bp_call_done(struct bp_call *c)
{
	bp_buf_done(&c->detail);
	bp_buf_done(&c->who);
}

/* By the name alone, without NSS, where that is enough. */
bool
bp_call_is_root(struct bp_call *c)
{
	static const struct bp_account unasked = { .failed = true };

	if (bp_account_is_root(&unasked, c->user))
		return true;
	c->account = bp_account_look_up(c->user);
	return bp_account_is_root(&c->account, c->user);
}

bool
bp_call_arguments(struct bp_call *c, int argc, const char **argv,
    enum bp_reason *reterr)
{
	struct bp_text key, path;

	for (int i = 0; i < argc; i++) {
		(void)bp_text_cut(bp_text_of(argv[i]), '=', &key, &path);
		if (bp_text_is(key, "config") && bp_text_starts(path, "/"))
			c->config = path.at;	/* ended by argv[i]'s NUL */
		else if (bp_text_is(bp_text_of(argv[i]), "debug"))
			c->debug = true;
		else {
			bp_call_note(c, bp_text_of(argv[i]));
			return bp_refuse(reterr, BP_ARGUMENT);
		}
	}
	return true;
}

/* sshd and login ask us before they look, and say nothing of what they find. */
static enum bp_absent
absent_of(const struct bp_call *c)
{
	if (c->host->has_found)
		return BP_ABSENT_LOOKUP;
	return c->rhost[0] != '\0' ? BP_ABSENT_REMOTE : BP_ABSENT_LOCAL;
}

bool
bp_call_is_ours(const struct bp_call *c, const struct bp_config *cfg,
    enum bp_reason *reterr)
{
	return bp_account_is_ours(&c->account, c->user, absent_of(c), cfg,
	    reterr);
}

int64_t
bp_call_deadline(const struct bp_call *c, const struct bp_service *service)
{
	uint32_t seconds = service->deadline != 0 ? service->deadline
	    : c->host->deadline;

	return seconds == 0 ? 0 : bp_clock_ms() + (int64_t)seconds * 1000;
}

bool
bp_call_is_open(struct bp_call *c, const struct bp_setup *s,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file =
	    BP_BUF_INIT(BP_LOCK_PATH_MAX);
	const struct bp_lock l = { BP_LOCK_ACCOUNT,
	    .value = bp_text_of(c->user) };

	if (bp_lock_is_open(&s->locks, &l, &file, reterr))
		return true;
	bp_call_note(c, bp_buf_text(&file));
	return false;
}

struct bp_holder
bp_call_holder(const struct bp_call *c)
{
	return (struct bp_holder){ BP_HOLDER_HERE, .host = c->host,
	    .service = bp_text_of(c->service),
	    .account = bp_text_of(c->user),
	    .config = bp_text_of(c->config),
	    .key = bp_text_of(c->key.name), .uid = c->account.uid,
	    .caller = getuid() };
}

void
bp_call_note(struct bp_call *c, struct bp_text detail)
{
	bp_buf_done(&c->detail);
	if (detail.len > c->detail.max)
		detail.len = c->detail.max;
	if (!bp_buf_put(&c->detail, detail))
		c->detail.len = 0;
}

void
bp_call_note_attempt(struct bp_call *c, const struct bp_setup *s,
    const struct bp_request *r)
{
	/* no reason to refuse, but something to be looked at */
	if (r->unreaped)
		bp_call_log_alone(c, BP_HELPER_LEFT);
	if (s->complaint.len > 0)
		bp_call_note(c, bp_buf_text(&s->complaint));
	else if (r->detail.len > 0)
		bp_call_note(c, bp_buf_text(&r->detail));
}

/* absent, false, "false", null and 1 are told apart. */
static void
note_verified(struct bp_buf *b, const struct bp_claim *why)
{
	struct bp_text value;

	if (bp_claim_string(why, &value))
		bp_log_add(b, "email_verified", value);
	else
		bp_log_add_word(b, "email_verified",
		    bp_claim_kind_word(why->kind));
}

static void
note_person(struct bp_buf *b, const struct bp_identity *who)
{
	struct bp_email email = bp_identity_email(who);

	bp_log_add(b, "sub", who->sub);
	if (email.address.len > 0)
		bp_log_add(b, "email", email.address);
	note_verified(b, &email.why);
}

void
bp_call_note_who(struct bp_call *c, const struct bp_identity *who,
    const char *by)
{
	bp_buf_done(&c->who);
	if (who != NULL)
		note_person(&c->who, who);
	bp_log_add_word(&c->who, "by", by);
}

/* As `grep -n` has it, and an editor. */
static void
note_rule(struct bp_buf *b, const struct bp_config *cfg, unsigned line)
{
	BP_AUTO(bp_buf_done) struct bp_buf at = BP_BUF_INIT(BP_PATH_MAX + 16);
	char lent[BP_DECIMAL_MAX];

	if (line > 0 && bp_buf_put(&at, cfg->map) && bp_buf_say(&at, ":") &&
	    bp_buf_put(&at, bp_text_decimal(line, lent)))
		bp_log_add(b, "rule", bp_buf_text(&at));
}

/* Who lacks a role is asked about by those that she has. */
static void
note_roles(struct bp_call *c, const struct bp_config *cfg,
    const struct bp_identity *who, bool of_api, enum bp_reason reason)
{
	/* more than a value shows, so that what is missing is cut there */
	BP_AUTO(bp_buf_done) struct bp_buf b =
	    BP_BUF_INIT(BP_LOG_VALUE_MAX + 2 * BP_ROLE_MAX + 4);

	if (bp_policy_roles(cfg, bp_config_service(cfg, bp_text_of(c->service)),
	    who, of_api, reason == BP_ROLE || reason == BP_ALL_ROLES, &b))
		bp_log_add(&c->who, of_api ? "api_roles" : "roles",
		    bp_buf_text(&b));
}

void
bp_call_note_basis(struct bp_call *c, const struct bp_config *cfg,
    const struct bp_identity *who, const struct bp_basis *basis,
    enum bp_reason reason)
{
	note_rule(&c->who, cfg, basis->line);
	if (!basis->has_roles)
		return;
	note_roles(c, cfg, who, false, reason);
	note_roles(c, cfg, who, true, reason);
}

/* A name that is no account may be a password that was typed there. */
static void
begin_line(const struct bp_call *c, const char *event, struct bp_buf *line)
{
	static const char *const phases[BP_PHASES] = {
		[BP_PHASE_AUTH] = "auth", [BP_PHASE_ACCOUNT] = "account",
		[BP_PHASE_SESSION] = "session" };

	if (!bp_buf_say(line, event))
		return;
	bp_log_add_word(line, "phase", phases[c->phase]);
	bp_log_add_word(line, "attempt", c->id);
	if (c->account.found || bp_text_is(bp_text_of(c->user), "root"))
		bp_log_add(line, "user", bp_text_of(c->user));
	bp_log_add(line, "service", bp_text_of(c->service));
	bp_log_add(line, "rhost", bp_text_of(c->rhost));
}

static void
write_line(const struct bp_call *c, int priority, const struct bp_buf *line)
{
	pam_syslog(c->pamh, priority, "%.*s", (int)line->len,
	    bp_buf_text(line).at);
}

void
bp_call_log_started(const struct bp_call *c)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(BP_LOG_LINE_MAX);

	begin_line(c, "started", &line);
	write_line(c, LOG_INFO, &line);
}

static const struct event {
	const char	*word;
	int		 priority;
} events[] = {
	[BP_CLASS_BROKEN] =	{ "error", LOG_ERR },
	[BP_CLASS_ADMITTED] =	{ "admitted", LOG_INFO },
	[BP_CLASS_DENIED] =	{ "refused", LOG_NOTICE },
	[BP_CLASS_FAILED] =	{ "refused", LOG_NOTICE },
	[BP_CLASS_TRIES] =	{ "refused", LOG_NOTICE },
	[BP_CLASS_UNAVAILABLE] = { "refused", LOG_NOTICE },
	[BP_CLASS_LOCAL] =	{ "local", LOG_INFO },
	[BP_CLASS_ABSENT] =	{ "refused", LOG_NOTICE },
	[BP_CLASS_CONVERSATION] = { "refused", LOG_NOTICE },
	[BP_CLASS_MUTE] =	{ "refused", LOG_NOTICE },
};

static void
add_ms(const struct bp_call *c, struct bp_buf *line)
{
	char lent[BP_DECIMAL_MAX], word[BP_DECIMAL_MAX + 1] = "";
	struct bp_text ms = bp_text_decimal((uint32_t)(bp_clock_ms() -
	    c->began), lent);

	memcpy(word, ms.at, ms.len);
	bp_log_add_word(line, "ms", word);
}

/* DECIDES: it is the call's end, and says how long that took. */
static void
log_line(const struct bp_call *c, enum bp_reason reason, bool decides)
{
	BP_AUTO(bp_buf_done) struct bp_buf line = BP_BUF_INIT(BP_LOG_LINE_MAX);
	const struct bp_reason_row *why = bp_reason_row(reason);
	const struct event *event = &events[why->class];

	begin_line(c, event->word, &line);
	bp_log_add_word(&line, "reason", why->name);
	bp_log_add(&line, "text", bp_text_of(why->log));
	if (decides)
		add_ms(c, &line);
	if (!bp_buf_put(&line, bp_buf_text(&c->who)))
		bp_log_add_word(&line, "who", "unsaid");
	if (c->key.name[0] != '\0')
		bp_log_add(&line, "key", bp_text_of(c->key.name));
	if (c->detail.len > 0)
		bp_log_add(&line, "detail", bp_buf_text(&c->detail));
	if (c->is_left)
		bp_log_add(&line, "observe", bp_text_of("yes"));
	write_line(c, event->priority, &line);
}

void
bp_call_log(const struct bp_call *c, enum bp_reason reason)
{
	log_line(c, reason, true);
}

void
bp_call_log_alone(const struct bp_call *c, enum bp_reason reason)
{
	log_line(c, reason, false);
}

void
bp_call_log_beside(struct bp_call *c, enum bp_reason reason,
    struct bp_text detail)
{
	bp_call_note(c, detail);
	bp_call_log_alone(c, reason);
	bp_call_note(c, bp_text_of(""));
}
