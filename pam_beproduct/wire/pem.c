/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/pem.h"

static bool
begins_certificate(struct bp_text line)
{
	static const char *const marks[] = {
		"-----BEGIN CERTIFICATE-----",
		"-----BEGIN TRUSTED CERTIFICATE-----",
		"-----BEGIN X509 CERTIFICATE-----",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (bp_text_starts(line, marks[i]))
			return true;
	return false;
}

bool
bp_pem_has_certificate(struct bp_text pem)
{
	struct bp_text line;

	while (pem.len > 0) {
		(void)bp_text_cut(pem, '\n', &line, &pem);
		if (begins_certificate(line))
			return true;
	}
	return false;
}
