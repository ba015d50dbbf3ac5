# SPDX-License-Identifier: BSD-2-Clause
# Examples and pages for the administrator, and what systemd makes at boot.
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
dist_sysusers_DATA = %D%/sysusers.d/beproduct.conf
dist_tmpfiles_DATA = %D%/tmpfiles.d/beproduct.conf

completiondir = $(datadir)/bash-completion/completions
dist_completion_DATA = %D%/completion/beproductctl

examplesdir = $(docdir)/examples
examplespamdir = $(examplesdir)/pam.d
examplessshddir = $(examplesdir)/sshd_config.d
dist_examples_DATA = %D%/accounts.map %D%/beproduct.conf %D%/examples/README.md \
	%D%/observed
dist_examplespam_DATA = \
	%D%/pam.d/login.example %D%/pam.d/sshd.example \
	%D%/pam.d/su.example %D%/pam.d/su-l.example \
	%D%/pam.d/sudo.example %D%/pam.d/sudo-i.example
dist_examplessshd_DATA = %D%/sshd_config.d/beproduct.conf.example

# Whole set-ups; what some of them share stands above, or in browser.
examplesbrowserdir = $(examplesdir)/browser
exampleskeybrowserdir = $(examplesdir)/key-and-browser
exampleskeyroledir = $(examplesdir)/key-by-role
examplessudodir = $(examplesdir)/sudo-by-ticket
examplesglassdir = $(examplesdir)/break-glass
dist_examplesbrowser_DATA = \
	%D%/examples/browser/accounts.map %D%/examples/browser/beproduct.conf
dist_exampleskeybrowser_DATA = \
	%D%/examples/key-and-browser/beproduct.conf %D%/examples/key-and-browser/sshd_config
dist_exampleskeyrole_DATA = \
	%D%/examples/key-by-role/accounts.map %D%/examples/key-by-role/beproduct.conf
dist_examplessudo_DATA = \
	%D%/examples/sudo-by-ticket/beproduct.conf %D%/examples/sudo-by-ticket/sudoers
dist_examplesglass_DATA = \
	%D%/examples/break-glass/beproduct.conf %D%/examples/break-glass/sshd_config

# The pages, with the places that configure was told.
man5_MANS = %D%/man/beproduct-accounts.map.5 %D%/man/beproduct.conf.5
man8_MANS = %D%/man/beproduct-helper.8 %D%/man/beproductctl.8 \
	%D%/man/pam_beproduct.8
bp_pages = $(man5_MANS) $(man8_MANS)
EXTRA_DIST += $(bp_pages:=.in) %D%/rpm/pam_beproduct.spec
CLEANFILES = $(bp_pages)
$(bp_pages): $(bp_pages:=.in) Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed \
	    -e 's,[@]docdir[@],$(docdir),g' \
	    -e 's,[@]libexecdir[@],$(libexecdir),g' \
	    -e 's,[@]localstatedir[@],$(localstatedir),g' \
	    -e 's,[@]pammoddir[@],$(pammoddir),g' \
	    -e 's,[@]runstatedir[@],$(runstatedir),g' \
	    -e 's,[@]sysconfdir[@],$(sysconfdir),g' \
	    $(srcdir)/$@.in >$@.made && mv $@.made $@

dist_doc_DATA = %D%/guide.md README.md SECURITY.md LICENSE NEWS
