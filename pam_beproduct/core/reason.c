/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/reason.h"
#include "core/identity.h"

#define SAY_NOTHING	""
#define SAY_ADMIN	"Sign-in does not work on this host as it is set up. " \
			"Please tell its administrator."
#define SAY_DENIED	"You are not allowed in here. " \
			"Please ask the administrator of this host."
#define SAY_UNASKED	"You were not asked to sign in with BeProduct, as " \
			"you must be here. Please ask the administrator of " \
			"this host."
#define SAY_KEY		"An SSH key alone does not let you in here. " \
			"Sign in with: ssh -o PubkeyAuthentication=no"
#define SAY_SUDO	"sudo did not ask you to sign in. Run sudo -k and " \
			"try again. If that changes nothing, please ask the " \
			"administrator of this host about NOPASSWD."
#define SAY_FAILED	"The sign-in did not succeed. Please start again."
#define SAY_OLD		"You signed in to BeProduct too long ago. Please " \
			"sign out there in your browser, and start again."
#define SAY_REFUSED	"BeProduct refused the sign-in. Please start again, " \
			"or ask your BeProduct administrator."
#define SAY_CANCELLED	"The sign-in was cancelled, or BeProduct does not " \
			"allow it. Please start again, or ask your " \
			"BeProduct administrator."
#define SAY_LOGIN	"BeProduct did not get your login. Please start " \
			"again, and sign in on its page."
#define SAY_CONSENT	"BeProduct did not get your consent. Please start " \
			"again, and agree on its page."
#define SAY_INTERACT	"BeProduct did not get an answer from you. Please " \
			"start again, and answer on its page."
#define SAY_AGAIN	"That answer could not be used."
#define SAY_CUT		"That answer arrived incomplete: it is too long. " \
			"Please paste only what stands between code= and " \
			"the next &."
#define SAY_SHORTER	"No answer arrived. If you pasted a long one, start " \
			"again, and paste only what stands between code= and " \
			"the next &."
#define SAY_TRIES	"That answer could not be used, and it was the " \
			"last try. Please start again."
#define SAY_LATER	"BeProduct cannot be reached from this host at the " \
			"moment. Please try again later."
#define SAY_MANY	"Too many sign-ins of yours are under way. " \
			"Please try again in a moment."
#define SAY_LATE	"The time for this sign-in is over. Please start again."

static const struct bp_reason_row rows[] = {
#define R(name, class, say, log)  { #name, BP_CLASS_##class, SAY_##say, log },
#include "core/reason.def"
#undef R
};

static const enum bp_reason of_wire[BP_WIRE_REASONS] = {
#define W(name)	[BP_WIRE_##name] = BP_##name,
#include "wire/reason.def"
#undef W
};

const struct bp_reason_row *
bp_reason_row(enum bp_reason r)
{
	size_t i = (size_t)r;

	return &rows[i < BP_REASONS ? i : BP_UNDECIDED];
}

bool
bp_reason_is_about_person(enum bp_reason r)
{
	enum bp_class class = bp_reason_row(r)->class;

	return class == BP_CLASS_DENIED || class == BP_CLASS_FAILED;
}

enum bp_reason
bp_reason_of_wire(enum bp_wire_reason r)
{
	return (size_t)r < BP_WIRE_REASONS ? of_wire[r] : BP_UNDECIDED;
}

bool
bp_refuse(enum bp_reason *reterr, enum bp_reason why)
{
	*reterr = why;
	return false;
}
