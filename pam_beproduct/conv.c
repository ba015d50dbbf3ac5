/* SPDX-License-Identifier: BSD-2-Clause */
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
converse(const struct bp_call *c, struct bp_text explain, const char *ask,
    char **ret)
{
	int style = c->host->hides_answers && c->tty != BP_TTY_TERMINAL
	    ? PAM_PROMPT_ECHO_OFF : PAM_PROMPT_ECHO_ON;

	if (!c->host->shows_apart)
		return pam_prompt(c->pamh, style, ret, "%.*s%s",
		    (int)explain.len, explain.at, ask);
	(void)pam_info(c->pamh, "%.*s", (int)explain.len, explain.at);
	return pam_prompt(c->pamh, style, ret, "%s", ask);
}

/* Of PAM_CONV_ERR alone a host has reasons of its own. */
static enum bp_reason
reason_of(const struct bp_call *c, int code)
{
	if (code != PAM_CONV_ERR)
		return BP_BROKE_OFF;
	return c->prompts == 0 ? c->host->no_prompt : c->host->broke_off;
}

bool
bp_conv_ask(struct bp_call *c, struct bp_text explain, const char *ask,
    char **ret, enum bp_reason *reterr)
{
	int code;

	if (!has_conversation(c->pamh))
		return bp_refuse(reterr, BP_NO_CONVERSATION);
	code = converse(c, explain, ask, ret);
	if (code == PAM_SUCCESS && *ret != NULL) {
		c->prompts++;
		return true;
	}
	/* at the end of input some hosts say SUCCESS, and answer nothing */
	c->conv_code = code != PAM_SUCCESS ? code : PAM_CONV_ERR;
	bp_conv_forget(ret);
	return bp_refuse(reterr, reason_of(c, code));
}

void
bp_conv_say(const struct bp_call *c, const char *sentence)
{
	if (sentence[0] != '\0' && has_conversation(c->pamh))
		(void)pam_error(c->pamh, "%s [%s]", sentence, c->id);
}
