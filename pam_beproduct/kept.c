#include "kept.h"

#include <stdlib.h>
#include <string.h>

static const char name[] = "pam_beproduct_admitted";

/* The two names follow each other behind it, each with its NUL. */
struct kept {
	char	 id[BP_ID_SIZE + 1];
	size_t	 service_at;
	char	 names[];
};

static void
release(pam_handle_t *pamh, void *data, int status)
{
	(void)pamh;
	(void)status;
	free(data);
}

bool
bp_kept_erase(const struct bp_call *c)
{
	return pam_set_data(c->pamh, name, NULL, NULL) == PAM_SUCCESS;
}

bool
bp_kept_admit(const struct bp_call *c)
{
	size_t user = strlen(c->user) + 1, service = strlen(c->service) + 1;
	struct kept *k = calloc(1, sizeof(*k) + user + service);

	if (k == NULL)
		return false;
	memcpy(k->id, c->id, sizeof(k->id));
	memcpy(k->names, c->user, user);
	memcpy(k->names + user, c->service, service);
	k->service_at = user;
	if (pam_set_data(c->pamh, name, k, release) == PAM_SUCCESS)
		return true;
	free(k);
	return false;
}

bool
bp_kept_is_admitted(struct bp_call *c)
{
	const void *data = NULL;
	const struct kept *k;

	if (pam_get_data(c->pamh, name, &data) != PAM_SUCCESS || data == NULL)
		return false;
	k = data;
	if (strcmp(k->names, c->user) != 0 ||
	    strcmp(k->names + k->service_at, c->service) != 0)
		return false;
	memcpy(c->id, k->id, sizeof(c->id));
	return true;
}
