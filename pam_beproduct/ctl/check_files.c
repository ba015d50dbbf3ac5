/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/check.h"

#include <stdio.h>

/* What the module would refuse, in the words that it would log. */
static bool
read_by(struct bp_check *c, bool (*reader)(struct bp_setup *setup,
    enum bp_reason *reterr))
{
	enum bp_reason unused;

	if (reader(&c->setup, &unused))
		return true;
	bp_finding_complaint(&c->findings, bp_buf_text(&c->setup.complaint));
	return false;
}

/*
 * Where the file is that SECTION names by KEY, of a configuration that is
 * refused: as far as it can be read, and OTHERWISE only if it can be to its
 * end.  Empty: who knows.
 */
static struct bp_text
path_of(struct bp_check *c, const char *section, const char *key,
    const char *otherwise)
{
	struct bp_ini ini = { .rest = bp_buf_text(&c->setup.text) };
	struct bp_text path = { 0 };
	enum bp_ini_step step;

	while ((step = bp_ini_next(&ini)) == BP_INI_ITEM)
		if (bp_text_is(ini.section, section) &&
		    bp_text_is(ini.key, key) && bp_text_starts(ini.value, "/"))
			path = ini.value;
	return step == BP_INI_END && path.len == 0 ? bp_text_of(otherwise)
	    : path;
}

static void
read_config(struct bp_check *c)
{
	struct bp_config *cfg = &c->setup.cfg;
	enum bp_reason unused;

	c->has_cfg = bp_setup_read_config(&c->setup, c->path, &unused);
	if (c->has_cfg)
		return;
	bp_finding_complaint(&c->findings, bp_buf_text(&c->setup.complaint));
	cfg->client_secret_file = path_of(c, "provider", "client_secret_file",
	    BP_CONFIG_SECRET_FILE);
	cfg->ca_file = path_of(c, "provider", "ca_file", "");
	cfg->map = path_of(c, "accounts", "map", BP_CONFIG_MAP);
}

void
bp_check_files(struct bp_check *c)
{
	const struct bp_config *cfg = &c->setup.cfg;

	read_config(c);
	if (cfg->client_secret_file.len > 0)
		(void)read_by(c, bp_setup_read_secret);
	(void)read_by(c, bp_setup_read_ca);
	if (cfg->map.len > 0)
		c->has_map = read_by(c, bp_setup_read_map);
	(void)snprintf(c->map_path, sizeof(c->map_path), "%.*s",
	    (int)cfg->map.len, cfg->map.at);
}
