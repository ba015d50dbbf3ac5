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
is_ssh(const struct bp_call *c)
{
	return bp_text_is(bp_text_of(c->tty), "ssh");
}

static bool
is_sudo(const struct bp_call *c)
{
	return bp_text_is(bp_text_of(c->service), "sudo") ||
	    bp_text_is(bp_text_of(c->service), "sudo-i");
}

/* A display, as `:0`, is none: what its greeter shows apart may not stay. */
static bool
is_display(const struct bp_call *c)
{
	struct bp_text host, number;

	return bp_text_cut(bp_text_of(c->tty), ':', &host, &number);
}

bool
bp_conv_is_terminal(const struct bp_call *c)
{
	return c->tty[0] != '\0' && !is_ssh(c) && !is_display(c);
}

/*
 * OpenSSH's client cuts silently at 1023 bytes, a terminal's line at 4095;
 * sudo breaks the conversation off by itself.
 */
size_t
bp_conv_cut_at(const struct bp_call *c)
{
	if (is_sudo(c))
		return 0;
	if (is_ssh(c))
		return 1023;
	return bp_conv_is_terminal(c) ? 4095 : 0;
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
prompt(pam_handle_t *pamh, struct bp_text explain, const char *ask,
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
	code = prompt(c->pamh, explain, ask, bp_conv_is_terminal(c), ret);
	if (code == PAM_SUCCESS && *ret != NULL)
		return true;
	/* at the end of input some hosts say SUCCESS, and answer nothing */
	c->conv_code = code != PAM_SUCCESS ? code : PAM_CONV_ERR;
	bp_conv_forget(ret);
	/* nothing else tells a person there that the address was too long */
	return bp_refuse(reterr, is_sudo(c) && code == PAM_CONV_ERR
	    ? BP_SUDO_BROKE_OFF : BP_BROKE_OFF);
}

void
bp_conv_say(const struct bp_call *c, const char *sentence)
{
	if (sentence[0] != '\0' && has_conversation(c->pamh))
		(void)pam_error(c->pamh, "%s [%s]", sentence, c->id);
}
