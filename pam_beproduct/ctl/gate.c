/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/gate.h"
#include "core/config.h"
#include "wire/ascii.h"

#include <string.h>

#define MANY	"many services come through this file, cron among them: enable " \
	"single ones"
#define MUTE	"it asks nobody, and would be refused at once"
#define OWN	"it changes an account, and signs nobody in"
#define UNREAD	"libpam looks for a file whose name is in small letters, and " \
	"reads none of this name"
#define GREETER	"no greeter shows an address and takes one: nobody could " \
	"sign in"

const char *
bp_gate_against(const char *service)
{
	static const struct { const char *service, *why; } rows[] = {
		{ "other", MANY }, { "cron", MUTE }, { "crond", MUTE },
		{ "atd", MUTE }, { "systemd-user", MUTE },
		{ "runuser", MUTE }, { "runuser-l", MUTE },
		{ "polkit-1", GREETER }, { "gdm-password", GREETER },
		{ "gdm", GREETER }, { "lightdm", GREETER },
		{ "lightdm-greeter", GREETER }, { "sddm", GREETER },
		{ "kde", GREETER }, { "xscreensaver", GREETER },
		{ "passwd", OWN }, { "chpasswd", OWN }, { "newusers", OWN },
		{ "chfn", OWN }, { "chsh", OWN },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].service, service) == 0)
			return rows[i].why;
	for (const char *s = service; *s != '\0'; s++)
		if (bp_ascii_is_capital(*s))
			return UNREAD;
	return bp_pam_is_common(service) ? MANY : NULL;
}

bool
bp_gate_is_name(const char *service)
{
	size_t n = strlen(service);

	for (size_t i = 0; i < n; i++)
		if (!bp_ascii_is_alnum(service[i]) &&
		    strchr("-_.", service[i]) == NULL)
			return false;
	return n > 0 && n <= BP_SERVICE_NAME_MAX && service[0] != '.' &&
	    service[0] != '-';
}

static const struct bp_host *
host_of(const char *service)
{
	return bp_host_of(bp_text_of(service), BP_TTY_OTHER);
}

void
bp_gate_pair(const char *service, const char *ret[2])
{
	const struct bp_host *host = host_of(service);

	ret[0] = host->gate != NULL ? host->gate : service;
	ret[1] = NULL;
	for (size_t i = 0; (host = bp_host_at(i)) != NULL; i++)
		if (host->gate != NULL && strcmp(host->gate, ret[0]) == 0)
			ret[1] = host->service;
}

const char *
bp_gate_line(const char *service, enum bp_pam_phase phase)
{
	const struct bp_host *host = host_of(service);
	bool begins = host->ticket == BP_TICKET_PARENT ||
	    host->ticket == BP_TICKET_SELF;

	switch (phase) {
	case BP_PAM_AUTH:
		return BP_PAM_AUTH_LINE;
	case BP_PAM_ACCOUNT:
		return host->auth_alone ? NULL : BP_PAM_ACCOUNT_LINE;
	case BP_PAM_SESSION:
		return begins ? BP_PAM_SESSION_LINE : NULL;
	case BP_PAM_PASSWORD:
	case BP_PAM_PHASES:
		break;
	}
	return NULL;
}

bool
bp_gate_is_tried(const char *service)
{
	return host_of(service)->service[0] != '\0';
}
