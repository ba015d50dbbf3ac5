/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/host.h"

/* Written down once more: host.c is held against it. */
static const struct row {
	const char *name;		/* of the test */
	const char *service;
	const char *gate, *command;
	enum bp_final final;
	uint32_t deadline;
	size_t cut_at;
	bool shows_apart, hides_answers, auth_alone, has_found, is_deaf;
	enum bp_ticket_role ticket;
	enum bp_reason no_prompt, broke_off, no_sign_in;
} rows[] = {
#define USUAL	BP_BROKE_OFF, BP_BROKE_OFF, BP_NO_SIGN_IN
#define SUDO	BP_SUDO_BROKE_OFF, BP_SUDO_BROKE_OFF, BP_SUDO_NO_SIGN_IN
	{ "sshd stops at MAXTRIES, and is cut by its client", "sshd", NULL,
	    NULL, BP_FINAL_TRIES, 110, 1023, false, false, false, false, false,
	    BP_TICKET_PARENT, BP_SSH_NO_PROMPT, BP_BROKE_OFF,
	    BP_SSH_NO_SIGN_IN },
	{ "login stops at MAXTRIES, and ends by itself", "login", NULL, NULL,
	    BP_FINAL_TRIES, 50, 4095, true, false, false, false, true,
	    BP_TICKET_SELF, USUAL },
	{ "sudo stops at ABORT, and breaks a long answer off", "sudo", NULL,
	    NULL, BP_FINAL_ABORT, 0, 0, true, true, false, true, false,
	    BP_TICKET_HERE, SUDO },
	{ "sudo -i is sudo's gate", "sudo-i", "sudo", "sudo -i",
	    BP_FINAL_ABORT, 0, 0, true, true, false, true, false,
	    BP_TICKET_HERE, SUDO },
	{ "su asks once, and root's own goes past us", "su", NULL, NULL,
	    BP_FINAL_CLASS, 0, 4095, false, false, true, true, false,
	    BP_TICKET_NEVER, USUAL },
	{ "su - is su's gate", "su-l", "su", "su -", BP_FINAL_CLASS, 0, 4095,
	    false, false, true, true, false, BP_TICKET_NEVER, USUAL },
};

static void
assert_same(const char *is, const char *should)
{
	if (should == NULL)
		assert_null(is);
	else
		assert_string_equal(is, should);
}

ROWS(rows, whatever_its_tty)
{
	const struct row *row = *state;

	for (enum bp_tty tty = 0; tty < BP_TTYS; tty++) {
		const struct bp_host *h =
		    bp_host_of(bp_text_of(row->service), tty);

		assert_string_equal(h->service, row->service);
		assert_same(h->gate, row->gate);
		assert_same(h->command, row->command);
		assert_int_equal(h->final, row->final);
		assert_int_equal(h->deadline, row->deadline);
		assert_int_equal(h->cut_at, row->cut_at);
		assert_int_equal(h->shows_apart, row->shows_apart);
		assert_int_equal(h->hides_answers, row->hides_answers);
		assert_int_equal(h->auth_alone, row->auth_alone);
		assert_int_equal(h->has_found, row->has_found);
		assert_int_equal(h->is_deaf, row->is_deaf);
		assert_int_equal(h->ticket, row->ticket);
		/* nobody but sshd says what its caller cannot */
		assert_int_equal(h->names_keys,
		    strcmp(row->service, "sshd") == 0);
		assert_int_equal(h->is_remote, h->names_keys);
		assert_int_equal(h->no_prompt, row->no_prompt);
		assert_int_equal(h->broke_off, row->broke_off);
		assert_int_equal(h->no_sign_in, row->no_sign_in);
	}
}

TEST(the_table_has_these_rows_in_this_order)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(bp_host_at(i)->service, rows[i].service);
	assert_null(bp_host_at(COUNT(rows)));
	assert_null(bp_host_at((size_t)-1));
}

/* Or warnings and sections would speak of what is not there. */
TEST(a_gate_is_a_host_and_nobody_elses_gate)
{
	const struct bp_host *h;

	(void)state;
	for (size_t i = 0; (h = bp_host_at(i)) != NULL; i++) {
		assert_int_equal(h->gate == NULL, h->command == NULL);
		if (h->gate == NULL)
			continue;
		assert_string_equal(bp_host_of(bp_text_of(h->gate),
		    BP_TTY_OTHER)->service, h->gate);
		assert_null(bp_host_of(bp_text_of(h->gate),
		    BP_TTY_OTHER)->gate);
	}
}

static const struct other {
	const char *name, *service;
} others[] = {
	{ "no name", "" },
	{ "a name of nobody", "kiosk" },
	{ "the beginning of a name", "ssh" },
	{ "more than a name", "sudo-is" },
	{ "a name in capitals", "SSHD" },
};

ROWS(others, is_any_host_with_its_tty)
{
	static const size_t cut[BP_TTYS] = { [BP_TTY_SSH] = 1023,
	    [BP_TTY_TERMINAL] = 4095 };
	const struct other *row = *state;

	for (enum bp_tty tty = 0; tty < BP_TTYS; tty++) {
		const struct bp_host *h =
		    bp_host_of(bp_text_of(row->service), tty);

		assert_string_equal(h->service, "");
		assert_null(h->gate);
		assert_int_equal(h->final, BP_FINAL_CLASS);
		assert_int_equal(h->deadline, 0);
		assert_int_equal(h->cut_at, cut[tty]);
		assert_int_equal(h->shows_apart, tty == BP_TTY_TERMINAL);
		assert_false(h->hides_answers);
		assert_false(h->auth_alone);
		assert_false(h->has_found);
		assert_int_equal(h->ticket, BP_TICKET_NEVER);
		assert_int_equal(h->no_prompt, tty == BP_TTY_SSH
		    ? BP_SSH_NO_PROMPT : BP_BROKE_OFF);
		assert_int_equal(h->broke_off, BP_BROKE_OFF);
		assert_int_equal(h->no_sign_in, tty == BP_TTY_SSH
		    ? BP_SSH_NO_SIGN_IN : BP_NO_SIGN_IN);
	}
}

static const struct tty {
	const char *name;		/* and what it says */
	enum bp_tty is;
} ttys[] = {
	{ "", BP_TTY_OTHER },
	{ "ssh", BP_TTY_SSH },
	{ "sshd", BP_TTY_TERMINAL },
	{ ":0", BP_TTY_OTHER },
	{ "web1:10.0", BP_TTY_OTHER },
	{ "tty1", BP_TTY_TERMINAL },
	{ "/dev/pts/1", BP_TTY_TERMINAL },
};

ROWS(ttys, is_a_tty_of_this_kind)
{
	const struct tty *row = *state;

	assert_int_equal(bp_host_tty(bp_text_of(row->name)), row->is);
}

RUN(NULL, NULL)
