/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The largest decision: 10,000 rules of every kind, a claims table of 640 KiB,
 * lists as long as may be.  The last rule alone gives ACCOUNT.
 */
#ifndef BP_TESTS_LARGE_H
#define BP_TESTS_LARGE_H

#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE_RULES = 10000, LARGE_CUSTOM = 28 };

#define LARGE_SUB	"4c9e4f0e-1f6b-4a52-9d3c-2f2f6f1d7a10"
#define LARGE_EMAIL	"first.middle-last+tag@mail.example.com"
#define LARGE_ACCOUNT	"first.middle-last"

struct large {
	struct bp_buf	 conf, map, table, wanted;
	struct bp_config cfg;
	struct bp_msg	 claims;
};

static inline void
large_say(struct bp_buf *b, const char *text)
{
	if (!bp_buf_say(b, text))
		abort();
}

/* A rule a kind: # is which rule, ~ one of the other claims. */
static const char *const large_kinds[] = {
	"sub 4c9e4f0e-1f6b-4a52-9d3c-# u#\n",
	"email person#@Mail.Example.com p#\n",
	"~ value-# c#\n",
	"~ \"two words \"\"#\"\"\" \"q#\"\n",
	"email /^([a-z][a-z0-9_.-]{0,30})@d#\\.example\\.com$/ \\1\n",
	"email /(.*)@(.*)\\.example\\.com/ x#\\1\n",
	"sub /([0-9a-f]{8})(-[0-9a-f]{4}){3}-#/ u\\1\n",
	"~ /([[:alnum:]]+(\\.[[:alnum:]]+)*)@x#/ \\1\n",
	"~ /(alice|bob|carol|#).*/ DOM\\x\\1\n",
};

static inline void
large_rule(struct bp_buf *ret, unsigned i)
{
	enum { KINDS = sizeof(large_kinds) / sizeof(large_kinds[0]) };
	const char *c;
	char piece[16];

	for (c = large_kinds[i % KINDS]; *c != '\0'; c++) {
		if (*c == '#')
			(void)snprintf(piece, sizeof(piece), "%05u", i);
		else if (*c == '~')
			(void)snprintf(piece, sizeof(piece), "c%02u",
			    i % LARGE_CUSTOM);
		else
			(void)snprintf(piece, sizeof(piece), "%c", *c);
		large_say(ret, piece);
	}
}

static inline void
large_map(struct bp_buf *ret)
{
	for (unsigned i = 0; i < LARGE_RULES - 1; i++)
		large_rule(ret, i);
	large_say(ret, "email /([a-z]+\\.[a-z-]+)\\+[a-z]+@mail\\.example"
	    "\\.com/ \\1\n");
}

/* Lists as long as may be, of which the last item alone counts. */
static inline void
large_conf(struct bp_buf *ret)
{
	large_say(ret, "[provider]\nclient_id = pam\n"
	    "tenant = claim company=acme\n[service:sshd]\nrequire_role = ");
	for (unsigned i = 0; i < BP_LIST_MAX - 1; i++)
		large_say(ret, "\"a role that nobody has\", ");
	large_say(ret, "role 1023\nrequire_all_roles = ");
	for (unsigned i = 0; i < BP_LIST_MAX - 1; i++)
		large_say(ret, "role 1022, ");
	large_say(ret, "role 1023\n");
}

/* N values that begin with BEGIN and, of several, their number. */
static inline void
large_claim(struct bp_buf *table, const char *name, enum bp_claim_kind kind,
    const char *begin, unsigned n, size_t len)
{
	struct bp_buf values = BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	char value[BP_CLAIM_VALUE_MAX + 1];
	bool ok = bp_list_start(&values);

	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(value, sizeof(value), n > 1 ? "%s%u" : "%s",
		    begin, i);
		for (size_t k = strlen(value); k < len; k++)
			memcpy(value + k, "x", 2);
		ok = ok && bp_list_add(&values, bp_text_of(value));
	}
	for (enum bp_document d = BP_DOC_ID_TOKEN; d < BP_DOCS; d++)
		ok = ok && bp_claim_add(table, &(struct bp_claim){
		    bp_text_of(name), d, kind, bp_buf_text(&values) });
	bp_buf_done(&values);
	if (!ok)
		abort();
}

/* A claim that rules name: what expressions look at, or what fills. */
static inline void
large_custom(struct bp_buf *table, const char *name, unsigned i)
{
	if (i % 4 == 0)
		large_claim(table, name, BP_CLAIM_STRING, "alice.bob.carol@xyz",
		    1, 300);
	else if (i % 4 == 1)
		large_claim(table, name, BP_CLAIM_STRINGS, "", 1024, 30);
	else
		large_claim(table, name, BP_CLAIM_STRING, "value-", 1,
		    BP_CLAIM_VALUE_MAX);
}

/* In the order in which they are wanted. */
static inline void
large_table(struct bp_text wanted, struct bp_buf *ret)
{
	struct bp_list list = bp_list_of(wanted);
	struct bp_text each;
	char name[32];

	for (unsigned i = 0; bp_list_next(&list, &each); i++) {
		(void)snprintf(name, sizeof(name), "%.*s", (int)each.len,
		    each.at);
		if (strcmp(name, "email") == 0)
			large_claim(ret, name, BP_CLAIM_STRING, LARGE_EMAIL,
			    1, 0);
		else if (strcmp(name, "email_verified") == 0)
			large_claim(ret, name, BP_CLAIM_TRUE, "", 0, 0);
		else if (strcmp(name, "role") == 0)
			large_claim(ret, name, BP_CLAIM_STRINGS, "role ",
			    1024, 0);
		else if (strcmp(name, "company") == 0)
			large_claim(ret, name, BP_CLAIM_STRING, "acme", 1, 0);
		else
			large_custom(ret, name, i);
	}
}

/* What a sign-in does with these, in its two parts. */
static inline bool
large_read(struct large *l)
{
	struct bp_account_map e;

	bp_buf_done(&l->wanted);
	return bp_policy_wanted(&l->cfg, bp_buf_text(&l->map), &l->wanted, &e);
}

static inline void
large_init(struct large *l)
{
	struct bp_config_error e;

	*l = (struct large){ .conf = BP_BUF_INIT(BP_CONFIG_MAX),
	    .map = BP_BUF_INIT(BP_MAP_MAX),
	    .table = BP_BUF_INIT(BP_CLAIM_TABLE_MAX),
	    .wanted = BP_BUF_INIT(BP_WANTED_MAX) };
	large_conf(&l->conf);
	large_map(&l->map);
	if (!bp_config_parse(bp_buf_text(&l->conf), &l->cfg, &e) ||
	    !large_read(l))
		abort();
	large_table(bp_buf_text(&l->wanted), &l->table);
	bp_msg_give(&l->claims, BP_F_SUB, bp_text_of(LARGE_SUB));
	bp_msg_give(&l->claims, BP_F_CLAIMS, bp_buf_text(&l->table));
	bp_msg_give(&l->claims, BP_F_SCOPES, (struct bp_text){ "\0\0\0", 4 });
}

static inline void
large_done(struct large *l)
{
	bp_buf_done(&l->conf);
	bp_buf_done(&l->map);
	bp_buf_done(&l->table);
	bp_buf_done(&l->wanted);
}

static inline bool
large_decide(struct large *l, enum bp_reason *reterr)
{
	struct bp_text table = l->claims.field[BP_F_CLAIMS];
	struct bp_basis basis;
	struct bp_identity who;

	if (!bp_claim_table_is_lawful(table) ||
	    !bp_claim_table_answers(table, bp_buf_text(&l->wanted)))
		return false;
	who = bp_identity_of(&l->claims);
	return bp_policy_decide(&l->cfg, bp_text_of("sshd"),
	    bp_buf_text(&l->map), &who, bp_text_of(LARGE_ACCOUNT), 0,
	    &basis, reterr);
}

#endif
