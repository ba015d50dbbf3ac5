/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/users.h"
#include "attempt/look_up.h"
#include "ctl/finding.h"
#include "ctl/roster.h"
#include "ctl/roster_show.h"
#include "ctl/step.h"

#include <stdio.h>

/* One call. */
struct asking {
	const struct bp_options	*options;
	struct bp_setup		 setup;
	struct bp_request	 request;
	struct bp_roster	 roster;	/* borrows from the answer */
};
#define ASKING_INIT(o)	{ .options = (o), .setup = BP_SETUP_INIT, \
	.request = BP_REQUEST_INIT, .roster = BP_ROSTER_INIT }

static void
asking_done(struct asking *a)
{
	bp_roster_done(&a->roster);
	bp_request_done(&a->request);
	bp_setup_done(&a->setup);
}

static int
complain(const struct asking *a, const char *key, const char *what)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;

	bp_finding_error(&said, (struct bp_where){ a->options->config, 0,
	    bp_text_of(key) }, "%s", what);
	return BP_EXIT_CONFIG;
}

/* Where a file was refused, that is the whole of it. */
static int
fail(const struct asking *a, enum bp_reason why)
{
	struct bp_text complaint = bp_buf_text(&a->setup.complaint);
	const struct bp_request *r = &a->request;

	if (complaint.len > 0)
		(void)fprintf(stderr, "beproductctl: %.*s\n",
		    BP_ARGS(complaint));
	else
		(void)fprintf(stderr, "beproductctl: %s: %s%s%s%s\n",
		    bp_reason_row(why)->name, bp_reason_row(why)->log,
		    r->detail.len > 0 ? " (" : "",
		    bp_escape_text(bp_buf_text(&r->detail)).text,
		    r->detail.len > 0 ? ")" : "");
	if (why == BP_BODY)
		(void)fputs("All users are asked for at once, and are shown "
		    "all or not at all: of the API's\nanswer 1048576 bytes are "
		    "taken, and none of a longer one.\n", stderr);
	return bp_exit_of(why);
}

static bool
read_files(struct asking *a, enum bp_reason *reterr)
{
	return bp_setup_read_config(&a->setup, a->options->config, reterr) &&
	    bp_setup_read_rest(&a->setup, reterr) &&
	    bp_request_prepare(&a->request, &a->setup, reterr);
}

static bool
ask(struct asking *a, enum bp_reason *reterr)
{
	const struct bp_look_up how = { .place = BP_SERVICE_HERE,
	    .run = BP_PATH_RUN, .may_renew = true };
	struct bp_msg said = { 0 };
	bool ok = bp_request_list(&a->request, &how, &said, reterr);

	/* a token that is lost is lost whether or not users came */
	if (a->request.unkept.len > 0)
		(void)fprintf(stderr, "warning: %s: %s\n",
		    bp_reason_row(BP_FILE_UNWRITTEN)->name, bp_escape_text(
		    bp_buf_text(&a->request.unkept)).text);
	return ok && bp_roster_make(&a->roster, &a->setup,
	    said.field[BP_F_USERS], reterr);
}

/* What only a sign-in shows. */
static void
note_service(const struct bp_service *s)
{
	const struct { const char *key; bool is_set; } rows[] = {
		{ "require_scope", s->require_scope.len > 0 },
		{ "require_acr", s->require_acr.len > 0 },
		{ "require_amr", s->require_amr.len > 0 },
		{ "max_age", s->max_age > 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is_set)
			(void)fprintf(stderr, "note: [service:%s]: %s: only a "
			    "sign-in shows whether it is met\n",
			    bp_escape_text(s->name).text, rows[i].key);
}

static void
note(const struct asking *a, const struct bp_service *only)
{
	const struct bp_config *cfg = &a->setup.cfg;

	if (cfg->role_source != BP_ROLES_API)
		(void)fprintf(stderr, "note: role_source: the roles are the "
		    "public API's; of a sign-in the claim %s counts%s\n",
		    bp_escape_text(cfg->role_claim).text,
		    cfg->role_source == BP_ROLES_BOTH ? ", too" : "");
	if (!cfg->pin_subject)
		(void)fputs("note: pin_subject = no: nobody's sub is known, "
		    "and rules by sub name nobody here\n", stderr);
	if (a->roster.has_unseen)
		(void)fprintf(stderr, "note: %.*s: rules by other claims than "
		    "email and sub: only a sign-in shows these\n",
		    BP_ARGS(cfg->map));
	for (size_t i = 0; i < cfg->services; i++)
		if (only == NULL || only == &cfg->service[i])
			note_service(&cfg->service[i]);
}

/* NULL: all of them; false: there is no such section. */
static bool
find_service(const struct asking *a, const struct bp_service **ret)
{
	const char *name = a->options->service;

	*ret = NULL;
	if (name == NULL)
		return true;
	*ret = bp_config_service(&a->setup.cfg, bp_text_of(name));
	return *ret != NULL;
}

static int
show(const struct asking *a, const struct bp_service *only)
{
	const struct bp_roster *r = &a->roster;

	note(a, only);
	bp_roster_show(r, only, a->options->json);
	if (r->fault.len == 0)
		return BP_EXIT_GOOD;
	(void)fprintf(stderr, "beproductctl: %.*s\n",
	    BP_ARGS(bp_buf_text(&r->fault)));
	return BP_EXIT_CONFIG;
}

int
bp_users(const struct bp_options *options)
{
	BP_AUTO(asking_done) struct asking a = ASKING_INIT(options);
	const struct bp_service *only;
	enum bp_reason why;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (!read_files(&a, &why))
		return fail(&a, why);
	if (a.setup.cfg.company.len == 0)
		return complain(&a, "company", "is missing from [api]: whose "
		    "users are to be asked for");
	if (!find_service(&a, &only))
		return complain(&a, "service", "there is no section of this "
		    "service: it admits nobody");
	if (!ask(&a, &why))
		return fail(&a, why);
	return show(&a, only);
}
