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
#include <stdio.h>
#include <string.h>

enum { USER = 1, SERVICE = 2, CLAIMS = 4 };

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

static int
misused(void)
{
	usage(stderr);
	return BP_EXIT_USAGE;
}

/* An option that is given empty is a mistake in somebody's script. */
static bool
is_empty(const char *option)
{
	return option != NULL && option[0] == '\0';
}

static unsigned
given(const struct bp_options *o)
{
	return (o->user != NULL ? USER : 0U) |
	    (o->service != NULL ? SERVICE : 0U) |
	    (o->claims != NULL ? CLAIMS : 0U);
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
	if (argc != 1 || is_empty(o->config) || is_empty(o->user) ||
	    is_empty(o->service) || is_empty(o->claims))
		return misused();
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if ((given(o) & ~commands[i].takes) != 0 ||
		    (commands[i].needs & ~given(o)) != 0)
			return misused();
		return written(commands[i].run(o));
	}
	(void)fprintf(stderr, "beproductctl: no such command\n");
	return misused();
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'f' },
		{ "user", required_argument, NULL, 'u' },
		{ "service", required_argument, NULL, 's' },
		{ "claims", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct bp_options o = { .config = BP_PATH_CONFIG };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'f':
			o.config = optarg;
			break;
		case 'u':
			o.user = optarg;
			break;
		case 's':
			o.service = optarg;
			break;
		case 'c':
			o.claims = optarg;
			break;
		case 'h':
			usage(stdout);
			return BP_EXIT_GOOD;
		default:
			return misused();
		}
	return run_command(argc - optind, argv + optind, &o);
}
