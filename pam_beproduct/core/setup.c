/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/setup.h"
#include "core/file.h"
#include "core/log.h"
#include "core/policy.h"
#include "wire/pem.h"

enum { FAULT_MAX = 256 };	/* bytes of what is said about a file */

/* FILE:LINE: KEY: WHAT, without what is not known. */
static bool
complain(struct bp_setup *s, struct bp_text file, unsigned line,
    struct bp_text key, struct bp_text what)
{
	char lent[BP_DECIMAL_MAX];
	struct bp_buf *b = &s->complaint;

	b->len = 0;
	return bp_buf_put(b, file) && (line == 0 || (bp_buf_say(b, ":") &&
	    bp_buf_put(b, bp_text_decimal(line, lent)))) &&
	    bp_buf_say(b, ": ") && (key.len == 0 || (bp_log_escape(b, key) &&
	    bp_buf_say(b, ": "))) && bp_buf_put(b, what);
}

static bool
refuse(struct bp_setup *s, struct bp_text file, enum bp_reason why,
    const char *what, enum bp_reason *reterr)
{
	(void)complain(s, file, 0, bp_text_of(""), bp_text_of(what));
	return bp_refuse(reterr, why);
}

/* FILE is a value of the configuration: open() wants it with a NUL. */
static bool
read_file(struct bp_setup *s, struct bp_text file, mode_t forbidden,
    struct bp_buf *ret, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf path = BP_BUF_INIT(4097);
	BP_AUTO(bp_buf_done) struct bp_buf what = BP_BUF_INIT(FAULT_MAX);

	if (!bp_buf_put(&path, file) || !bp_buf_add(&path, "", 1))
		return refuse(s, file, BP_MEMORY, "no memory", reterr);
	if (bp_file_read((const char *)path.data, 0, forbidden, ret, &what,
	    reterr))
		return true;
	(void)complain(s, file, 0, bp_text_of(""), bp_buf_text(&what));
	return false;
}

bool
bp_setup_read_config(struct bp_setup *s, const char *path,
    enum bp_reason *reterr)
{
	struct bp_text file = bp_text_of(path);
	struct bp_config_error e;

	if (!read_file(s, file, 022, &s->text, reterr))
		return false;
	if (bp_config_parse(bp_buf_text(&s->text), &s->cfg, &e))
		return true;
	(void)complain(s, file, e.line, e.key, bp_text_of(e.what));
	return bp_refuse(reterr, BP_CONFIG);
}

bool
bp_setup_read_map(struct bp_setup *s, enum bp_reason *reterr)
{
	struct bp_account_map e;

	bp_buf_done(&s->map);
	bp_buf_done(&s->wanted);
	if (!read_file(s, s->cfg.map, 022, &s->map, reterr))
		return false;
	if (bp_policy_wanted(&s->cfg, bp_buf_text(&s->map), &s->wanted, &e))
		return true;
	(void)complain(s, s->cfg.map, e.line, bp_text_of(""),
	    bp_text_of(e.what));
	return bp_refuse(reterr, BP_MAP);
}

bool
bp_setup_read_secret(struct bp_setup *s, enum bp_reason *reterr)
{
	struct bp_text file = s->cfg.client_secret_file;
	const char *what;

	bp_buf_done(&s->secret_file);
	if (!read_file(s, file, 077, &s->secret_file, reterr))
		return false;
	return bp_secret_of(bp_buf_text(&s->secret_file), &s->secret, &what) ||
	    refuse(s, file, BP_SECRET, what, reterr);
}

bool
bp_setup_read_ca(struct bp_setup *s, enum bp_reason *reterr)
{
	struct bp_text file = s->cfg.ca_file;

	bp_buf_done(&s->ca);
	if (file.len == 0)
		return true;
	if (!read_file(s, file, 022, &s->ca, reterr))
		return false;
	return bp_pem_has_certificate(bp_buf_text(&s->ca)) || refuse(s, file,
	    BP_CA_BAD, "holds no certificate in PEM", reterr);
}

bool
bp_setup_read_client(struct bp_setup *s, enum bp_reason *reterr)
{
	return bp_setup_read_secret(s, reterr) && bp_setup_read_ca(s, reterr);
}

bool
bp_setup_read_rest(struct bp_setup *s, enum bp_reason *reterr)
{
	return bp_setup_read_map(s, reterr) && bp_setup_read_client(s, reterr);
}

void
bp_setup_done(struct bp_setup *s)
{
	bp_buf_done(&s->text);
	bp_buf_done(&s->map);
	bp_buf_done(&s->wanted);
	bp_buf_done(&s->secret_file);
	bp_buf_done(&s->ca);
	bp_buf_done(&s->complaint);
}
