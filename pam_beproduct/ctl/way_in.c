/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/way_in.h"
#include "ctl/sshd_says.h"
#include "wire/ascii.h"

#include <string.h>
#include <strings.h>

enum { HASH_MIN = 13 };		/* bytes: crypt(3)'s shortest, of DES */

static const struct {
	bool		 is_in;
	const char	*words;
} ways[] = {
	[BP_WAY_KEY] = { true, "by an SSH key" },
	[BP_WAY_SSH] = { true, "by a local password over ssh" },
	[BP_WAY_CONSOLE] = { true, "by a local password" },
	[BP_WAY_SU] = { true, "by root's password and su" },
	[BP_WAY_SUDO] = { true, "by a local password, as far as sudoers "
	    "admits the account" },
	[BP_NO_WAY_BROKEN] = { false, "the PAM stack refuses everybody" },
	[BP_NO_WAY_OURS] = { false, "the line of pam_beproduct, as it "
	    "stands, refuses also whom it does not ask" },
	[BP_NO_WAY_ACCOUNT] = { false, "no other account module says yes" },
	[BP_NO_WAY_EXPIRED] = { false, "the account has expired (chage -l)" },
	[BP_NO_WAY_SHELL] = { false, "no shell to work in" },
	[BP_NO_WAY_UNLISTED] = { false, "its shell is not in /etc/shells" },
	[BP_NO_WAY_NOLOGIN] = { false, "/etc/nologin lets root alone in" },
	[BP_NO_WAY_TERMINAL] = { false, "/etc/securetty names no terminal" },
	[BP_NO_WAY_ROOT] = { false, "PermitRootLogin" },
	[BP_NO_WAY_ACCESS] = { false, "AllowUsers or its like" },
	[BP_NO_WAY_SSHD] = { false, "`sshd -T` cannot be asked" },
	[BP_NO_WAY_UNASKED] = { false, "a password, and nothing asks for it" },
	[BP_NO_WAY_PASSWORD] = { false, "no local password, or it is locked" },
	[BP_NO_WAY_SECRET] = { false, "neither a password nor a key that "
	    "sshd takes" },
};

bool
bp_way_is_in(enum bp_way way)
{
	return ways[way].is_in;
}

const char *
bp_way_words(enum bp_way way)
{
	return ways[way].words;
}

static bool
says_yes(struct bp_text says, const char *key)
{
	struct bp_text value;

	return bp_sshd_value(says, key, &value) && bp_text_is(value, "yes");
}

/* A key that may do one thing alone is no way in. */
static enum bp_way_root
root_of(struct bp_text says)
{
	struct bp_text value;

	if (!bp_sshd_value(says, "permitrootlogin", &value))
		return BP_WAY_ROOT_NO;
	if (bp_text_is(value, "yes"))
		return BP_WAY_ROOT_YES;
	return bp_text_is(value, "without-password") ||
	    bp_text_is(value, "prohibit-password") ? BP_WAY_ROOT_KEY
	    : BP_WAY_ROOT_NO;
}

struct bp_way_ssh
bp_way_ssh_of(struct bp_text says)
{
	struct bp_way_ssh s = {
		.has_said = true,
		.asks_pam = says_yes(says, "usepam"),
		.password = says_yes(says, "passwordauthentication"),
		.dialogue = says_yes(says, "kbdinteractiveauthentication"),
		.key = says_yes(says, "pubkeyauthentication"),
		.root = root_of(says),
	};

	if (!bp_sshd_value(says, "authenticationmethods", &s.methods) ||
	    bp_text_is(s.methods, "any"))
		s.methods = bp_text_of("");
	return s;
}

/* What one who comes over ssh has. */
struct coming {
	const struct bp_way_stack	*stack;
	const struct bp_way_account	*account;
	const struct bp_way_ssh		*ssh;
};

static bool
has_key(const struct coming *c)
{
	const struct bp_way_account *a = c->account;

	return c->ssh->key && a->has_key && (!a->must_change ||
	    a->has_password);
}

/* sshd hashes passwords itself where it asks no PAM. */
static bool
has_password(const struct coming *c)
{
	return c->ssh->password && c->account->has_password &&
	    (c->stack->asks || !c->ssh->asks_pam) &&
	    (!c->account->is_root || c->ssh->root == BP_WAY_ROOT_YES);
}

static bool
has_dialogue(const struct coming *c)
{
	return c->ssh->dialogue && c->ssh->asks_pam && c->stack->asks &&
	    c->account->has_password &&
	    (!c->account->is_root || c->ssh->root == BP_WAY_ROOT_YES);
}

static bool
has_method(const struct coming *c, struct bp_text method)
{
	if (bp_text_is(method, "publickey"))
		return has_key(c);
	if (bp_text_is(method, "password"))
		return has_password(c);
	return (bp_text_is(method, "keyboard-interactive") ||
	    bp_text_is(method, "keyboard-interactive:pam")) &&
	    has_dialogue(c);
}

/* Every method of a list, with commas between them. */
static bool
has_all(const struct coming *c, struct bp_text list)
{
	struct bp_text method;

	while (list.len > 0) {
		(void)bp_text_cut(list, ',', &method, &list);
		if (!has_method(c, method))
			return false;
	}
	return true;
}

static bool
has_methods(const struct coming *c)
{
	struct bp_text lists = c->ssh->methods, list;

	if (lists.len == 0)
		return has_key(c) || has_password(c) || has_dialogue(c);
	while (lists.len > 0) {
		(void)bp_text_cut(lists, ' ', &list, &lists);
		if (list.len > 0 && has_all(c, list))
			return true;
	}
	return false;
}

static enum bp_way
way_by_ssh(const struct coming *c)
{
	if (!c->ssh->has_said)
		return BP_NO_WAY_SSHD;
	if (c->ssh->keeps_out)
		return BP_NO_WAY_ACCESS;
	if (c->account->is_root && c->ssh->root == BP_WAY_ROOT_NO)
		return BP_NO_WAY_ROOT;
	if (!has_methods(c))
		return BP_NO_WAY_SECRET;
	return has_key(c) ? BP_WAY_KEY : BP_WAY_SSH;
}

static enum bp_way
way_by_password(const struct bp_way_stack *s, const struct bp_way_account *a,
    enum bp_way way)
{
	if (!a->has_password)
		return BP_NO_WAY_PASSWORD;
	return s->asks ? way : BP_NO_WAY_UNASKED;
}

/* 0: nothing of it keeps the account out. */
static enum bp_way
kept_out(const struct bp_way_stack *s, const struct bp_way_account *a)
{
	const struct {
		bool		is;
		enum bp_way	way;
	} rows[] = {
		{ s->is_broken, BP_NO_WAY_BROKEN },
		{ s->refuses, BP_NO_WAY_OURS },
		{ !s->has_account, BP_NO_WAY_ACCOUNT },
		{ a->is_expired, BP_NO_WAY_EXPIRED },
		{ !a->has_shell, BP_NO_WAY_SHELL },
		{ s->wants_listed && !a->is_listed, BP_NO_WAY_UNLISTED },
		{ s->is_shut && !a->is_root, BP_NO_WAY_NOLOGIN },
		{ s->wants_terminal && a->is_root && !s->has_terminal,
		    BP_NO_WAY_TERMINAL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is)
			return rows[i].way;
	return 0;
}

enum bp_way
bp_way_of(const struct bp_way_stack *stack,
    const struct bp_way_account *account, const struct bp_way_ssh *ssh)
{
	const struct coming c = { stack, account, ssh };
	enum bp_way out = kept_out(stack, account);

	/* su to root has a stack of its own, and nothing of ours ever asks */
	if (stack->kind == BP_WAY_BY_SUDO && account->is_root)
		return account->has_password && !account->is_expired
		    ? BP_WAY_SU : BP_NO_WAY_PASSWORD;
	if (out != 0)
		return out;
	if (stack->kind == BP_WAY_BY_SSH)
		return way_by_ssh(&c);
	return way_by_password(stack, account,
	    stack->kind == BP_WAY_BY_SUDO ? BP_WAY_SUDO : BP_WAY_CONSOLE);
}

/* An empty one is let in by some modules, and by sshd never. */
bool
bp_way_is_password(const char *hash)
{
	return strlen(hash) >= HASH_MIN && hash[0] != '!' && hash[0] != '*';
}

static bool
is_past(const struct spwd *sp, long today, long days)
{
	return today >= sp->sp_lstchg && today - sp->sp_lstchg > days;
}

bool
bp_way_is_expired(const struct spwd *sp, long today)
{
	return (sp->sp_expire != -1 && today >= sp->sp_expire) ||
	    (sp->sp_lstchg != 0 && sp->sp_max != -1 && sp->sp_inact != -1 &&
	    is_past(sp, today, sp->sp_max + sp->sp_inact));
}

bool
bp_way_must_change(const struct spwd *sp, long today)
{
	return sp->sp_lstchg == 0 ||
	    (sp->sp_max != -1 && is_past(sp, today, sp->sp_max));
}

static bool
is_key_type(struct bp_text word)
{
	static const char *const types[] = { "ssh-ed25519", "ssh-rsa",
	    "ecdsa-sha2-", "sk-ssh-ed25519@", "sk-ecdsa-sha2-" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (bp_text_starts(word, types[i]))
			return true;
	return false;
}

/* A line's first word, of options in which blanks may stand in quotes. */
static struct bp_text
take_word(struct bp_text *line)
{
	struct bp_text word = *line;
	bool quoted = false;
	size_t n = 0;

	for (; n < word.len && (quoted || !bp_ascii_is_blank(word.at[n])); n++)
		if (word.at[n] == '"')
			quoted = !quoted;
	*line = bp_text_trim(bp_text_after(word, n));
	word.len = n;
	return word;
}

/* Options that bind a key to one command, or to a time, are not weighed. */
static bool
is_free(struct bp_text options)
{
	static const char *const binding[] = { "command=", "expiry-time=" };

	for (size_t i = 0; i < sizeof(binding) / sizeof(binding[0]); i++)
		if (memmem(options.at, options.len, binding[i],
		    strlen(binding[i])) != NULL)
			return false;
	return true;
}

static bool
is_key(struct bp_text line)
{
	struct bp_text first = take_word(&line), type = first;

	if (is_key_type(first))
		return line.len > 0;
	type = take_word(&line);
	return is_key_type(type) && line.len > 0 && is_free(first);
}

bool
bp_way_has_key(struct bp_text file)
{
	struct bp_text line;

	while (file.len > 0) {
		(void)bp_text_cut(file, '\n', &line, &file);
		line = bp_text_trim(line);
		if (line.len > 0 && line.at[0] != '#' && is_key(line))
			return true;
	}
	return false;
}

/* The action of VALUE in [value=action ...], into RET; false: it has none. */
static bool
action_of(struct bp_text control, const char *value, struct bp_text *ret)
{
	struct bp_text item, name;

	while (control.len > 0) {
		(void)bp_text_cut(control, ' ', &item, &control);
		if (bp_text_cut(item, '=', &name, ret) &&
		    bp_text_is(name, value))
			return true;
	}
	return false;
}

/*
 * In auth it answers user_unknown, in account ignore.  What goes on is the
 * action ignore, or a jump.
 */
bool
bp_way_passes(const char *control, bool is_auth)
{
	struct bp_text t = bp_text_of(control), action;

	if (t.len < 2 || t.at[0] != '[')
		return !is_auth || strcasecmp(control, "sufficient") == 0 ||
		    strcasecmp(control, "optional") == 0;
	t = (struct bp_text){ t.at + 1, t.len - 2 };
	if (!action_of(t, is_auth ? "user_unknown" : "ignore", &action) &&
	    !action_of(t, "default", &action))
		return false;
	return bp_text_is(action, "ignore") ||
	    (action.len > 0 && bp_ascii_is_digit(action.at[0]));
}
