/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/certificate.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* A name of another kind, an e-mail address say, is none of a host. */
static bool
has_names(const X509 *certificate)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate,
	    NID_subject_alt_name, NULL, NULL);
	bool found = false;

	for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++) {
		int type = sk_GENERAL_NAME_value(names, i)->type;

		found = found || type == GEN_DNS || type == GEN_IPADD;
	}
	GENERAL_NAMES_free(names);
	return found;
}

static int
verify(X509_STORE_CTX *store, void *arg)
{
	bool *nameless = arg;

	if (X509_verify_cert(store) != 1)
		return 0;
	*nameless = !has_names(X509_STORE_CTX_get0_cert(store));
	if (*nameless)
		X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
	return *nameless ? 0 : 1;
}

void
bp_certificate_watch(void *context, bool *retnameless)
{
	SSL_CTX_set_cert_verify_callback(context, verify, retnameless);
}
