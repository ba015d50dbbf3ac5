/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beproductctl - the administrator's program.
 *
 * Runs as: root, from a shell.  Trusts: who calls it, and no file.
 */
#include "ctl/check.h"
#include "ctl/explain.h"
#include "ctl/options.h"
#include "ctl/sign_in.h"

#include <getopt.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ANYBODY = 0, USER = 1, SERVICE = 2, CLAIMS = 4 };

static const struct command {
	const char	*name;
	int		(*run)(const struct bp_options *options);
	unsigned	 needs, takes;
	const char	*form;
	const char	*what;
} commands[] = {
	{ "check", bp_check, 0, 0, "check",
	    "look for mistakes and surprises in configuration, account\n"
	    "      map and PAM files" },
	{ "sign-in", bp_sign_in, 0, USER | SERVICE,
	    "sign-in [--user U] [--service S]",
	    "sign in on this terminal, show what came back, and what is\n"
	    "      decided about it; the output is a file for --claims" },
	{ "explain", bp_explain, USER | SERVICE, USER | SERVICE | CLAIMS,
	    "explain --user U --service S [--claims FILE]",
	    "which key and which rule decide, of a sign-in or of the claims\n"
	    "      that a file has" },
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

/* Options with a value, where it is kept, and who may or must have it. */
static const struct value {
	const char	*name;
	size_t		 offset;
	unsigned	 bit;
} values[] = {
	{ "config", offsetof(struct bp_options, config), ANYBODY },
	{ "user", offsetof(struct bp_options, user), USER },
	{ "service", offsetof(struct bp_options, service), SERVICE },
	{ "claims", offsetof(struct bp_options, claims), CLAIMS },
};
enum { VALUES = sizeof(values) / sizeof(values[0]) };

static const char *
value_of(const struct bp_options *o, const struct value *v)
{
	const char *value;

	memcpy(&value, (const char *)o + v->offset, sizeof(value));
	return value;
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
	return BP_EXIT_GOOD;
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

static int
run_command(int argc, char *argv[], const struct bp_options *o)
{
	int status;

	if (argc == 0)
		return misused("a command is missing");
	if (argc > 1)
		return misused("%s: one command is enough", argv[1]);
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		status = judge_call(&commands[i], o);
		return status != BP_EXIT_GOOD ? status
		    : written(commands[i].run(o));
	}
	return misused("%s: no such command", argv[0]);
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
		    required_argument, NULL, (int)i };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			usage(stdout);
			return BP_EXIT_GOOD;
		}
		if (option < 0 || option >= VALUES) {
			usage(stderr);
			return BP_EXIT_USAGE;	/* getopt has said why */
		}
		memcpy((char *)&o + values[option].offset, &optarg,
		    sizeof(optarg));
	}
	return run_command(argc - optind, argv + optind, &o);
}
