/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nss_bptest.c - names that files cannot have: a directory that ignores case,
 * and one that cannot be asked.  For passwd in the private root's
 * nsswitch.conf, behind files.
 */
#include <errno.h>
#include <nss.h>
#include <pwd.h>
#include <string.h>

enum nss_status	_nss_bptest_getpwnam_r(const char *name, struct passwd *pw,
		    char *room, size_t n, int *error);

static const struct {
	const char	*asked, *spelt;
	uid_t		 uid;
	int		 error;
	size_t		 needs;		/* bytes of room */
} people[] = {
	{ "ALICE", "alice", 4001, 0, 0 },
	{ "LOCAL1", "local1", 4003, 0, 0 },
	{ "ROOT", "root", 0, 0, 0 },
	{ "large", "large", 4000000000, 0, 200000 },
	{ "unasked", NULL, 0, EIO, 0 },
	{ "boundless", NULL, 0, ERANGE, 0 },
};

enum nss_status
_nss_bptest_getpwnam_r(const char *name, struct passwd *pw, char *room,
    size_t n, int *error)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		if (strcmp(name, people[i].asked) != 0)
			continue;
		*error = people[i].error;
		if (n < people[i].needs || n < 16)
			*error = ERANGE;
		if (*error != 0)
			return *error == ERANGE ? NSS_STATUS_TRYAGAIN
			    : NSS_STATUS_UNAVAIL;
		(void)strcpy(room, people[i].spelt);
		*pw = (struct passwd){ .pw_name = room, .pw_passwd = "x",
		    .pw_uid = people[i].uid, .pw_gid = 100, .pw_gecos = "",
		    .pw_dir = "/", .pw_shell = "/bin/sh" };
		return NSS_STATUS_SUCCESS;
	}
	return NSS_STATUS_NOTFOUND;
}
