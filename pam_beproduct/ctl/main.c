/*
 * beproductctl - the administrator's program.
 *
 * Runs as: root, from a shell.  Trusts: who calls it, and no file.
 */
#include "ctl/check.h"
#include "ctl/exit.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct command {
	const char	*name;
	int		(*run)(const char *config);
	const char	*what;
} commands[] = {
	{ "check", bp_check, "look for mistakes and surprises in "
	    "configuration, account map and PAM files" },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
usage(FILE *to)
{
	(void)fputs("usage: beproductctl [--config PATH] COMMAND\n"
	    "       beproductctl --help\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		(void)fprintf(to, "  %-8s %s\n", commands[i].name,
		    commands[i].what);
	(void)fputs("\n  --config PATH  instead of " BP_PATH_CONFIG "\n"
	    "\nexit: 0 fine, 3 configuration, 4 usage\n", to);
}

static int
misused(void)
{
	usage(stderr);
	return BP_EXIT_USAGE;
}

static int
run(int argc, char *argv[], const char *config)
{
	if (argc != 1 || config[0] == '\0')
		return misused();
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(config);
	(void)fprintf(stderr, "beproductctl: no such command\n");
	return misused();
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	const char *config = BP_PATH_CONFIG;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'h':
			usage(stdout);
			return BP_EXIT_GOOD;
		default:
			return misused();
		}
	return run(argc - optind, argv + optind, config);
}
