/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.c - a host of PAM, for tests/bench/run: one pam_authenticate().
 *	host FOLDER SERVICE USER
 *	host FOLDER SERVICE USER PHASES TIMES
 * What the module says comes out, and behind a prompt a line "?"; an answer is
 * a line of stdin.  The last line: PAM's code, the call's page faults, and what
 * KiB and libraries it has more than before pam_start().
 * With PHASES, `a` and `c` for pam_authenticate() and pam_acct_mgmt(), it is
 * USER's own process with root's rights, as sudo's; they are gone through in
 * TIMES handles, one after the other.  The last line: PAM's code, and the mean
 * nanoseconds within the calls.
 */
#include <sys/resource.h>

#include <security/pam_appl.h>

#include <err.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct cost { long faults, kib, libraries; };

static int
converse(int n, const struct pam_message **messages,
    struct pam_response **ret, void *unused)
{
	char line[8192];

	(void)unused;
	*ret = calloc((size_t)n, sizeof(**ret));
	for (int i = 0; i < n; i++) {
		(void)printf("%s\n", messages[i]->msg);
		if (messages[i]->msg_style > PAM_PROMPT_ECHO_ON)
			continue;
		(void)printf("?\n");
		if (fgets(line, sizeof(line), stdin) == NULL)
			return PAM_CONV_ERR;
		line[strcspn(line, "\n")] = '\0';
		(*ret)[i].resp = strdup(line);
	}
	return PAM_SUCCESS;
}

/* Lines of FILE that hold all of WORDS; VALUE, if any, gets the last number. */
static long
count(const char *file, const char *a, const char *b, long *value)
{
	FILE *f = fopen(file, "re");
	char line[4096];
	long n = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, a) != NULL && strstr(line, b) != NULL) {
			n++;
			if (value != NULL)
				*value = strtol(line + strlen(a), NULL, 10);
		}
	if (f == NULL || fclose(f) != 0)
		err(1, "%s", file);
	return n;
}

static struct cost
so_far(void)
{
	struct rusage usage;
	struct cost c;

	c.libraries = count("/proc/self/maps", ".so", "r-xp", NULL);
	(void)count("/proc/self/status", "VmRSS:", "kB", &c.kib);
	(void)getrusage(RUSAGE_SELF, &usage);
	c.faults = usage.ru_minflt;
	return c;
}

static const struct pam_conv conv = { converse, NULL };

static pam_handle_t *
start(char *argv[], const char *tty)
{
	pam_handle_t *pamh;

	if (pam_start_confdir(argv[2], argv[3], &conv, argv[1],
	    &pamh) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_TTY, tty) != PAM_SUCCESS)
		errx(1, "pam_start");
	return pamh;
}

static void
one_call(char *argv[])
{
	struct cost begun, before, after;
	pam_handle_t *pamh;
	int code;

	(void)printf("\n");	/* what stdio allocates is not the call's */
	(void)so_far();
	begun = so_far();
	pamh = start(argv, "ssh");
	before = so_far();
	code = pam_authenticate(pamh, 0);
	after = so_far();
	(void)printf("%d %ld %ld %ld\n", code, after.faults - before.faults,
	    after.kib - begun.kib, after.libraries - begun.libraries);
	(void)pam_end(pamh, code);
}

static int
go_through(pam_handle_t *pamh, const char *phases)
{
	int code = PAM_SUCCESS;

	for (; *phases != '\0' && code == PAM_SUCCESS; phases++)
		code = *phases == 'a' ? pam_authenticate(pamh, 0)
		    : pam_acct_mgmt(pamh, 0);
	return code;
}

static void
as_sudo(char *argv[])
{
	long times = strtol(argv[5], NULL, 10), spent = 0;
	const struct passwd *pw = getpwnam(argv[3]);
	struct timespec from, to;
	int code = PAM_ABORT;

	if (pw == NULL || setresuid(pw->pw_uid, 0, 0) != 0)
		err(1, "%s", argv[3]);
	for (long i = 0; i < times; i++) {
		pam_handle_t *pamh = start(argv, "/dev/pts/0");

		(void)clock_gettime(CLOCK_MONOTONIC, &from);
		code = go_through(pamh, argv[4]);
		(void)clock_gettime(CLOCK_MONOTONIC, &to);
		(void)pam_end(pamh, code);
		spent += (to.tv_sec - from.tv_sec) * 1000000000 +
		    to.tv_nsec - from.tv_nsec;
	}
	(void)printf("%d %ld\n", code, times == 0 ? 0 : spent / times);
}

int
main(int argc, char *argv[])
{
	if ((argc != 4 && argc != 6) ||
	    setvbuf(stdout, NULL, _IOLBF, BUFSIZ) != 0)
		errx(1, "host FOLDER SERVICE USER [PHASES TIMES]");
	if (argc == 4)
		one_call(argv);
	else
		as_sudo(argv);
	return 0;
}
