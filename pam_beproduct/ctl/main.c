/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beproductctl - the administrator's program.
 *
 * Runs as: root, from a shell.  Trusts: who calls it, and no file.
 */
#include "ctl/cache.h"
#include "ctl/check.h"
#include "ctl/doctor.h"
#include "ctl/enable.h"
#include "ctl/explain.h"
#include "ctl/locks.h"
#include "ctl/logout.h"
#include "ctl/options.h"
#include "ctl/pins.h"
#include "ctl/service_sign_in.h"
#include "ctl/service_token.h"
#include "ctl/sign_in.h"
#include "ctl/tickets.h"
#include "ctl/users.h"

#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ANYBODY = 0, USER = 1, SERVICE = 2, CLAIMS = 4, TICKET = 8, ALL = 16,
    JSON = 32, NAMES = 64, SUB = 128, EMAIL = 256, REASON = 512,
    YES = 1024,
    WHOM = USER | SUB | EMAIL };

static const struct command {
	const char	*name;
	const char	*second;	/* word; the first row's may be left out */
	int		(*run)(const struct bp_options *options);
	unsigned	 needs, takes;
	unsigned	 one_of;	/* exactly */
	const char	*form;
	const char	*what;
} commands[] = {
	{ "check", NULL, bp_check, 0, 0, 0, "check",
	    "look for mistakes and surprises in configuration, account\n"
	    "      map and PAM files" },
	{ "doctor", NULL, bp_doctor, 0, JSON, 0, "doctor [--json]",
	    "all of that, and whether helper, provider and public API work,\n"
	    "      and who gets in while they do not; a line or an object each" },
	{ "enable", NULL, bp_enable, 0, NAMES | YES, NAMES,
	    "enable SERVICE [--yes]",
	    "show the lines of ours that its PAM file lacks, look whether\n"
	    "      anybody could get in, and put them in, if that is wanted" },
	{ "disable", NULL, bp_disable, 0, NAMES | YES | ALL, NAMES | ALL,
	    "disable SERVICE | --all [--yes]",
	    "put the file back as it was; --all: what `enable` has changed,\n"
	    "      where nobody has since" },
	{ "sign-in", NULL, bp_sign_in, 0, USER | SERVICE, 0,
	    "sign-in [--user U] [--service S]",
	    "sign in on this terminal, show what came back, and what is\n"
	    "      decided about it; the output is a file for --claims" },
	{ "explain", NULL, bp_explain, USER | SERVICE,
	    USER | SERVICE | CLAIMS | TICKET, 0,
	    "explain --user U --service S [--claims FILE | --ticket NAME]",
	    "which key and which rule decide, of a sign-in, of the claims that\n"
	    "      a file has, or of a sign-in that is remembered" },
	{ "service-sign-in", NULL, bp_service_sign_in, 0, 0, 0,
	    "service-sign-in",
	    "sign in on this terminal, and leave this host a token of its own\n"
	    "      for the public API: role_source = api needs one" },
	{ "service-token", "show", bp_service_token_show, 0, 0, 0,
	    "service-token [show]", "of whom that token is, and how old" },
	{ "service-token", "drop", bp_service_token_drop, 0, 0, 0,
	    "service-token drop",
	    "end it: erase it here, and revoke it at the provider" },
	{ "tickets", "list", bp_tickets_list, 0, JSON, 0,
	    "tickets [list] [--json]",
	    "the sign-ins that are remembered, a line or an object each" },
	{ "tickets", "drop", bp_tickets_drop, 0, USER | ALL | NAMES,
	    USER | ALL | NAMES, "tickets drop NAME... | --user U | --all",
	    "forget them, and revoke their refresh tokens, with all that wait\n"
	    "      for it" },
	{ "pins", "list", bp_pins_list, 0, JSON, 0, "pins [list] [--json]",
	    "whose accounts are, a line or an object a person" },
	{ "pins", "add", bp_pins_add, USER | SUB, USER | SUB | EMAIL, 0,
	    "pins add --user U --sub SUB [--email A]",
	    "the account is this person's, or hers too" },
	{ "pins", "drop", bp_pins_drop, USER, USER | SUB, 0,
	    "pins drop --user U [--sub SUB]",
	    "the account is hers no more; without --sub it is the next one's\n"
	    "      who signs in" },
	{ "pins", "export", bp_pins_export, 0, 0, 0, "pins export",
	    "all of them on standard output, for `pins import`" },
	{ "pins", "import", bp_pins_import, 0, NAMES, 0, "pins import FILE",
	    "those of the file, where an account has none yet" },
	{ "logout", NULL, bp_logout, USER, USER, 0, "logout --user U",
	    "the same of a user, and the addresses that end the person's\n"
	    "      sessions at the provider, to be opened in her browser" },
	{ "users", NULL, bp_users, 0, SERVICE | JSON, 0,
	    "users [--service S] [--json]",
	    "the company's users with their roles, the accounts that they\n"
	    "      would get, and who would be admitted, a line or an object "
	    "each" },
	{ "cache", "show", bp_cache_show, 0, 0, 0, "cache [show]",
	    "what is kept of the provider, and of what the public API said" },
	{ "cache", "drop", bp_cache_drop, 0, 0, 0, "cache drop",
	    "forget it: whoever comes next asks anew" },
	{ "lock", NULL, bp_locks_set, 0, WHOM | REASON, WHOM,
	    "lock --user U | --sub S | --email A [--reason TEXT]",
	    "let an account or a person in no more, whatever BeProduct says" },
	{ "unlock", NULL, bp_locks_end, 0, WHOM, WHOM,
	    "unlock --user U | --sub S | --email A", "and again" },
	{ "locks", "list", bp_locks_list, 0, JSON, 0,
	    "locks [list] [--json]",
	    "who is locked out, a line or an object each" },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
usage(FILE *to)
{
	(void)fputs("usage: beproductctl [--config PATH] COMMAND\n"
	    "       beproductctl --help\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		(void)fprintf(to, "  %s\n      %s\n", commands[i].form,
		    commands[i].what);
	(void)fputs("\n  --config PATH  instead of " BP_PATH_CONFIG "\n"
	    "\nexit: 0 fine or admitted, 1 refused, 2 provider unavailable or "
	    "no time left,\n      3 configuration, 4 usage\n", to);
}

/* WHAT is wrong, of which call is the word in front. */
__attribute__((__format__(printf, 1, 2)))
static int
misused(const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	(void)fputs("beproductctl: ", stderr);
	(void)vfprintf(stderr, what, arguments);
	(void)fputs("\n\n", stderr);
	va_end(arguments);
	usage(stderr);
	return BP_EXIT_USAGE;
}

/* Options, where they are kept, and who may or must have them. */
static const struct value {
	const char	*name;
	size_t		 offset;
	unsigned	 bit;
	bool		 is_flag;
} values[] = {
	{ "config", offsetof(struct bp_options, config), ANYBODY, false },
	{ "user", offsetof(struct bp_options, user), USER, false },
	{ "service", offsetof(struct bp_options, service), SERVICE, false },
	{ "claims", offsetof(struct bp_options, claims), CLAIMS, false },
	{ "ticket", offsetof(struct bp_options, ticket), TICKET, false },
	{ "sub", offsetof(struct bp_options, sub), SUB, false },
	{ "email", offsetof(struct bp_options, email), EMAIL, false },
	{ "reason", offsetof(struct bp_options, reason), REASON, false },
	{ "all", offsetof(struct bp_options, all), ALL, true },
	{ "json", offsetof(struct bp_options, json), JSON, true },
	{ "yes", offsetof(struct bp_options, yes), YES, true },
};
enum { VALUES = sizeof(values) / sizeof(values[0]) };

/* NULL: it was not given. */
static const char *
value_of(const struct bp_options *o, const struct value *v)
{
	const char *at = (const char *)o + v->offset, *value;

	if (v->is_flag)
		return *(const bool *)at ? "yes" : NULL;
	memcpy(&value, at, sizeof(value));
	return value;
}

static void
keep_value(struct bp_options *o, const struct value *v, char *given)
{
	char *at = (char *)o + v->offset;

	if (v->is_flag)
		*(bool *)at = true;
	else
		memcpy(at, &given, sizeof(given));
}

/* What was given at all, as bits. */
static unsigned
given_by(const struct bp_options *o)
{
	unsigned bits = o->names[0] != NULL ? NAMES : 0;

	for (size_t i = 0; i < VALUES; i++)
		if (value_of(o, &values[i]) != NULL)
			bits |= values[i].bit;
	return bits;
}

static const char *
choices(unsigned one_of)
{
	switch (one_of) {
	case WHOM:
		return "one of --user, --sub and --email";
	case NAMES:
		return "a SERVICE";
	case NAMES | ALL:
		return "one of SERVICE and --all";
	}
	return "one of NAME, --user and --all";
}

static int
judge_choice(const struct command *c, const struct bp_options *o)
{
	unsigned given = given_by(o), some = given & c->one_of;

	if (c->one_of != 0 && (some == 0 || (some & (some - 1)) != 0))
		return misused("%s%s%s needs %s", c->name,
		    c->second != NULL ? " " : "",
		    c->second != NULL ? c->second : "", choices(c->one_of));
	if ((given & CLAIMS) != 0 && (given & TICKET) != 0)
		return misused("%s takes one of --claims and --ticket",
		    c->name);
	return BP_EXIT_GOOD;
}

/* BP_EXIT_GOOD: C can be run as it was called. */
static int
judge_call(const struct command *c, const struct bp_options *o)
{
	const char *value;

	for (size_t i = 0; i < VALUES; i++) {
		value = value_of(o, &values[i]);
		if (value == NULL && (c->needs & values[i].bit) != 0)
			return misused("%s needs --%s", c->name,
			    values[i].name);
		if (value != NULL && values[i].bit != ANYBODY &&
		    (c->takes & values[i].bit) == 0)
			return misused("%s takes no --%s", c->name,
			    values[i].name);
		/* a mistake in somebody's script */
		if (value != NULL && value[0] == '\0')
			return misused("--%s is empty", values[i].name);
	}
	if (o->names[0] != NULL && (c->takes & NAMES) == 0)
		return misused("%s: one command is enough", o->names[0]);
	return judge_choice(c, o);
}

/* Whoever keeps the output is told that he has not got all of it. */
static int
written(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("beproductctl: standard output");
	return BP_EXIT_CONFIG;
}

/* The row of ARGV, and in O what stands behind it; NULL: there is none. */
static const struct command *
find_command(char *argv[], struct bp_options *o)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		const char *second = commands[i].second;

		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		o->names = argv + 1;
		if (second == NULL || argv[1] == NULL)
			return &commands[i];
		o->names = argv + 2;
		if (strcmp(argv[1], second) == 0)
			return &commands[i];
	}
	return NULL;
}

static int
run_command(int argc, char *argv[], struct bp_options *o)
{
	const struct command *c;
	int status;

	if (argc == 0)
		return misused("a command is missing");
	c = find_command(argv, o);
	if (c == NULL)
		return misused("%s: no such command", o->names != NULL
		    ? argv[1] : argv[0]);
	status = judge_call(c, o);
	return status != BP_EXIT_GOOD ? status : written(c->run(o));
}

int
main(int argc, char *argv[])
{
	struct option options[VALUES + 2] = {
		{ "help", no_argument, NULL, 'h' },
	};
	struct bp_options o = { .config = BP_PATH_CONFIG };
	int option;

	for (size_t i = 0; i < VALUES; i++)
		options[i + 1] = (struct option){ values[i].name,
		    values[i].is_flag ? no_argument : required_argument,
		    NULL, (int)i };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			usage(stdout);
			return BP_EXIT_GOOD;
		}
		if (option < 0 || option >= VALUES) {
			usage(stderr);
			return BP_EXIT_USAGE;	/* getopt has said why */
		}
		keep_value(&o, &values[option], optarg);
	}
	return run_command(argc - optind, argv + optind, &o);
}
