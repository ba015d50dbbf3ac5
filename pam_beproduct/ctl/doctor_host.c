/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/host.h"
#include "ctl/doctor.h"
#include "ctl/stack.h"
#include "ctl/way_in.h"
#include "wire/ascii.h"

#include <sys/stat.h>

#include <stdio.h>
#include <string.h>

/* What is missing is made when it is needed. */
void
bp_doctor_folders(struct bp_check *c)
{
	static const char *const folders[] = { BP_PATH_STATE,
	    BP_PATH_STATE "/pins", BP_PATH_STATE "/locks",
	    BP_PATH_STATE "/revoke", BP_PATH_RUN, BP_PATH_RUN "/tickets",
	    BP_PATH_CACHE };
	struct stat st;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct bp_where where = { .file = folders[i] };

		if (lstat(folders[i], &st) != 0)
			continue;
		if (!S_ISDIR(st.st_mode) || st.st_uid != 0 ||
		    (st.st_mode & 022) != 0)
			bp_finding_error(&c->findings, where, "is no folder "
			    "of root's alone, and is not used: a folder, no "
			    "link, chown root:root, chmod 0700");
		else if ((st.st_mode & 077) != 0)
			bp_finding_warn(&c->findings, where, "has mode %04o: "
			    "others may look into it: chmod 0700",
			    (unsigned)st.st_mode & 07777);
	}
}

/* login.defs(5): a key, blanks, its value; the first one counts. */
static bool
read_timeout(uint32_t *ret)
{
	static const char key[] = "LOGIN_TIMEOUT";
	FILE *f = fopen("/etc/login.defs", "re");
	char line[256];
	bool is = false;

	while (f != NULL && !is && fgets(line, sizeof(line), f) != NULL) {
		struct bp_text t = bp_text_trim((struct bp_text){ line,
		    strcspn(line, "\n") });

		if (!bp_text_starts(t, key))
			continue;
		t = bp_text_after(t, sizeof(key) - 1);
		is = t.len > 0 && bp_ascii_is_blank(t.at[0]) &&
		    bp_text_number(bp_text_trim(t), UINT32_MAX, ret);
	}
	if (f != NULL)
		(void)fclose(f);
	return is;
}

void
bp_doctor_login(struct bp_check *c)
{
	static const struct bp_where where = { .file = "/etc/login.defs",
	    .key = BP_TEXT("LOGIN_TIMEOUT") };
	const struct bp_service *s = bp_config_service(&c->setup.cfg,
	    bp_text_of("login"));
	uint32_t ours = s != NULL ? s->deadline : 0, theirs = 60;

	if (!bp_stack_of("login").auth.is)
		return;
	if (ours == 0)
		ours = bp_host_of(bp_text_of("login"),
		    BP_TTY_TERMINAL)->deadline;
	(void)read_timeout(&theirs);
	if (theirs != 0 && theirs <= ours)
		bp_finding_warn(&c->findings, where, "is %u: login ends a "
		    "sign-in before the deadline of [service:login] does, at "
		    "%u seconds, and says nothing: a longer one here, or a "
		    "shorter deadline", theirs, ours);
}

static bool
has_line(const char *path, const char *with, char *line, size_t size)
{
	FILE *f = fopen(path, "re");
	bool is = false;

	while (f != NULL && !is && fgets(line, (int)size, f) != NULL)
		is = strstr(line, with) != NULL;
	if (f != NULL)
		(void)fclose(f);
	line[is ? strcspn(line, "\n") : 0] = '\0';
	return is;
}

/* No policy of either is ours: what is there is told, and where to look. */
void
bp_doctor_machine(struct bp_check *c)
{
	static const char enforce[] = "/sys/fs/selinux/enforce";
	static const char profiles[] = "/sys/kernel/security/apparmor/profiles";
	char line[256];

	if (has_line(enforce, "1", line, sizeof(line)))
		bp_finding_note(&c->findings, (struct bp_where){
		    .file = enforce }, "SELinux enforces: where the helper "
		    "does not start, or reaches nobody, only from sshd or "
		    "login, `ausearch -m avc -ts recent` says so");
	if (has_line(profiles, "beproduct-helper", line, sizeof(line)))
		bp_finding_note(&c->findings, (struct bp_where){
		    .file = profiles }, "AppArmor has a profile on the "
		    "helper: %s", line);
}

static bool
is_su(const char *name)
{
	return bp_host_of(bp_text_of(name), BP_TTY_OTHER)->auth_alone;
}

/* Of su nobody is locked out: to become root it asks us never. */
static void
look_at_way(const char *name, void *context)
{
	struct bp_check *c = context;
	struct bp_stack s = bp_stack_of(name);
	char file[BP_SERVICE_NAME_MAX + sizeof("/etc/pam.d/")];
	struct bp_where where = { .file = file };
	struct bp_way_in way;

	if (bp_pam_is_common(name) || is_su(name) ||
	    (!s.auth.is && !s.account.is))
		return;
	(void)snprintf(file, sizeof(file), "/etc/pam.d/%s", name);
	way = bp_way_in(c->has_cfg ? &c->setup.cfg : NULL, name);
	if (way.is)
		bp_finding_ok(&c->findings, where, "with the provider down "
		    "somebody still gets in: %s", way.words);
	else if (way.may_be)
		bp_finding_note(&c->findings, where, "with the provider down "
		    "nobody is known to get in, but sshd has keys that stand "
		    "in no file, which are not looked at (%s)", way.words);
	else
		bp_finding_warn(&c->findings, where, "with the provider down "
		    "nobody gets in (%s): give root, or an account of "
		    "local_accounts, a local password or an SSH key, and try "
		    "it", way.words);
}

void
bp_doctor_ways(struct bp_check *c)
{
	bp_pam_each(look_at_way, c);
}
