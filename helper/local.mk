# SPDX-License-Identifier: BSD-2-Clause
# A stranger: own user, on the network, assumed hostile.  Of pam_beproduct/ it
# shares wire/ and only wire/.
noinst_LTLIBRARIES += libbphelper.la
libbphelper_la_SOURCES = \
	%D%/api.c %D%/api.h \
	%D%/callback.c %D%/callback.h \
	%D%/certificate.c %D%/certificate.h \
	%D%/challenge.c %D%/challenge.h \
	%D%/claims.c %D%/claims.h \
	%D%/client.c %D%/client.h \
	%D%/fetch.c %D%/fetch.h \
	%D%/form.c %D%/form.h \
	%D%/grant.c %D%/grant.h \
	%D%/http.c %D%/http.h \
	%D%/id_token.c %D%/id_token.h \
	%D%/json.c %D%/json.h \
	%D%/jwks.c %D%/jwks.h \
	%D%/key.c %D%/key.h \
	%D%/limits.h \
	%D%/parent.c %D%/parent.h \
	%D%/refusal.c %D%/refusal.h \
	%D%/request/discover.c %D%/request/discover.h \
	%D%/request/host_token.c %D%/request/host_token.h \
	%D%/request/list.c %D%/request/list.h \
	%D%/request/look_up.c %D%/request/look_up.h \
	%D%/request/redeem.c %D%/request/redeem.h \
	%D%/request/renew.c %D%/request/renew.h \
	%D%/request/revoke.c %D%/request/revoke.h \
	%D%/request/sign_in.c %D%/request/sign_in.h \
	%D%/say.c %D%/say.h \
	%D%/serve.c %D%/serve.h \
	%D%/signature.c %D%/signature.h \
	%D%/token.c %D%/token.h \
	%D%/why.c %D%/why.h
libbphelper_la_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(CJSON_CFLAGS) \
	$(LIBJWT_CFLAGS) $(SSL_CFLAGS) $(CRYPTO_CFLAGS)
libbphelper_la_LIBADD = libbpwire.la $(CURL_LIBS) $(CJSON_LIBS) \
	$(LIBJWT_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

helperexecdir = $(libexecdir)/beproduct
helperexec_PROGRAMS = beproduct-helper
beproduct_helper_SOURCES = %D%/main.c
beproduct_helper_LDADD = libbphelper.la
beproduct_helper_LDFLAGS = $(AM_LDFLAGS) -pie

# 0711: who cannot read the program cannot attach to it as it starts
install-exec-hook:
	chmod 0711 "$(DESTDIR)$(helperexecdir)/beproduct-helper"
