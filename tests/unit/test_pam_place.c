/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "ctl/pam_edit.h"
#include "ctl/pam_place.h"

/* The common files of Debian, and Fedora's, as they are installed. */
static const char common_auth[] =
    "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n"
    "auth\trequisite\t\t\tpam_deny.so\n"
    "auth\trequired\t\t\tpam_permit.so\n";
static const char common_account[] =
    "account\t[success=1 new_authtok_reqd=done default=ignore]\tpam_unix.so\n"
    "account\trequisite\t\t\tpam_deny.so\n"
    "account\trequired\t\t\tpam_permit.so\n";
static const char password_auth[] =
    "auth required pam_env.so\n"
    "auth required pam_faildelay.so delay=2000000\n"
    "auth sufficient pam_unix.so nullok\n"
    "auth required pam_deny.so\n"
    "account required pam_unix.so\n"
    "account sufficient pam_localuser.so\n"
    "account required pam_permit.so\n";
static const char postlogin[] = "session optional pam_umask.so silent\n";

#define A	BP_PAM_AUTH_LINE "\n"
#define C	BP_PAM_ACCOUNT_LINE "\n"
#define S	BP_PAM_SESSION_LINE "\n"
#define FEDORA_SSHD_AUTH "#%PAM-1.0\nauth       substack     password-auth\n" \
	"auth       include      postlogin\n"
#define FEDORA_SSHD_ACCOUNT "account    required     pam_sepermit.so\n" \
	"account    required     pam_nologin.so\n"

/* What stands there, and what is to; "!" and a line: what stands against it. */
static const struct stack {
	const char *name, *now, *wanted;
} stacks[] = {
	{ "Fedora's sshd", FEDORA_SSHD_AUTH FEDORA_SSHD_ACCOUNT
	    "account    include      password-auth\n"
	    "session    required     pam_selinux.so close\n"
	    "session    required     pam_loginuid.so\n"
	    "session    include      password-auth\n",
	    "#%PAM-1.0\n" A "auth       substack     password-auth\n"
	    "auth       include      postlogin\n" FEDORA_SSHD_ACCOUNT C
	    "account    include      password-auth\n"
	    "session    required     pam_selinux.so close\n"
	    "session    required     pam_loginuid.so\n" S
	    "session    include      password-auth\n" },
	{ "Fedora's sudo", "auth include password-auth\n"
	    "account include password-auth\n"
	    "session optional pam_keyinit.so revoke\n",
	    A "auth include password-auth\n" C
	    "account include password-auth\n"
	    "session optional pam_keyinit.so revoke\n" },
	{ "Fedora's su", "auth required pam_env.so\n"
	    "auth sufficient pam_rootok.so\nauth substack password-auth\n"
	    "account sufficient pam_succeed_if.so uid = 0 use_uid quiet\n"
	    "account include password-auth\n",
	    "auth required pam_env.so\n"
	    "auth sufficient pam_rootok.so\n" A "auth substack password-auth\n"
	    C "account sufficient pam_succeed_if.so uid = 0 use_uid quiet\n"
	    "account include password-auth\n" },
	{ "modules of its own", "auth requisite pam_nologin.so\n"
	    "auth required pam_unix.so\naccount required pam_unix.so\n",
	    "auth requisite pam_nologin.so\n" A
	    "auth required pam_unix.so\n" C "account required pam_unix.so\n" },
	{ "a directory's module", "auth sufficient pam_sss.so\n"
	    "account required pam_access.so\naccount required pam_sss.so\n",
	    A "auth sufficient pam_sss.so\n"
	    "account required pam_access.so\n" C "account required pam_sss.so\n" },
	{ "a common file without a module that is known",
	    "auth include system-auth\naccount include system-auth\n",
	    A "auth include system-auth\n" C "account include system-auth\n" },
	{ "no account line that ends the phase", "auth required pam_unix.so\n"
	    "account required pam_nologin.so\naccount required pam_permit.so\n",
	    A "auth required pam_unix.so\naccount required pam_nologin.so\n" C
	    "account required pam_permit.so\n" },
	{ "one file for both", "@include password-auth\n",
	    A C "@include password-auth\n" },
	{ "lines that are continued", "auth \\\n  required \\\n  pam_unix.so\n"
	    "account \\\n required pam_unix.so\n"
	    "session required \\\n pam_loginuid.so\n# end\n",
	    A "auth \\\n  required \\\n  pam_unix.so\n" C
	    "account \\\n required pam_unix.so\n"
	    "session required \\\n pam_loginuid.so\n" S "# end\n" },
	/* a last word, of which libpam makes nothing, may bear it */
	{ "lines of a DOS editor", "# x\r\nauth required pam_unix.so x\r\n"
	    "account required pam_unix.so x\r\n",
	    "# x\r\n" A "auth required pam_unix.so x\r\n" C
	    "account required pam_unix.so x\r\n" },
	{ "modules of a DOS editor's", "auth required pam_unix.so\r\n"
	    "account required pam_unix.so\r\n", "!0 no place" },
	{ "a last line without an end", "auth required pam_unix.so\n"
	    "account required pam_unix.so\nsession required pam_loginuid.so",
	    A "auth required pam_unix.so\n" C "account required pam_unix.so\n"
	    "session required pam_loginuid.so\n" S },
	{ "comments that name us", "# auth required pam_beproduct.so\n"
	    "auth required pam_unix.so # pam_beproduct.so\n"
	    "account required pam_unix.so\n",
	    "# auth required pam_beproduct.so\n" A
	    "auth required pam_unix.so # pam_beproduct.so\n" C
	    "account required pam_unix.so\n" },
	{ "modules that may be missing", "-auth optional pam_systemd_home.so\n"
	    "-auth sufficient pam_sss.so\n-account sufficient pam_sss.so\n"
	    "account required pam_unix.so\n",
	    "-auth optional pam_systemd_home.so\n" A
	    "-auth sufficient pam_sss.so\n" C
	    "-account sufficient pam_sss.so\naccount required pam_unix.so\n" },
	{ "a module that is not known, and lets in",
	    "auth required pam_env.so\nauth sufficient pam_u2f.so\n"
	    "auth include common-auth\naccount include common-account\n",
	    "auth required pam_env.so\n" A "auth sufficient pam_u2f.so\n"
	    "auth include common-auth\n" C
	    "account include common-account\n" },
	{ "pam_rootok ahead of one that lets in",
	    "auth sufficient pam_rootok.so\n"
	    "auth [success=done default=ignore] pam_wheel.so trust\n"
	    "auth include common-auth\naccount include common-account\n",
	    "auth sufficient pam_rootok.so\n" A
	    "auth [success=done default=ignore] pam_wheel.so trust\n"
	    "auth include common-auth\n" C
	    "account include common-account\n" },
	{ "pam_rootok behind one that lets in",
	    "auth sufficient pam_u2f.so\nauth sufficient pam_rootok.so\n"
	    "auth include common-auth\naccount include common-account\n",
	    "!2 skipped" },
	{ "controls that are written otherwise",
	    "auth [success = done  default = ignore] pam_u2f.so\n"
	    "auth required pam_unix.so\n"
	    "account Sufficient pam_localuser.so\n"
	    "account required pam_unix.so\n",
	    A "auth [success = done  default = ignore] pam_u2f.so\n"
	    "auth required pam_unix.so\n" C
	    "account Sufficient pam_localuser.so\n"
	    "account required pam_unix.so\n" },
	{ "a jump over a substack and it",
	    "auth [success=2 default=ignore] pam_succeed_if.so user = x\n"
	    "auth substack three\nauth required pam_unix.so\n"
	    "auth required pam_permit.so\naccount required pam_unix.so\n",
	    "!1 jump" },
	{ "a jump over a substack alone",
	    "auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth substack three\nauth required pam_unix.so\n"
	    "account required pam_unix.so\n",
	    "auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth substack three\n" A "auth required pam_unix.so\n" C
	    "account required pam_unix.so\n" },
	{ "a jump that a substack ends",
	    "auth substack jumps\nauth required pam_unix.so\n"
	    "account required pam_unix.so\n",
	    "auth substack jumps\n" A "auth required pam_unix.so\n" C
	    "account required pam_unix.so\n" },
	{ "a jump that ends ahead of it",
	    "auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth required pam_echo.so\nauth required pam_unix.so\n"
	    "account required pam_unix.so\n",
	    "auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth required pam_echo.so\n" A "auth required pam_unix.so\n" C
	    "account required pam_unix.so\n" },
	{ "a jump over it",
	    "auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth required pam_unix.so\nauth required pam_permit.so\n"
	    "account required pam_unix.so\n", "!1 jump" },
	{ "a jump over what is included",
	    "auth [success=3 default=ignore] pam_succeed_if.so user = x\n"
	    "auth include common-auth\nauth required pam_permit.so\n"
	    "account required pam_unix.so\n", "!1 jump" },
	{ "a jump over the account's", "auth required pam_unix.so\n"
	    "account [success=1 default=ignore] pam_localuser.so\n"
	    "account required pam_unix.so\naccount required pam_permit.so\n",
	    "!2 jump" },
	{ "pam_nologin behind it", "auth required pam_unix.so\n"
	    "auth requisite pam_nologin.so\naccount required pam_unix.so\n",
	    "!2 skipped" },
	{ "pam_rootok behind it", "auth required pam_unix.so\n"
	    "auth sufficient pam_rootok.so\naccount required pam_unix.so\n",
	    "!2 skipped" },
	{ "nothing that asks", "auth required pam_permit.so\n"
	    "account required pam_unix.so\n", "!0 no place" },
	{ "no account line", "auth required pam_unix.so\n", "!0 no place" },
	{ "nothing", "", "!0 no place" },
};

static void
suppose(const char *text)
{
	static struct bp_pam_text texts[8];

	texts[0] = (struct bp_pam_text){ "x", bp_text_of(text) };
	texts[1] = (struct bp_pam_text){ "common-auth",
	    bp_text_of(common_auth) };
	texts[2] = (struct bp_pam_text){ "common-account",
	    bp_text_of(common_account) };
	texts[3] = (struct bp_pam_text){ "password-auth",
	    bp_text_of(password_auth) };
	texts[4] = (struct bp_pam_text){ "postlogin", bp_text_of(postlogin) };
	texts[5] = (struct bp_pam_text){ "system-auth", bp_text_of(
	    "auth required pam_own.so\naccount required pam_own.so\n") };
	texts[6] = (struct bp_pam_text){ "three", bp_text_of(
	    "auth optional pam_a.so\nauth optional pam_b.so\n"
	    "auth optional pam_c.so\n") };
	texts[7] = (struct bp_pam_text){ "jumps", bp_text_of(
	    "auth [success=5 default=ignore] pam_a.so\n"
	    "auth optional pam_b.so\nauth optional pam_c.so\n") };
	bp_pam_suppose(texts, sizeof(texts) / sizeof(texts[0]));
}

static void
put_against(const struct bp_pam_place *p, struct bp_buf *ret)
{
	static const char *const words[] = { [BP_PAM_NO_PLACE] = "no place",
	    [BP_PAM_JUMP] = "jump", [BP_PAM_SKIPPED] = "skipped" };
	char text[64];

	ret->len = 0;
	(void)snprintf(text, sizeof(text), "!%u %s", p->culprit.line,
	    words[p->against]);
	assert_true(bp_buf_say(ret, text));
}

/* The lines where they belong, or the first thing that stands against one. */
static void
put_lines(const char *now, struct bp_buf *ret)
{
	static const char *const lines[BP_PAM_PHASES] = {
		[BP_PAM_AUTH] = BP_PAM_AUTH_LINE,
		[BP_PAM_ACCOUNT] = BP_PAM_ACCOUNT_LINE,
		[BP_PAM_SESSION] = BP_PAM_SESSION_LINE };
	struct bp_pam_edit edits[BP_PAM_PHASES];
	struct bp_pam_places all;
	size_t n = 0;

	suppose(now);
	all = bp_pam_places_of("x");
	for (size_t i = BP_PAM_AUTH; i < BP_PAM_PHASES; i++) {
		if (lines[i] == NULL ||
		    (i == BP_PAM_SESSION && !all.of[i].has_place))
			continue;
		if (all.of[i].against != BP_PAM_NOTHING) {
			put_against(&all.of[i], ret);
			return;
		}
		edits[n++] = (struct bp_pam_edit){ .line = all.of[i].line,
		    .put = lines[i] };
	}
	assert_true(bp_pam_edit(bp_text_of(now), edits, n, ret));
}

ROWS(stacks, gets_its_lines_or_is_refused)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	const struct stack *row = *state;

	put_lines(row->now, &b);
	assert_true(bp_buf_add(&b, "", 1));
	assert_string_equal((char *)b.data, row->wanted);
}

/* Whoever puts the lines in takes out the same. */
ROWS(stacks, comes_back_as_it_was)
{
	BP_AUTO(bp_buf_done) struct bp_buf in = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	const struct stack *row = *state;
	struct bp_text now = bp_text_of(row->now);
	size_t n;

	if (row->wanted[0] == '!')
		return;
	put_lines(row->now, &in);
	assert_true(bp_pam_edit_out(bp_buf_text(&in), &out, &n));
	assert_int_not_equal(n, 0);
	/* an end of the last line that was missing is there now */
	if (now.at[now.len - 1] != '\n')
		out.len--;
	assert_true(bp_text_same(bp_buf_text(&out), now));
}

/*** Debian's files, as our examples have them ***/

static void
read_example(const char *name, struct bp_buf *ret)
{
	char path[512];
	FILE *f;
	int c;

	(void)snprintf(path, sizeof(path), "%s/conf/pam.d/%s.example",
	    getenv("top_srcdir"), name);
	f = fopen(path, "r");
	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		assert_true(bp_buf_add(ret, &(char){ (char)c }, 1));
	(void)fclose(f);
}

static const struct example {
	const char *name, *service;
} examples[] = {
	{ "sshd of Debian", "sshd" }, { "login of Debian", "login" },
	{ "sudo of Debian", "sudo" }, { "sudo-i of Debian", "sudo-i" },
};

/* Without our lines, and with them where they belong: it is the same. */
ROWS(examples, gets_the_lines_that_the_example_has)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf out = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf in = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf is = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf was = BP_BUF_INIT(BP_PAM_TEXT_MAX);
	const struct example *row = *state;
	size_t n;

	read_example(row->service, &text);
	assert_true(bp_pam_edit_out(bp_buf_text(&text), &out, &n));
	assert_true(n >= 2);
	assert_true(bp_buf_add(&out, "", 1));
	put_lines((const char *)out.data, &in);
	assert_true(bp_buf_add(&text, "", 1) && bp_buf_add(&in, "", 1));
	suppose((const char *)text.data);
	assert_true(bp_pam_edit_meaning("x", &was));
	suppose((const char *)in.data);
	assert_true(bp_pam_edit_meaning("x", &is));
	assert_true(was.len > 0);
	assert_true(bp_text_same(bp_buf_text(&is), bp_buf_text(&was)));
}

/*** What is ours already ***/

TEST(our_lines_are_found_and_what_jumps_over_them)
{
	struct bp_pam_places all;

	(void)state;
	suppose("auth [success=1 default=ignore] pam_succeed_if.so user = x\n"
	    "auth required pam_echo.so\n"
	    A "auth required pam_unix.so\n" C "account required pam_unix.so\n");
	all = bp_pam_places_of("x");
	assert_string_equal(all.of[BP_PAM_AUTH].ours.file, "/etc/pam.d/x");
	assert_int_equal(all.of[BP_PAM_AUTH].ours.line, 3);
	/* to ours itself: without it, to what stands behind */
	assert_string_equal(all.of[BP_PAM_AUTH].over_ours.file, "");
	assert_int_equal(all.of[BP_PAM_ACCOUNT].ours.line, 5);
	assert_string_equal(all.of[BP_PAM_SESSION].ours.file, "");
}

TEST(what_jumps_over_our_line_is_found)
{
	struct bp_pam_places all;

	(void)state;
	suppose("auth [success=2 default=ignore] pam_succeed_if.so user = x\n"
	    A "auth required pam_unix.so\nauth required pam_permit.so\n");
	all = bp_pam_places_of("x");
	assert_string_equal(all.of[BP_PAM_AUTH].over_ours.file,
	    "/etc/pam.d/x");
	assert_int_equal(all.of[BP_PAM_AUTH].over_ours.line, 1);
}

RUN(NULL, NULL)
