/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "ctl/way_in.h"

/* Marks of what differs from a host where everything is as it should be. */
enum {
	BROKEN = 1, REFUSES = 2, MUTE = 4, NO_ACCOUNT = 8, SHUT = 16,
	LISTED = 32, TERMINAL = 64,
	ROOT = 1, EXPIRED = 2, CHANGE = 4, NO_PASSWORD = 8, KEY = 16,
	NO_SHELL = 32, UNLISTED = 64,
};

#define SSHD	"usepam yes\nkbdinteractiveauthentication yes\n" \
	"pubkeyauthentication yes\npasswordauthentication no\n"
#define ANY	"authenticationmethods any\n"
#define NO_ROOT	"permitrootlogin no\n"
#define A_KEY	"permitrootlogin without-password\n"
#define A_ROOT	"permitrootlogin yes\n"
#define BY(kind)	BP_WAY_BY_##kind

static const struct row {
	const char *name;
	enum bp_way_kind kind;
	unsigned stack, account;
	const char *says;		/* NULL: nothing */
	enum bp_way way;
} rows[] = {
	{ "a local password over ssh", BY(SSH), 0, 0, SSHD ANY, BP_WAY_SSH },
	{ "a key over ssh", BY(SSH), 0, KEY, SSHD ANY, BP_WAY_KEY },
	{ "a key without a password", BY(SSH), 0, KEY | NO_PASSWORD, SSHD ANY,
	    BP_WAY_KEY },
	{ "nothing over ssh", BY(SSH), 0, NO_PASSWORD, SSHD ANY,
	    BP_NO_WAY_SECRET },
	{ "a password that is to be changed", BY(SSH), 0, CHANGE, SSHD ANY,
	    BP_WAY_SSH },
	{ "a key, and nobody's password to be changed", BY(SSH), 0,
	    KEY | CHANGE | NO_PASSWORD, SSHD ANY, BP_NO_WAY_SECRET },
	{ "a stack that asks nobody", BY(SSH), MUTE, 0, SSHD ANY,
	    BP_NO_WAY_SECRET },
	{ "a key where the stack asks nobody", BY(SSH), MUTE, KEY, SSHD ANY,
	    BP_WAY_KEY },
	{ "passwords that sshd hashes itself", BY(SSH), MUTE, 0,
	    "usepam no\npasswordauthentication yes\n", BP_WAY_SSH },
	{ "the method password", BY(SSH), 0, 0,
	    "usepam yes\npasswordauthentication yes\n", BP_WAY_SSH },
	{ "the method password, which nothing answers", BY(SSH), MUTE, 0,
	    "usepam yes\npasswordauthentication yes\n", BP_NO_WAY_SECRET },
	{ "a dialogue without PAM", BY(SSH), 0, 0,
	    "usepam no\nkbdinteractiveauthentication yes\n",
	    BP_NO_WAY_SECRET },
	{ "no dialogue", BY(SSH), 0, 0,
	    "usepam yes\nkbdinteractiveauthentication no\n",
	    BP_NO_WAY_SECRET },
	{ "a key that sshd takes not", BY(SSH), 0, KEY | NO_PASSWORD,
	    "usepam yes\npubkeyauthentication no\n", BP_NO_WAY_SECRET },
	{ "both methods, and no password", BY(SSH), 0, KEY | NO_PASSWORD, SSHD
	    "authenticationmethods publickey,keyboard-interactive:pam\n",
	    BP_NO_WAY_SECRET },
	{ "both methods, and no key", BY(SSH), 0, 0, SSHD
	    "authenticationmethods publickey,keyboard-interactive:pam\n",
	    BP_NO_WAY_SECRET },
	{ "both methods, and both", BY(SSH), 0, KEY, SSHD
	    "authenticationmethods publickey,keyboard-interactive:pam\n",
	    BP_WAY_KEY },
	{ "another list of methods", BY(SSH), 0, 0, SSHD
	    "authenticationmethods publickey keyboard-interactive\n",
	    BP_WAY_SSH },
	{ "a method of which nothing is known", BY(SSH), 0, KEY, SSHD
	    "authenticationmethods hostbased\n", BP_NO_WAY_SECRET },
	{ "root, who may not", BY(SSH), 0, ROOT | KEY, SSHD NO_ROOT,
	    BP_NO_WAY_ROOT },
	{ "root of whom nothing is said", BY(SSH), 0, ROOT | KEY, SSHD,
	    BP_NO_WAY_ROOT },
	{ "root by one command alone", BY(SSH), 0, ROOT | KEY,
	    SSHD "permitrootlogin forced-commands-only\n", BP_NO_WAY_ROOT },
	{ "root by a key", BY(SSH), 0, ROOT | KEY, SSHD A_KEY, BP_WAY_KEY },
	{ "root by a key, in the newer word", BY(SSH), 0, ROOT | KEY,
	    SSHD "permitrootlogin prohibit-password\n", BP_WAY_KEY },
	{ "root with a password where a key is wanted", BY(SSH), 0, ROOT,
	    SSHD A_KEY, BP_NO_WAY_SECRET },
	{ "root by the method password where a key is wanted", BY(SSH), 0,
	    ROOT, "usepam yes\npasswordauthentication yes\n" A_KEY,
	    BP_NO_WAY_SECRET },
	{ "root by a password", BY(SSH), 0, ROOT, SSHD A_ROOT, BP_WAY_SSH },
	{ "an sshd that says nothing", BY(SSH), 0, KEY, NULL,
	    BP_NO_WAY_SSHD },
	{ "a stack that is broken", BY(SSH), BROKEN, KEY, SSHD,
	    BP_NO_WAY_BROKEN },
	{ "a line of ours that refuses all", BY(SSH), REFUSES, KEY, SSHD,
	    BP_NO_WAY_OURS },
	{ "a stack without another account module", BY(SSH), NO_ACCOUNT, KEY,
	    SSHD, BP_NO_WAY_ACCOUNT },
	{ "an account that has expired", BY(SSH), 0, KEY | EXPIRED, SSHD,
	    BP_NO_WAY_EXPIRED },
	{ "an account without a shell", BY(SSH), 0, KEY | NO_SHELL, SSHD,
	    BP_NO_WAY_SHELL },
	{ "a shell that is not listed", BY(SSH), LISTED, KEY | UNLISTED, SSHD,
	    BP_NO_WAY_UNLISTED },
	{ "a shell that need not be listed", BY(SSH), 0, KEY | UNLISTED, SSHD,
	    BP_WAY_KEY },
	{ "nologin", BY(SSH), SHUT, KEY, SSHD, BP_NO_WAY_NOLOGIN },
	{ "nologin, and root", BY(SSH), SHUT, ROOT | KEY, SSHD A_KEY,
	    BP_WAY_KEY },
	{ "the console", BY(CONSOLE), 0, 0, NULL, BP_WAY_CONSOLE },
	{ "root's console", BY(CONSOLE), 0, ROOT, NULL, BP_WAY_CONSOLE },
	{ "the console by a key", BY(CONSOLE), 0, KEY | NO_PASSWORD, NULL,
	    BP_NO_WAY_PASSWORD },
	{ "a console that asks nobody", BY(CONSOLE), MUTE, 0, NULL,
	    BP_NO_WAY_UNASKED },
	{ "root's console without a terminal", BY(CONSOLE), TERMINAL, ROOT,
	    NULL, BP_NO_WAY_TERMINAL },
	{ "another's console without a terminal", BY(CONSOLE), TERMINAL, 0,
	    NULL, BP_WAY_CONSOLE },
	{ "sudo", BY(SUDO), 0, 0, NULL, BP_WAY_SUDO },
	{ "sudo without a password", BY(SUDO), 0, NO_PASSWORD, NULL,
	    BP_NO_WAY_PASSWORD },
	{ "sudo that is broken, and root", BY(SUDO), BROKEN, ROOT, NULL,
	    BP_WAY_SU },
	{ "root without a password", BY(SUDO), 0, ROOT | NO_PASSWORD, NULL,
	    BP_NO_WAY_PASSWORD },
	{ "root who has expired", BY(SUDO), 0, ROOT | EXPIRED, NULL,
	    BP_NO_WAY_PASSWORD },
};

ROWS(rows, is_a_way_in_or_none)
{
	const struct row *row = *state;
	const struct bp_way_stack stack = {
		.kind = row->kind,
		.is_broken = row->stack & BROKEN,
		.refuses = row->stack & REFUSES,
		.asks = !(row->stack & MUTE),
		.has_account = !(row->stack & NO_ACCOUNT),
		.is_shut = row->stack & SHUT,
		.wants_listed = row->stack & LISTED,
		.wants_terminal = row->stack & TERMINAL,
	};
	const struct bp_way_account account = {
		.is_root = row->account & ROOT,
		.is_expired = row->account & EXPIRED,
		.must_change = row->account & CHANGE,
		.has_password = !(row->account & NO_PASSWORD),
		.has_key = row->account & KEY,
		.has_shell = !(row->account & NO_SHELL),
		.is_listed = !(row->account & UNLISTED),
	};
	struct bp_way_ssh ssh = { .has_said = false };

	if (row->says != NULL)
		ssh = bp_way_ssh_of(bp_text_of(row->says));
	assert_int_equal(bp_way_of(&stack, &account, &ssh), row->way);
}

TEST(whom_sshd_keeps_out_has_no_way)
{
	const struct bp_way_stack stack = { .kind = BP_WAY_BY_SSH,
	    .asks = true, .has_account = true };
	const struct bp_way_account account = { .has_key = true,
	    .has_shell = true };
	struct bp_way_ssh ssh = bp_way_ssh_of(bp_text_of(SSHD ANY));

	(void)state;
	assert_int_equal(bp_way_of(&stack, &account, &ssh), BP_WAY_KEY);
	ssh.keeps_out = true;
	assert_int_equal(bp_way_of(&stack, &account, &ssh), BP_NO_WAY_ACCESS);
}

TEST(each_way_has_words_and_those_in_come_first)
{
	(void)state;
	for (enum bp_way way = BP_WAY_KEY; way < BP_WAYS; way++) {
		assert_int_equal(bp_way_is_in(way), way < BP_NO_WAY_BROKEN);
		assert_true(strlen(bp_way_words(way)) > 0);
	}
}

#define SHA512	"$6$salt$Wb1lsZ9YF4cg9D0rYdqPzGm9c1NIxZk"

static const struct hash {
	const char *name, *hash;
	bool is;
} hashes[] = {
	{ "SHA-512", SHA512, true },
	{ "yescrypt", "$y$j9T$salt$fd0qZZpVzEPvSyZwXgV5GhXPyf", true },
	{ "DES", "rl.3StKT.4T8M", true },
	{ "locked", "!" SHA512, false },
	{ "a star", "*", false },
	{ "a star in front of one", "*" SHA512, false },
	{ "never set", "!", false },
	{ "empty", "", false },
	{ "x", "x", false },
	{ "a word of NSS", "*NP*", false },
};

ROWS(hashes, may_be_a_passwords)
{
	const struct hash *row = *state;

	assert_int_equal(bp_way_is_password(row->hash), row->is);
}

enum { TODAY = 20000 };

static const struct age {
	const char *name;
	long changed, most, inactive, expire;
	bool is_expired, must_change;
} ages[] = {
	{ "none",		TODAY - 9000, -1, -1, -1, false, false },
	{ "useradd's",		TODAY - 9000, 99999, -1, -1, false, false },
	{ "as old as it may be", TODAY - 90, 90, -1, -1, false, false },
	{ "a day older",	TODAY - 91, 90, -1, -1, false, true },
	{ "to be changed at once", 0, 99999, 7, -1, false, true },
	{ "inactive to the last day", TODAY - 97, 90, 7, -1, false, true },
	{ "inactive and a day",	TODAY - 98, 90, 7, -1, true, true },
	{ "inactive without an age", TODAY - 98, -1, 7, -1, false, false },
	{ "changed tomorrow",	TODAY + 1, 0, 0, -1, false, false },
	{ "expired today",	TODAY - 1, 99999, -1, TODAY, true, false },
	{ "expired tomorrow",	TODAY - 1, 99999, -1, TODAY + 1, false, false },
	{ "expired for ever",	TODAY - 1, 99999, -1, 0, true, false },
};

ROWS(ages, is_an_age)
{
	const struct age *row = *state;
	const struct spwd sp = { .sp_lstchg = row->changed,
	    .sp_max = row->most, .sp_inact = row->inactive,
	    .sp_expire = row->expire };

	assert_int_equal(bp_way_is_expired(&sp, TODAY), row->is_expired);
	assert_int_equal(bp_way_must_change(&sp, TODAY), row->must_change);
}

#define ED	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"

static const struct keys {
	const char *name, *file;
	bool is;
} keys[] = {
	{ "a key", ED " admin@laptop\n", true },
	{ "without a line's end", ED, true },
	{ "behind comments", "# ours\n\n  " ED "\n", true },
	{ "with options", "no-pty,from=\"10.0.0.0/8, ::1\" " ED "\n", true },
	{ "with a blank in quotes", "environment=\"A=b c\" " ED "\n", true },
	{ "one command", "command=\"/bin/backup a\" " ED "\n", false },
	{ "one command among others", "no-pty,command=\"x\" " ED "\n", false },
	{ "a time", "expiry-time=\"20200101\" " ED "\n", false },
	{ "one command, and a key", "command=\"x\" " ED "\n" ED "\n", true },
	{ "an authority", "cert-authority " ED "\n", true },
	{ "a security key", "sk-ssh-ed25519@openssh.com AAAA\n", true },
	{ "a type alone", "ssh-ed25519\n", false },
	{ "options and a type alone", "no-pty ssh-ed25519\n", false },
	{ "DSA, which sshd takes no more", "ssh-dss AAAA\n", false },
	{ "nothing", "", false },
	{ "comments alone", "#" ED "\n # " ED "\n", false },
	{ "words", "none as yet\n", false },
	{ "a comment that looks like one", "# x\nssh-keys here\n", false },
};

ROWS(keys, has_a_key_or_not)
{
	const struct keys *row = *state;

	assert_int_equal(bp_way_has_key(bp_text_of(row->file)), row->is);
}

static const struct control {
	const char *name;		/* the control as well */
	bool auth, account;
} controls[] = {
	{ "[success=done user_unknown=ignore default=die]", true, false },
	{ "[success=done user_unknown=2 default=die]", true, false },
	{ "[success=done default=ignore]", true, true },
	{ "[success=done default=die]", false, false },
	{ "[success=done user_unknown=die default=ignore]", false, true },
	{ "[success=ok ignore=ignore default=bad]", false, true },
	{ "[success=ok]", false, false },
	{ "[]", false, false },
	{ "required", false, true },
	{ "requisite", false, true },
	{ "sufficient", true, true },
	{ "optional", true, true },
	{ "Optional", true, true },
};

ROWS(controls, lets_go_on_who_is_not_ours)
{
	const struct control *row = *state;

	assert_int_equal(bp_way_passes(row->name, true), row->auth);
	assert_int_equal(bp_way_passes(row->name, false), row->account);
}

RUN(NULL, NULL)
