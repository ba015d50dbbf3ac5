/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/pem.h"

static const struct row {
	const char *name, *text;
	bool has;
} rows[] = {
	{ "nothing", "", false },
	{ "another text", "nothing\n", false },
	{ "a certificate", "-----BEGIN CERTIFICATE-----\nAA\n", true },
	{ "a certificate behind other lines",
	    "# Winks\n\n-----BEGIN CERTIFICATE-----", true },
	{ "a certificate with carriage returns",
	    "# Winks\r\n-----BEGIN CERTIFICATE-----\r\nAA\r\n", true },
	{ "a certificate with OpenSSL's trust",
	    "-----BEGIN TRUSTED CERTIFICATE-----\n", true },
	{ "a certificate under its old name",
	    "-----BEGIN X509 CERTIFICATE-----\n", true },
	{ "the end of one alone", "-----END CERTIFICATE-----\n", false },
	{ "the middle of a line", "x-----BEGIN CERTIFICATE-----\n", false },
	{ "a line that is cut", "-----BEGIN CERTIFICATE----", false },
	{ "a key", "-----BEGIN PUBLIC KEY-----\n", false },
	{ "a request", "-----BEGIN CERTIFICATE REQUEST-----\n", false },
};

ROWS(rows, is_told_by_its_lines)
{
	const struct row *row = *state;

	assert_int_equal(bp_pem_has_certificate(bp_text_of(row->text)),
	    row->has);
}

RUN(NULL, NULL)
