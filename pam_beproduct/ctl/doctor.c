/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/doctor.h"

#include <stdio.h>

/*
 * In this order.  FILE: NULL, the configuration; WORDS: NULL, it speaks for
 * itself.
 */
static const struct part {
	bp_check_part	*look;
	bool		 needs_cfg;
	const char	*file, *good;
} parts[] = {
	{ bp_check_files, false, NULL,
	    "it, the secret, the certificates and the account map can be "
	    "read, and are root's" },
	{ bp_check_meaning, true, NULL,
	    "redirect_uri, pkce, tenant and the sections say what they seem "
	    "to" },
	{ bp_check_map, true, NULL,
	    "each rule of the account map gives an account of this host" },
	{ bp_check_host, false, BP_PATH_HELPER,
	    "the program, its users and the cache are as they should be" },
	{ bp_doctor_folders, false, BP_PATH_STATE,
	    "this folder, " BP_PATH_RUN " and " BP_PATH_CACHE
	    ", as far as they are there, are root's alone" },
	{ bp_check_locks, false, BP_PATH_STATE "/locks",
	    "who is locked out can be told" },
	{ bp_check_pins, false, BP_PATH_STATE "/pins",
	    "whose accounts are can be told" },
	{ bp_check_renewal, false, BP_PATH_STATE "/revoke",
	    "no refresh token waits to be revoked" },
	{ bp_check_pam, false, "/etc/pam.d",
	    "where pam_beproduct.so is named, it stands as README.md has it" },
	{ bp_check_keys, true, NULL, NULL },
	{ bp_check_passwords, true, "/etc/shadow",
	    "no password's age is in the way of a sign-in" },
	{ bp_check_sshd, true, "/etc/ssh/sshd_config",
	    "as far as sshd is gated, `sshd -T` says what a sign-in needs" },
	{ bp_check_sudoers, false, "/etc/sudoers",
	    "as far as sudo is gated, nothing in it goes past the sign-in" },
	{ bp_doctor_login, true, "/etc/login.defs",
	    "as far as login is gated, it waits long enough" },
	{ bp_doctor_machine, false, NULL, NULL },
	{ bp_doctor_helper, false, NULL, NULL },
	{ bp_doctor_provider, true, NULL, NULL },
	{ bp_check_service, true, NULL, NULL },
	{ bp_doctor_api, true, NULL, NULL },
	{ bp_doctor_ways, false, NULL, NULL },
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static unsigned
bad_so_far(const struct bp_findings *f)
{
	return f->errors + f->outages + f->warnings;
}

static void
look_at(struct bp_check *c, const struct part *p)
{
	unsigned before = bad_so_far(&c->findings);

	p->look(c);
	if (p->good != NULL && bad_so_far(&c->findings) == before)
		bp_finding_ok(&c->findings, (struct bp_where){
		    .file = p->file != NULL ? p->file : c->path }, "%s",
		    p->good);
}

static void
look_at_all(struct bp_check *c)
{
	for (size_t i = 0; i < PARTS; i++)
		if (!parts[i].needs_cfg || c->has_cfg)
			look_at(c, &parts[i]);
	if (!c->has_cfg)
		bp_finding_note(&c->findings, (struct bp_where){
		    .file = c->path }, "while it is refused, what follows "
		    "from it is not looked at: the map's rules, sshd, login, "
		    "the provider, the public API");
}

int
bp_doctor(const struct bp_options *options)
{
	BP_AUTO(bp_check_done) struct bp_check c = {
		.path = options->config,
		.setup = BP_SETUP_INIT,
		.findings = BP_FINDINGS_INIT,
	};

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	c.findings.form = options->json ? BP_FINDINGS_JSON
	    : BP_FINDINGS_DOCTOR;
	look_at_all(&c);
	bp_findings_end(&c.findings);
	if (c.findings.errors > 0)
		return BP_EXIT_CONFIG;
	return c.findings.outages > 0 ? BP_EXIT_UNAVAILABLE : BP_EXIT_GOOD;
}
