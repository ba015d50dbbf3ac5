# SPDX-License-Identifier: BSD-2-Clause
# Runs as root inside sshd, sudo and login: libc, libpam and, of libmd, SHA-256.
noinst_LTLIBRARIES += libbpwire.la libbpcore.la libbpattempt.la

# The border: the only code that both sides compile.
libbpwire_la_SOURCES = \
	%D%/wire/ascii.c %D%/wire/ascii.h \
	%D%/wire/base64url.c %D%/wire/base64url.h \
	%D%/wire/buf.c %D%/wire/buf.h \
	%D%/wire/claim.c %D%/wire/claim.h \
	%D%/wire/clock.c %D%/wire/clock.h \
	%D%/wire/endpoint.c %D%/wire/endpoint.h \
	%D%/wire/field.def %D%/wire/limits.h %D%/wire/message.def \
	%D%/wire/hide.c %D%/wire/hide.h \
	%D%/wire/line.c %D%/wire/line.h \
	%D%/wire/list.c %D%/wire/list.h \
	%D%/wire/mailbox.c %D%/wire/mailbox.h \
	%D%/wire/msg.c %D%/wire/msg.h %D%/wire/reason.def \
	%D%/wire/origin.c %D%/wire/origin.h \
	%D%/wire/pem.c %D%/wire/pem.h \
	%D%/wire/person.c %D%/wire/person.h \
	%D%/wire/text.c %D%/wire/text.h

# Decisions: no PAM, no processes, no network.
libbpcore_la_SOURCES = \
	%D%/core/account_map.c %D%/core/account_map.h \
	%D%/core/answer.c %D%/core/answer.h \
	%D%/core/authorize.c %D%/core/authorize.h \
	%D%/core/cache.c %D%/core/cache.h \
	%D%/core/config.c %D%/core/config.h \
	%D%/core/day.c %D%/core/day.h \
	%D%/core/digest.c %D%/core/digest.h \
	%D%/core/expression.c %D%/core/expression.h \
	%D%/core/file.c %D%/core/file.h \
	%D%/core/host.c %D%/core/host.h \
	%D%/core/identity.c %D%/core/identity.h \
	%D%/core/ini.c %D%/core/ini.h \
	%D%/core/item.c %D%/core/item.h \
	%D%/core/lock.c %D%/core/lock.h \
	%D%/core/log.c %D%/core/log.h \
	%D%/core/map_rule.c %D%/core/map_rule.h \
	%D%/core/match.c %D%/core/match.h \
	%D%/core/name.c %D%/core/name.h \
	%D%/core/outage.c %D%/core/outage.h \
	%D%/core/pin.c %D%/core/pin.h \
	%D%/core/pkce.c %D%/core/pkce.h \
	%D%/core/policy.c %D%/core/policy.h \
	%D%/core/provider.c %D%/core/provider.h \
	%D%/core/proc.c %D%/core/proc.h \
	%D%/core/queue.c %D%/core/queue.h \
	%D%/core/random.c %D%/core/random.h \
	%D%/core/reason.c %D%/core/reason.h %D%/core/reason.def \
	%D%/core/secret.c %D%/core/secret.h \
	%D%/core/service_token.c %D%/core/service_token.h \
	%D%/core/setup.c %D%/core/setup.h \
	%D%/core/slot.c %D%/core/slot.h \
	%D%/core/ssh_key.c %D%/core/ssh_key.h \
	%D%/core/ticket.c %D%/core/ticket.h \
	%D%/core/user.c %D%/core/user.h \
	%D%/core/words.c %D%/core/words.h
libbpcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(MD_CFLAGS)
libbpcore_la_LIBADD = $(MD_LIBS)

# An attempt: accounts, the helper and the dialogue, without PAM.
libbpattempt_la_SOURCES = \
	%D%/attempt/account.c %D%/attempt/account.h \
	%D%/attempt/child.c %D%/attempt/child.h \
	%D%/attempt/dialogue.c %D%/attempt/dialogue.h \
	%D%/attempt/discover.c %D%/attempt/discover.h \
	%D%/attempt/exchange.c %D%/attempt/exchange.h \
	%D%/attempt/holder.c %D%/attempt/holder.h \
	%D%/attempt/judge.c %D%/attempt/judge.h \
	%D%/attempt/launch.c %D%/attempt/launch.h \
	%D%/attempt/look_up.c %D%/attempt/look_up.h \
	%D%/attempt/redeem.c %D%/attempt/redeem.h \
	%D%/attempt/renew.c %D%/attempt/renew.h \
	%D%/attempt/renewal.c %D%/attempt/renewal.h \
	%D%/attempt/request.c %D%/attempt/request.h \
	%D%/attempt/revoke.c %D%/attempt/revoke.h \
	%D%/attempt/whose.c %D%/attempt/whose.h

pammod_LTLIBRARIES = pam_beproduct.la
pam_beproduct_la_SOURCES = %D%/pam_beproduct.c \
	%D%/acct_mgmt.c %D%/acct_mgmt.h \
	%D%/authenticate.c %D%/authenticate.h \
	%D%/by_key.c %D%/by_key.h \
	%D%/by_look_up.c %D%/by_look_up.h \
	%D%/by_ticket.c %D%/by_ticket.h \
	%D%/call.c %D%/call.h \
	%D%/conv.c %D%/conv.h \
	%D%/ending.c %D%/ending.h \
	%D%/kept.c %D%/kept.h \
	%D%/session.c %D%/session.h
pam_beproduct_la_LIBADD = libbpattempt.la libbpcore.la libbpwire.la $(PAM_LIBS)
pam_beproduct_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
	-Wl,-z,defs \
	-Wl,--version-script=$(top_srcdir)/%D%/pam_beproduct.map
EXTRA_pam_beproduct_la_DEPENDENCIES = $(top_srcdir)/%D%/pam_beproduct.map
EXTRA_DIST += %D%/pam_beproduct.map %D%/wire/PROTOCOL.md

# Data, to automake: the folder's name has no "exec" in it.  PAM wants neither
# an executable nor libtool's note, without which libtool uninstalls nothing.
install-data-hook:
	chmod 0644 "$(DESTDIR)$(pammoddir)/pam_beproduct.so"
	rm -f "$(DESTDIR)$(pammoddir)/pam_beproduct.la"
uninstall-hook:
	rm -f "$(DESTDIR)$(pammoddir)/pam_beproduct.so"
