/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"

#include <stdio.h>
#include <unistd.h>

void
bp_check_done(struct bp_check *c)
{
	bp_setup_done(&c->setup);
	bp_findings_done(&c->findings);
}

static bool
is_section(struct bp_text section, const char *kind, struct bp_text name)
{
	struct bp_text its_kind, its_name;

	if (name.len == 0)
		return bp_text_is(section, kind);
	return bp_text_cut(section, ':', &its_kind, &its_name) &&
	    bp_text_is(its_kind, kind) && bp_text_same(its_name, name);
}

struct bp_where
bp_check_where(const struct bp_check *c, const char *kind,
    struct bp_text name, const char *key)
{
	struct bp_ini ini = { .rest = bp_buf_text(&c->setup.text) };

	while (bp_ini_next(&ini) == BP_INI_ITEM)
		if (is_section(ini.section, kind, name) &&
		    bp_text_is(ini.key, key == NULL ? "" : key))
			return (struct bp_where){ c->path, ini.line,
			    key == NULL ? ini.section : ini.key };
	return (struct bp_where){ c->path, 0, key == NULL
	    ? (struct bp_text){ 0 } : bp_text_of(key) };
}

int
bp_check(const struct bp_options *options)
{
	static bp_check_part *const parts[] = {
		bp_check_files, bp_check_host, bp_check_meaning,
		bp_check_renewal, bp_check_service, bp_check_map,
		bp_check_locks, bp_check_pins, bp_check_pam, bp_check_keys,
		bp_check_passwords, bp_check_sshd, bp_check_sudoers,
	};
	BP_AUTO(bp_check_done) struct bp_check c = {
		.path = options->config,
		.setup = BP_SETUP_INIT,
		.findings = BP_FINDINGS_INIT,
	};

	if (geteuid() != 0)
		bp_finding_warn(&c.findings,
		    (struct bp_where){ .file = "beproductctl" },
		    "not run as root: what root alone may read is not checked");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](&c);
	if (c.findings.errors > 0)
		return BP_EXIT_CONFIG;
	(void)printf("%s: configuration is good\n", options->config);
	return BP_EXIT_GOOD;
}
