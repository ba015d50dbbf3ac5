# SPDX-License-Identifier: BSD-2-Clause
# Runs as root from a shell: the same core and attempt as the module's, without
# PAM.  Links libc alone.  Not in core: what only it needs is not to be loaded
# into sshd.
noinst_LTLIBRARIES += libbpctl.la
libbpctl_la_SOURCES = %D%/claims_file.c %D%/claims_file.h \
	%D%/index.c %D%/index.h \
	%D%/pam_diff.c %D%/pam_diff.h \
	%D%/pam_edit.c %D%/pam_edit.h \
	%D%/pam_place.c %D%/pam_place.h \
	%D%/pam_stack.c %D%/pam_stack.h \
	%D%/run.c %D%/run.h \
	%D%/sshd_says.c %D%/sshd_says.h \
	%D%/way_in.c %D%/way_in.h

sbin_PROGRAMS = beproductctl
beproductctl_SOURCES = %D%/main.c \
	%D%/cache.c %D%/cache.h \
	%D%/change.c %D%/change.h \
	%D%/check.c %D%/check.h \
	%D%/check_files.c %D%/check_host.c %D%/check_keys.c %D%/check_locks.c \
	%D%/check_map.c %D%/check_meaning.c %D%/check_pam.c \
	%D%/check_passwords.c %D%/check_pins.c %D%/check_renewal.c \
	%D%/check_service.c %D%/check_sshd.c %D%/check_sudoers.c \
	%D%/disable.c \
	%D%/doctor.c %D%/doctor.h %D%/doctor_api.c %D%/doctor_helper.c \
	%D%/doctor_host.c %D%/doctor_provider.c \
	%D%/drop.c %D%/drop.h \
	%D%/enable.c %D%/enable.h \
	%D%/escape.c %D%/escape.h \
	%D%/explain.c %D%/explain.h \
	%D%/finding.c %D%/finding.h \
	%D%/gate.c %D%/gate.h \
	%D%/given_file.c %D%/given_file.h \
	%D%/inquiry.c %D%/inquiry.h \
	%D%/live.c %D%/live.h \
	%D%/lock_file.c %D%/lock_file.h \
	%D%/locks.c %D%/locks.h \
	%D%/logout.c %D%/logout.h \
	%D%/options.c %D%/options.h \
	%D%/pam_file.c %D%/pam_file.h \
	%D%/pam_kept.c %D%/pam_kept.h \
	%D%/people.c %D%/people.h \
	%D%/pin_change.c %D%/pin_change.h \
	%D%/pin_walk.c %D%/pin_walk.h \
	%D%/pins.c %D%/pins.h %D%/pins_import.c \
	%D%/question.c %D%/question.h \
	%D%/report.c %D%/report.h \
	%D%/report_map.c %D%/report_map.h \
	%D%/report_pins.c %D%/report_pins.h \
	%D%/roster.c %D%/roster.h \
	%D%/roster_pins.c %D%/roster_pins.h \
	%D%/roster_show.c %D%/roster_show.h \
	%D%/service_sign_in.c %D%/service_sign_in.h \
	%D%/service_token.c %D%/service_token.h \
	%D%/sign_in.c %D%/sign_in.h \
	%D%/sshd_access.c %D%/sshd_access.h \
	%D%/stack.c %D%/stack.h \
	%D%/step.c %D%/step.h \
	%D%/sudoers.c %D%/sudoers.h \
	%D%/suggest.c %D%/suggest.h \
	%D%/tickets.c %D%/tickets.h \
	%D%/users.c %D%/users.h \
	%D%/waiting.c %D%/waiting.h \
	%D%/way_facts.c \
	%D%/walk.c %D%/walk.h
beproductctl_LDADD = libbpctl.la libbpattempt.la libbpcore.la libbpwire.la
beproductctl_LDFLAGS = $(AM_LDFLAGS) -pie
