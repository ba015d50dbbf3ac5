/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pam_edit.h"

#include <string.h>

/* Cut one line off REST, with its end. */
static struct bp_text
cut_line(struct bp_text *rest)
{
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t n = end != NULL ? (size_t)(end - rest->at) + 1 : rest->len;
	struct bp_text line = { rest->at, n };

	*rest = bp_text_after(*rest, n);
	return line;
}

/* What is to stand ahead of line NUMBER; RETDROP: how many are to go. */
static bool
put_edits(const struct bp_pam_edit *edits, size_t n, unsigned number,
    unsigned *retdrop, struct bp_buf *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (edits[i].line != number)
			continue;
		if (edits[i].put != NULL && (!bp_buf_say(ret, edits[i].put) ||
		    !bp_buf_say(ret, "\n")))
			return false;
		if (edits[i].drop > *retdrop)
			*retdrop = edits[i].drop;
	}
	return true;
}

/* Behind a last line that was not ended, nothing may stand on it. */
static bool
end_line(struct bp_buf *ret)
{
	return ret->len == 0 || ret->data[ret->len - 1] == '\n' ||
	    bp_buf_say(ret, "\n");
}

static bool
is_any_at(const struct bp_pam_edit *edits, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++)
		if (edits[i].line == number && edits[i].put != NULL)
			return true;
	return false;
}

bool
bp_pam_edit(struct bp_text text, const struct bp_pam_edit *edits, size_t n,
    struct bp_buf *ret)
{
	unsigned number = 1, drop = 0;
	struct bp_text line;

	for (; text.len > 0; number++) {
		line = cut_line(&text);
		if (!put_edits(edits, n, number, &drop, ret))
			return false;
		if (drop > 0)
			drop--;
		else if (!bp_buf_put(ret, line))
			return false;
	}
	return !is_any_at(edits, n, number) || (end_line(ret) &&
	    put_edits(edits, n, number, &drop, ret));
}

/* Lines of ours, to be dropped. */
struct ours {
	struct bp_pam_edit edits[BP_PAM_EDITS];
	size_t		 n;
};

static void
note_ours(const struct bp_pam_line *line, void *context)
{
	struct ours *o = context;

	if (!bp_pam_is_ours(line))
		return;
	if (o->n < BP_PAM_EDITS)
		o->edits[o->n] = (struct bp_pam_edit){
		    .line = line->way.first,
		    .drop = line->way.last - line->way.first + 1 };
	o->n++;
}

bool
bp_pam_edit_out(struct bp_text text, struct bp_buf *ret, size_t *retn)
{
	struct ours o = { .n = 0 };

	bp_pam_text_lines(text, note_ours, &o);
	if (o.n > BP_PAM_EDITS || !bp_pam_edit(text, o.edits, o.n, ret))
		return false;
	*retn = o.n;
	return true;
}

struct meaning {
	struct bp_buf	*ret;
	bool		 ok;
};

static void
note_meaning(const struct bp_pam_line *line, void *context)
{
	struct meaning *m = context;
	const char phase[] = { (char)('0' + line->phase), ' ' };

	m->ok = m->ok && bp_buf_add(m->ret, phase, sizeof(phase)) &&
	    bp_buf_say(m->ret, line->control) && bp_buf_say(m->ret, " ") &&
	    bp_buf_say(m->ret, line->path) && (line->arguments == NULL ||
	    (bp_buf_say(m->ret, " ") && bp_buf_put(m->ret,
	    bp_text_trim(bp_text_of(line->arguments))))) &&
	    bp_buf_say(m->ret, "\n");
}

bool
bp_pam_edit_meaning(const char *service, struct bp_buf *ret)
{
	struct meaning m = { .ret = ret, .ok = true };

	bp_pam_each_line(service, note_meaning, &m);
	return m.ok;
}
