#include "core/host.h"

/*
 * OpenSSH's client cuts an answer silently, and so does the line of a
 * terminal; sudo breaks the conversation off by itself.
 */
enum { CUT_SSH = 1023, CUT_TERMINAL = 4095 };

static const struct bp_host hosts[] = {
	{ .service = "sshd", .final = BP_FINAL_TRIES,
	    .deadline = 110,		/* LoginGraceTime 120 */
	    .cut_at = CUT_SSH, .broke_off = BP_BROKE_OFF },
	{ .service = "login", .final = BP_FINAL_TRIES,
	    .deadline = 50,		/* LOGIN_TIMEOUT 60 */
	    .cut_at = CUT_TERMINAL, .broke_off = BP_BROKE_OFF },
	{ .service = "sudo", .final = BP_FINAL_ABORT,
	    .broke_off = BP_SUDO_BROKE_OFF, .has_found = true },
	{ .service = "sudo-i", .gate = "sudo", .command = "sudo -i",
	    .final = BP_FINAL_ABORT, .broke_off = BP_SUDO_BROKE_OFF,
	    .has_found = true },
	{ .service = "su", .cut_at = CUT_TERMINAL, .broke_off = BP_BROKE_OFF,
	    .auth_alone = true, .has_found = true },
	{ .service = "su-l", .gate = "su", .command = "su -",
	    .cut_at = CUT_TERMINAL, .broke_off = BP_BROKE_OFF,
	    .auth_alone = true, .has_found = true },
};
enum { HOSTS = sizeof(hosts) / sizeof(hosts[0]) };

static const struct bp_host others[BP_TTYS] = {
	[BP_TTY_OTHER] = { .service = "", .broke_off = BP_BROKE_OFF },
	[BP_TTY_SSH] = { .service = "", .cut_at = CUT_SSH,
	    .broke_off = BP_BROKE_OFF },
	[BP_TTY_TERMINAL] = { .service = "", .cut_at = CUT_TERMINAL,
	    .broke_off = BP_BROKE_OFF },
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
