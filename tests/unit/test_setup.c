/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/setup.h"

/* Files in the folder, owned by root: only root runs this test. */
#define CONF	"beproduct.conf"
#define MAP	"accounts.map"
#define SECRET	"client_secret"
#define CA	"ca.pem"
#define CERTIFICATE	"-----BEGIN CERTIFICATE-----\n"

enum { OK = -1 };

/* Ten claims; email, email_verified and role are looked at besides. */
#define RULE(n)	n " a alice\n"
#define TEN(t)	RULE(t "a") RULE(t "b") RULE(t "c") RULE(t "d") RULE(t "e") \
	RULE(t "f") RULE(t "g") RULE(t "h") RULE(t "i") RULE(t "j")

/* What each file is; without a text it is missing. */
struct file {
	const char *text;
	mode_t mode;
};

/* Beside the good ones; a text of NULL and mode 0 leave the good one. */
static const struct row {
	const char *name;
	struct file conf, map, secret, ca;
	bool with_ca;			/* the configuration names one */
	int why;
	const char *at, *what;		/* the complaint: FILE[:LINE]: WHAT */
} rows[] = {
#define G	{ NULL, 0 }
#define GONE	{ NULL, 1 }
	{ "all is good", G, G, G, G, false, OK, NULL, NULL },
	{ "all is good with certificates", G, G, G, G, true, OK, NULL, NULL },
	{ "no configuration", GONE, G, G, G, false, BP_FILE_MISSING, CONF ": ",
	    "missing" },
	{ "a configuration that its group writes", { "", 0664 }, G, G, G,
	    false, BP_FILE_UNTRUSTED, CONF ": ", "has mode 0" },
	{ "a configuration that all write", { "", 0602 }, G, G, G, false,
	    BP_FILE_UNTRUSTED, CONF ": ", "has mode 0" },
	{ "an empty configuration", { "", 0644 }, G, G, G, false, BP_CONFIG,
	    CONF ": client_id: ", "is missing" },
	{ "a configuration with a bad line",
	    { "[provider]\n\nissuer = x\n", 0644 }, G, G, G, false, BP_CONFIG,
	    CONF ":3: issuer: ", "https" },
	{ "a bad section is escaped", { "[a\"b]\n", 0644 }, G, G, G, false,
	    BP_CONFIG, CONF ":1: a\\\"b: ", "unknown section" },
	{ "no map", G, GONE, G, G, false, BP_FILE_MISSING, MAP ": ",
	    "missing" },
	{ "a map that its group writes", G, { "", 0664 }, G, G, false,
	    BP_FILE_UNTRUSTED, MAP ": ", "has mode 0" },
	{ "an empty map", G, { "", 0644 }, G, G, false, OK, NULL, NULL },
	{ "a map with a bad line", G,
	    { "sub a b\nsub a\n", 0644 }, G, G, false, BP_MAP, MAP ":2: ",
	    "three columns" },
	{ "a map with more claims than can be asked for", G,
	    { TEN("x") TEN("y") TEN("z"), 0644 }, G, G, false, BP_MAP,
	    MAP ":30: ", "more than 32 claims" },
	{ "a map with as many claims as can be", G,
	    { TEN("x") TEN("y") "z a alice\n", 0644 }, G, G, false, OK, NULL,
	    NULL },
	{ "no secret", G, G, GONE, G, false, BP_FILE_MISSING, SECRET ": ",
	    "missing" },
	{ "a secret that its group reads", G, G, { "s\n", 0640 }, G, false,
	    BP_FILE_UNTRUSTED, SECRET ": ", "has mode 0" },
	{ "a secret that all read", G, G, { "s\n", 0604 }, G, false,
	    BP_FILE_UNTRUSTED, SECRET ": ", "has mode 0" },
	{ "an empty secret", G, G, { "\n", 0600 }, G, false, BP_SECRET,
	    SECRET ": ", "empty" },
	{ "a secret of two lines", G, G, { "hunter2\nx\n", 0600 }, G, false,
	    BP_SECRET, SECRET ": ", "more than one line" },
	{ "no certificates", G, G, G, GONE, true, BP_FILE_MISSING, CA ": ",
	    "missing" },
	{ "no certificates, and none wanted", G, G, G, GONE, false, OK, NULL,
	    NULL },
	{ "empty certificates", G, G, G, { "", 0644 }, true, BP_CA_BAD,
	    CA ": ", "holds no certificate" },
	{ "a store without a certificate", G, G, G, { "no " CERTIFICATE, 0644 },
	    true, BP_CA_BAD, CA ": ", "holds no certificate" },
	{ "certificates that all write", G, G, G, { "x", 0646 }, true,
	    BP_FILE_UNTRUSTED, CA ": ", "has mode 0" },
	{ "the map before the secret", G, { "x\n", 0644 }, GONE, G, false,
	    BP_MAP, MAP ":1: ", "three columns" },
};

static void
place(const char *name, const struct file *f, const char *good, mode_t mode)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	(void)unlink(path);
	if (f->text != NULL)
		put(name, f->mode, f->text, strlen(f->text));
	else if (f->mode == 0)
		put(name, mode, good, strlen(good));
}

static void
place_all(const struct row *row)
{
	char conf[1024];

	(void)snprintf(conf, sizeof(conf), "[provider]\nclient_id = pam\n"
	    "tenant = any\nclient_secret_file = %s/" SECRET "\n%s%s%s"
	    "[accounts]\nmap = %s/" MAP "\n[service:sshd]\n"
	    "require_role = dev\n", folder, row->with_ca ? "ca_file = " : "",
	    row->with_ca ? folder : "", row->with_ca ? "/" CA "\n" : "",
	    folder);
	place(CONF, &row->conf, conf, 0644);
	place(MAP, &row->map, "sub a alice\n", 0644);
	place(SECRET, &row->secret, "s3cret\r\n", 0600);
	place(CA, &row->ca, CERTIFICATE, 0644);
}

static bool
read_all(struct bp_setup *s, enum bp_reason *reterr)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/" CONF, folder);
	return bp_setup_read_config(s, path, reterr) &&
	    bp_setup_read_rest(s, reterr);
}

static void
assert_good(const struct bp_setup *s, const struct row *row)
{
	assert_true(bp_text_is(s->cfg.client_id, "pam"));
	assert_non_null(bp_config_service(&s->cfg, bp_text_of("sshd")));
	assert_true(bp_text_is(s->secret, "s3cret"));
	assert_true(bp_text_is(bp_buf_text(&s->map), row->map.text != NULL
	    ? row->map.text : "sub a alice\n"));
	assert_true(bp_text_is(bp_buf_text(&s->ca), row->with_ca
	    ? CERTIFICATE : ""));
	assert_int_equal(s->complaint.len, 0);
}

ROWS(rows, is_read_or_complained_about)
{
	const struct row *row = *state;
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why = 77;
	char complaint[BP_COMPLAINT_MAX + 1] = "", at[128];

	place_all(row);
	assert_int_equal(read_all(&s, &why), row->why == OK);
	assert_int_equal(why, row->why == OK ? 77 : row->why);
	if (row->why == OK) {
		assert_good(&s, row);
		return;
	}
	memcpy(complaint, s.complaint.data, s.complaint.len);
	(void)snprintf(at, sizeof(at), "%s/%s", folder, row->at);
	assert_ptr_equal(strstr(complaint, at), complaint);
	assert_non_null(strstr(complaint, row->what));
	assert_null(strstr(complaint, "hunter2"));
	assert_true(bp_text_is_printable(bp_buf_text(&s.complaint)));
}

/* Others than root may read it, and they alone may not have made it. */
TEST(a_file_of_another_owner_is_refused)
{
	static const char *const names[] = { CONF, MAP, SECRET, CA };
	const struct row good = { .with_ca = true };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
		enum bp_reason why = 77;
		char path[64];

		place_all(&good);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(chown(path, 1, 0), 0);
		assert_false(read_all(&s, &why));
		assert_int_equal(why, BP_FILE_UNTRUSTED);
	}
}

/* The configuration alone tells whose accounts are whose. */
TEST(the_configuration_is_read_without_the_rest)
{
	const struct row none = { .map = GONE, .secret = GONE };
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why = 77;
	char path[64];

	(void)state;
	place_all(&none);
	(void)snprintf(path, sizeof(path), "%s/" CONF, folder);
	assert_true(bp_setup_read_config(&s, path, &why));
	assert_int_equal(s.cfg.min_uid, 1000);
	assert_false(bp_setup_read_rest(&s, &why));
	assert_int_equal(why, BP_FILE_MISSING);
}

static void
assert_long(const char *name, size_t len, const char *front, bool ok)
{
	const struct row good = { .with_ca = true };
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	static char bytes[1024 * 1024 + 1];
	enum bp_reason why = 77;

	place_all(&good);
	memset(bytes, '\n', len);
	memcpy(bytes, front, strlen(front));
	put(name, strcmp(name, SECRET) == 0 ? 0600 : 0644, bytes, len);
	assert_int_equal(read_all(&s, &why), ok);
	assert_int_equal(why, ok ? 77 : BP_FILE_UNREAD);
}

TEST(each_file_has_a_ceiling)
{
	char conf[512];

	(void)state;
	(void)snprintf(conf, sizeof(conf), "[provider]\nclient_id = pam\n"
	    "tenant = any\nclient_secret_file = %s/" SECRET "\n"
	    "[accounts]\nmap = %s/" MAP "\n", folder, folder);
	assert_long(CONF, 256 * 1024, conf, true);
	assert_long(CONF, 256 * 1024 + 1, conf, false);
	assert_long(MAP, 1024 * 1024, "", true);
	assert_long(MAP, 1024 * 1024 + 1, "", false);
	assert_long(SECRET, 4096 + 1, "s", false);
	assert_long(CA, 512 * 1024, CERTIFICATE, true);
	assert_long(CA, 512 * 1024 + 1, CERTIFICATE, false);
}

TEST(what_is_done_with_is_released_and_may_be_done_again)
{
	const struct row good = { .with_ca = true };
	struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why;

	(void)state;
	place_all(&good);
	assert_true(read_all(&s, &why));
	bp_setup_done(&s);
	assert_true(s.text.data == NULL && s.map.data == NULL &&
	    s.secret_file.data == NULL && s.ca.data == NULL &&
	    s.complaint.data == NULL);
	bp_setup_done(&s);
}

RUN_AS_ROOT(make_folder, remove_folder)
