/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/host.h"

/*
 * OpenSSH's client cuts an answer silently, and so does the line of a
 * terminal; sudo breaks the conversation off by itself.
 */
enum { CUT_SSH = 1023, CUT_TERMINAL = 4095 };

#define USUAL	.no_prompt = BP_BROKE_OFF, .broke_off = BP_BROKE_OFF, \
	.no_sign_in = BP_NO_SIGN_IN
#define SSH	.no_prompt = BP_SSH_NO_PROMPT, .broke_off = BP_BROKE_OFF, \
	.no_sign_in = BP_SSH_NO_SIGN_IN
/* sudo fails at once with an answer of 512 bytes, as it does at Ctrl-C */
#define SUDO	.no_prompt = BP_SUDO_BROKE_OFF, \
	.broke_off = BP_SUDO_BROKE_OFF, .no_sign_in = BP_SUDO_NO_SIGN_IN

static const struct bp_host hosts[] = {
	{ .service = "sshd", .final = BP_FINAL_TRIES,
	    .deadline = 110,		/* LoginGraceTime 120 */
	    .cut_at = CUT_SSH, .ticket = BP_TICKET_PARENT,
	    .is_remote = true, .names_keys = true, SSH },
	/* util-linux's is deaf; shadow's takes Ctrl-D as well */
	{ .service = "login", .final = BP_FINAL_TRIES,
	    .deadline = 50,		/* LOGIN_TIMEOUT 60 */
	    .cut_at = CUT_TERMINAL, .shows_apart = true, .is_deaf = true,
	    .ticket = BP_TICKET_SELF, USUAL },
	/* `sudo -p` replaces a prompt, and with it what stands in it; without
	   a terminal an answer that echoes is the command's own input */
	{ .service = "sudo", .final = BP_FINAL_ABORT, .shows_apart = true,
	    .hides_answers = true, .has_found = true,
	    .ticket = BP_TICKET_HERE, SUDO },
	{ .service = "sudo-i", .gate = "sudo", .command = "sudo -i",
	    .final = BP_FINAL_ABORT, .shows_apart = true,
	    .hides_answers = true, .has_found = true,
	    .ticket = BP_TICKET_HERE, SUDO },
	/* text goes to its output, which may be a file's */
	{ .service = "su", .cut_at = CUT_TERMINAL, .auth_alone = true,
	    .has_found = true, USUAL },
	{ .service = "su-l", .gate = "su", .command = "su -",
	    .cut_at = CUT_TERMINAL, .auth_alone = true, .has_found = true,
	    USUAL },
};
enum { HOSTS = sizeof(hosts) / sizeof(hosts[0]) };

/* Editors show a prompt of sshd's, and nothing else. */
static const struct bp_host others[BP_TTYS] = {
	[BP_TTY_OTHER] = { .service = "", USUAL },
	[BP_TTY_SSH] = { .service = "", .cut_at = CUT_SSH, SSH },
	[BP_TTY_TERMINAL] = { .service = "", .cut_at = CUT_TERMINAL,
	    .shows_apart = true, USUAL },
};

/* What a display's greeter shows apart from its prompt may not stay. */
enum bp_tty
bp_host_tty(struct bp_text tty)
{
	struct bp_text display, number;

	if (bp_text_is(tty, "ssh"))
		return BP_TTY_SSH;
	return tty.len == 0 || bp_text_cut(tty, ':', &display, &number)
	    ? BP_TTY_OTHER : BP_TTY_TERMINAL;
}

const struct bp_host *
bp_host_of(struct bp_text service, enum bp_tty tty)
{
	for (size_t i = 0; i < HOSTS; i++)
		if (bp_text_is(service, hosts[i].service))
			return &hosts[i];
	return &others[tty];
}

const struct bp_host *
bp_host_at(size_t i)
{
	return i < HOSTS ? &hosts[i] : NULL;
}
