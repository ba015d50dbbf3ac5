# Examples for the administrator, and what systemd makes at boot.
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
dist_sysusers_DATA = %D%/sysusers.d/beproduct.conf
dist_tmpfiles_DATA = %D%/tmpfiles.d/beproduct.conf

examplesdir = $(docdir)/examples
dist_examples_DATA = %D%/accounts.map %D%/beproduct.conf \
	%D%/pam.d/login.example %D%/pam.d/sshd.example \
	%D%/pam.d/su.example %D%/pam.d/su-l.example \
	%D%/pam.d/sudo.example %D%/pam.d/sudo-i.example \
	%D%/sshd_config.d/beproduct.conf.example
dist_doc_DATA = README.md SECURITY.md LICENSE NEWS
