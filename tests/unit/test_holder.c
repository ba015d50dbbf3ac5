/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "attempt/holder.h"
#include "core/policy.h"
#include "support/messages.h"
#include "support/places.h"
#include "wire/clock.h"

static const struct bp_text nonce = BP_TEXT("n-5c3f");

#define CONF	"[provider]\nclient_id = c\ntenant = claim company=acme\n"
#define SSHD	"[service:sshd]\nrequire_role = Login\n"
#define SUDO	"[service:sudo]\nrequire_role = Admin\n"
#define LOGIN	"[service:login]\nrequire_role = Login\n"
#define SU	"[service:su]\nrequire_role = Login\n"
#define ALL	CONF SSHD SUDO LOGIN SU
#define MAP	"email alice@example.com alice\n"
#define ISSUER	"https://id.winks.io/ids"

enum { UID = 1000 };

/* A process "self", 50, whose parent is 40; LOGIN is its login. */
static void
put_proc(const char *login, const char *loginuid, const char *terminal)
{
	char stat[128];

	(void)snprintf(stat, sizeof(stat), "50 (x) S 40 2 30 %s 44 4194304 "
	    "1 2 3 4 5 6 7 8 9 10 11 0 9 12\n", terminal);
	put("proc/self/stat", 0444, stat, strlen(stat));
	put("proc/self/sessionid", 0444, login, strlen(login));
	put("proc/self/loginuid", 0444, loginuid, strlen(loginuid));
}

static void
put_process(const char *name, const char *pid, const char *start)
{
	char stat[128];

	(void)snprintf(stat, sizeof(stat), "%s (x) S 1 2 %s 34816 44 4194304 "
	    "1 2 3 4 5 6 7 8 9 10 11 0 %s 12\n", pid, pid, start);
	put(name, 0444, stat, strlen(stat));
}

static int
begin(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "cd %s && rm -rf run proc && "
	    "mkdir -p proc/self proc/40 proc/30 proc/sys/kernel/random run && "
	    "chmod 700 run && echo b4b6 >proc/sys/kernel/random/boot_id",
	    folder);
	if (system(command) != 0)
		return -1;
	put_process("proc/40/stat", "40", "7");
	put_process("proc/30/stat", "30", "6");
	put_proc("12", "1000", "34816");
	return 0;
}

static struct bp_holder
holder(const char *service)
{
	return (struct bp_holder){ .proc = root, .place = { parent, tickets,
	    geteuid() },
	    .host = bp_host_of(bp_text_of(service), BP_TTY_OTHER),
	    .service = bp_text_of(service), .account = bp_text_of("alice"),
	    .config = bp_text_of("/etc/b.conf"), .uid = UID, .caller = UID };
}

/* CONF and MAP as if they had been read. */
static struct bp_setup
setup(const char *conf, const char *map)
{
	struct bp_setup s = BP_SETUP_INIT;
	struct bp_config_error e;
	struct bp_account_map wrong;

	s.pins = (struct bp_pin_place){ parent, pins, geteuid() };
	put_or_abort(bp_config_parse(bp_text_of(conf), &s.cfg, &e));
	s.locks = (struct bp_lock_place){ parent, locks, geteuid() };
	put_or_abort(bp_buf_say(&s.map, map));
	put_or_abort(bp_policy_wanted(&s.cfg, bp_buf_text(&s.map), &s.wanted,
	    &wrong));
	return s;
}

/* Of both documents, UserInfo's alone says something. */
static void
put_both(struct bp_buf *table, const char *name, enum bp_claim_kind kind,
    const char *const *values, size_t n)
{
	put_claim(table, BP_DOC_ID_TOKEN, bp_text_of(name), BP_CLAIM_ABSENT,
	    NULL, 0);
	put_claim(table, BP_DOC_USERINFO, bp_text_of(name), kind, values, n);
}

static void
alice_without_company(struct bp_buf *table)
{
	static const char *const email[] = { "alice@example.com" };
	static const char *const roles[] = { "Login", "Admin" };

	put_both(table, "email", BP_CLAIM_STRING, email, 1);
	put_both(table, "email_verified", BP_CLAIM_TRUE, NULL, 0);
	put_both(table, "role", BP_CLAIM_STRINGS, roles, 2);
}

static struct bp_msg
alice(struct bp_buf *table)
{
	static struct bp_text scopes = BP_TEXT("\0\0\0\1" "\0\0\0\6openid");
	static const char *const company[] = { "acme" };
	struct bp_msg m = { .type = BP_MSG_CLAIMS, .asked = BP_MSG_REDEEM };

	alice_without_company(table);
	put_both(table, "company", BP_CLAIM_STRING, company, 1);
	bp_msg_give(&m, BP_F_ISSUER, bp_text_of(ISSUER));
	bp_msg_give(&m, BP_F_SUB, bp_text_of("a1"));
	bp_msg_give(&m, BP_F_SCOPES, scopes);
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(table));
	bp_msg_give(&m, BP_F_REFRESH_TOKEN, bp_text_of("rt-alice"));
	return m;
}

/* By H and CONF; SECRET gets the pending one's, or "". */
static void
keep_for(const struct bp_holder *h, const char *conf, char secret[64])
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(conf, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf got = BP_BUF_INIT(64);
	struct bp_msg m = alice(&table);
	enum bp_reason why;

	assert_true(bp_holder_keep(h, &s.cfg, "5c3f5c3f5c3f5c3f", nonce,
	    &m, &got, &why));
	(void)snprintf(secret, 64, "%s", got.len > 0 ? (char *)got.data : "");
}

static void
keep(const char *service, const char *conf)
{
	struct bp_holder h = holder(service);
	char secret[64];

	keep_for(&h, conf, secret);
	assert_string_equal(secret, "");
}

/* RETWHY: what find says; "" is nothing. */
static bool
find_for(const struct bp_holder *h, const char *conf, const char **retwhy)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(conf, MAP);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	bool ok = bp_holder_find(h, &s.cfg, &f);

	*retwhy = f.why == NULL ? "" : f.why;
	return ok;
}

static bool
find(const char *service)
{
	struct bp_holder h = holder(service);
	const char *why;

	return find_for(&h, ALL, &why);
}

static int
count_tickets(void)
{
	char command[128];

	(void)snprintf(command, sizeof(command),
	    "exit $(ls -A %s 2>/dev/null | wc -l)", tickets);
	return system(command) >> 8;
}

/*** Who may ***/

static const struct reader {
	const char *name, *service;
	bool ok;
} readers[] = {
	{ "sudo finds a ticket", "sudo", true },
	{ "sudo -i finds a ticket", "sudo-i", true },
	{ "sshd finds none", "sshd", false },
	{ "login finds none", "login", false },
	{ "su finds none", "su", false },
	{ "su - finds none", "su-l", false },
	{ "cron finds none", "cron", false },
	{ "a greeter finds none", "gdm-password", false },
};

ROWS(readers, of_what_sudo_kept)
{
	const struct reader *row = *state;
	struct bp_holder h = holder(row->service);
	const char *why;

	(void)begin(state);
	keep("sudo", ALL);
	assert_int_equal(find_for(&h, ALL "[service:cron]\nrequire_role = *\n"
	    "[service:gdm-password]\nrequire_role = *\n", &why), row->ok);
	assert_string_equal(why, "");
}

static const struct keeper {
	const char *name, *service;
	int here, pending;
} keepers[] = {
	{ "sudo keeps one for its session", "sudo", 1, 0 },
	{ "sudo -i keeps one for its session", "sudo-i", 1, 0 },
	{ "sshd keeps one that is pending", "sshd", 0, 1 },
	{ "login keeps one that is pending", "login", 0, 1 },
	{ "su keeps none", "su", 0, 0 },
	{ "su - keeps none", "su-l", 0, 0 },
};

ROWS(keepers, of_a_sign_in)
{
	const struct keeper *row = *state;
	struct bp_holder h = holder(row->service);
	char secret[64];

	(void)begin(state);
	keep_for(&h, ALL, secret);
	assert_int_equal(strlen(secret), row->pending * 32);
	assert_int_equal(count_tickets(), row->here + row->pending);
	assert_int_equal(find("sudo"), row->here);
}

/* As whom sudo was called, for whose sign-in. */
static const struct caller {
	const char *name;
	uid_t caller, uid;
	const char *account;
} callers[] = {
	{ "root, of her account", 0, UID, "alice" },
	{ "root, of root's", 0, 0, "root" },
	{ "another person: targetpw, runaspw", 1001, UID, "alice" },
};

ROWS(callers, neither_keeps_nor_finds_one)
{
	const struct caller *row = *state;
	struct bp_holder h = holder("sudo");
	const char *why;
	char secret[64];

	(void)begin(state);
	keep("sudo", ALL);
	h.caller = row->caller;
	h.uid = row->uid;
	h.account = bp_text_of(row->account);
	assert_false(find_for(&h, ALL, &why));
	assert_string_equal(why,
	    "no ticket serves root, or another account's caller");
	(void)begin(state);
	keep_for(&h, ALL, secret);
	assert_int_equal(count_tickets(), 0);
}

/*** Which session ***/

static const struct session {
	const char *name, *login, *loginuid, *terminal, *start;
	const char *kept_login, *kept_loginuid;
	bool ok;
} sessions[] = {
#define NONE	"4294967295"
	{ "the same login", "12", "1000", "0", "6", "12", "1000", true },
	{ "another login of hers", "13", "1000", "34816", "6", "12", "1000",
	    false },
	{ "no login any more", NONE, NONE, "34816", "6", "12", "1000",
	    false },
	{ "the same terminal", NONE, NONE, "34816", "6", NONE, NONE, true },
	{ "another terminal", NONE, NONE, "34817", "6", NONE, NONE, false },
	{ "a leader whose pid came back", NONE, NONE, "34816", "8", NONE,
	    NONE, false },
	{ "a login since", "12", "1000", "34816", "6", NONE, NONE, false },
};

ROWS(sessions, is_where_it_serves_or_not)
{
	const struct session *row = *state;

	(void)begin(state);
	put_proc(row->kept_login, row->kept_loginuid, "34816");
	keep("sudo", ALL);
	put_proc(row->login, row->loginuid, row->terminal);
	put_process("proc/30/stat", "30", row->start);
	assert_int_equal(find("sudo"), row->ok);
}

TEST_WITH(where_no_session_can_be_told_none_is_kept, begin)
{
	(void)state;
	put_proc(NONE, NONE, "0");
	keep("sudo", ALL);
	put_proc("12", "1001", "34816");
	keep("sudo", ALL);
	assert_int_equal(count_tickets(), 0);
}

/*** How long ***/

static const struct life {
	const char *name, *service, *conf;
	bool is_kept, ok;
} lives[] = {
	{ "as the defaults have it", "sudo", CONF SUDO, true, true },
	{ "where sudo keeps none", "sudo", CONF SUDO "ticket = 0s\n", false,
	    false },
	{ "where sudo asks each time", "sudo", CONF SUDO "recheck = 0s\n",
	    true, false },
	{ "over ssh", "sshd", CONF SUDO SSHD, true, true },
	{ "over ssh, where sshd keeps none", "sshd",
	    CONF SUDO SSHD "ticket = 0s\n", false, false },
	{ "over ssh, whose recheck is not sudo's", "sshd",
	    CONF SUDO SSHD "recheck = 0s\n", true, true },
	{ "over ssh, where sudo wants none", "sshd",
	    CONF SSHD SUDO "ticket = 0s\n", true, false },
};

/* Pending, and then in the login 13 of the process 40. */
static void
keep_over_ssh(const char *conf)
{
	struct bp_holder h = holder("sshd");
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	enum bp_reason why;
	char secret[64];

	put_proc(NONE, NONE, "0");
	h.caller = 0;
	keep_for(&h, conf, secret);
	put_process("proc/self/stat", "40", "7");
	put("proc/self/sessionid", 0444, "13", 2);
	put("proc/self/loginuid", 0444, "1000", 4);
	assert_true(bp_holder_open(&h, bp_text_of(secret), &left, &why));
	put_proc("13", "1000", "34816");
}

ROWS(lives, it_serves_or_not)
{
	const struct life *row = *state;
	struct bp_holder h = holder("sudo");
	const char *why;

	(void)begin(state);
	if (strcmp(row->service, "sshd") == 0)
		keep_over_ssh(row->conf);
	else
		keep(row->service, row->conf);
	assert_int_equal(count_tickets(), row->is_kept);
	assert_int_equal(find_for(&h, row->conf, &why), row->ok);
}

TEST_WITH(a_service_that_is_closed_since_takes_its_sign_ins_along, begin)
{
	struct bp_holder h = holder("sudo");
	const char *why;

	(void)state;
	keep_over_ssh(ALL);
	assert_true(find_for(&h, ALL, &why));
	assert_false(find_for(&h, CONF SUDO, &why));
	assert_string_equal(why, "the sign-in is older than ticket allows");
}

/*** What it is worth: decided each time ***/

static const struct worth {
	const char *name, *conf, *map;
	enum bp_reason why;		/* 0: it admits */
} worths[] = {
	{ "as it was", ALL, MAP, 0 },
	{ "without the role, which sudo asks for since",
	    CONF SSHD "[service:sudo]\nrequire_role = Boss\n", MAP,
	    BP_ROLE },
	{ "without a rule of the map", ALL, "email bob@example.com alice\n",
	    BP_NO_RULE },
	{ "of another tenant", "[provider]\nclient_id = c\n"
	    "tenant = claim company=other\n" SSHD SUDO, MAP, BP_TENANT },
	{ "with a scope that sudo asks for since",
	    CONF SSHD SUDO "require_scope = api\n", MAP, BP_SCOPE },
	{ "by a section of sudo's that is gone", CONF SSHD, MAP,
	    BP_SERVICE_CLOSED },
	{ "by roles of a claim that nobody asked for", "[provider]\n"
	    "client_id = c\ntenant = claim company=acme\n"
	    "role_claim = groups\n" SSHD "[service:sudo]\nrequire_role = *\n",
	    MAP, BP_SUDO_NO_SIGN_IN },
	{ "by fewer claims than were asked for", "[provider]\nclient_id = c\n"
	    "tenant = any\n" SSHD SUDO, MAP, BP_SUDO_NO_SIGN_IN },
};

ROWS(worths, it_admits_or_says_why_not)
{
	const struct worth *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup then = setup(ALL, MAP);
	BP_AUTO(bp_setup_done) struct bp_setup now = setup(row->conf,
	    row->map);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo");
	enum bp_reason why = 77;

	(void)begin(state);
	keep("sudo", ALL);
	assert_true(bp_holder_find(&h, &then.cfg, &f));
	assert_between(f.age, 0, 60);
	assert_int_equal(bp_holder_admits(&h, &now, &f, &why),
	    row->why == 0);
	assert_int_equal(why, row->why == 0 ? 77 : row->why);
	assert_int_equal(f.why != NULL, row->why == BP_SUDO_NO_SIGN_IN);
}

/* WHO, kept by CONF; does it admit where NOW is the configuration? */
static bool
admits_since(const struct bp_msg *who, const char *conf, const char *now)
{
	BP_AUTO(bp_setup_done) struct bp_setup then = setup(conf, MAP);
	BP_AUTO(bp_setup_done) struct bp_setup since = setup(now, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf secret = BP_BUF_INIT(64);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo");
	enum bp_reason why = 77;

	assert_true(bp_holder_keep(&h, &then.cfg, "id", nonce,
	    who, &secret, &why));
	assert_true(bp_holder_find(&h, &since.cfg, &f));
	if (bp_holder_admits(&h, &since, &f, &why))
		return true;
	assert_int_equal(why, BP_SUDO_NO_SIGN_IN);
	return false;
}

#define TENANT(tenant)	"[provider]\nclient_id = c\ntenant = " tenant "\n"
#define COMPANY(name)	"[api]\ncompany = " name "\n"

/* Whose claims are the same, but the company's name. */
TEST_WITH(what_the_public_API_did_not_vouch_for_is_none_where_it_is_to,
    begin)
{
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	struct bp_msg m = alice(&table);

	(void)state;
	table.len = 0;
	alice_without_company(&table);
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&table));
	assert_true(admits_since(&m, TENANT("any") SUDO, TENANT("any") SUDO));
	assert_false(admits_since(&m, TENANT("any") SUDO,
	    TENANT("api") COMPANY("acme") SUDO));
	bp_msg_give(&m, BP_F_COMPANY, bp_text_of("acme"));
	assert_true(admits_since(&m, TENANT("api") COMPANY("acme") SUDO,
	    TENANT("api") COMPANY("acme") SUDO));
	assert_false(admits_since(&m, TENANT("api") COMPANY("acme") SUDO,
	    TENANT("api") COMPANY("other") SUDO));
}

/* Signed in at the provider so many seconds ago, for a max_age of an hour. */
static const struct age {
	const char *name;
	int64_t ago;
	bool ok;
} ages[] = {
	{ "a sign-in at the provider of a minute ago", 60, true },
	{ "a sign-in at the provider that is too old since", 7200, false },
};

ROWS(ages, does_for_max_age_or_not)
{
	const struct age *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(ALL
	    "[service:sudo-i]\nrequire_role = *\nmax_age = 1h\n", MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf secret = BP_BUF_INIT(64);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo-i");
	struct bp_msg m = alice(&table);
	enum bp_reason why = 77;
	char time[24];
	const char *const auth_time[] = { time };

	(void)begin(state);
	(void)snprintf(time, sizeof(time), "%lld",
	    (long long)(bp_clock_seconds() - row->ago));
	put_claim(&table, BP_DOC_ID_TOKEN, bp_text_of("auth_time"),
	    BP_CLAIM_NUMBER, auth_time, 1);
	put_claim(&table, BP_DOC_USERINFO, bp_text_of("auth_time"),
	    BP_CLAIM_ABSENT, NULL, 0);
	bp_msg_give(&m, BP_F_CLAIMS, bp_buf_text(&table));
	assert_true(bp_holder_keep(&h, &s.cfg, "id", nonce,
	    &m, &secret, &why));
	assert_true(bp_holder_find(&h, &s.cfg, &f));
	assert_int_equal(bp_holder_admits(&h, &s, &f, &why), row->ok);
	assert_int_equal(why, row->ok ? 77 : BP_AUTH_TIME_PAST);
}

TEST_WITH(it_admits_to_no_other_account, begin)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(ALL,
	    MAP "email alice@example.com alicia\n");
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo");

	(void)state;
	keep("sudo", ALL);
	h.account = bp_text_of("alicia");
	assert_false(bp_holder_find(&h, &s.cfg, &f));
	assert_string_equal(f.why, "the ticket is another account's");
}

/*** From sign-in to session and to its end ***/

static const struct opened {
	const char *name, *service;
	const char *before, *self, *start, *login, *loginuid;
	bool ok;
} opens[] = {
	{ "sshd: the parent, in a new login", "sshd", NONE, "40", "7", "13",
	    "1000", true },
	{ "sshd: the process that signed in", "sshd", NONE, "50", "9", "13",
	    "1000", false },
	{ "sshd: a parent that is gone, its pid another's", "sshd", NONE,
	    "40", "8", "13", "1000", false },
	{ "sshd from a shell of hers: her login as before", "sshd", "12",
	    "40", "7", "12", "1000", false },
	{ "sshd from a shell of another", "sshd", "12", "40", "7", "13",
	    "1000", true },
	{ "sshd without audit", "sshd", NONE, "40", "7", NONE, NONE, false },
	{ "sshd with a login of another", "sshd", NONE, "40", "7", "13",
	    "1001", false },
	{ "login: itself, in a new login", "login", NONE, "50", "9", "13",
	    "1000", true },
	{ "login: the parent", "login", NONE, "40", "7", "13", "1000",
	    false },
};

ROWS(opens, binds_it_once_or_never)
{
	const struct opened *row = *state;
	struct bp_holder h = holder(row->service);
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	enum bp_reason why = 77;
	char secret[64];

	(void)begin(state);
	put_proc(row->before, row->before, "0");
	h.caller = 0;
	keep_for(&h, ALL, secret);
	assert_int_equal(count_tickets(), 1);
	put_process("proc/self/stat", row->self, row->start);
	put("proc/self/sessionid", 0444, row->login, strlen(row->login));
	put("proc/self/loginuid", 0444, row->loginuid,
	    strlen(row->loginuid));
	assert_true(bp_holder_open(&h, bp_text_of(secret), &left, &why));
	assert_int_equal(find("sudo"), row->ok);
	/* it is used up, whatever came of it */
	assert_int_equal(count_tickets(), row->ok);
	/* and then its token is nobody's */
	assert_int_equal(left.bytes.len > 0, !row->ok);
	if (!row->ok)
		assert_true(bp_text_is(left.ticket.refresh_token,
		    "rt-alice"));
	bp_found_done(&left);
	bp_holder_close(&h);
	assert_true(bp_holder_open(&h, bp_text_of(secret), &left, &why));
	assert_int_equal(left.bytes.len, 0);
	assert_int_equal(count_tickets(), 0);
}

static const struct brought { const char *name, *secret; } brought[] = {
	{ "nothing", "" },
	{ "no such", "0123456789abcdef0123456789abcdef" },
	{ "a path", "../login-12-1000" },
	{ "a session's name", "login-12-1000" },
};

ROWS(brought, is_no_secret_and_ends_nothing)
{
	const struct brought *row = *state;
	struct bp_holder h = holder("sshd");
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	enum bp_reason why;

	(void)begin(state);
	keep("sudo", ALL);
	assert_true(bp_holder_open(&h, bp_text_of(row->secret), &left,
	    &why));
	assert_int_equal(count_tickets(), 1);
	assert_true(find("sudo"));
}

static const struct closed {
	const char *name, *login, *loginuid;
	uid_t uid;
	bool ends;
} closes[] = {
	{ "its own session", "12", "1000", UID, true },
	{ "another login", "13", "1000", UID, false },
	{ "a login of another", "12", "1001", UID, false },
	{ "another account in her login", "12", "1000", 1001, false },
	{ "no login", NONE, NONE, UID, false },
};

ROWS(closes, ends_it_or_not)
{
	const struct closed *row = *state;
	struct bp_holder h = holder("sshd");
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;

	(void)begin(state);
	keep("sudo", ALL);
	put_proc(row->login, row->loginuid, "0");
	h.uid = row->uid;
	/* first its token is to be had */
	assert_int_equal(bp_holder_ending(&h, &f), row->ends);
	if (row->ends)
		assert_true(bp_text_is(f.ticket.refresh_token, "rt-alice"));
	bp_holder_close(&h);
	assert_false(row->ends && bp_holder_ending(&h, &f));
	put_proc("12", "1000", "34816");
	assert_int_equal(find("sudo"), !row->ends);
}

/*** Over ssh, with a key ***/

#define FINGER	"SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"
#define KEYED	CONF SSHD "ticket = 8h\n" SUDO LOGIN

static struct bp_holder
with_key(const char *service, const char *key)
{
	struct bp_holder h = holder(service);

	h.key = bp_text_of(key);
	h.caller = 0;
	return h;
}

/* As SESSION, in the login 13 of the process 40, whose secret this is. */
static bool
open_session(const char *secret)
{
	struct bp_holder h = holder("sshd");
	BP_AUTO(bp_found_done) struct bp_found left = BP_FOUND_INIT;
	enum bp_reason why;

	put_process("proc/self/stat", "40", "7");
	put("proc/self/sessionid", 0444, "13", 2);
	put("proc/self/loginuid", 0444, "1000", 4);
	assert_true(bp_holder_open(&h, bp_text_of(secret), &left, &why));
	put_proc("13", "1000", "34816");
	return left.bytes.len == 0;
}

static void
sign_in_with_key(const char *conf)
{
	struct bp_holder h = with_key("sshd", FINGER);
	char secret[64];

	put_proc(NONE, NONE, "0");
	keep_for(&h, conf, secret);
	assert_true(open_session(secret));
}

static const struct keyed {
	const char *name, *conf, *since, *service, *key;
	uid_t uid;
	const char *account, *config;
	const char *why;		/* "" with OK false: none is read */
	bool ok;
} keyed[] = {
#define HERS	UID, "alice", "/etc/b.conf"
#define NO_KEY	"no sign-in with this SSH key"
	{ "the key that signed in", KEYED, KEYED, "sshd", FINGER, HERS, "",
	    true },
	{ "another key", KEYED, KEYED, "sshd", "SHA256:b", HERS, NO_KEY,
	    false },
	{ "no key", KEYED, KEYED, "sshd", "", HERS, "", false },
	{ "the key, of another account of the uid", KEYED, KEYED, "sshd",
	    FINGER, UID, "alicia", "/etc/b.conf", NO_KEY, false },
	{ "the key, of an account whose uid is another since", KEYED, KEYED,
	    "sshd", FINGER, UID + 1, "alice", "/etc/b.conf", NO_KEY, false },
	{ "the key, by another file", KEYED, KEYED, "sshd", FINGER, UID,
	    "alice", "/etc/c.conf", NO_KEY, false },
	{ "the key, where the section says no ticket", ALL, ALL, "sshd",
	    FINGER, HERS, "", false },
	{ "the key, where the section says it since", ALL, KEYED, "sshd",
	    FINGER, HERS, NO_KEY, false },
	{ "the key, where the section says it no more", KEYED, ALL, "sshd",
	    FINGER, HERS, "", false },
	{ "the key, where the section has 0s since", KEYED,
	    CONF SSHD "ticket = 0s\n", "sshd", FINGER, HERS, "", false },
	{ "the key, where each time is asked", KEYED,
	    CONF SSHD "ticket = 8h\nrecheck = 0s\n", "sshd", FINGER, HERS,
	    "the sign-in is older than recheck allows", false },
	{ "the key, by another issuer", KEYED, "[provider]\nclient_id = c\n"
	    "tenant = claim company=acme\nissuer = https://id.example\n" SSHD
	    "ticket = 8h\n", "sshd", FINGER, HERS,
	    "the sign-in was by another configuration", false },
	{ "the key, at the console", KEYED, CONF LOGIN "ticket = 8h\n"
	    SSHD "ticket = 8h\n", "login", FINGER, HERS, "", false },
	{ "the key, in su", KEYED, CONF SU "ticket = 8h\n" SSHD
	    "ticket = 8h\n", "su", FINGER, HERS, "", false },
};

ROWS(keyed, has_signed_in_or_not)
{
	const struct keyed *row = *state;
	struct bp_holder h = with_key(row->service, row->key);
	const char *why;

	(void)begin(state);
	sign_in_with_key(row->conf);
	h.uid = row->uid;
	h.account = bp_text_of(row->account);
	h.config = bp_text_of(row->config);
	assert_int_equal(find_for(&h, row->since, &why), row->ok);
	assert_string_equal(why, row->why);
}

/* What sudo finds there has the key's token, and the key's name. */
static bool
sudo_finds(const char *conf, const char **retwhy)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(conf, MAP);
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo");
	bool ok = bp_holder_find(&h, &s.cfg, &f);

	*retwhy = f.why;
	assert_int_equal(ok, f.why == NULL);
	if (ok) {
		assert_true(bp_text_starts(f.ticket.name, "key-"));
		assert_true(bp_text_is(f.ticket.refresh_token, "rt-alice"));
	}
	assert_int_equal(f.may_renew, ok);
	return ok;
}

static void
end_session(void)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sshd");

	assert_true(bp_holder_ending(&h, &f));
	assert_true(bp_text_starts(f.ticket.source, "key-"));
	assert_int_equal(f.ticket.refresh_token.len, 0);
	assert_int_equal(f.ticket.nonce.len + f.ticket.id_token.len +
	    f.ticket.key.len, 0);
	bp_holder_close(&h);
}

TEST_WITH(sudo_has_the_sign_in_of_the_key_that_opened_its_session, begin)
{
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	assert_int_equal(count_tickets(), 2);
	assert_true(sudo_finds(KEYED, &why));
	/* by its own section: the key's is older than that allows */
	assert_false(sudo_finds(CONF SSHD "ticket = 8h\n" SUDO
	    "ticket = 0s\n", &why));
	assert_string_equal(why, "the sign-in is older than ticket allows");
	end_session();
	assert_int_equal(count_tickets(), 1);
	assert_false(sudo_finds(KEYED, &why));
	assert_string_equal(why, "no ticket of this session");
}

static void
find_by_key(struct bp_found *ret)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(KEYED, MAP);
	struct bp_holder h = with_key("sshd", FINGER);

	assert_true(bp_holder_find(&h, &s.cfg, ret));
	assert_true(ret->may_renew);
}

/* A session that the key alone opens, after the one that signed in. */
static void
lend_session(void)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	BP_AUTO(bp_buf_done) struct bp_buf secret = BP_BUF_INIT(64);
	struct bp_holder h = with_key("sshd", FINGER);
	enum bp_reason why;

	put_proc(NONE, NONE, "0");
	find_by_key(&f);
	assert_true(bp_holder_lend(&h, &f, &secret, &why));
	assert_int_equal(secret.len, 33);
	assert_true(open_session((const char *)secret.data));
}

TEST_WITH(so_has_sudo_where_the_key_alone_opened_it, begin)
{
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	end_session();
	lend_session();
	assert_int_equal(count_tickets(), 2);
	assert_true(sudo_finds(KEYED, &why));
	end_session();
}

/* Which waits for its session a minute, whenever the key has signed in. */
TEST_WITH(so_it_has_long_after_the_key_has_signed_in, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sshd");
	enum bp_reason reason;
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	end_session();
	find_by_key(&f);
	f.ticket.signed_in.time -= 2 * BP_TICKET_PENDING;
	assert_true(bp_ticket_store(&h.place, &f.ticket,
	    bp_clock_seconds(), &reason));
	lend_session();
	assert_true(sudo_finds(KEYED, &why));
}

static void
erase_keys(void)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm %s/key-*", tickets);
	assert_int_equal(system(command), 0);
}

#define OVER	"the sign-in of the session's SSH key is over"

TEST_WITH(a_session_whose_key_s_sign_in_is_gone_has_none, begin)
{
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	erase_keys();
	assert_false(sudo_finds(KEYED, &why));
	assert_string_equal(why, OVER);
}

TEST_WITH(whoever_signs_in_with_the_key_since_lends_it_to_no_older_session,
    begin)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(KEYED, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf secret = BP_BUF_INIT(64);
	struct bp_holder h = with_key("sshd", FINGER);
	struct bp_msg m = alice(&table);
	enum bp_reason reason;
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	assert_true(bp_holder_keep(&h, &s.cfg, "abcdabcdabcdabcd", nonce, &m,
	    &secret, &reason));
	assert_false(sudo_finds(KEYED, &why));
	assert_string_equal(why, OVER);
}

/* Its file says where it points; what is there has to be a key's. */
TEST_WITH(a_session_that_points_to_another_session_has_none, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = holder("sudo");
	enum bp_reason reason;
	struct bp_ticket t;
	const char *why;

	(void)state;
	sign_in_with_key(KEYED);
	find_by_key(&f);
	t = f.ticket;
	t.name = bp_text_of("login-77-1000");
	t.key = bp_text_of("");
	assert_true(bp_ticket_store(&h.place, &t, t.signed_in.time, &reason));
	t.name = bp_text_of("login-13-1000");
	t.source = bp_text_of("login-77-1000");
	assert_true(bp_ticket_store(&h.place, &t, t.signed_in.time, &reason));
	assert_false(sudo_finds(KEYED, &why));
	assert_string_equal(why, OVER);
}

TEST_WITH(of_a_key_what_is_kept_is_its_own, begin)
{
	BP_AUTO(bp_found_done) struct bp_found f = BP_FOUND_INIT;
	struct bp_holder h = with_key("sshd", FINGER);

	(void)state;
	assert_false(bp_holder_kept(&h, &f));
	sign_in_with_key(KEYED);
	assert_true(bp_holder_kept(&h, &f));
	assert_true(bp_text_is(f.ticket.key, FINGER));
	assert_true(bp_text_is(f.ticket.refresh_token, "rt-alice"));
	h.key = bp_text_of("SHA256:b");
	assert_false(bp_holder_kept(&h, &f));
}

TEST_WITH(what_cannot_be_written_is_told, begin)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = setup(ALL, MAP);
	BP_AUTO(bp_buf_done) struct bp_buf table = BP_BUF_INIT(BP_MSG_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf secret = BP_BUF_INIT(64);
	struct bp_msg m = alice(&table);
	struct bp_holder h = holder("sudo");
	enum bp_reason why = 77;

	(void)state;
	put("run/tickets", 0600, "", 0);
	assert_false(bp_holder_keep(&h, &s.cfg, "id", nonce,
	    &m, &secret, &why));
	assert_int_equal(why, BP_FILE_UNTRUSTED);
	why = 77;
	h = holder("sshd");
	assert_false(bp_holder_keep(&h, &s.cfg, "id", nonce,
	    &m, &secret, &why));
	assert_int_equal(why, BP_FILE_UNTRUSTED);
}

RUN(make_places, remove_folder)
