/* SPDX-License-Identifier: BSD-2-Clause */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

static const char name[] = "pam_beproduct_admitted";

enum { KEY_MAX = 16 * 1024 };		/* bytes; more is kept by nobody */

struct kept {
	char		 id[BP_ID_SIZE + 1];
	struct bp_buf	 key;
};

/* All that a sign-in counts for, each with its NUL. */
static bool
put_key(const struct bp_call *c, struct bp_buf *ret)
{
	const char *const names[] = { c->user, c->service, c->config };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!bp_buf_add(ret, names[i], strlen(names[i]) + 1))
			return false;
	return true;
}

static void
forget(pam_handle_t *pamh, void *data, int status)
{
	struct kept *k = data;

	(void)pamh;
	(void)status;
	bp_buf_done(&k->key);
	free(k);
}

bool
bp_kept_erase(const struct bp_call *c)
{
	return pam_set_data(c->pamh, name, NULL, NULL) == PAM_SUCCESS;
}

bool
bp_kept_admit(const struct bp_call *c)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return false;
	memcpy(k->id, c->id, sizeof(k->id));
	k->key = (struct bp_buf)BP_BUF_INIT(KEY_MAX);
	if (put_key(c, &k->key) &&
	    pam_set_data(c->pamh, name, k, forget) == PAM_SUCCESS)
		return true;
	forget(c->pamh, k, PAM_SUCCESS);
	return false;
}

bool
bp_kept_is_admitted(struct bp_call *c)
{
	BP_AUTO(bp_buf_done) struct bp_buf key = BP_BUF_INIT(KEY_MAX);
	const void *data = NULL;
	const struct kept *k;

	if (pam_get_data(c->pamh, name, &data) != PAM_SUCCESS || data == NULL)
		return false;
	k = data;
	if (!put_key(c, &key) ||
	    !bp_text_same(bp_buf_text(&key), bp_buf_text(&k->key)))
		return false;
	memcpy(c->id, k->id, sizeof(c->id));
	return true;
}
