#include "ctl/sign_in.h"
#include "core/setup.h"
#include "ctl/claims_file.h"
#include "ctl/finding.h"
#include "ctl/live.h"
#include "ctl/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A claims file's worth, and comments for what it cannot hold. */
enum { WRITTEN_MAX = 2 * BP_CLAIMS_FILE_MAX };

static bool
is_root(void)
{
	if (geteuid() == 0)
		return true;
	(void)fputs("beproductctl: only root can do this: it takes the files "
	    "that root alone may read\n", stderr);
	return false;
}

static int
broken(const struct bp_setup *s, enum bp_reason why)
{
	unsigned errors = 0;

	bp_finding_error(&errors, (struct bp_where){ .file = "beproductctl" },
	    "%.*s", (int)bp_buf_text(&s->complaint).len,
	    bp_buf_text(&s->complaint).at);
	return bp_exit_of(why);
}

/* What is written is what can be read again: never more than a file's worth. */
static bool
write_claims(const struct bp_identity *who)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(WRITTEN_MAX);

	if (!bp_claims_file_write(who, &text))
		return false;
	(void)fwrite(bp_buf_text(&text).at, 1, text.len, stdout);
	return true;
}

/* By the module's order: nobody is asked anything that cannot help. */
static bool
sign_in(const struct bp_report *r, struct bp_setup *s, struct bp_live *l,
    struct bp_identity *ret, enum bp_reason *reterr)
{
	l->setup = s;
	l->user = r->options->user;
	l->deadline = r->service != NULL ? r->service->deadline : 0;
	return bp_report_is_open(r, reterr) &&
	    bp_setup_read_rest(s, reterr) &&
	    bp_live_sign_in(l, ret, reterr);
}

/* No sign-in, and so no report but its end. */
static int
failed(const struct bp_report *r, const struct bp_live *l, enum bp_reason why)
{
	if (r->setup->complaint.len > 0)
		return broken(r->setup, why);
	(void)fputc('\n', stderr);
	bp_report_end(r, why, bp_buf_text(&l->dialogue.request.detail));
	return bp_exit_of(why);
}

int
bp_sign_in(const struct bp_options *options)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	BP_AUTO(bp_live_done) struct bp_live l = BP_LIVE_INIT;
	struct bp_identity who;
	struct bp_report r;
	enum bp_reason why;

	if (!is_root())
		return BP_EXIT_CONFIG;
	if (!bp_setup_read_config(&s, options->config, &why))
		return broken(&s, why);
	r = bp_report_of(options, &s);
	r.prefix = "# ";
	if (!sign_in(&r, &s, &l, &who, &why))
		return failed(&r, &l, why);
	if (!write_claims(&who))
		return failed(&r, &l, BP_MEMORY);
	return bp_exit_of(bp_report_steps(&r, &who));
}

/* Whoever runs this names the file, and nobody is admitted by it. */
static bool
read_bytes(const char *path, struct bp_buf *ret)
{
	unsigned errors = 0;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd != -1) {
		while ((n = bp_buf_fill(ret, fd)) > 0)
			;
		(void)close(fd);
	}
	if (n != 0)
		bp_finding_error(&errors, (struct bp_where){ .file = path },
		    "cannot be read: %s", strerror(errno));
	return n == 0;
}

static bool
read_claims(const char *path, struct bp_claims_file *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf text =
	    BP_BUF_INIT(BP_CLAIMS_FILE_MAX);
	struct bp_config_error e;
	unsigned errors = 0;

	if (!read_bytes(path, &text))
		return false;
	if (bp_claims_file_read(bp_buf_text(&text), ret, &e))
		return true;
	bp_finding_error(&errors, (struct bp_where){ path, e.line, e.key },
	    "%s", e.what);
	return false;
}

static int
explain_file(const struct bp_report *r, struct bp_setup *s)
{
	BP_AUTO(bp_claims_file_done) struct bp_claims_file f =
	    BP_CLAIMS_FILE_INIT;
	struct bp_identity who;
	enum bp_reason why;

	if (!bp_setup_read_map(s, &why))
		return broken(s, why);
	if (!read_claims(r->options->claims, &f))
		return BP_EXIT_CONFIG;
	who = bp_claims_file_identity(&f);
	return bp_exit_of(bp_report_steps(r, &who));
}

static int
explain_live(const struct bp_report *r, struct bp_setup *s)
{
	BP_AUTO(bp_live_done) struct bp_live l = BP_LIVE_INIT;
	struct bp_identity who;
	enum bp_reason why;

	if (!sign_in(r, s, &l, &who, &why))
		return failed(r, &l, why);
	return bp_exit_of(bp_report_steps(r, &who));
}

int
bp_explain(const struct bp_options *options)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	struct bp_report r;
	enum bp_reason why;

	if (!is_root())
		return BP_EXIT_CONFIG;
	if (!bp_setup_read_config(&s, options->config, &why))
		return broken(&s, why);
	r = bp_report_of(options, &s);
	r.all_rules = true;
	return options->claims != NULL ? explain_file(&r, &s)
	    : explain_live(&r, &s);
}
