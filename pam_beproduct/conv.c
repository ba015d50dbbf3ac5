#include "conv.h"

#include <stdlib.h>
#include <string.h>

#include <security/pam_appl.h>
#include <security/pam_ext.h>

void
bp_conv_forget(char **answer)
{
	if (*answer != NULL)
		explicit_bzero(*answer, strlen(*answer));
	free(*answer);
	*answer = NULL;
}

static bool
has_conversation(pam_handle_t *pamh)
{
	const void *value = NULL;
	const struct pam_conv *conv;

	if (pam_get_item(pamh, PAM_CONV, &value) != PAM_SUCCESS)
		return false;
	conv = value;
	return conv != NULL && conv->conv != NULL;
}

static int
converse(pam_handle_t *pamh, struct bp_text explain, const char *ask,
    bool is_terminal, char **ret)
{
	if (!is_terminal)
		return pam_prompt(pamh, PAM_PROMPT_ECHO_ON, ret, "%.*s%s",
		    (int)explain.len, explain.at, ask);
	(void)pam_info(pamh, "%.*s", (int)explain.len, explain.at);
	return pam_prompt(pamh, PAM_PROMPT_ECHO_ON, ret, "%s", ask);
}

bool
bp_conv_ask(struct bp_call *c, struct bp_text explain, const char *ask,
    char **ret, enum bp_reason *reterr)
{
	int code;

	if (!has_conversation(c->pamh))
		return bp_refuse(reterr, BP_NO_CONVERSATION);
	code = converse(c->pamh, explain, ask, c->tty == BP_TTY_TERMINAL, ret);
	if (code == PAM_SUCCESS && *ret != NULL)
		return true;
	/* at the end of input some hosts say SUCCESS, and answer nothing */
	c->conv_code = code != PAM_SUCCESS ? code : PAM_CONV_ERR;
	bp_conv_forget(ret);
	/* of PAM_CONV_ERR alone a host has a reason of its own */
	return bp_refuse(reterr, code == PAM_CONV_ERR ? c->host->broke_off
	    : BP_BROKE_OFF);
}

void
bp_conv_say(const struct bp_call *c, const char *sentence)
{
	if (sentence[0] != '\0' && has_conversation(c->pamh))
		(void)pam_error(c->pamh, "%s [%s]", sentence, c->id);
}
