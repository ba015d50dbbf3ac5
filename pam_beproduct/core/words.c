/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/words.h"
#include "wire/ascii.h"

enum { NAME_MAX_BYTES = 64 };

const char bp_words_ask[] = "Address: ";

static bool
put_name(struct bp_buf *b, struct bp_text t)
{
	for (size_t i = 0; i < t.len && i < NAME_MAX_BYTES; i++)
		if (!bp_buf_add(b, bp_ascii_is_visible(t.at[i]) ? &t.at[i]
		    : "-", 1))
			return false;
	return true;
}

static bool
put_short_host(struct bp_buf *b, struct bp_text host)
{
	struct bp_text first, rest;

	(void)bp_text_cut(host, '.', &first, &rest);
	return put_name(b, first);
}

/* The address stands alone on its line, unbroken, to be marked and copied. */
static bool
put_address(struct bp_buf *b, struct bp_text address)
{
	return bp_buf_say(b, "\n\n") && bp_buf_put(b, address) &&
	    bp_buf_say(b, "\n\n");
}

static const char tell_admin[] =
    "tell the\n"
    "administrator of this host.\n";
/* Whom nobody is told: its page says as much, and names neither. */
static const char compare[] =
    "compare\n"
    "client_id and redirect_uri above, byte by byte, "
    "with what is registered.\n";

/*
 * A host that lies prints both the address and whatever there is to compare it
 * with: the person compares with what he did himself, wherever he does it.
 */
static const char compare_yourself[] =
    "Behind state= it names host, service and account.\n"
    "Go on only if they are what you typed yourself.\n"
    "The last page may not load: paste its address here.\n"
    "If BeProduct shows an error, press ";

static bool
explain_first(const struct bp_words *w, struct bp_buf *b)
{
	return bp_buf_say(b, "Sign in to ") && put_short_host(b, w->host) &&
	    bp_buf_say(b, " (") && put_name(b, w->service) &&
	    bp_buf_say(b, ") as ") && put_name(b, w->account) &&
	    bp_buf_say(b, " with BeProduct.\n"
	    "Open this address in any browser:") &&
	    put_address(b, w->address) && bp_buf_say(b, compare_yourself) &&
	    bp_buf_say(b, w->is_deaf ? "Ctrl-D and " : "Ctrl-C and ") &&
	    bp_buf_say(b, w->is_admin ? compare : tell_admin);
}

/* An answer that was too long went nowhere: its code is still good. */
static const char another_address[] =
    "Open the address again, sign in, and\n"
    "paste the address of the last page.\n";
static const char same_code[] =
    "The address of the last page has it. If that page is gone,\n"
    "open the address of the sign-in again.\n";

static bool
put_detail(const struct bp_words *w, struct bp_buf *b)
{
	return !w->is_admin || w->detail.len == 0 || (bp_buf_say(b, "(") &&
	    bp_buf_put(b, w->detail) && bp_buf_say(b, ")\n"));
}

static bool
explain_again(const struct bp_words *w, struct bp_buf *b)
{
	return bp_buf_say(b, w->sentence) && bp_buf_say(b, "\n") &&
	    put_detail(w, b) &&
	    bp_buf_say(b, w->wants_code ? same_code : another_address) &&
	    (w->is_terminal || (bp_buf_say(b, "It is this one:") &&
	    put_address(b, w->address)));
}

bool
bp_words_explain(const struct bp_words *w, struct bp_buf *ret)
{
	return w->sentence == NULL ? explain_first(w, ret)
	    : explain_again(w, ret);
}
