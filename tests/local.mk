# Run as root to run them all; what needs root is skipped for anybody else.
AM_TESTS_ENVIRONMENT = CC='$(CC)'; top_srcdir='$(abs_top_srcdir)'; \
	top_builddir='$(abs_top_builddir)'; export CC top_srcdir top_builddir;
AM_CPPFLAGS += -I$(top_srcdir)/%D%

# What is looked at as it is shipped; sanitizers would change it.
BP_TESTS_SHIPPED = %D%/boundary/boundary.sh
TESTS += $(BP_TESTS_SHIPPED)

if HAVE_CMOCKA
check_PROGRAMS += \
	%D%/unit/test_base64url \
	%D%/unit/test_id_token \
	%D%/unit/test_json \
	%D%/unit/test_jwks \
	%D%/unit/test_token \
	%D%/unit/test_why
TESTS += $(check_PROGRAMS)
endif

LDADD = libbphelper.la libbpguest.la libbpcore.la libbpwire.la $(CMOCKA_LIBS)
EXTRA_DIST += %D%/boundary/boundary.sh %D%/boundary/imports %D%/demo %D%/e2e \
	%D%/idp %D%/run %D%/support .ci/run .gitignore
dist-hook:
	find "$(distdir)" -name __pycache__ -prune -exec rm -rf {} +
	rm -rf "$(distdir)/tests/idp/node_modules"
