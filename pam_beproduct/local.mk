# Runs as root inside sshd, sudo and login: libc and libpam, nothing else.
noinst_LTLIBRARIES += libbpwire.la libbpcore.la libbpguest.la

# The border: the only code that both sides compile.
libbpwire_la_SOURCES = \
	%D%/wire/buf.c %D%/wire/buf.h \
	%D%/wire/claim.c %D%/wire/claim.h \
	%D%/wire/list.c %D%/wire/list.h \
	%D%/wire/msg.c %D%/wire/msg.h %D%/wire/reason.def \
	%D%/wire/origin.c %D%/wire/origin.h \
	%D%/wire/text.c %D%/wire/text.h

# Decisions: no PAM, no processes, no network.
libbpcore_la_SOURCES = \
	%D%/core/account_map.c %D%/core/account_map.h \
	%D%/core/answer.c %D%/core/answer.h \
	%D%/core/authorize.c %D%/core/authorize.h \
	%D%/core/config.c %D%/core/config.h \
	%D%/core/file.c %D%/core/file.h \
	%D%/core/identity.c %D%/core/identity.h \
	%D%/core/ini.c %D%/core/ini.h \
	%D%/core/item.c %D%/core/item.h \
	%D%/core/log.c %D%/core/log.h \
	%D%/core/policy.c %D%/core/policy.h \
	%D%/core/provider.c %D%/core/provider.h \
	%D%/core/random.c %D%/core/random.h \
	%D%/core/reason.c %D%/core/reason.h %D%/core/reason.def \
	%D%/core/secret.c %D%/core/secret.h \
	%D%/core/setup.c %D%/core/setup.h \
	%D%/core/words.c %D%/core/words.h

# The dialogue, starting the helper and looking up accounts, without PAM.
libbpguest_la_SOURCES = %D%/dialogue.c %D%/dialogue.h \
	%D%/launch.c %D%/launch.h \
	%D%/request.c %D%/request.h %D%/whose.c %D%/whose.h

pammod_LTLIBRARIES = pam_beproduct.la
pam_beproduct_la_SOURCES = %D%/pam_beproduct.c \
	%D%/account.c %D%/account.h \
	%D%/call.c %D%/call.h \
	%D%/conv.c %D%/conv.h \
	%D%/kept.c %D%/kept.h \
	%D%/login.c %D%/login.h
pam_beproduct_la_LIBADD = libbpguest.la libbpcore.la libbpwire.la $(PAM_LIBS)
pam_beproduct_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
	-Wl,-z,defs \
	-Wl,--version-script=$(top_srcdir)/%D%/pam_beproduct.map
EXTRA_pam_beproduct_la_DEPENDENCIES = $(top_srcdir)/%D%/pam_beproduct.map
EXTRA_DIST += %D%/pam_beproduct.map %D%/wire/PROTOCOL.md

# The administrator's program: the same core and launch, without PAM.  Not in
# core: what only it needs is not to be loaded into sshd.
noinst_LTLIBRARIES += libbpctl.la
libbpctl_la_SOURCES = %D%/ctl/claims_file.c %D%/ctl/claims_file.h
sbin_PROGRAMS = beproductctl
beproductctl_SOURCES = %D%/ctl/main.c \
	%D%/ctl/check.c %D%/ctl/check.h \
	%D%/ctl/check_files.c %D%/ctl/check_host.c %D%/ctl/check_keys.c \
	%D%/ctl/check_meaning.c %D%/ctl/check_pam.c %D%/ctl/check_sudoers.c \
	%D%/ctl/finding.c %D%/ctl/finding.h \
	%D%/ctl/live.c %D%/ctl/live.h \
	%D%/ctl/options.c %D%/ctl/options.h \
	%D%/ctl/pam_stack.c %D%/ctl/pam_stack.h \
	%D%/ctl/report.c %D%/ctl/report.h \
	%D%/ctl/report_map.c %D%/ctl/report_map.h \
	%D%/ctl/sign_in.c %D%/ctl/sign_in.h \
	%D%/ctl/step.c %D%/ctl/step.h \
	%D%/ctl/suggest.c %D%/ctl/suggest.h
beproductctl_LDADD = libbpctl.la libbpguest.la libbpcore.la libbpwire.la
beproductctl_LDFLAGS = $(AM_LDFLAGS) -pie
