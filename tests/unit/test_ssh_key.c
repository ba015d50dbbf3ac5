/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/ssh_key.h"

/* As OpenSSH 9.2 names them to PAM; the first as ssh-keygen -l prints it. */
#define ED	"ssh-ed25519 " \
		"AAAAC3NzaC1lZDI1NTE5AAAAIOrLjKOroG/AWkBIfkWXV8f28nmzgmDEv04rtO/37iZs"
#define ED_NAME	"SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"
#define CERT	"ssh-ed25519-cert-v01@openssh.com " \
		"AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIFtmSV3V78CR" \
		"YeuIJKh9DRWNhtP9wJKq2bqfWQjzdZoqAAAAIOrLjKOroG/AWkBIfkWXV8f28nmz" \
		"gmDEv04rtO/37iZsAAAAAAAAAAAAAAABAAAACGlkLWFsaWNlAAAACQAAAAVhbGlj" \
		"ZQAAAABrDecYAAAAAGsN9XIAAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRp" \
		"bmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQt" \
		"cG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQt" \
		"dXNlci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACBgnD6LbL70/QZr" \
		"HKYIbgbC5lUijIdgQuKELb/5W7USfgAAAFMAAAALc3NoLWVkMjU1MTkAAABA+J/a" \
		"PtgEIdu8yFhf1fL7EeNAIx7OJoVitBchfHbw+hfA5qI71/9sKSavZR6K3CpdrRDD" \
		"0UH0dDOjUfadH7epAw=="

static const struct key {
	const char *name, *info, *key;
} keys[] = {
	{ "a key", "publickey " ED "\n", ED_NAME },
	{ "a key without a line's end", "publickey " ED, ED_NAME },
	{ "a key, then the dialogue", "publickey " ED "\n"
	    "keyboard-interactive/pam\n", ED_NAME },
	{ "a key behind a password", "password\npublickey " ED "\n", ED_NAME },
	{ "a key and a host's", "hostbased ssh-ed25519 AAAA user\npublickey "
	    ED "\n", ED_NAME },
	{ "a certificate, of the same key", "publickey " CERT "\n",
	    "cert-SHA256:MVTciRmAD2cls8DP5k7i4SXeGrGDAE1uivkXpCYKx4E" },
	{ "no padding", "publickey x AAAAAXh5eXk=\n",
	    "SHA256:dYOx5c/KYvH0KU1UcmB3HZGBgCZaEXAe83vhX+ilwhs" },
	{ "two of padding", "publickey x AAAAAXh5eQ==\n",
	    "SHA256:OxRYfooNkDR3RT6exUSCp9k5VUsSPRvRdpd0X5tfX4k" },
	{ "a digest with both marks", "publickey x AAAAAXg2\n",
	    "SHA256:0MRmYxDEpGAMcOcVAMReb3poCMdFqn1+LonKXL/ZRcI" },
};

ROWS(keys, is_called)
{
	const struct key *row = *state;
	struct bp_ssh_key key;
	const char *why;

	assert_true(bp_ssh_key_read(bp_text_of(row->info), &key, &why));
	assert_string_equal(key.name, row->key);
}

#define NONE	"sshd names no SSH key"
#define SEVERAL	"more than one SSH key: none counts"
#define UNREAD	"sshd's words of the SSH key cannot be read"

static const struct refusal {
	const char *name, *info, *why;
} refusals[] = {
	{ "nothing", "", NONE },
	{ "an empty line", "\n", NONE },
	{ "a password alone", "password\n", NONE },
	{ "a host's key alone", "hostbased " ED "\n", NONE },
	{ "a key in another's details", "gssapi-with-mic publickey " ED "\n",
	    NONE },
	{ "two keys", "publickey " ED "\npublickey x AAAAAXh5\n", SEVERAL },
	{ "the same key twice", "publickey " ED "\npublickey " ED "\n",
	    SEVERAL },
	{ "a good one, then a bad", "publickey " ED "\npublickey\n", UNREAD },
	{ "no key", "publickey\n", UNREAD },
	{ "a type alone", "publickey ssh-ed25519\n", UNREAD },
	{ "no base64", "publickey x \n", UNREAD },
	{ "a fourth word", "publickey " ED " alice@laptop\n", UNREAD },
	{ "two blanks", "publickey  " ED "\n", UNREAD },
	{ "a carriage return", "publickey " ED "\r\n", UNREAD },
	{ "another method that begins so", "publickey2 " ED "\n", UNREAD },
	{ "another type than its own", "publickey ssh-rsa "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIOrLjKOroG/AWkBIfkWXV8f28nmzgmDEv04rtO/37iZs"
	    "\n", UNREAD },
	{ "a certificate that says it is a key", "publickey x "
	    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAA\n", UNREAD },
	{ "bytes that end in the type", "publickey x AAAACXh5\n", UNREAD },
	{ "a type and no more", "publickey x AAAAAXg=\n", UNREAD },
	{ "base64 of addresses", "publickey x AAAAAXh-\n", UNREAD },
	{ "base64 of addresses, the other mark", "publickey x AAAAAXh_\n",
	    UNREAD },
	{ "padding left out", "publickey x AAAAAXh5eXk\n", UNREAD },
	{ "padding too many", "publickey x AAAAAXh5e===\n", UNREAD },
	{ "padding alone behind", "publickey x AAAAAXh5====\n", UNREAD },
	{ "padding inside", "publickey x AAAA=AXh5eXk\n", UNREAD },
	{ "bits that are left over", "publickey x AAAAAXh5eR==\n", UNREAD },
};

ROWS(refusals, is_none)
{
	const struct refusal *row = *state;
	struct bp_ssh_key key = { "as it was" };
	const char *why;

	assert_false(bp_ssh_key_read(bp_text_of(row->info), &key, &why));
	assert_string_equal(why, row->why);
	assert_string_equal(key.name, "as it was");
}

TEST(a_variable_over_its_ceiling_is_not_read)
{
	static char info[BP_SSH_KEYS_MAX + 1] = "publickey " ED "\n";
	struct bp_ssh_key key;
	const char *why;

	(void)state;
	memset(info + strlen(info), '\n', sizeof(info) - strlen(info));
	assert_true(bp_ssh_key_read((struct bp_text){ info, sizeof(info) - 1 },
	    &key, &why));
	assert_false(bp_ssh_key_read((struct bp_text){ info, sizeof(info) },
	    &key, &why));
}

/* Of all bytes that base64 has, and as long as any may be. */
TEST(a_key_over_its_ceiling_is_not_read)
{
	static char info[2 * BP_SSH_KEY_BLOB_MAX];
	const char begin[] = "publickey x AAAAAXh5";
	/* four characters of three bytes, of which AAAAAXh5 are two */
	size_t most = BP_SSH_KEY_BLOB_MAX / 3 * 4 + sizeof(begin) - 1 - 8;
	struct bp_ssh_key key;
	const char *why;

	(void)state;
	memset(info, 'a', sizeof(info));
	memcpy(info, begin, sizeof(begin) - 1);
	assert_true(bp_ssh_key_read((struct bp_text){ info, most }, &key,
	    &why));
	assert_false(bp_ssh_key_read((struct bp_text){ info, most + 4 }, &key,
	    &why));
}

static const struct name {
	const char *name, *text;
	bool is;
} names[] = {
	{ "a fingerprint", ED_NAME, true },
	{ "one of other hashes", "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df",
	    false },
	{ "a fingerprint of a certificate", "cert-" ED_NAME, false },
	{ "a fingerprint with padding", ED_NAME "=", false },
	{ "a fingerprint that is cut",
	    "SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkz", false },
	{ "a fingerprint with another mark",
	    "SHA256:nwZPWL2ceIRvC/-lH3NhCtZhZMEzakEQKJ9ghMSzkzI", false },
	{ "a fingerprint that no hash has",
	    "SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzJ", false },
	{ "a fingerprint in small letters",
	    "sha256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI", false },
	{ "the hash alone", "SHA256:", false },
	{ "nothing at all", "", false },
};

ROWS(names, may_stand_in_a_rule)
{
	const struct name *row = *state;

	assert_int_equal(bp_ssh_key_is_name(bp_text_of(row->text)), row->is);
}

RUN(NULL, NULL)
