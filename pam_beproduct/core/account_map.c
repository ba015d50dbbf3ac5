/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/account_map.h"
#include "core/ini.h"
#include "wire/claim.h"
#include "wire/list.h"

#include <string.h>

enum bp_map_step
bp_account_map_next(struct bp_account_map *map, struct bp_map_rule *ret)
{
	struct bp_ini ini = { .rest = map->rest, .line = map->line };
	struct bp_text line;
	enum bp_ini_step step = bp_ini_line(&ini, "#", &line);

	map->rest = ini.rest;
	map->line = ini.line;
	if (step == BP_INI_END)
		return BP_MAP_END;
	map->what = step == BP_INI_BAD ? ini.what
	    : bp_map_rule_read(line, ret);
	if (map->what != NULL)
		return BP_MAP_BAD;
	ret->line = ini.line;
	return BP_MAP_RULE;
}

/* In WANTED already, or without need to be? */
static bool
is_named(const struct bp_map_rule *rule, const struct bp_buf *wanted)
{
	return bp_map_rule_is_key(rule) || bp_text_is(rule->claim, "sub") ||
	    bp_text_is(rule->claim, "email") ||
	    bp_list_has(bp_buf_text(wanted), rule->claim);
}

static bool
add_wanted(struct bp_account_map *map, struct bp_buf *wanted)
{
	struct bp_map_rule rule;
	enum bp_map_step step;

	while ((step = bp_account_map_next(map, &rule)) == BP_MAP_RULE) {
		if (is_named(&rule, wanted))
			continue;
		map->what = "more than " BP_SPELT(BP_CLAIM_WANTED_MAX)
		    " claims are looked at, by map and configuration together";
		if (bp_list_count(bp_buf_text(wanted)) >= BP_CLAIM_WANTED_MAX ||
		    !bp_list_add(wanted, rule.claim))
			return false;
	}
	return step == BP_MAP_END;
}

bool
bp_account_map_wanted(struct bp_text text, struct bp_buf *wanted,
    struct bp_account_map *reterr)
{
	enum { COUNT = 4 };	/* a list begins with its count */
	struct bp_account_map map = { .rest = text, .what = "no list" };
	uint8_t count[COUNT];
	size_t before = wanted->len;

	if (before >= COUNT) {
		memcpy(count, wanted->data, COUNT);
		if (add_wanted(&map, wanted))
			return true;
		memcpy(wanted->data, count, COUNT);
		wanted->len = before;
	}
	*reterr = map;
	return false;
}
