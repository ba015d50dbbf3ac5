# SPDX-License-Identifier: BSD-2-Clause
# Examples for the administrator, and what systemd makes at boot.
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
dist_sysusers_DATA = %D%/sysusers.d/beproduct.conf
dist_tmpfiles_DATA = %D%/tmpfiles.d/beproduct.conf

examplesdir = $(docdir)/examples
examplespamdir = $(examplesdir)/pam.d
examplessshddir = $(examplesdir)/sshd_config.d
dist_examples_DATA = %D%/accounts.map %D%/beproduct.conf
dist_examplespam_DATA = \
	%D%/pam.d/login.example %D%/pam.d/sshd.example \
	%D%/pam.d/su.example %D%/pam.d/su-l.example \
	%D%/pam.d/sudo.example %D%/pam.d/sudo-i.example
dist_examplessshd_DATA = %D%/sshd_config.d/beproduct.conf.example
dist_doc_DATA = README.md SECURITY.md LICENSE NEWS
