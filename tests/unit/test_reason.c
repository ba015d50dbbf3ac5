/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/reason.h"

/* The class of each, written down once more: reason.def is held against it. */
static const struct reason {
	const char *name;
	enum bp_class class;
} reasons[] = {
	{ "UNDECIDED",		BP_CLASS_BROKEN },
	{ "ADMITTED",		BP_CLASS_ADMITTED },
	{ "ROOT",		BP_CLASS_LOCAL },
	{ "LOCAL_ACCOUNT",	BP_CLASS_LOCAL },
	{ "NO_ACCOUNT",		BP_CLASS_ABSENT },
	{ "ACCOUNT_UNKNOWN",	BP_CLASS_FAILED },
	{ "ACCOUNT_SPELLING",	BP_CLASS_DENIED },
	{ "ACCOUNT_LOOKUP",	BP_CLASS_BROKEN },
	{ "SERVICE_CLOSED",	BP_CLASS_DENIED },
	{ "NO_SIGN_IN",		BP_CLASS_DENIED },
	{ "SSH_NO_SIGN_IN",	BP_CLASS_DENIED },
	{ "SUDO_NO_SIGN_IN",	BP_CLASS_DENIED },
	{ "TENANT",		BP_CLASS_DENIED },
	{ "ROLE",		BP_CLASS_DENIED },
	{ "ALL_ROLES",		BP_CLASS_DENIED },
	{ "SCOPE",		BP_CLASS_DENIED },
	{ "ACR",		BP_CLASS_DENIED },
	{ "AMR",		BP_CLASS_DENIED },
	{ "NO_RULE",		BP_CLASS_DENIED },
	{ "EMAIL_UNVERIFIED",	BP_CLASS_DENIED },
	{ "EMAIL_DIFFERS",	BP_CLASS_DENIED },
	{ "PINNED",		BP_CLASS_DENIED },
	{ "LOCKED",		BP_CLASS_DENIED },
	{ "LOCK_UNTOLD",	BP_CLASS_BROKEN },
	{ "RULE_ENDED",		BP_CLASS_DENIED },
	{ "NOBODY_KNOWN",	BP_CLASS_DENIED },
	{ "SEVERAL_KNOWN",	BP_CLASS_DENIED },
	{ "ROLE_TYPE",		BP_CLASS_FAILED },
	{ "ROLE_LONG",		BP_CLASS_FAILED },
	{ "ACR_TYPE",		BP_CLASS_FAILED },
	{ "AMR_TYPE",		BP_CLASS_FAILED },
	{ "AUTH_TIME",		BP_CLASS_FAILED },
	{ "AUTH_TIME_PAST",	BP_CLASS_FAILED },
	{ "AUTH_TIME_AHEAD",	BP_CLASS_FAILED },
	{ "TRIES",		BP_CLASS_TRIES },
	{ "ANSWER_REPLACED",	BP_CLASS_BROKEN },
	{ "ANSWER_CUT",		BP_CLASS_FAILED },
	{ "DEADLINE",		BP_CLASS_UNAVAILABLE },
	{ "BROKE_OFF",		BP_CLASS_CONVERSATION },
	{ "SSH_NO_PROMPT",	BP_CLASS_CONVERSATION },
	{ "SUDO_BROKE_OFF",	BP_CLASS_CONVERSATION },
	{ "NO_CONVERSATION",	BP_CLASS_MUTE },
	{ "ARGUMENT",		BP_CLASS_BROKEN },
	{ "FILE_MISSING",	BP_CLASS_BROKEN },
	{ "FILE_UNTRUSTED",	BP_CLASS_BROKEN },
	{ "FILE_UNREAD",	BP_CLASS_BROKEN },
	{ "FILE_UNWRITTEN",	BP_CLASS_BROKEN },
	{ "CONFIG",		BP_CLASS_BROKEN },
	{ "MAP",		BP_CLASS_BROKEN },
	{ "MAP_LONG",		BP_CLASS_BROKEN },
	{ "SECRET",		BP_CLASS_BROKEN },
	{ "SERVICE_TOKEN_NONE",	BP_CLASS_BROKEN },
	{ "SERVICE_TOKEN_REFUSED", BP_CLASS_BROKEN },
	{ "SERVICE_TOKEN_OLD",	BP_CLASS_UNAVAILABLE },
	{ "RANDOM",		BP_CLASS_BROKEN },
	{ "MEMORY",		BP_CLASS_BROKEN },
	{ "PROVIDER_FOREIGN",	BP_CLASS_BROKEN },
	{ "NOT_REVOKED",	BP_CLASS_BROKEN },
	{ "REVOKED_LATER",	BP_CLASS_BROKEN },
	{ "QUEUE_FULL",		BP_CLASS_BROKEN },
	{ "HELPER_USER",	BP_CLASS_BROKEN },
	{ "HELPER_FILE",	BP_CLASS_BROKEN },
	{ "HELPER_START",	BP_CLASS_BROKEN },
	{ "HELPER_MANY",	BP_CLASS_UNAVAILABLE },
	{ "HELPER_ENDED",	BP_CLASS_BROKEN },
	{ "HELPER_BUILD",	BP_CLASS_BROKEN },
	{ "HELPER_LONG",	BP_CLASS_BROKEN },
	{ "HELPER_ANSWER",	BP_CLASS_BROKEN },
	{ "HELPER_LEFT",	BP_CLASS_BROKEN },
	{ "HELPER_SILENT",	BP_CLASS_UNAVAILABLE },
	{ "NO_CODE",		BP_CLASS_FAILED },
	{ "STATE_WRONG",	BP_CLASS_FAILED },
	{ "ISS_MISSING",	BP_CLASS_FAILED },
	{ "CODE_REFUSED",	BP_CLASS_FAILED },
	{ "HELPER_BROKEN",	BP_CLASS_BROKEN },
	{ "HELPER_LIMITS",	BP_CLASS_BROKEN },
	{ "CA_BAD",		BP_CLASS_BROKEN },
	{ "NO_NAME",		BP_CLASS_UNAVAILABLE },
	{ "NO_CONNECTION",	BP_CLASS_UNAVAILABLE },
	{ "TLS",		BP_CLASS_UNAVAILABLE },
	{ "PROXY",		BP_CLASS_UNAVAILABLE },
	{ "SILENCE",		BP_CLASS_UNAVAILABLE },
	{ "STATUS",		BP_CLASS_UNAVAILABLE },
	{ "BODY",		BP_CLASS_UNAVAILABLE },
	{ "DISCOVERY_ISSUER",	BP_CLASS_BROKEN },
	{ "DISCOVERY_ENDPOINT",	BP_CLASS_BROKEN },
	{ "NO_KEYS",		BP_CLASS_UNAVAILABLE },
	{ "RENEWAL_REFUSED",	BP_CLASS_FAILED },
	{ "REVOCATION_REFUSED",	BP_CLASS_BROKEN },
	{ "NO_REVOCATION",	BP_CLASS_BROKEN },
	{ "RECORD_BAD",		BP_CLASS_BROKEN },
	{ "PROVIDER_REFUSED",	BP_CLASS_FAILED },
	{ "ACCESS_DENIED",	BP_CLASS_FAILED },
	{ "LOGIN_REQUIRED",	BP_CLASS_FAILED },
	{ "CONSENT_REQUIRED",	BP_CLASS_FAILED },
	{ "INTERACTION_REQUIRED", BP_CLASS_FAILED },
	{ "CLIENT_REFUSED",	BP_CLASS_BROKEN },
	{ "CALLBACK_ISS",	BP_CLASS_FAILED },
	{ "TOKEN_MISSING",	BP_CLASS_FAILED },
	{ "TOKEN_TYPE",		BP_CLASS_FAILED },
	{ "TOKEN_FORM",		BP_CLASS_FAILED },
	{ "TOKEN_ALG",		BP_CLASS_FAILED },
	{ "TOKEN_KEY",		BP_CLASS_FAILED },
	{ "TOKEN_SIGNATURE",	BP_CLASS_FAILED },
	{ "TOKEN_ISS",		BP_CLASS_FAILED },
	{ "TOKEN_AUD",		BP_CLASS_FAILED },
	{ "TOKEN_AZP",		BP_CLASS_FAILED },
	{ "TOKEN_EXP",		BP_CLASS_FAILED },
	{ "TOKEN_IAT",		BP_CLASS_FAILED },
	{ "TOKEN_NBF",		BP_CLASS_FAILED },
	{ "TOKEN_NONCE",	BP_CLASS_FAILED },
	{ "TOKEN_SUB",		BP_CLASS_FAILED },
	{ "TOKEN_AT_HASH",	BP_CLASS_FAILED },
	{ "USERINFO_SUB",	BP_CLASS_FAILED },
	{ "API_EMAIL",		BP_CLASS_DENIED },
	{ "API_TOKEN",		BP_CLASS_DENIED },
	{ "API_FORBIDDEN",	BP_CLASS_DENIED },
	{ "API_NO_USER",		BP_CLASS_DENIED },
	{ "API_USERS",		BP_CLASS_DENIED },
	{ "API_INACTIVE",	BP_CLASS_DENIED },
	{ "API_ROLE_TYPE",	BP_CLASS_FAILED },
	{ "API_OTHER",		BP_CLASS_DENIED },
	{ "CLAIMS_LONG",	BP_CLASS_FAILED },
	{ "CLAIMS_SECRET",	BP_CLASS_FAILED },
};

static const struct bp_reason_row *
find(const char *name)
{
	for (enum bp_reason r = 0; r < BP_REASONS; r++)
		if (strcmp(bp_reason_row(r)->name, name) == 0)
			return bp_reason_row(r);
	return NULL;
}

ROWS(reasons, is_of_this_class)
{
	const struct reason *row = *state;

	assert_non_null(find(row->name));
	assert_int_equal(find(row->name)->class, row->class);
}

TEST(every_reason_is_in_this_test)
{
	(void)state;
	assert_int_equal(COUNT(reasons), BP_REASONS);
	for (enum bp_reason r = 0; r < BP_REASONS; r++)
		assert_ptr_equal(find(bp_reason_row(r)->name),
		    bp_reason_row(r));
}

TEST(only_admitted_admits)
{
	(void)state;
	for (int r = -1; r < 1000; r++)
		assert_int_equal(bp_reason_row((enum bp_reason)r)->class ==
		    BP_CLASS_ADMITTED, r == BP_ADMITTED);
	assert_int_equal(bp_reason_row(0)->class, BP_CLASS_BROKEN);
	assert_int_equal(BP_CLASS_BROKEN, 0);
	assert_ptr_equal(bp_reason_row(BP_REASONS), bp_reason_row(0));
	assert_ptr_equal(bp_reason_row((enum bp_reason)-1), bp_reason_row(0));
}

TEST(no_number_off_the_wire_admits)
{
	static const char *const names[] = {
		"UNDECIDED",
#define W(name)	#name,
#include "wire/reason.def"
#undef W
	};

	(void)state;
	for (unsigned r = 0; r < 1000; r++) {
		enum bp_reason is = bp_reason_of_wire(r);

		assert_int_not_equal(is, BP_ADMITTED);
		assert_string_equal(bp_reason_row(is)->name,
		    names[r < BP_WIRE_REASONS ? r : 0]);
	}
}

static void
assert_plain(const char *s)
{
	for (; *s != '\0'; s++)
		assert_true(*s >= 0x20 && *s < 0x7f);
}

/*
 * Who is not ours, or cannot be spoken to, hears nothing; all others do.  A
 * conversation that sudo broke off can still be spoken in.
 */
TEST(each_is_said_in_plain_words)
{
	(void)state;
	for (enum bp_reason r = 0; r < BP_REASONS; r++) {
		const struct bp_reason_row *row = bp_reason_row(r);
		bool mute = row->class == BP_CLASS_ADMITTED ||
		    row->class == BP_CLASS_LOCAL ||
		    row->class == BP_CLASS_ABSENT ||
		    (row->class == BP_CLASS_CONVERSATION &&
		    r != BP_SUDO_BROKE_OFF) ||
		    row->class == BP_CLASS_MUTE;

		assert_int_equal(row->say[0] == '\0', mute);
		assert_true(row->log[0] != '\0' && row->name[0] != '\0');
		assert_plain(row->say);
		assert_plain(row->log);
		assert_null(strchr(row->log, '"'));
	}
}

/* Or the sentence would tell a stranger which accounts there are. */
TEST(an_account_that_does_not_exist_hears_what_a_failed_sign_in_does)
{
	(void)state;
	assert_string_equal(bp_reason_row(BP_ACCOUNT_UNKNOWN)->say,
	    bp_reason_row(BP_TOKEN_SIGNATURE)->say);
	assert_string_equal(bp_reason_row(BP_NO_CODE)->say,
	    bp_reason_row(BP_CODE_REFUSED)->say);
	assert_string_equal(bp_reason_row(BP_STATE_WRONG)->say,
	    bp_reason_row(BP_CODE_REFUSED)->say);
}

TEST(to_refuse_is_false_and_says_why)
{
	enum bp_reason why = BP_ADMITTED;

	(void)state;
	assert_false(bp_refuse(&why, BP_TENANT));
	assert_int_equal(why, BP_TENANT);
}

RUN(NULL, NULL)
